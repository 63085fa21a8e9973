"""What is secret or personal by its shape, whatever stands before it."""

import re

from psbhost.lazily import Expression

_PRIVATE = Expression(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_KEY_LINE = Expression(r"^[ \t]*([A-Za-z0-9+/]{60,76}={0,2})\r?$", re.MULTILINE)
_LOGIN = Expression(r"://([^\s/\"'<>?#]{0,200}:[^\s/\"'<>?#]{1,200})@")
_LONG_USER = Expression(r"://([A-Za-z0-9_-]{20,200})@")
_DSN = Expression(
    r"(?<![\w.:/@-])[\w.-]{1,60}:([^\s@/:\"'<>]{1,100})@(?=(?:tcp|unix)\(|[\w.-]{1,100}[:/]\d{0,5})"
)
#: Tokens by the beginning their issuer gives them.
_ISSUED = tuple(
    (sign, Expression(r"(?<![A-Za-z0-9])" + source))
    for sign, source in (
        ("AKIA", r"AKIA[A-Z0-9]{16}(?![A-Z0-9])"),
        ("ASIA", r"ASIA[A-Z0-9]{16}(?![A-Z0-9])"),
        ("gh", r"gh[pousr]_[A-Za-z0-9]{20,255}"),
        ("github_pat_", r"github_pat_[A-Za-z0-9_]{20,255}"),
        ("xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
        ("xapp-", r"xapp-[A-Za-z0-9-]{10,250}"),
        ("sk-", r"sk-[A-Za-z0-9_-]{20,250}"),
        ("k_", r"[srp]k_(?:live|test)_[A-Za-z0-9]{10,250}"),
        ("whsec_", r"whsec_[A-Za-z0-9+/=]{16,250}"),
        ("glpat-", r"gl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{16,100}"),
        ("AIza", r"AIza[A-Za-z0-9_-]{30,60}"),
        ("ya29.", r"ya29\.[A-Za-z0-9_-]{20,400}"),
        ("SG.", r"SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}"),
        ("npm_", r"npm_[A-Za-z0-9]{30,60}"),
        ("pypi-", r"pypi-AgE[A-Za-z0-9_-]{20,400}"),
        ("dop_v1_", r"do[opr]_v1_[a-f0-9]{30,80}"),
        ("hv", r"hv[sbr]\.[A-Za-z0-9_-]{20,250}"),
        ("shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,60}"),
        ("ATATT", r"ATATT[A-Za-z0-9_=-]{20,300}"),
        ("AGE-SECRET", r"AGE-SECRET-KEY-1[A-Z0-9]{20,80}"),
        ("hooks.slack.com", r"hooks\.slack\.com/services/[A-Za-z0-9/]{10,120}"),
        ("/webhooks/", r"(?:discord|discordapp)\.com/api/webhooks/\d{5,25}/[\w-]{20,120}"),
        (":AA", r"\d{8,10}:AA[A-Za-z0-9_-]{30,40}"),
        ("eyJ", r"eyJ[A-Za-z0-9_-]{6,8000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3}"),
    )
)
_CARD = Expression(
    r"(?<![A-Za-z0-9._])(?<![A-Za-z0-9_]-)\d(?:[ -]?\d){12,18}(?![A-Za-z0-9_])(?!\.\d)"
)
_ISSUER = Expression(
    r"4(?:\d{12}|\d{15}|\d{18})$|5[1-5]\d{14}$|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}$"
    r"|3[47]\d{13}$|3(?:0[0-5]|[68]\d)\d{11}$|35(?:2[89]|[3-8]\d)\d{12}$"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}$|62\d{14,17}$|(?:5[06-8]|63|67)\d{14}$"
)
_IBAN = Expression(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_COUNTRIES = (
    "AD AE AL AT AZ BA BE BG BH BR BY CH CR CY CZ DE DK DO EE EG ES FI FO FR GB GE GI GL GR GT HR"
    " HU IE IL IQ IS IT JO KW KZ LB LC LI LT LU LV LY MC MD ME MK MR MT MU NL NO PK PL PS PT QA RO"
    " RS SA SC SE SI SK SM ST SV TL TN TR UA VA VG XK"
).split()
_DOMAIN = Expression(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SSN = Expression(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")


def spans(text: str, low: str) -> list:
    """(start, stop, replacement) of what is secret by its shape."""
    found = []
    if "PRIVATE KEY" in text:
        found.extend(match.span() + ("[private key]",) for match in _PRIVATE.finditer(text))
    if len(text) >= 60:
        _key_lines(text, found)
    if "@" in text or "%40" in text:
        _credentials(text, found)
        _addresses(text, found)
    for sign, rule in _ISSUED:
        if sign in text:
            found.extend(match.span() + ("***",) for match in rule.finditer(text))
    _numbers(text, low, found)
    return found


def _key_lines(text, found):
    """Lines of a key whose beginning is elsewhere: upper and lower case and digits, all drawn."""
    for match in _KEY_LINE.finditer(text):
        line = match.group(1)
        if line.lower() != line and line.upper() != line and any(c.isdigit() for c in line):
            found.append(match.span(1) + ("[key]",))


def _credentials(text, found):
    if "://" in text:
        found.extend(match.span(1) + ("***",) for match in _LOGIN.finditer(text))
        found.extend(match.span(1) + ("***",) for match in _LONG_USER.finditer(text))
    found.extend(match.span(1) + ("***",) for match in _DSN.finditer(text))


def _addresses(text, found):
    for sign in ("@", "%40"):
        at = text.find(sign)
        while at >= 0:
            start = at
            while start > 0 and at - start < 64 and _local(text[start - 1]):
                start -= 1
            match = _DOMAIN.match(text, at + len(sign))
            name = text[start:at].lstrip(".'-")
            if match and name and name != "git" and not match.group(0).split(".", 1)[0].isdigit():
                found.append((at - len(name), match.end(), "[e-mail]"))
            at = text.find(sign, at + len(sign))


def _local(char):
    return char.isalnum() or char in "._%+'-"


def _numbers(text, low, found):
    for match in _CARD.finditer(text):
        if _is_card(match.group(0)):
            found.append(match.span() + ("[card]",))
    for match in _IBAN.finditer(text):
        if match.group(0)[:2] in _COUNTRIES and _is_iban(match.group(0)):
            found.append(match.span() + ("[iban]",))
    if "ssn" in low or "social sec" in low:
        found.extend(match.span() + ("[ssn]",) for match in _SSN.finditer(text))


def _is_iban(text):
    """ISO 13616: moved to the end, letters as numbers, the rest by 97 is 1."""
    code = text.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def _is_card(text):
    """ISO/IEC 7812: an issuer's range and length, and a Luhn sum that is a multiple of ten."""
    code = text.replace(" ", "").replace("-", "")
    if not _ISSUER.match(code):
        return False
    digits = [int(char) for char in code]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return total % 10 == 0
