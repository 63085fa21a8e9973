"""Traces of scripting languages: Python, Ruby, PHP, Perl, Lua, Erlang and Elixir."""

import re

from psbhost.foreign import FRAMEWORK, GENERATED, OWN, RUNTIME, best, rank, stem
from psbhost.lazily import Expression
from psbhost.typed import typed

# -- Python ------------------------------------------------------------------------------------

_PY_FRAME = Expression(r'^\s+File "([^"\n]{1,400})", line \d+(?:, in (\S.{0,200}))?')
_PY_ERROR = Expression(r"^((?:[A-Za-z_]\w{0,200}\.){0,15}[A-Za-z_]\w{0,200})(?::\s|:?$)")
_PY_MARGIN = Expression(r"^(\s{0,60})(?:\| ?|\+ (?=Exception Group)|(\+-[+-]*))")


class _Traceback(object):
    """One `Traceback`: its frames from the outermost in, then its error."""

    __slots__ = ("depth", "error", "frames")

    def __init__(self, depth):
        self.depth, self.error, self.frames = depth, "", []


def python(lines) -> tuple:
    """Causes are printed first; of a group its first exception is the cause."""
    found = _tracebacks(lines)
    if not found:
        return "", ""
    at = 0
    while at + 1 < len(found) and found[at + 1].depth > found[at].depth and found[at + 1].error:
        at += 1
    root = found[at]
    order = [root] + found[at + 1 :] + found[:at]
    around = [frame for one in order for frame in reversed(one.frames)]
    return root.error, best(around)


def _tracebacks(lines):
    found, grouped = [], any("Exception Group Traceback" in line for line in lines)
    for line in lines:
        margin = _PY_MARGIN.match(line) if grouped else None
        depth = len(margin.group(1)) if margin else 0
        if margin and margin.group(2):
            found.append(_Traceback(depth))
            continue
        _python_line(found, line[margin.end() :] if margin else line, depth)
    return [one for one in found if one.frames or one.depth]


def _python_line(found, text, depth):
    frame = _PY_FRAME.match(text)
    if frame:
        if not found or (found[-1].error and found[-1].frames):
            found.append(_Traceback(depth))
        found[-1].frames.append(_python_frame(frame))
    elif text.startswith(("Traceback (", "Exception Group Traceback (", "RemoteTraceback")):
        if not found or found[-1].frames or found[-1].error:
            found.append(_Traceback(depth))
        found[-1].depth = depth
    elif found and not found[-1].error and not text[:1].isspace():
        error = _PY_ERROR.match(text)
        if error and (found[-1].frames or found[-1].depth):
            found[-1].error, found[-1].depth = error.group(1), depth


def _python_frame(match):
    path, function = match.group(1), match.group(2)
    name = stem(path) + ("." + function if function else "")
    return max(
        rank("", path), GENERATED if rank(name.split(".", 1)[-1]) == GENERATED else OWN
    ), name


# -- Ruby --------------------------------------------------------------------------------------

_RB_FRAME = Expression(r"^\s*(?:\d+: )?(?:from )?([^\s:]{1,400}):\d+:in [`'\"]([^'\n]{1,200})'")
_RB_NAME = r"([A-Z]\w{0,100}(?:::[A-Z]\w{0,100}){0,10})"
_RB_UNCAUGHT = Expression(r"\(" + _RB_NAME + r"\)$")
_RB_RAILS = Expression(r"^(?:.{0,100}?[\]:] )?" + _RB_NAME + r" \(.*\)?:?$")
_RB_NAMED = Expression(r"^" + _RB_NAME + r"(?:: |$)")
_RB_INNER = Expression(r"^(?:(?:block|rescue|ensure)(?: \(\d+ levels\))? in )+")


def ruby(lines) -> tuple:
    """The cause is printed last; before Ruby 3 a terminal got the newest frame last."""
    if any("Traceback (most recent call last)" in line for line in lines):
        lines = lines[::-1]
    exception, frames, before = "", [], []
    for line in lines:
        match = _RB_FRAME.match(line)
        name = _ruby_type(line, match)
        if name:
            exception, before, frames = name, before + frames, []
        if match:
            frames.append(_ruby_frame(match))
    if not frames and not before:
        return "", ""
    return exception or typed(lines), best(frames + before)


