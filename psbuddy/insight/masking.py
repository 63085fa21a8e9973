"""A message without its values: what stays is the statement that wrote it.

Fixed rules on one line and nothing else, so that the same line always gives the same result.
Values are of two kinds. Things of a known shape (addresses, paths, stamps, quantities, quoted
names) are masked first; then every remaining token that carries a digit. The words that are
left, in their order and without punctuation, are the evidence for a cause: optional fields,
lists of any length and units do not change them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from psbuddy.model.template import WILDCARD

_MESSAGE_CAP = 2_000  # characters; the masks are linear, this bounds them anyway
_HOST_CAP = 1_000  # a message this long was cut by the host, perhaps within a word
_TEMPLATE_CAP = 400

_DATE = (
    r"\b\d{4}[-/.]\d\d[-/.]\d\d"
    r"(?:[T _-]\d\d[:.]\d\d(?:[:.]\d\d(?:[.,:]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_NAMED_DATE = (
    r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?\d{0,2} ?"
    rf"(?:{_MONTHS.replace(' ', '|')})[a-z]{{0,6}} "
    r"{1,2}\d{1,4}(?: \d\d:\d\d:\d\d)?(?: [A-Z]{3,4})?(?: \d{4})?\b"
)
_TOP_LEVEL = "com|net|org|edu|gov|mil|int|info|biz|local|localdomain|internal|lan|corp|arpa|cloud"
# Two letters are a country, unless they end file names, property names or sentences.
_COUNTRY = (
    "(?!id|is|in|to|me|my|no|so|by|do|py|sh|rs|js|ts|rb|go|cc|hs|cs|vb|kt|md|ps|am|as|at|be|it)"
    "[a-z]{2}"
)
_LABEL = "[A-Za-z0-9_-]{1,63}"
_NAME_ENDS = r")(?![\w./(-])"
_HOST_WITH_PORT = (
    r"(?<![\w.-])(?:[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,8}"
    r"|[A-Z0-9_-]{1,63}(?:\.[A-Z0-9_-]{1,63}){1,8}):\d{1,5}\b"
)
# 5.2 KB and 93 B, <1 sec and 12 ms are the same statement.
_QUANTITY = (
    r"(?<![\w.])<?[-+]?\d[\d.,]*(?:(?:[kKMGTP]i?)?[bB]|[kKMGT]|ns|us|ms|s|m|h|d|%"
    r"|\s(?:[kKMGTP]i?B|B|ns|us|µs|ms|msecs?|milliseconds?|millis|secs?|seconds?|mins?|minutes?"
    r"|hrs?|hours?|days?))(?!\w)"
)

#: Things of a known shape, each with signs one of which it must hold: a quick look comes first.
#: What holds others inside stands before them.
_SHAPES = tuple(
    (tuple(signs.split(" ")), re.compile(pattern))
    for signs, pattern in (
        ("://", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+"),
        ("@", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
        ("-", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
        ("- / .", _DATE),
        (_MONTHS, _NAMED_DATE),
        (":", r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?![\w:])"),
        (".", _HOST_WITH_PORT),
        (
            ".",
            r"(?<![\w./-])"
            + _LABEL
            + r"(?:\."
            + _LABEL
            + r"){0,8}\.(?i:"
            + _TOP_LEVEL
            + _NAME_ENDS,
        ),
        (
            ".",
            r"(?<![\w./-])" + _LABEL + r"(?:\." + _LABEL + r"){1,8}\.(?:" + _COUNTRY + _NAME_ENDS,
        ),
        (":", r"^[a-z0-9-]{1,63}:\d{2,5}(?= [a-z])"),
        ("?", r"(?<=\s)/[^\s\"'<>?]{0,500}\?[^\s\"'<>]*"),  # a path with a query
        ("0", _QUANTITY),
        ('"', r'(?<!\w)"[^"\s]{1,200}"'),
        ("'", r"(?<!\w)'[^'\s]{1,200}'(?!\w)"),
        # The hash of an object, a hexadecimal value.
        ("@ { =", r"(?<=@)[0-9a-f]{3,16}\b|(?<=[{=])[0-9a-f]{4,16}\b"),
    )
)
_QUOTED_VALUE = re.compile(r'(?<![\w.-])([\w.-]{1,64})="([^"\n]{1,500})"')
#: Words that a sentence follows, not a name.
SENTENCES = frozenset(
    [
        "msg",
        "message",
        "error",
        "err",
        "reason",
        "event",
        "cause",
        "exception",
        "detail",
        "details",
        "description",
        "text",
    ]
)
# A name behind the word that announces it: `for user jsmith`, `for jsmith from 10.1.2.3`.
_NAMED = re.compile(r"(\b(?:for|of|as|by|from|Invalid|invalid|unknown) (?:user|account) )[\w.@-]+")
_FOR_FROM = re.compile(r"\bfor [\w.@-]+(?= from (?:<\*>|\d))")

# A vendor's message code names the cause, its digits are no value: ORA-00060, SQL0911N.
_CODE = re.compile(r"\b[A-Z]{2,6}-\d{3,6}(?=:\s?[A-Za-z])|\b[A-Z]{3,6}\d{3,5}[A-Z](?=[:\s])")
_ALL_ZERO = str.maketrans("123456789", "000000000")
# What a host puts where a secret was: a value as any other.
_SECRET = re.compile(r"\*{3}|\[(?:private key|key|e-mail|card|iban|ssn)\]")
_KEPT = "\0"  # stands for a vendor's code while values are masked

_INNER = r"\w.$/\\@#~%+*?&" + _KEPT
# Three full stops part words, as in `fp compare......0`.
_ATOM = re.compile(
    rf"(?:<\*>|(?!\.\.\.)[{_INNER}-])(?:<\*>|(?!\.\.\.)[{_INNER}-])*|\.{{3,}}|[^\w\s]"
)
_CLASS = re.compile(r"[\w$-]+(?:[./][\w$-]+){1,20}[./$][A-Z][\w$]*")
_FAILURE = re.compile(r"(?:Exception|Error|Throwable)$")
_WILDCARDS = re.compile(r"<\*>(?:[\s,;:./|x*+-]{0,3}<\*>)+")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Masked:
    """What a message says without its values."""

    template: str  # for people: the message with `<*>` for each value, at most 400 characters
    words: tuple[str, ...]  # the evidence: words in their order, no values, no punctuation


def mask(message: str) -> Masked:
    """The first line of a message without its values. Pure; the last 20,000 are remembered.

    No mask looks at which digit stands where, and none stays but those of a vendor's code.
    """
    text = _first_line(message)
    codes = tuple(_CODE.findall(text))
    if codes:
        text = _CODE.sub(_KEPT, text)
    return _mask(text.translate(_ALL_ZERO), codes)


@lru_cache(maxsize=20_000)
def _mask(text: str, codes: tuple[str, ...]) -> Masked:
    text = _shapes_masked(text)
    left = iter(codes)
    parts: list[str] = []
    words: list[str] = []
    end = 0
    for atom in _ATOM.finditer(text):
        shown = _shown(atom, text)
        if _KEPT in shown:
            shown = "".join(next(left, "") if char == _KEPT else char for char in shown)
        elif shown == WILDCARD:
            shown = _with_punctuation(atom.group())
        if WILDCARD not in shown and _is_word(shown):
            words.append(shown)
        parts += (text[end : atom.start()], shown)
        end = atom.end()
    template = _WILDCARDS.sub(WILDCARD, "".join(parts))
    if not words:
        words = _LETTERS.findall(text.replace(WILDCARD, " "))
    return Masked(_cut(template), tuple(words))


def words_of(template: str) -> tuple[tuple[str, str], ...]:
    """(word, what stands before it) of a template; `<*>` for each value. See `mask`."""
    found: list[tuple[str, str]] = []
    before = ""
    for atom in _ATOM.finditer(template):
        text = atom.group()
        if WILDCARD in text:
            found.append((WILDCARD, before))
        elif _is_word(text):
            found.append((text, before))
        before = text
    return tuple(found)


def tokens(template: str) -> Iterator[tuple[str, bool]]:
    """(word, `<*>` or sign, whether it follows without a blank) of a template."""
    end = 0
    for atom in _ATOM.finditer(template):
        text = atom.group()
        yield WILDCARD if WILDCARD in text else text, atom.start() == end and end > 0
        end = atom.end()


def _first_line(message: str) -> str:
    """One line, single blanks; a word the host's cap may have cut is left out."""
    text = message[:_MESSAGE_CAP]
    if len(text) >= _HOST_CAP:
        text = text[:_HOST_CAP].rpartition(" ")[0] or text[:_HOST_CAP]
    text = _SECRET.sub("0", text.partition("\n")[0].replace(_KEPT, " "))
    return " ".join(text.split())


