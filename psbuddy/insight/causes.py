"""The identity of a cause: one fingerprint, title and template for records that mean the same.

The fingerprint is kept for years, so it follows fixed rules and no statistics: the same line
gives the same one in any order, batch or release. Evidence in order: innermost exception and
first application frame (line numbers never count), exception and message, message alone.
"""

import hashlib
import re
from dataclasses import dataclass

from psbuddy.model.terms import Level

#: Key under which a host sums the records that did not fit its group cap.
OTHER_KEY = "other"
WILDCARD = "<*>"

_MESSAGE_CAP = 2_000  # characters; the masks below are linear, this bounds them anyway
_TEMPLATE_CAP = 400
_TITLE_CAP = 120

# Order matters: what contains digits inside a larger thing goes first.
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r'"[^"\n]{1,200}"', f'"{WILDCARD}"'),
        (r"(?<!\w)'[^'\n]{1,200}'(?!\w)", f"'{WILDCARD}'"),
        (r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+", WILDCARD),
        (r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}", WILDCARD),
        (r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", WILDCARD),
        (
            r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?",
            WILDCARD,
        ),
        (
            r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?\d{0,2} ?"
            r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} "
            r"{1,2}\d{1,4}(?: \d\d:\d\d:\d\d)?(?: \d{4})?\b",
            WILDCARD,
        ),
        # Host names: a dotted name with a port, or one that ends as host names do.
        (r"(?<![\w.])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}:\d{1,5}\b", WILDCARD),
        (
            r"(?<![\w.])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}"
            r"\.(?:com|net|org|edu|gov|io|local|localdomain|internal|lan|corp)\b(?![.\w])",
            WILDCARD,
        ),
        (r"\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\b", WILDCARD),
        (r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b", WILDCARD),
        (r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])", WILDCARD),
        (r"(?<![\w/.<>-])(?:[A-Za-z]:)?(?:[\\/][\w.@%+~=-]{1,100}){2,30}[\\/]?", WILDCARD),
        (r"\b0[xX][0-9a-fA-F]+\b", WILDCARD),
        (r"\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,64}\b", WILDCARD),
        (r"(?<![A-Za-z])[-+]?\d[\d.,]*\d(?:[eE][-+]?\d+)?|(?<![A-Za-z])[-+]?\d|\d+", WILDCARD),
    )
)
# A vendor's message code names the cause, its digits are not a value: ORA-00060: deadlock.
_VENDOR_CODE = re.compile(r"\b[A-Z]{2,5}-\d{4,5}(?=[:\s]\s?[A-Za-z])")
_RUN_OF_WILDCARDS = re.compile(r"<\*>(?:[\s,;:./|x*+-]{0,3}<\*>)+")
_SIGN = re.compile(r"(?<![A-Za-z0-9>])[-+](?=<\*>)")
_HOST_CUTS = re.compile(r"[0-9a-f]+")  # what the host's cheap grouping key leaves out
_GENERATED = re.compile(
    r"\$\$(?:EnhancerBy|FastClassBy|Lambda|SpringCGLIB)[\w$./]*|\$Proxy\d+|_\$\$_\w+|\$\d+\b|0x[0-9a-f]+"
)
_LAMBDA = re.compile(r"lambda\$(\w+)\$\d+")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class RawCause:
    """A group of records as a host reports it. Every text is foreign: cap before showing."""

    key: str  # the host's grouping key, `OTHER_KEY` for the rest
    level: Level
    message: str
    exception: str  # innermost type, "" without a trace
    frame: str  # first frame of the application, "" without a trace
    first: int
    last: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class CauseIdentity:
    fingerprint: str  # 40 hex digits
    title: str
    template: str


def identify(raw: RawCause) -> CauseIdentity:
    """Identity of a group. The level and the application are no part of it."""
    if raw.key == OTHER_KEY:
        return CauseIdentity(_digest("other", ""), "Other records beyond the group cap", WILDCARD)
    template = mask(raw.message)
    if not raw.exception:
        shown = template or "(no message)"
        return CauseIdentity(_digest("message", _stable(template)), _cut(shown, _TITLE_CAP), shown)
    exception, frame = _clean(raw.exception), _clean_frame(raw.frame)
    name = readable_exception(exception)
    full = f"{exception.rpartition('.')[2]}: {template}" if template else exception
    if frame:
        title = f"{name} in {readable_frame(frame)}"
        return CauseIdentity(
            _digest("frame", f"{exception}\0{frame}"), _cut(title, _TITLE_CAP), full
        )
    title = f"{name}: {template}" if template else name
    identity = f"{exception}\0{_stable(template)}"
    return CauseIdentity(_digest("exception", identity), _cut(title, _TITLE_CAP), full)


def mask(message: str) -> str:
    """First line of a message with its values replaced by `<*>`.

    Masked: quoted values, URLs, e-mail addresses, UUIDs, dates and clocks, host names and
    addresses, paths, hex and decimal numbers. Neighbouring wildcards become one, so that lists
    of any length agree.
    """
    text = " ".join(message[:_MESSAGE_CAP].partition("\n")[0].split())
    codes = [match.group() for match in _VENDOR_CODE.finditer(text)]
    text = _VENDOR_CODE.sub("\0", text)
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    text = _RUN_OF_WILDCARDS.sub(WILDCARD, _SIGN.sub("", text))
    for code in codes:
        text = text.replace("\0", code, 1)
    return _cut(text, _TEMPLATE_CAP)


def readable_exception(exception: str) -> str:
    """`java.net.SocketTimeoutException` -> `SocketTimeout`; one-word names keep their ending."""
    name = re.split(r"[.:\\/]", exception.rstrip(".:\\/"))[-1] or exception
    for ending in ("Exception", "Error"):
        stem = name.removesuffix(ending)
        if stem != name and len(_HUMPS.findall(stem)) > 1:
            return stem
    return name


def readable_frame(frame: str) -> str:
    """`com.shop.PaymentClient.charge` -> `PaymentClient.charge`."""
    tail = re.split(r"[\\/]", frame)[-1]
    return ".".join(re.split(r"[.#]|::", tail)[-2:]) if "." in tail or "#" in tail else tail


def _clean(name: str) -> str:
    return _GENERATED.sub("", name.strip()[:300])


def _clean_frame(frame: str) -> str:
    text = frame.strip()[:400].removeprefix("at ")
    text = re.sub(r"\([^()]*\)$", "", text)  # (PaymentClient.java:88)
    text = re.sub(r'^File "([^"]+)", line \d+, in ', r"\1:", text)
    text = re.sub(r":\d+(?=\D|$)|, line \d+", "", text)
    return _clean(_LAMBDA.sub(r"\1", text))


def _stable(template: str) -> str:
    """What of a template may carry identity.

    Hosts group by the message without the characters 0-9a-f. Leaving out the same characters
    here gives all members of one host group one fingerprint, whichever came first.
    """
    return " ".join(_HOST_CUTS.sub("", template.replace(WILDCARD, " ")).split())


def _digest(kind: str, identity: str) -> str:
    text = f"cause/1\0{kind}\0{identity}"
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _cut(text: str, cap: int) -> str:
    return text if len(text) <= cap else text[: cap - 1] + "…"
