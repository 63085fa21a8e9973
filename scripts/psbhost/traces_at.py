"""Traces whose frames begin with `at`: Java, Kotlin, Scala, JavaScript, C#."""

import re

from psbhost.foreign import FRAMEWORK, GENERATED, RUNTIME, best, rank, stem
from psbhost.lazily import Expression
from psbhost.typed import typed

_FRAME = Expression(r"^\s+at (?:async |new )?([^\s(][^(\n]{0,300}?)\s*\(([^)\n]{0,400})\)?")
_BARE = Expression(
    r"^\s+at (?:async )?((?:file|https?|webpack(?:-internal)?)://\S+|/?[\w./\\:@ -]+:\d+:\d+)"
)
_LINK = Expression(
    r"^\s*(?:[|+-]\s*)?(Caused by|Suppressed|Wrapped by|Root cause|\[cause\]|nested exception is)"
    r":?\s+(?!\[CIRCULAR)(?:<[^>\n]{0,80}>\s+)?\[?(?:Uncaught )?"
    r"((?:[\w$-]{1,100}[./]){0,15}[A-Z][\w$]{0,200}|\S{0,20})"
    r"(?=[:\s\[({;]|$)"
)
_MORE = Expression(r"^\s+\.\.\. (\d{1,9}) (?:more|common)")
_INNER = Expression(r"--->\s+(\(Inner Exception #\d+\)\s*)?([\w.`+]{1,300})")
_OPENING = Expression(
    r"^(?:\[?(?:Exception in thread \"[^\"\n]{0,200}\"|Uncaught(?: exception)?(?: \(in promise\))?"
    r"|Unhandled [Ee]xception[.:]?|Unhandled Exception:|Exception:|\(node:\d+\)"
    r"|UnhandledPromiseRejectionWarning:|Fatal:|ERROR:?)\s*){0,3}"
    r"\[?((?:[\w$-]{1,100}[./]){0,15}[A-Z][\w$`+]{0,200})"
    r"(?=:\s|:$|$|\s\[|\s\(|;|,\s|\s--->)"
)
_MODULE = Expression(r"^(?:[\w.-]{0,100}(?:@[\w.-]{1,60})?/){1,3}(?=[A-Za-z_])")
_NO_TYPE = frozenset(["Trace", "Stack", "StackTrace", "Stacktrace", "Message", "Details", "Source"])
_SUFFIXED = Expression(r"(?:Exception|Error|Throwable|Failure|Fault|Exit|Interrupt)$")


class _Part(object):
    """One exception of a chain."""

    __slots__ = ("frames", "more", "name")

    def __init__(self, name):
        self.name, self.frames, self.more = name, [], 0


def at(lines) -> tuple:
    """(exception, frame) of lines that hold frames with `at`."""
    parts, outermost_first, first = _parts(lines)
    parts[0].name = _header(lines[:first])
    root = parts[-1] if outermost_first else parts[0]
    inner = "" if len(parts) > 1 else _innermost(lines)
    order = list(reversed(parts)) if outermost_first else parts
    return (inner or root.name), best(_in_order(order))


def _parts(lines):
    """The chain's exceptions, whether the outermost comes first, the index of the first frame."""
    parts, outermost_first, first, suppressed = [_Part("")], True, len(lines), None
    for index, line in enumerate(lines):
        link = _LINK.match(line)
        if link:
            indent = len(line) - len(line.lstrip())
            if link.group(1) == "Suppressed":
                suppressed = indent if suppressed is None else min(suppressed, indent)
            elif suppressed is None or indent < suppressed:
                suppressed = None
                if link.group(2)[:1].isupper() or "." in link.group(2):
                    parts.append(_Part(link.group(2)))
                    outermost_first = link.group(1) != "Wrapped by"
                    first = min(first, index)
        elif suppressed is None:
            frame = _frame(line)
            if frame is not None:
                first = min(first, index)
                parts[-1].frames.append(frame)
            elif _MORE.match(line):
                parts[-1].more = int(_MORE.match(line).group(1))
    return parts, outermost_first, first


def _in_order(parts):
    """Frames from the root outwards. `... n more` stands for the last n of the one around it."""
    for part in parts:
        for frame in part.frames:
            yield frame
        around = parts[parts.index(part) + 1 :]
        for frame in around[0].frames[-part.more :] if around and part.more else ():
            yield frame


def _innermost(lines):
    """C#: the last of the chain `--->`; the further ones of an aggregate come after the first."""
    found = ""
    for line in lines:
        if "--->" not in line:
            continue
        for match in _INNER.finditer(line):
            if not (match.group(1) and found):
                found = match.group(2).rstrip(".:")
    return found


def _header(lines):
    """The exception's name in the lines before the first frame."""
    for index, line in enumerate(lines[:60]):
        found = _OPENING.match(line) if index or len(lines) == 1 else None
        if found and _is_type(found.group(1), index == len(lines) - 1):
            return found.group(1)
    return typed(lines) or (_opening(lines[0]) if lines else "")


def _opening(line):
    found = _OPENING.match(line)
    return found.group(1) if found and _is_type(found.group(1), True) else ""


def _is_type(name, last):
    """A name that ends as exceptions do; any other only right in front of the frames."""
    short = name.rsplit(".", 1)[-1]
    return bool(_SUFFIXED.search(name)) or (last and short not in _NO_TYPE)


def _frame(line):
    """(rank, name) of a frame, None for any other line."""
    found = _FRAME.match(line)
    if found:
        return _named(found.group(1).strip(), found.group(2))
    found = _BARE.match(line)
    if found:
        path = re.sub(r"(?::\d+){1,2}\)?$", "", found.group(1))
        number = rank("", path)
        return (max(number, GENERATED), stem(path))
    return None


def _named(name, place):
    script = place.startswith(("<anonymous>", "index ", "node:", "internal/", "native"))
    if script or re.search(r":\d+:\d+$", place):
        return _script_frame(name, place, script)
    return rank(_without_module(name), place if place == "<generated>" else ""), _clean(name)


def _script_frame(name, place, builtin):
    name = re.sub(r" \[as [^\]]*\]", "", name)
    if builtin:
        return RUNTIME, name
    if "<anonymous>" in name or name.startswith("eval"):
        path = re.sub(r"(?::\d+){1,2}$", "", place)
        return max(rank("", path), GENERATED), stem(path)
    return (FRAMEWORK if rank("", place) else 0), _clean(name)


def _without_module(name):
    """Java names its modules and class loaders in front: `java.base/`, `app//`, `a/b@1.2/`."""
    return _MODULE.sub("", name) if "/" in name else name


def _clean(name):
    """Without a module's version, generated numbers, type arguments; the method behind `async`."""
    name = _without_module(name)
    name = re.sub(r"\.<(\w+)>d__\d+(?:`\d+)?(?:\[[^\]]*\])?\.MoveNext$", r".\1", name)
    name = re.sub(r"\.<(\w+)>g__\w+\|[\d_]+$", r".\1", name)
    name = re.sub(r"`\d+|\[[^\]\n]{0,200}\]", "", name)
    return re.sub(r"\$\d+|0x[0-9a-f]+", "", name)[:200]
