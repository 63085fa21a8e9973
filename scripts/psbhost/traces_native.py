"""Traces of compiled languages and of the database: Go, Rust, C and C++, Objective-C, Oracle."""

import re

from psbhost.foreign import FRAMEWORK, OWN, RUNTIME, best, rank
from psbhost.lazily import Expression

# -- Go ----------------------------------------------------------------------------------------

_GO_FUNCTION = Expression(
    r"^(?:created by )?([A-Za-z_][\w./*()@~%\[\]-]{0,300}?)(?:\([^()]*\)| in goroutine \d+)?$"
)
_GO_FATAL = Expression(r"^(?:\S+ )?fatal error: ", re.MULTILINE)
_GO_CLOSURE = Expression(
    r"(?:\.func\d+|\.gowrap\d+|\.deferwrap\d+|-fm|\.\d+|-range\d+|\[\.\.\.\])+$"
)


def go(lines) -> tuple:
    """The goroutine that failed comes first; a closure counts as the function it is written in."""
    frames, created = [], []
    begin = next((n for n, line in enumerate(lines) if line.startswith("goroutine ")), len(lines))
    for index in range(begin + 1, len(lines)):
        line = lines[index]
        if line.startswith("goroutine "):
            break
        match = _GO_FUNCTION.match(line)
        place = lines[index + 1] if index + 1 < len(lines) else ""
        if match and place[:1] in ("\t", " "):
            name = match.group(1)
            number = RUNTIME if name.startswith(("runtime/", "debug.")) else rank(name, place)
            number = OWN if name.startswith("main.") and number != OWN else number
            into = created if line.startswith("created by ") else frames
            into.append((number, _GO_CLOSURE.sub("", name)[:200]))
    if not frames and not created:
        return "", ""
    fatal = any(_GO_FATAL.match(line) for line in lines[:begin])
    return ("fatal error" if fatal else "panic"), best(frames + created)


# -- Rust --------------------------------------------------------------------------------------

_RS_FRAME = Expression(r"^\s+\d+:\s+(?:0x[0-9a-f]+ - )?(\S.{0,400})$")
_RS_PLACE = Expression(r"panicked at (?:'.{0,2000}', )?([^\s:']{1,300}\.rs):\d+")
_RS_TAIL = Expression(r"(?:::\{\{closure\}\}|::h[0-9a-f]{16}|::\{closure#\d+\}|::\{\{impl\}\})+$")


def rust(lines) -> tuple:
    """Without a backtrace the file that panicked stands for the frame."""
    frames, place = [], ""
    for index, line in enumerate(lines):
        found = _RS_PLACE.search(line) if not place else None
        if found:
            place = found.group(1)
        match = _RS_FRAME.match(line)
        if match:
            behind = lines[index + 1] if index + 1 < len(lines) else ""
            name = _RS_TAIL.sub("", match.group(1).split(" as ")[0].lstrip("<"))
            where = behind if behind.lstrip().startswith("at ") else ""
            frames.append((RUNTIME if name.startswith("__") else rank(name, where), name[:200]))
    own = best([frame for frame in frames if frame[0] == OWN])
    return "panic", own or place or best(frames)


# -- C and C++ ---------------------------------------------------------------------------------

_NUMBERED = Expression(
    r"^\s*#\d+:?\s+(?:0x[0-9a-f]+ )?(?:in )?([^\s(/][^(\n]{0,300}?)"
    r"(?: \(|\(| /|\s+at\s|\s+from\s|$)(.{0,600})$"
)
_BRACKETED = Expression(r"^(\S{0,300}?)\(([\w@.~:$]{0,300})?(?:\+0x[0-9a-f]+)?\)\s?\[0x[0-9a-f]+\]")
_AT_ADDRESS = Expression(r"^\s+@\s+0x[0-9a-f]+\s+(?:\([^)]*\)\s*)?(\S.{0,300})$")
_ERRORS = (
    re.compile(r"ERROR: \w*Sanitizer: ([\w-]{1,60}(?: [a-z]{1,20}(?= on))?)"),
    re.compile(r"WARNING: \w+Sanitizer: ([\w-]{1,60}(?: [a-z]{1,20})?)"),
    re.compile(r"terminate called after throwing an instance of '([^'\n]{1,200})'"),
    re.compile(r"(?:received|terminated with|\*\*\*|by) (?:signal )?(SIG[A-Z]{2,6})"),
    re.compile(r"\*\*\* Error in [`'][^'\n]{0,300}': ([a-z][^:(\n]{0,80}?) ?(?=[:(])"),
    re.compile(r"^\*\*\* (stack smashing|buffer overflow) detected"),
    re.compile(r"Assertion [`'].{0,300}' (failed)"),
    re.compile(r"^()(?:\S+: line \d+: +\d+ )?Segmentation fault"),
    re.compile(r"[Cc]aught (?:signal )?.{0,20}?(SIG[A-Z]{2,6}|[Ss]egmentation fault)"),
)
_MANGLED = Expression(r"^_ZN?K?((?:\d{1,3}[A-Za-z_]\w*)+)")