def _ruby_type(line, frame):
    if frame:
        found = _RB_UNCAUGHT.search(line[frame.end() :]) if line[frame.end() :][:1] == ":" else None
    else:
        found = _RB_RAILS.match(line) or _RB_NAMED.match(line) or _RB_UNCAUGHT.search(line)
    return found.group(1) if found else ""


def _ruby_frame(match):
    path, method = match.group(1), _RB_INNER.sub("", match.group(2))
    method = re.split(r"[#.]", method)[-1] if method[:1] != "<" else method
    return rank("", path), stem(path) + "." + method


# -- PHP ---------------------------------------------------------------------------------------

_PHP_FRAME = Expression(r"^\s*#\d+ (.{1,400}?)(?:\(\d+\))?: ([\w\\:>{}$@/.-]{1,300})\(")
_PHP_CLASS = r"((?:[A-Za-z_]\w{0,100}\\){0,10}[A-Za-z_]\w{0,100})"
_PHP_HEADS = (
    re.compile(r"Uncaught (?:exception )?'?" + _PHP_CLASS),
    re.compile(r"\[object\] \(" + _PHP_CLASS),
    re.compile(r"^Next " + _PHP_CLASS + r"(?=: | in )"),
    re.compile(r"^(?:\[[^\]\n]{1,80}\] )?" + _PHP_CLASS + r"(?=: .* in \S+:\d+$)"),
)
_PHP_FOREIGN = Expression(
    r"(?:Illuminate|Symfony|GuzzleHttp|Doctrine|Monolog|Laravel|Laminas|Zend|Cake|CodeIgniter|yii"
    r"|Slim|Twig|PHPUnit|League|Predis|Psr|Ramsey|Carbon|Composer|Nette|Phalcon|React|Amp|Swoole"
    r"|Drupal\\Core|Magento\\Framework|Aws|Google|Stripe|Sentry|Elasticsearch|PhpAmqpLib|MongoDB)\\"
    r"|(?:PDO|PDOStatement|mysqli\w*|Reflection\w*|Spl\w+|Array\w+|SimpleXML\w*|DOM\w+|Closure"
    r"|SoapClient|Redis|Memcached|Exception|ErrorException|DateTime\w*|Iterator\w*|Generator)(?:->|::)"
)


def php(lines) -> tuple:
    """PHP prints the cause first, those around it behind `Next`; Monolog the other way round."""
    text = "\n".join(lines)
    names = [match.group(1) for rule in _PHP_HEADS[:1] for match in rule.finditer(text)]
    inside = [match.group(1) for match in _PHP_HEADS[1].finditer(text)]
    if not names and not inside:
        for line in lines:
            found = _PHP_HEADS[3].match(line) or _PHP_HEADS[2].match(line)
            names += [found.group(1)] if found else []
    exception = names[0] if names else (inside[-1] if inside else "")
    start = text.rfind("[object] (") if inside and not names else 0
    frames = _php_frames(text[start:].split("\n")) or _php_frames(lines)
    return (exception or typed(lines), best(frames)) if frames or exception else ("", "")


def _php_frames(lines):
    frames, body = [], ""
    for line in lines:
        match = _PHP_FRAME.match(line)
        if match:
            frames.append((_php_rank(match.group(2), match.group(1), body), match.group(2)))
            body = match.group(1)
        elif line.startswith("Next ") and frames:
            break
    return frames


def _php_rank(name, caller, body):
    if "{closure" in name:
        return GENERATED
    if "->" not in name and "::" not in name and "\\" not in name:
        return RUNTIME if caller.startswith("[") or _PHP_BUILTIN.match(name) else OWN
    if _PHP_FOREIGN.match(name):
        return FRAMEWORK
    return FRAMEWORK if body and rank("", body) and rank("", caller) else OWN


_PHP_BUILTIN = Expression(
    r"(?:array_|str_|preg_|mysql_|curl_|json_|call_user_func|iterator_|mb_|file_|include|require"
    r"|fopen|fread|fwrite|trigger_error|unserialize|usort|uasort|implode|explode|intdiv|ob_)"
)

