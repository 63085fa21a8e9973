"""ssh_config without an ssh program: a small reader that says what it cannot follow.

Follows `Include`, `Host` and those `Match` words that need nothing but names. A `Match` with
any other word is never taken for true, and that is a note: a wrong user or key would be worse
than none. Answers in the form of `ssh -G`: options in small letters, the first value wins.
"""

import fnmatch
import getpass
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collectors.ssh_tokens import Tokens, expanded, expanded_path

_DEPTH = 16
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|((?:[^\s"\'\\]|\\.)+)')
_LINE = re.compile(r"\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+|$)(.*)", re.DOTALL)
#: Their value is everything up to the end of the line.
_WHOLE = frozenset(("proxycommand", "localcommand", "remotecommand", "knownhostscommand"))
#: Each further line adds to those before it.
_MANY = frozenset(
    (
        *("identityfile", "certificatefile", "sendenv", "setenv"),
        *("localforward", "remoteforward", "dynamicforward"),
    )
)
_PASSED = frozenset(("canonical", "final"))
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_TIMES = frozenset(("connecttimeout", "serveraliveinterval"))
_BOOLEAN = {"true": "yes", "false": "no", "yes": "yes", "no": "no"}
_DEFAULT_KEYS = ("id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk")


@dataclass(slots=True)
class _Reading:
    alias: str
    folder: Path  # where a relative Include of the file begins
    final: bool = False
    wants_final: bool = False
    options: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(files: list[tuple[Path, Path]], alias: str) -> tuple[dict[str, list[str]], list[str]]:
    """The options for `alias`, and notes. `files`: each with the folder of its Includes."""
    reading = _Reading(alias, Path())
    _pass(reading, files)
    _finish_name(reading)
    if reading.wants_final:
        reading.final = True
        _pass(reading, files)
    _fill_in(reading.options, alias)
    if reading.options.get("canonicalizehostname", ["no"])[0] not in ("no", "none"):
        reading.notes.append(
            "CanonicalizeHostname is not followed without an ssh program; install OpenSSH."
        )
    return reading.options, list(dict.fromkeys(reading.notes))


def words(text: str) -> list[str]:
    """A line's words: quotes taken off, and what follows a # left out."""
    found: list[str] = []
    end = -1
    for match in _WORD.finditer(text):
        whole = re.sub(r'\\(["\'\\ ])', r"\1", next(g for g in match.groups() if g is not None))
        if match.start() != end and match[3] is not None and whole.startswith("#"):
            break
        if match.start() == end:
            found[-1] += whole
        else:
            found.append(whole)
        end = match.end()
    return found


def included(folder: Path, text: str) -> Iterator[Path]:
    """The files that an Include names, in the order of ssh; relative ones begin in `folder`."""
    for word in words(text):
        named = Path(expanded_path(word, {"%": "%", "d": str(Path.home())}))
        full = folder / named
        yield from sorted(Path(full.anchor).glob(str(full.relative_to(full.anchor))))


def _pass(reading: _Reading, files: list[tuple[Path, Path]]) -> None:
    for path, folder in files:
        reading.folder = folder
        _file(reading, path, active=True, depth=0)


def _file(reading: _Reading, path: Path, *, active: bool, depth: int) -> None:
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return
    may = active  # what stands in a block that does not match is never looked at
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None:
            continue
        keyword, rest = match[1].lower(), match[2].strip()
        place = f"{path}, line {number}"
        if keyword == "host":
            active = may and _any(reading.alias, words(rest))
        elif keyword == "match":
            # Asked in any case: a Match that waits for the second look says that there is one.
            active = _match(reading, words(rest.replace("=", " ")), place) and may
        elif keyword == "include":
            if depth < _DEPTH:
                for each in included(reading.folder, rest):
                    _file(reading, each, active=active, depth=depth + 1)
        elif active:
            _take(reading.options, keyword, rest)


def _take(options: dict[str, list[str]], keyword: str, rest: str) -> None:
    values = [rest] if keyword in _WHOLE else words(rest)
    if not values:
        return
    value = " ".join(values)
    if keyword in _TIMES:
        value = _seconds(value)
    value = _BOOLEAN.get(value.lower(), value)
    if keyword in _MANY:
        if value not in options.setdefault(keyword, []):
            options[keyword].append(value)
        return
    other = {"proxyjump": "proxycommand", "proxycommand": "proxyjump"}.get(keyword)
    if other is not None and options.get(other, ["none"]) != ["none"]:
        return  # whichever comes first
    options.setdefault(keyword, [value])


def _seconds(text: str) -> str:
    parts = re.findall(r"(\d+)([smhdw]?)", text.lower())
    return str(sum(int(n) * _SECONDS[unit] for n, unit in parts)) if parts else text


def _match(reading: _Reading, given: list[str], place: str) -> bool:
    holds, rest = True, list(given)
    while rest:
        word = rest.pop(0)
        plain = word.lstrip("!").lower()
        if plain == "all":
            found = True
        elif plain in _PASSED:
            reading.wants_final = reading.wants_final or plain == "final"
            found = reading.final
        elif plain in ("host", "originalhost", "user", "localuser"):
            found = _any(_named(reading, plain), (rest.pop(0) if rest else "").split(","))
        else:
            reading.notes.append(
                f"{place}: Match {plain} is not followed without an ssh program; install OpenSSH."
            )
            return False
        holds = holds and found != word.startswith("!")
    return holds


def _named(reading: _Reading, word: str) -> str:
    if word == "originalhost":
        return reading.alias
    if word == "host":
        name = reading.options.get("hostname", [reading.alias])[0]
        return expanded(name, {"%": "%", "h": reading.alias})
    if word == "user":
        return reading.options.get("user", [getpass.getuser()])[0]
    return getpass.getuser()


def _any(name: str, patterns: list[str]) -> bool:
    """One match is enough, one negated match refuses."""
    found = False
    for pattern in patterns:
        hit = fnmatch.fnmatchcase(name.lower(), pattern.lstrip("!").lower().replace("[", "[[]"))
        if hit and pattern.startswith("!"):
            return False
        found = found or hit
    return found


def _finish_name(reading: _Reading) -> None:
    name = reading.options.get("hostname", [reading.alias])[0]
    reading.options["hostname"] = [expanded(name, {"%": "%", "h": reading.alias}).lower()]


def _fill_in(options: dict[str, list[str]], alias: str) -> None:
    folder = Path.home() / ".ssh"
    options.setdefault("user", [getpass.getuser()])
    options.setdefault("port", ["22"])
    options.setdefault("identityfile", [f"~/.ssh/{name}" for name in _DEFAULT_KEYS])
    options.setdefault(
        "userknownhostsfile", [f"{folder / 'known_hosts'} {folder / 'known_hosts2'}"]
    )
    options.setdefault(
        "globalknownhostsfile", ["/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"]
    )
    values = tokens(options, alias).values()
    options["userknownhostsfile"] = [
        " ".join(expanded_path(word, values) for word in options["userknownhostsfile"][0].split())
    ]
    agent = options.get("identityagent", [""])[0]
    if agent.startswith("${") or agent[:1] not in ("", "$"):
        options["identityagent"] = [expanded_path(agent, values)]


def tokens(options: dict[str, list[str]], alias: str) -> Tokens:
    """What tokens stand for, by the options of `ssh -G` or of this reader."""

    def one(key: str, default: str) -> str:
        return next(iter(options.get(key, ())), "") or default

    return Tokens(
        alias,
        one("hostname", alias),
        one("port", "22"),
        one("user", getpass.getuser()),
        one("hostkeyalias", ""),
        getpass.getuser(),
    )