def native(lines) -> tuple:
    """Debuggers, sanitizers, the C library and crash handlers."""
    exception, frames = "", []
    for line in lines:
        exception = exception or _native_error(line)
        frame = _native_frame(line)
        if frame is not None:
            frames.append(frame)
    return (exception, best(frames)) if exception else ("", "")


def _native_error(line):
    for rule in _ERRORS:
        found = rule.search(line)
        if found:
            name = found.group(1).strip()
            return "SIGSEGV" if name.lower() in ("", "segmentation fault") else name
    return ""


def _native_frame(line):
    found = _NUMBERED.match(line)
    if found:
        return rank(found.group(1), found.group(2)), _native_name(found.group(1))
    found = _BRACKETED.match(line)
    if found:
        library = "/lib" in found.group(1) or not found.group(2)
        name = found.group(2) or found.group(1)
        return (FRAMEWORK if library else rank(name)), _native_name(name)
    found = _AT_ADDRESS.match(line)
    if found:
        name = found.group(1)
        return (RUNTIME if name.startswith("(unknown)") else rank(name)), _native_name(name)
    return None


def _native_name(name):
    """A readable name: nested names of the common ABI are taken apart, arguments dropped."""
    mangled = _MANGLED.match(name)
    if not mangled:
        return re.split(r"[(<+]", name.strip(), maxsplit=1)[0].strip()[:200]
    text, parts = mangled.group(1), []
    while text:
        size = re.match(r"\d{1,3}", text)
        if not size:
            break
        stop = size.end() + int(size.group(0))
        parts.append(text[size.end() : stop])
        text = text[stop:]
    return "::".join(parts)[:200]


# -- Objective-C and Swift ---------------------------------------------------------------------

_NS_ERROR = Expression(r"uncaught exception '([^'\n]{1,200})'")
_NS_FRAME = Expression(r"^\s+\d+\s+(\S{1,100})\s+0x[0-9a-f]+ (.{1,300}?)(?: \+ \d+)?$")
_NS_LIBRARY = Expression(
    r"(?:CoreFoundation|Foundation|UIKit\w*|AppKit|libobjc|libsystem|libdispatch|libswift|dyld|libc\+\+"
    r"|QuartzCore|CFNetwork|GraphicsServices|CoreData|SwiftUI|Combine|XCTest)"
)


def objective_c(lines) -> tuple:
    """`*** Terminating app due to uncaught exception`."""
    error = next((found for found in map(_NS_ERROR.search, lines) if found), None)
    frames = []
    for match in filter(None, map(_NS_FRAME.match, lines)):
        frames.append((RUNTIME if _NS_LIBRARY.match(match.group(1)) else OWN, match.group(2)))
    return (error.group(1), best(frames)) if error else ("", "")


# -- Oracle ------------------------------------------------------------------------------------

_ORA = Expression(r"\b(ORA-\d{5})\b")
_ORA_FRAME = Expression(r"ORA-06512: at \"([^\"\n]{1,200})\"")


def oracle(lines) -> tuple:
    """A chain of errors of the database: its last code that is an error, its first own line."""
    if any(line.lstrip().startswith("at ") for line in lines):
        return "", ""  # within the trace of another language
    codes = [code for line in lines for code in _ORA.findall(line)]
    errors = [code for code in codes if code not in ("ORA-06512", "ORA-01110", "ORA-04088")]
    frames = [(OWN, name) for line in lines for name in _ORA_FRAME.findall(line)]
    return (errors[-1], best(frames)) if len(codes) > 1 and errors else ("", "")