# -- Perl, Lua ---------------------------------------------------------------------------------

_PL_FRAME = Expression(
    r"^\s+((?:\w{1,100}::){0,10}\w{1,100})\(.{0,2000}called at (\S{1,400}) line \d+"
)
_PL_FOREIGN = Expression(
    r"(?:Carp|DBI|DBD|Moose|Moo|Class|Try|Plack|Mojo|Mojolicious|Dancer2?|Catalyst|Test|Exporter"
    r"|LWP|HTTP|IO|POSIX|Log|JSON|main::__ANON__|Starman|AnyEvent)::"
)
_PL_CLASS = Expression(r"^((?:\w{1,100}::){1,10}\w{1,100})(?:=HASH\(|: )")


def perl(lines) -> tuple:
    """`confess`: the name of the exception's class, or `die` where it was a text."""
    frames = []
    for line in lines:
        match = _PL_FRAME.match(line)
        if match:
            foreign = _PL_FOREIGN.match(match.group(1)) or "/perl" in match.group(2).lower()
            frames.append((FRAMEWORK if foreign else OWN, match.group(1)))
    if not frames:
        return "", ""
    named = _PL_CLASS.match(lines[0])
    return (named.group(1) if named else "die"), best(frames)


_LUA_FRAME = Expression(
    r"^\s+(\[C\]|\[string [^\]\n]{0,200}\]|[^\s:]{1,400}):(?:\d+:)?"
    r" in (?:(?:upvalue|local|method|field|global|function) ?)+(?:'([^'\n]{1,200})'|<[^>\n]*>)?"
)


def lua(lines) -> tuple:
    """Lua has no types of errors."""
    frames = []
    for line in lines:
        match = _LUA_FRAME.match(line)
        if match:
            path, name = match.group(1), match.group(2) or "<function>"
            foreign = path.startswith("[C]") or "/lualib/" in path or "/resty/" in path
            frames.append((RUNTIME if foreign else OWN, stem(path) + "." + name))
    return ("lua error", best(frames)) if frames else ("", "")


# -- Erlang and Elixir -------------------------------------------------------------------------

_EX_ERROR = Expression(r"\*\* \((?!EXIT\b)([A-Z]\w*(?:\.\w+)*)\)")
_EX_FRAME = Expression(
    r"^\s+(?:\(([\w.-]+)(?: [\w.+-]+)?\) )?(\S{1,300}\.(?:exs?|erl)):\d+: (\S.{0,300})$"
)
_EX_FOREIGN = Expression(
    r"(?:elixir|stdlib|kernel|ecto\w*|phoenix\w*|plug\w*|bandit|cowboy\w*|db_connection|postgrex"
    r"|ex_unit|mix|logger|jason|absinthe\w*|oban|broadway|finch|mint|tesla|hackney|ranch|eex|iex)$"
)
_ERL_ERROR = Expression(r"exception (error|exit|throw): (?:\{)?([a-z]\w{0,60})?")
_ERL_FRAME = Expression(r"\bin (?:function|call from) +([\w@]{1,200}:[\w'@/-]{1,200})")


def beam(lines) -> tuple:
    """Erlang and Elixir, from the function that failed outwards."""
    exception, frames = "", []
    for line in lines:
        error = _EX_ERROR.search(line) if not exception else None
        if error:
            exception = error.group(1)
            continue
        match = _EX_FRAME.match(line)
        if match:
            foreign = match.group(1) and _EX_FOREIGN.match(match.group(1))
            number = FRAMEWORK if foreign else GENERATED if "anonymous fn" in line else OWN
            frames.append((number, re.sub(r"\(.*\)$", "", match.group(3)).strip()))
    return (exception, best(frames)) if exception else _erlang(lines)


def _erlang(lines):
    exception, frames = "", []
    for line in lines:
        error = _ERL_ERROR.search(line) if not exception else None
        if error:
            exception = error.group(2) or error.group(1)
        match = _ERL_FRAME.search(line)
        if match:
            name = match.group(1)
            runtime = name.startswith(("gen_server:", "proc_lib:", "gen:", "lists:", "erl_eval:"))
            frames.append((RUNTIME if runtime or name.startswith("erlang:") else OWN, name))
    return exception, best(frames)
