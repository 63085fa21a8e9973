"""What a key, an option or a header says is secret: `password=x`, `--token x`, `"apiKey": "x"`."""

import re

from psbhost.lazily import Expression

#: Words whose value is masked, wherever they stand in a name.
_WORDS = (
    "password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "pwd", "secret",
    "token", "credential", "apikey", "api_key", "api-key", "accesskey", "access_key",
    "access-key", "privatekey", "private_key", "private-key", "accountkey", "account_key",
    "authkey", "auth_key", "auth-key", "encryptionkey", "encryption_key", "signingkey",
    "signing_key", "masterkey", "master_key", "sessionid", "session_id", "session-id", "sessid",
    "csrf", "xsrf", "signature", "ssn", "security_code",
)  # fmt: skip
#: Words that must stand alone.
_ALONE = ("pass", "sid", "connect.sid", "sig", "pin", "otp", "cvv", "cvv2", "cvc", "auth")
#: Digits alone are the value of these, and only so many.
_DIGITS = frozenset(["pin", "otp", "cvv", "cvv2", "cvc"])
_HARMLESS = frozenset(
    "null none nil true false undefined empty missing invalid expired required not is must was has"
    " the for of in to and or expected unexpected ok failed denied incorrect wrong string int"
    " object bearer basic unknown default yes no changed reset set unset n/a ? * - error".split()
)
_UNQUOTED = (
    r"((?:[^\s,;&\"'<>)\]}|%\\]|%(?!26|0[aA])|\\(?![\"'nrt])"
    r"|[,;](?![\w .-]{0,40}[=:])(?!\s|$)|[)\]}](?![\s,;.)\]}\"'\\]|$)){1,2000})"
)
_SUFFIX = (
    r"(?i:[_.-]?(?:hash|value|val|key|access[_-]?key(?:[_-]?id)?|text|plain|raw|new|old|current"
    r"|confirm\w{0,8}|string|data|base64|\d{1,2}))?(?:\[\d{1,4}\])?"
)
_SET = Expression(
    _SUFFIX + r"(s?)(?:\\?[\"']?\]?\s{0,3}(=>|:=|==?|:)\s{0,3}|(%3[dDaA])"
    r"|[\"']\s{1,3}(?:value|content)\s?=\s?)"
    r"(?:\\?\"((?:[^\"\\\n]|\\[^\"\n])" + r"{0,2000})|'([^'\n]{0,2000})|" + _UNQUOTED + r")"
)
_ELEMENT = Expression(_SUFFIX + r"(?:\s[^<>\n]{0,200})?>([^<\n]{1,2000})")
_OPTION = Expression(_SUFFIX + r"(?:[\"'],\s{0,3}[\"']|\s{1,3})([^\s\"',]{1,500})")
_OPENED = Expression(r"<[\w:.-]{0,40}$")
_DASHED = Expression(r"(?:^|[\s\"'\[,])--?[\w-]{0,30}$")
_SCHEMES = r"(?:basic|bearer|negotiate|ntlm|token|apikey)"
#: Schemes with lists of named values.
_LISTS = r"(?:digest|oauth|hawk|signature|aws4-hmac-sha256)"
_HEADER = Expression(
    r"\\?[\"']?\s{0,3}(?:=>|[:=])\s{0,3}\\?[\"']?(?:(" + _LISTS + r"\s+)([^\n]{1,4000})"
    r"|(" + _SCHEMES + r"\s+)?([^\n\"'\\]{1,4000}))",
    re.I,
)
_COOKIE = Expression(r"\d?\\?[\"']?\s{0,3}([:=])\s{0,3}\\?[\"']?([^\n\"'\\]{1,4000})")
_SCHEME = Expression(r"\s{1,3}([A-Za-z0-9+/=._~-]{8,4000})")
_SHORT = Expression(r"(?<![\w-])-[pa](?:\s{1,2}|(?=[^\s-]))([^\s\"',|;&]{3,200})")
_TOOLS = Expression(
    r"\b(?:mysql\w{0,10}|mariadb\w{0,10}|sshpass|redis-cli|ldapsearch|mongo\w{0,6})\b"
)
_USER = Expression(r"\s(?:-u|--user|--proxy-user)[\s=]{1,2}[\"']?[\w.@-]{1,80}:([^\s\"']{1,200})")
_ORACLE = Expression(
    r"(?:sqlplus|thin:|exp|imp|expdp|impdp|rman)\s?[\w$#]{1,40}/([^\s@/\"']{1,100})@"
)
_SQL = Expression(r"\s{1,3}(?:values\s{1,3})?[\"']?([^\s\"';,]{1,200})")


