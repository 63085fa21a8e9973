"""The identity of a cause: one fingerprint, title and template for records that mean the same.

The fingerprint is kept for years, so it follows fixed rules and no statistics: the same line
gives the same one in any order, batch or release. Evidence in order: innermost exception and
first application frame (line numbers never count), exception and message, message alone.
"""

import hashlib
import re
from dataclasses import dataclass

from psbuddy.insight.masking import mask
from psbuddy.model.template import WILDCARD
from psbuddy.model.terms import Level

#: Key under which a host sums the records that did not fit its group cap.
OTHER_KEY = "other"
_TITLE_CAP = 120  # characters
_UNALARMING = frozenset((Level.NONE, Level.TRACE, Level.DEBUG, Level.INFO))
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
    """Identity of a group. The application is no part of it.

    Nor is the level, with one exception: what is no warning is known by what it says, whatever
    trace follows it, for that may have been printed by anyone.
    """
    if raw.key == OTHER_KEY:
        return CauseIdentity(_digest("other", ""), "Other records beyond the group cap", WILDCARD)
    masked = mask(raw.message)
    template = masked.template
    if not raw.exception or raw.level in _UNALARMING:
        shown = template or "(no message)"
        evidence = _stable(masked.words)
        return CauseIdentity(_digest("statement", evidence), _cut(shown, _TITLE_CAP), shown)
    exception, frame = _clean(raw.exception), _clean_frame(raw.frame)
    name = readable_exception(exception)
    full = f"{exception.rpartition('.')[2]}: {template}" if template else exception
    if frame:
        title = f"{name} in {readable_frame(frame)}"
        return CauseIdentity(
            _digest("frame", f"{exception}\0{frame}"), _cut(title, _TITLE_CAP), full
        )
    title = f"{name}: {template}" if template else name
    identity = f"{exception}\0{_stable(masked.words)}"
    return CauseIdentity(_digest("failure", identity), _cut(title, _TITLE_CAP), full)


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


def _stable(words: tuple[str, ...]) -> str:
    """What of a message's words may carry identity.

    Hosts group by the message without the characters 0-9a-f. Leaving out the same characters
    here gives the members of one host group one fingerprint, whichever came first.
    """
    return " ".join(_HOST_CUTS.sub("", " ".join(words)).split())


def _digest(kind: str, identity: str) -> str:
    text = f"cause/1\0{kind}\0{identity}"
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _cut(text: str, cap: int) -> str:
    return text if len(text) <= cap else text[: cap - 1] + "…"