def _shapes_masked(text: str) -> str:
    if '="' in text:
        text = _QUOTED_VALUE.sub(_quoted_value, text)
    for signs, shape in _SHAPES:
        if any(sign in text for sign in signs):
            text = shape.sub(WILDCARD, text)
    if " from " in text:
        text = _FOR_FROM.sub(f"for {WILDCARD}", text)
    return _NAMED.sub(rf"\1{WILDCARD}", text) if " user " in text or " account " in text else text


def _quoted_value(found: re.Match[str]) -> str:
    """`name="any text"` is a value, `msg="any text"` is a sentence."""
    if found.group(1).lower() in SENTENCES:
        return found.group()
    return f'{found.group(1)}="{WILDCARD}"'


def _shown(atom: re.Match[str], text: str) -> str:
    """A token, or `<*>` for a value."""
    token = atom.group()
    if token.isalpha() or not _is_word(token):
        return token
    if WILDCARD in token or _DIGIT.search(token):
        return WILDCARD
    core = token.strip(".-/")
    slashes = core.count("/")
    if core.count(".") >= 2 and _CLASS.fullmatch(core) and not _FAILURE.search(core):
        return WILDCARD
    if core.count(".") >= 2 and text[atom.start() - 1 : atom.start()] == "=":
        return WILDCARD
    if (slashes and token.startswith(("/", "./", "../"))) or slashes >= 2:
        return WILDCARD
    return WILDCARD if core.count("\\") >= 2 else token


def _is_word(token: str) -> bool:
    return token.isalnum() or any(char.isalnum() for char in token)


def _with_punctuation(token: str) -> str:
    """A value keeps the full stop or the dash that ends its sentence."""
    return WILDCARD + (token[-1] if token[-1] in ".?" and len(token) > 1 else "")


def _cut(text: str) -> str:
    return text if len(text) <= _TEMPLATE_CAP else text[: _TEMPLATE_CAP - 1] + "…"
