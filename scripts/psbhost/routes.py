"""Routes: what was asked for, with everything that names one thing alone masked.

A route is a method and a path. The query is cut off; a part of the path that is a number, an id,
a long token, an address or free text becomes `{id}`; files that only dress a page are one route
per kind. Numbers of two digits and more are all alike, so that texts can be remembered.
"""

import re
from operator import itemgetter

from psbhost.bytewise import ZEROS
from psbhost.lazily import Expression
from psbhost.masks import masked

#: The route that stands for all which cannot be told, or are too many.
OTHER = "other"
#: Routes told by name of one log in one visit, and those that are kept apart meanwhile.
MOST_TOLD, MOST_NAMES = 50, 1000
#: A failed transaction weighs as much as so many good ones when routes must be left out.
FAILED_WEIGHS = 10
_MOST_TEXTS, _MOST_REMEMBERED = 20000, 300
#: Bytes of a request that are looked at.
_MOST_TEXT = 600
_MOST_QUERIES, _MOST_DIGITS = 2000, 200
#: What codes of routes are multiples of.
STEP = 1 << 20
_UNKNOWN = -1 << 40
#: `/v1/` and the like; bytes that stand for the digit in them from _KEPT on.
_WORD_PART = Expression(rb"/[A-Za-z]{1,10}[0-9]/")
_KEPT, _MOST_WORDS = 16, 6
_LONGEST, _DEEPEST = 120, 8
_ID = "{id}"
_NUMBERS = Expression(rb"[0-9]{2,}")
_SINGLE, _DIGIT = Expression(rb"(?<![0-9])[0-9](?![0-9])"), Expression("[0-9]")
_VERSION = Expression(rb"(?: HTTP/[0-9.]{1,4}|)\Z")
_PROTOCOL = Expression(r" HTTP/[0-9.]{1,4}$")
_METHOD = Expression(r"[A-Z][A-Z-]{1,15}$")
_ORIGIN = Expression(
    r"(?:[a-z][a-z0-9+.-]{0,20}:)?//(?:[^/@ ]{0,200}@)?([^/ :?#]{1,200})(?::[0-9]{1,5})?"
)
_AUTHORITY = Expression(r"([A-Za-z0-9.-]{1,200}):[0-9]{1,5}$")
_STATIC = Expression(
    r"\.(css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot)$", re.IGNORECASE
)
#: Anything that no name of a resource has: spaces, escapes, quotes, other alphabets.
_FREE = Expression(r"[^A-Za-z0-9._~!$'()*+,:=-]")
#: What a secret by its name or its shape would have: signs, or many letters in a row.
_PECULIAR = re.compile(r"[^A-Za-z0-9./{}_-]|[A-Za-z0-9_-]{20}")
_PLACEHOLDER = Expression(r"(?::[A-Za-z_]{1,40}|\{[A-Za-z_:]{1,40}\}|<[A-Za-z_:]{1,40}>)$")
_TOKEN = Expression(r"[A-Za-z0-9]+")
_LIKE_HEX = Expression(r"(?=[a-f]{0,40}[0-9])[0-9a-f]{8}|(?=[A-F]{0,40}[0-9])[0-9A-F]{8}")
_SHORT_HEX = Expression(r"(?:[0-9a-f]{6,}|[0-9A-F]{6,})$")
#: `v1`, `oauth2`, `log4j`: words with one digit.
_WORD_WITH_DIGIT = Expression(r"[A-Za-z]{1,11}[0-9][A-Za-z]{0,4}$")
_LONG_WORD, _LONG_MIXED = 32, 20
_IDS = Expression(r"\{id\}(?:[._~!$'()*+,:=-]{1,3}\{id\})+")
#: What stands behind one of these may be a secret, whatever it looks like.
_BEFORE_SECRET = frozenset(
    "token tokens access-token password passwd pwd secret secrets reset reset-password verify "
    "verify-email confirm confirmation invite invites invitation activate activation unsubscribe "
    "magic magic-link apikey api-key api_key key keys session sessions sid otp code ticket".split()
)
#: What stands there and is a step of the procedure. Any other word may be the secret itself.
_STEPS = frozenset(
    "accept active callback cancel change check complete confirm confirmation create current "
    "decline delete done email exchange expire expired failed finish forgot forgotten info "
    "introspect issue list login logout mail me new password refresh renew request resend reset "
    "revoke rotate self send signin start status success token update validate verification "
    "verify".split()
)