def spans(text: str, low: str) -> list:
    """(start, stop, replacement) of what is secret by its name. `low`: the text in lower case."""
    found = []
    for word in _WORDS:
        if word in low:
            _named(text, low, word, found, alone=False)
    for word in _ALONE:
        if word in low:
            _named(text, low, word, found, alone=True)
    if "authori" in low:
        _headers(text, low, found)
    if "cookie" in low:
        _cookies(text, low, found)
    for word in ("bearer", "basic"):
        if word in low:
            _schemes(text, low, word, found)
    _commands(text, low, found)
    return found


def _places(low, word, found):
    """Where a word stands, from left to right; what was masked behind it is passed over."""
    at = low.find(word)
    while at >= 0:
        stop = at + len(word)
        yield at, stop
        if found and found[-1][1] > stop:
            stop = found[-1][1]
        at = low.find(word, stop)


def _named(text, low, word, found, alone):
    for start, stop in _places(low, word, found):
        before = low[start - 1 : start]
        if alone and (before.isalnum() or before in ("-", ".")):
            continue
        match = _SET.match(text, stop)
        if match:
            _value(match, word, before in ("-", "_"), found)
            continue
        match = _ELEMENT.match(text, stop) if not alone else None
        if match and _OPENED.search(low[max(0, start - 45) : start]):
            found.append(match.span(1) + ("***",))
        elif before == "-" or word in _OPTIONS:
            match = _OPTION.match(text, stop)
            if match and _DASHED.search(low[max(0, start - 35) : start]):
                found.append(match.span(1) + ("***",))


_OPTIONS = frozenset(["password", "passwd", "passphrase", "secret", "token", "apikey", "api-key"])


def _value(match, word, compound, found):
    group = next(number for number in (4, 5, 6) if match.group(number) is not None)
    value = match.group(group)
    bare = value.strip("*[](){}<>.:").lower()
    if not bare or bare in _HARMLESS:
        return
    if word in _DIGITS and not (value.isdigit() and 3 <= len(value) <= 8):
        return
    if match.group(1) and value.isdigit():
        return  # `tokens=512` counts
    if word in _SPOKEN and not compound and _prose(match, value):
        return
    found.append(match.span(group) + ("***",))


#: Words that sentences hold too: `unexpected token: semicolon`.
_SPOKEN = frozenset(["auth", "sig", "signature", "sid", "token", "csrf"])


def _prose(match, value):
    bare = match.group(2) == ":" and match.group(6) is not None and len(value) < 20
    return bare and (
        (value.isalpha() and value.islower()) or not any(char.isalnum() for char in value)
    )


def _headers(text, low, found):
    for _, stop in _places(low, "authorization", found):
        match = _HEADER.match(text, stop)
        if match is None:
            continue
        if match.group(1) or match.group(3):
            found.append(match.span(2 if match.group(1) else 4) + ("***",))
        else:
            word = re.match(r"\S{1,4000}", match.group(4))
            if word and _random(word.group(0)):
                found.append((match.start(4), match.start(4) + word.end(), "***"))


def _cookies(text, low, found):
    for _, stop in _places(low, "cookie", found):
        match = _COOKIE.match(text, stop)
        if match is None:
            continue
        begin, end = match.span(2)
        if match.group(1) == "=" or "=" not in match.group(2):
            word = re.match(r"[^\s,;]{1,4000}", match.group(2))
            if word is None or word.group(0).lower().strip(".") in _HARMLESS:
                continue
            if "=" not in word.group(0) and not _random(word.group(0)):
                continue
            end = begin + word.end()
        found.append((begin, end, "***"))


def _schemes(text, low, word, found):
    for _, stop in _places(low, word, found):
        match = _SCHEME.match(text, stop)
        if match and _random(match.group(1)):
            found.append(match.span(1) + ("***",))


def _random(value):
    """Whether a text looks drawn, not written: digits, mixed case within, or padding."""
    if len(value) < 6:
        return False
    inner = value[1:]
    mixed = inner.lower() != inner and inner.upper() != inner
    return value.endswith("=") or mixed or any(char.isdigit() for char in value)


def _commands(text, low, found):
    if "identified by" in low:
        for _, stop in _places(low, "identified by", found):
            match = _SQL.match(text, stop)
            if match:
                found.append(match.span(1) + ("***",))
    if " -u" in low or "-user" in low:
        found.extend(match.span(1) + ("***",) for match in _USER.finditer(text))
    if "/" in low and "@" in low:
        found.extend(match.span(1) + ("***",) for match in _ORACLE.finditer(text))
    if "-p" in low or "-a" in low:
        known = _TOOLS.search(low) is not None
        for match in _SHORT.finditer(text):
            if _short_secret(match, known):
                found.append(match.span(1) + ("***",))


def _short_secret(match, known):
    value, joined = match.group(1), match.group(0)[2:3] not in (" ", "\t")
    if value[0] in "/.~$-":
        return False
    if known:
        return True
    if value.replace(":", "").replace("-", "").isdigit():
        return False
    drawn = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return not joined and match.group(0)[1] == "p" and drawn and "=" not in value
