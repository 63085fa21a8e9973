"""The same statement said of one or of many, with or without more values: one sequence of words.

Software writes `1 file` and `7 files`, `a, b and c` for a list of any length, a name of several
words in quotes, an amount with its currency, further `key=value` pairs where there are any. Fixed
rules on one template, as in `psbuddy.insight.masking`, but no part of the fingerprint: they only
help to learn which statements are one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psbuddy.insight.masking import SENTENCES, tokens
from psbuddy.model.template import WILDCARD

#: A word with a sign or a hump inside: an identifier, rarely a word of a sentence.
NAME = re.compile(r"[._/$\\@-]\w|[a-z][A-Z]")

_QUOTES = {"'": "'", '"': '"', "`": "`", "“": "”", "‘": "’", "«": "»", "[": "]"}
_MOST_QUOTED = 8  # words of a name in quotes
_MOST_NAMED = 4  # words of a name without quotes
_SMALL = ("of", "the", "and", "for", "in", "&", "a", "an", "to", "on", "by", "with", "from")
_PARTICLES = ("de", "del", "der", "di", "du", "la", "van", "von", "al", "bin")
_HEX = re.compile(r"[a-f]{7,}$")
_INITIAL = re.compile(r"[A-Z]\.$")
_LEAST_HEAD = 3  # words before the pairs that are left out
_LEAST_LISTED = 3  # plain words that make a list
#: Words that announce what someone wrote.
_WRITTEN = frozenset(
    ["cmd", "cmdline", "command", "comment", "query", "sql", "statement", "subject"]
)
_AND = ("and", "or")
_MANY = {"are": "is", "were": "was", "have": "has", "children": "child", "indices": "index"}
_NO_PLURALS = ("was", "has", "is", "this", "its", "as", "does", "always", "across")
_HISSING = ("sses", "shes", "ches", "xes", "zes")
_CURRENCIES = frozenset(
    ["AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNH", "CNY", "COP", "CZK", "DKK",
     "EGP", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "KWD", "MAD",
     "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB",
     "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "XAF", "ZAR", "BTC", "ETH"]
)  # fmt: skip


#: Units that are no value's part yet, see `psbuddy.insight.masking`.
_UNITS = frozenset(
    ["bar", "mbar", "psi", "Pa", "hPa", "kPa", "MPa", "C", "F", "K", "V", "mV", "kV", "A", "mA",
     "W", "kW", "MW", "Wh", "kWh", "MWh", "Hz", "kHz", "MHz", "GHz", "rpm", "RPM", "mm", "cm",
     "m", "km", "kg", "g", "t", "l", "ml", "l/min", "m3", "dB", "dBm", "bps", "kbps", "Mbps",
     "Gbps", "bit", "bits", "byte", "bytes", "pct", "percent", "ppm", "deg", "lux"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """A word, a value or a sign; `glued`: no blank before it."""

    text: str
    glued: bool

    @property
    def is_sign(self) -> bool:
        return not any(char.isalnum() for char in self.text) and self.text != WILDCARD

    @property
    def is_item(self) -> bool:
        return self.text == WILDCARD or bool(NAME.search(self.text))


def plain_phrases(template: str, *, pairs: bool = False) -> list[tuple[str, str]]:
    """(word, what stands before it) without what one statement says in several ways."""
    parts = [_Part(text, glued) for text, glued in tokens(template)]
    parts = list(_quoted(parts))
    parts = list(_named(parts))
    parts = list(_listed(parts))
    if not pairs:
        parts = _without_pairs(parts)
    parts = _without_text(parts)
    return list(_words(parts))


def _quoted(parts: Sequence[_Part]) -> Iterator[_Part]:
    """A name of several words in quotes is one word; what is said in quotes is not."""
    at = 0
    while at < len(parts):
        yield parts[at]
        end = _closing(parts, at)
        if end:
            yield _Part(" ".join(part.text for part in parts[at + 1 : end]), glued=True)
            at = end
        at += 1


def _closing(parts: Sequence[_Part], at: int) -> int:
    """Where the name that is quoted here ends, 0 where none is: each word of it is capital."""
    closes = _QUOTES.get(parts[at].text)
    before = parts[at - 1] if at else _Part("", glued=False)
    named = parts[at - 2].text.lower() if at > 1 else ""
    if closes is None or parts[at].glued or before.text == ":" or named in SENTENCES:
        return 0
    if before.text.lower() in SENTENCES:
        return 0
    for end in range(at + 2, min(at + _MOST_QUOTED + 2, len(parts))):
        if parts[end].text == closes:
            inside = [part.text for part in parts[at + 1 : end]]
            good = all(word[0].isupper() or word in _SMALL for word in inside) or (
                closes == '"' and WILDCARD not in inside
            )
            return end if good and end - at > 2 and parts[end].glued else 0
    return 0


def _named(parts: Sequence[_Part]) -> Iterator[_Part]:
    """A name of several words is one word: within a sentence, each of them is capital."""
    at = 0
    words = [part.text for part in parts if part.text.isalpha()]
    # Where most is in capitals these tell no names.
    loud = 2 * sum(word.isupper() for word in words) > len(words)
    while at < len(parts):
        end = at
        if at and _may_follow(parts[at - 1]):
            while end - at < _MOST_NAMED and _is_capital(parts, end, at, loud):
                end += 1
        while end > at and parts[end - 1].text in (*_SMALL, *_PARTICLES):
            end -= 1
        if end - at < 2:
            yield parts[at]
            at += 1
        else:
            yield _Part(" ".join(part.text for part in parts[at:end]), parts[at].glued)
            at = end


def _may_follow(part: _Part) -> bool:
    """Whether a name without quotes may begin behind this."""
    return part.text == "(" or not (part.is_sign or part.text == WILDCARD)


def _is_capital(parts: Sequence[_Part], at: int, first: int, loud: bool) -> bool:
    if at >= len(parts):
        return False
    text, inside = parts[at].text, at > first
    if inside and parts[at].glued:
        return False
    if text.isalpha() and text[0].isupper() and len(text) > 1:
        if loud and text.isupper():
            return False
        return inside or not text.isupper() or _is_capital(parts, at + 1, first, loud)
    return inside and (text in _SMALL or text in _PARTICLES or bool(_INITIAL.match(text)))


def _listed(parts: Sequence[_Part]) -> Iterator[_Part]:
    """`a, b and c` is a value when its parts are values or identifiers, or three words and more."""
    at = 0
    while at < len(parts):
        end = _end_of_list(parts, at)
        yield _Part(WILDCARD, parts[at].glued) if end > at else parts[at]
        at = max(end, at) + 1


def _end_of_list(parts: Sequence[_Part], at: int) -> int:
    """Index of the last item of a list that begins here; `at` where none does."""
    if not at or parts[at].is_sign or parts[at].text in _AND:
        return at  # how a message begins is no value
    end, items, commas, joined, plain = at, 1, 0, False, not parts[at].is_item
    while not joined:
        following = end + 1
        comma = following < len(parts) and parts[following].text == ","
        following += comma
        joined = following < len(parts) and parts[following].text in _AND
        following += joined
        if not (comma or joined) or following >= len(parts) or parts[following].is_sign:
            break
        if following + 1 < len(parts) and parts[following + 1].text in ("=", ":"):
            break  # the name of a pair
        if not parts[following].is_item:
            plain = True
        commas += comma
        items += 1
        end = following
    if plain:
        return end if joined and commas and items >= _LEAST_LISTED else at
    return end


def _without_pairs(parts: list[_Part]) -> list[_Part]:
    """Without the `key=value` pairs at the end of a sentence."""
    end = len(parts)
    while end >= _LEAST_HEAD and parts[end - 1].text == WILDCARD and parts[end - 2].text == "=":
        end -= 3
        while end and parts[end - 1].text in (",", ";", "|"):
            end -= 1
    head = [part for part in parts[:end] if not part.is_sign]
    return parts[:end] if len(head) >= _LEAST_HEAD else parts


def _without_text(parts: list[_Part]) -> list[_Part]:
    """With a value for what someone wrote: a statement of SQL, a command, a subject."""
    for at in range(1, len(parts) - 1):
        if parts[at].text in (":", "=") and parts[at - 1].text.lower() in _WRITTEN:
            return [*parts[: at + 1], _Part(WILDCARD, glued=False)]
    return parts


def _words(parts: Sequence[_Part]) -> Iterator[tuple[str, str]]:
    """Words and values in their order, each value once, its unit or currency a part of it."""
    before, last = "", ""
    for at, part in enumerate(parts):
        word = part.text
        follows = parts[at + 1].text if at + 1 < len(parts) else ""
        if before == WILDCARD and (word == "°" or word in _UNITS or word in _CURRENCIES):
            continue  # what follows stands behind the value
        if word in _CURRENCIES and follows == WILDCARD:
            continue
        if not part.is_sign:
            if _HEX.match(word):
                word = WILDCARD
            shown = word if word == WILDCARD else _singular(word, before)
            if shown != WILDCARD or last != WILDCARD:
                yield shown, before
            last = shown
        before = WILDCARD if " " in word else word


def _singular(word: str, before: str) -> str:
    """`files` behind a number, and the verb that goes with many."""
    if word in _MANY:
        return _MANY[word]
    if before != WILDCARD or not word.islower() or word in _NO_PLURALS:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(_HISSING):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