def of_request(text: bytes) -> str:
    """The route of a request such as `GET /orders/17?x=1 HTTP/1.1`."""
    method, _, target = _PROTOCOL.sub("", _readable(text)).partition(" ")
    if _METHOD.match(method) is None or not target:
        return OTHER
    return named(method, target)


def of_fields(method: str, target: str) -> str:
    """The route of a record that tells method and path apart; the method may be missing."""
    method = method.strip().upper()
    target = _readable(target[:1000].encode("utf-8", "replace")).strip()
    if not method and _METHOD.match(target.partition(" ")[0]) and "/" in target:
        return of_request(target.encode("utf-8", "replace"))
    if not target or (method and _METHOD.match(method) is None):
        return OTHER
    return named(method, target)


def _readable(text):
    """Digits of longer numbers are 0; the query is cut off."""
    text = _NUMBERS.sub(b"00", text[:2000])[:_MOST_TEXT].decode("ascii", "replace")
    for mark in "?;#":
        text = text.partition(mark)[0]
    return text


def named(method: str, target: str) -> str:
    """A route, masked."""
    found = _AUTHORITY.match(target) if method == "CONNECT" else _ORIGIN.match(target)
    host = found.group(1) if found is not None else ""
    path = target[found.end() :] if found is not None else target
    static = _STATIC.search(path)
    if static is not None:
        path = "*." + static.group(1).lower()
    else:
        path = (_host(host) if host else "") + _path(path)
    if _PECULIAR.search(path) is not None:
        path = masked(path)
    if len(path) > _LONGEST:
        path = path[: _LONGEST - 1] + "…"
    return (method + " " + path).strip() or OTHER


def _host(host):
    return _part(host).lower()


def _path(path):
    parts, kept, secret = path.split("/"), [], False
    for part in parts[: _DEEPEST + 1]:
        kept.append(_ID if secret and part and part not in _STEPS else _part(part))
        secret = part.lower() in _BEFORE_SECRET
    if len(parts) > _DEEPEST + 1:
        kept.append("…")
    return "/".join(kept)


def _part(part):
    """One part of a path."""
    if not part or _PLACEHOLDER.match(part):
        return part
    if _FREE.search(part) is not None or part[:2] == "eyJ":
        return _ID
    return _IDS.sub(_ID, _TOKEN.sub(_token, part))


def _token(match):
    token = match.group(0)
    digits = sum(char.isdigit() for char in token)
    if not digits:
        mixed = len(token) >= _LONG_MIXED and 4 * sum(map(str.isupper, token[1:])) >= len(token)
        return _ID if mixed or len(token) >= _LONG_WORD else token
    if digits > 1 or _LIKE_HEX.search(token) or _SHORT_HEX.match(token):
        return _ID
    return token if _WORD_WITH_DIGIT.match(token) else _ID


class Spots(object):
    """Requests that differ in digits alone, of which the single ones are part of the route."""

    __slots__ = ("_codes", "_digits")

    def __init__(self, like):
        self._digits = itemgetter(*[found.start() for found in _SINGLE.finditer(like)])
        self._codes = {}

    def code(self, text, code_of) -> int:
        """The code of one of these requests."""
        digits = self._digits(text)
        code = self._codes.get(digits)
        if code is None:
            if len(self._codes) >= _MOST_DIGITS:
                self._codes.clear()
            code = self._codes[digits] = code_of(of_request(text))
        return code


class _Known(dict):
    """Codes by text; _UNKNOWN of a text that is not known."""

    def __missing__(self, like):
        return _UNKNOWN


