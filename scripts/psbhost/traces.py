"""Stack traces: the root exception and the first frame of the application.

Java, Python, JavaScript, C#, Go, PHP and Ruby. The root exception is the innermost cause;
frames of runtimes, frameworks and generated code are passed over; line numbers never count.
"""

import re

MAX_LINES = 400
_TYPE = r"(?:[\w$]+[.\\:]{1,2})*[A-Z][\w$]*"
_TYPE += r"(?:Exception|Error|Throwable|Failure|Fault|Exit|Interrupt|Warning|Timeout)"
_CAUSED = re.compile(r"^\s*(?:\[CIRCULAR REFERENCE:?\s*)?Caused by: ([\w$.]+)")
_JAVA_HEAD = re.compile(r"(?:^|[\s:;(\"'])(" + _TYPE + r")(?=[:\s,;)\]\"']|$)")
_AT = re.compile(r"^\s+at (?:async |new )?([^\s(][^(\n]{0,300}?)\s*\(([^)\n]{0,400})\)?")
_AT_BARE = re.compile(r"^\s+at ((?:file|https?)://\S+|/?[\w./\\:@-]+:\d+:\d+)")
_INNER = re.compile(r"^\s*--->\s+(?:\([^)]{0,80}\)\s*)?([\w.`+]+)|--->\s+([\w.`+]+)")
_PY_FRAME = re.compile(r'^\s+File "([^"\n]{1,400})", line \d+, in (\S{1,200})')
_PY_ERROR = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::\s|$)")
_GO_FRAME = re.compile(r"^([\w./*()@-]+)\((?:0x|\.\.\.|\{|\)|[\w, ]*\))")
_PHP_FRAME = re.compile(r"^#\d+ (.{1,300}?)(?:\(\d+\))?: ([\w\\:>-]+)\(")
_PHP_HEAD = re.compile(r"(?:Uncaught |^\S* ?)((?:\w+\\)*\w*(?:Exception|Error))\b")
_RUBY_FRAME = re.compile(r"^\s*(?:from )?(\S+\.rb):\d+:in [`']([^'\n]{1,200})'")
_GENERATED = re.compile(
    r"\$\$(?:Lambda|EnhancerBy|FastClassBy|SpringCGLIB)|\$Proxy\d*|_\$\$_|GeneratedMethodAccessor"
    r"|GeneratedConstructorAccessor|LambdaForm|\blambda\$|<generated>"
)
_FOREIGN = re.compile(
    r"^(?:[\w.]+/)?(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|akka|io\.netty"
    r"|reactor|rx|io\.reactivex|org\.(?:springframework|apache|hibernate|jboss|eclipse|junit|aspectj"
    r"|postgresql|hsqldb|h2|slf4j|codehaus|glassfish|mockito|wildfly)|com\.(?:zaxxer|mysql|fasterxml"
    r"|google|mongodb|netflix|ibm|microsoft)|oracle|net\.sf|ch\.qos|System|Microsoft|MS|runtime|net/http"
    r"|panic|internal|testing|sync|node:|internal/)(?:[./:]|$)"
)
_LIBRARY_PATH = re.compile(
    r"site-packages|dist-packages|/lib(?:64)?/python|lib/ruby|/gems/|node_modules|node:|internal/|/vendor/|<frozen|/usr/local/go/"
)


def trace_of(text: str) -> tuple:
    """(exception, frame) of a record's text; ("", "") without a trace."""
    lines = text.split("\n", MAX_LINES)[:MAX_LINES]
    if 'File "' in text and ", line " in text:
        return _python(lines)
    if "goroutine " in text and "panic" in text:
        return _go(lines)
    if "Stack trace:" in text and "#0 " in text:
        return _php(lines)
    if ".rb:" in text and ":in " in text:
        return _ruby(lines)
    return _at(lines)


def _python(lines):
    exception, frame, any_frame = "", "", ""
    for line in lines:
        found = _PY_FRAME.match(line)
        if found:
            name = _module(found.group(1)) + "." + found.group(2)
            any_frame = name
            if not _LIBRARY_PATH.search(found.group(1)):
                frame = name
        elif line.startswith("Traceback"):
            frame = ""
        elif line[:1] not in (" ", "\t", "") and any_frame:
            found = _PY_ERROR.match(line)
            if found and not line.startswith(("During", "The above")):
                exception = found.group(1)
    return exception, frame or any_frame


def _module(path):
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return name[:-3] if name.endswith(".py") else name


def _at(lines):
    """Traces with `at` frames: Java, JavaScript, C#."""
    exception, start, inner = "", 0, False
    for index, line in enumerate(lines):
        caused = _CAUSED.match(line)
        if caused:
            exception, start, inner = caused.group(1), index, True
            continue
        nested = _INNER.search(line) if "--->" in line else None
        if nested:
            exception = (nested.group(1) or nested.group(2)).rstrip(".:")
        elif not exception and not inner:
            found = _JAVA_HEAD.search(line) if not line[:1].isspace() else None
            if found:
                exception = found.group(1)
    frame = _first_own(lines[start:]) or _first_own(lines) or _first(lines[start:]) or _first(lines)
    return exception, frame


def _frames(lines):
    for line in lines:
        found = _AT.match(line)
        if found:
            yield found.group(1).strip(), found.group(2)
            continue
        found = _AT_BARE.match(line)
        if found:
            yield _module(re.sub(r":\d+:\d+$", "", found.group(1))), found.group(1)


def _first_own(lines):
    for name, place in _frames(lines):
        if _FOREIGN.match(name) or _GENERATED.search(name) or _LIBRARY_PATH.search(place):
            continue
        return _clean(name)
    return ""


def _first(lines):
    for name, _place in _frames(lines):
        return _clean(name)
    return ""


def _clean(name):
    """Without a module's version, generated numbers, and parameters."""
    name = re.sub(r"^[\w.-]+(?:@[\w.-]+)?//?(?=\w)", "", name) if "/" in name else name
    return re.sub(r"\$\d+|0x[0-9a-f]+", "", name)[:200]


def _go(lines):
    frame, any_frame, started = "", "", False
    for line in lines:
        started = started or line.startswith("goroutine ")
        found = _GO_FRAME.match(line) if started else None
        if found:
            name = found.group(1)
            any_frame = any_frame or name
            if not frame and not _FOREIGN.match(name):
                frame = name
    return "panic", frame or any_frame


def _php(lines):
    found = None
    for line in lines:
        found = found or _PHP_HEAD.search(line)
    frame = ""
    for line in lines:
        match = _PHP_FRAME.match(line)
        if match and not frame and not _LIBRARY_PATH.search(match.group(1)):
            frame = match.group(2)
    return (found.group(1) if found else ""), frame


def _ruby(lines):
    exception, frame, any_frame = "", "", ""
    for line in lines:
        match = _RUBY_FRAME.match(line)
        if match:
            name = match.group(1).rsplit("/", 1)[-1][:-3] + "." + match.group(2)
            any_frame = any_frame or name
            if not frame and not _LIBRARY_PATH.search(match.group(1)):
                frame = name
        if not exception:
            found = _JAVA_HEAD.search(line)
            exception = found.group(1) if found else ""
    return exception, frame or any_frame