class Routes(object):
    """Transactions by hour and route. `cell`: makes what counts them.

    While many are counted a route is a code: a multiple of STEP.
    """

    def __init__(self, cell):
        self._cell = cell
        self._fields = {}
        self._names = {OTHER}
        self._cells = {}
        self.before_forgetting = None  # called while codes still mean what they did
        self._forget_texts()

    def __len__(self):
        return len(self._cells)

    # -- codes -----------------------------------------------------------------------------

    def _forget_texts(self):
        """Forget all codes."""
        self._texts = _Known()  # -1 - n: of the n-th of `_spots`
        self._spots, self._words = [], []
        self._codes, self._by_code = {OTHER: 0}, [OTHER]

    def name(self, code: int) -> str:
        """The route with a code."""
        return self._by_code[code // STEP]

    def _code_of(self, name):
        code = self._codes.get(name)
        if code is None:
            code = self._codes[name] = len(self._by_code) * STEP
            self._by_code.append(name)
        return code

    def codes(self, texts: list) -> list:
        """Routes of requests. What differs in digits alone has one route, or differs in few."""
        if len(self._by_code) > _MOST_TEXTS:
            if self.before_forgetting is not None:
                self.before_forgetting()
            self._forget_texts()
        joined = b"\n".join(texts)
        for word, kept in self._words:
            if kept[-2:-1] in joined:
                return [self._code_of(of_request(text)) for text in texts]
            joined = joined.replace(word, kept)
        likes = joined.translate(ZEROS).split(b"\n")
        if len(likes) != len(texts):  # none, or newlines in them
            return [self._code_of(of_request(text)) for text in texts]
        found = list(map(self._texts.__getitem__, likes))
        if min(found) < 0:
            for at in [at for at, code in enumerate(found) if code < 0]:
                found[at] = self._closer(texts[at], likes[at])
        return found

    def _closer(self, text, like):
        """The code of a request that is not remembered so, or whose digits are part of it."""
        known, code = self._texts, self._texts[like]
        if code == _UNKNOWN and b"?" in text:
            whole, text = like, text.partition(b"?")[0]
            like = like.partition(b"?")[0]
            code = known[like]
            if code != _UNKNOWN and len(known) < _MOST_QUERIES:
                known[whole] = code
        if code == _UNKNOWN:
            code = self._new(text, like)
        if code >= 0:
            return code
        return self._spots[-1 - code].code(text, self._code_of)

    def _new(self, text, like):
        """A code, or one of `Spots` where digits decide; it is remembered."""
        route = of_request(text)
        path = like[: len(like) - len(_VERSION.search(like).group())]
        if len(self._texts) > _MOST_TEXTS:
            self._texts.clear()
            self._spots = []
        if _SINGLE.search(path) is None or self._alike(text, route):
            code = self._code_of(route)
        else:
            self._spots.append(Spots(path))
            code = -len(self._spots)
            self._keep_words(text, route)
        if len(like) <= _MOST_REMEMBERED:
            self._texts[like] = code
        return code

    def _keep_words(self, text, route):
        """From now on parts like `/v1/`, which come back in most requests, keep their digit."""
        for found in _WORD_PART.finditer(text):
            word = found.group()
            kept = word[:-2] + bytes([word[-2] - 48 + _KEPT]) + b"/"
            if len(self._words) < _MOST_WORDS and word.decode("ascii") in route:
                if (word, kept) not in self._words:
                    self._words.append((word, kept))

    @staticmethod
    def _alike(text, route):
        """Whether other single digits give the same route."""
        if _DIGIT.search(route) is not None:
            return False
        return {of_request(_SINGLE.sub(digit, text)) for digit in (b"2", b"7")} == {route}

    def of_requests(self, texts: list) -> list:
        """Routes of requests by name."""
        return list(map(self.name, self.codes(texts)))

    def of_target(self, target) -> str:
        """Route of a request as it stands, or of (method, path)."""
        if isinstance(target, bytes):
            return self.of_requests([target])[0]
        known = self._fields.get(target)
        if known is None:
            known = of_fields(*target)
            if len(self._fields) > _MOST_TEXTS:
                self._fields.clear()
            if len(target[1]) <= _MOST_REMEMBERED:
                self._fields[target] = known
        return known

    # -- counts ----------------------------------------------------------------------------

    def cell(self, time: int, name: str):
        """What counts a route in the hour of a time."""
        if name not in self._names:
            if len(self._names) > MOST_NAMES:
                self._forget()
            self._names.add(name)
        key = (time - time % 3600, name)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._cell()
        return found

    def _forget(self):
        """Keep the leading half of the names apart; what was counted of the others stays."""
        self._cells = self._told(self._leading(MOST_NAMES // 2))
        self._names = {name for _, name in self._cells}
        self._names.add(OTHER)

    def reply(self) -> list:
        """[hour, route, then as a minute's row]: the leading routes by name, the rest summed."""
        rows = self._told(self._leading(MOST_TOLD))
        return [[hour, name] + rows[hour, name].reply(0)[1:] for hour, name in sorted(rows)]

    def _told(self, names):
        """The cells, those of other routes summed for each hour."""
        rows = {}
        for (hour, name), cell in self._cells.items():
            if name in names:
                rows[hour, name] = cell
                continue
            if (hour, OTHER) not in rows:
                rows[hour, OTHER] = self._cell()
            rows[hour, OTHER].merge(cell)
        return rows

    def _leading(self, most):
        weights = {}
        for (_, name), cell in self._cells.items():
            weight = cell.count + (FAILED_WEIGHS - 1) * cell.failed
            weights[name] = weights.get(name, 0) + weight
        weights.pop(OTHER, None)
        return set(sorted(weights, key=lambda name: (-weights[name], name))[:most])
