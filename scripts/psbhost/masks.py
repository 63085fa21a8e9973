"""Secrets and personal data are masked before anything leaves the host.

Masked: passwords and tokens by their key or scheme, credentials in URLs, private keys, JSON web
tokens, well-known key prefixes, card numbers that pass the Luhn test, e-mail addresses.
"""

import re

_KEYS = (
    r"(?:[\w.-]{0,40}?(?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key"
    r"|private[-_]?key|credential|auth[-_]?key|session[-_]?id|jsessionid|client[-_]?secret"
    r"|signature)|pwd|passwort)"
)
_VALUE = r"(\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|[^\s,;&\"'}\])]{1,2000})"
_PRIVATE = r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"
_LOGIN = r"\b([A-Za-z][A-Za-z0-9+.-]{1,30}://)[^\s/@:]{0,200}:[^\s/@]{1,200}@"
_HEADER = (
    r"(?i)\b(authorization\"?\s*[:=]\s*\"?)"
    r"(?:(?:basic|bearer|digest|negotiate|token)\s+)?[^\s\",;]{1,4000}"
)
_WEB_TOKEN = r"\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,4000}(?:\.[A-Za-z0-9_-]{0,4000})?"
_VENDORS = (
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,255}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,200}|\bsk-[A-Za-z0-9_-]{20,200}"
    r"|\bglpat-[A-Za-z0-9_-]{20,64}|\bAIza[A-Za-z0-9_-]{35}"
)
_MAIL = r"\b[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
_RULES = (
    (re.compile(_PRIVATE, re.DOTALL), "[private key]"),
    (re.compile(_LOGIN), r"\1***@"),
    (re.compile(_HEADER), r"\1***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,4000}"), r"\1 ***"),
    (re.compile(r"(?i)\b(set-cookie|cookie)(\"?\s*[:=]\s*)[^\n]{1,4000}"), r"\1\2***"),
    (re.compile(_WEB_TOKEN), "***"),
    (re.compile(_VENDORS), "***"),
    (re.compile(r"(?i)(\b" + _KEYS + r"[\"']?\s*(?:=>|[=:])\s*)" + _VALUE), r"\1***"),
    (re.compile(r"(?i)(<" + _KEYS + r">)[^<\n]{1,2000}(<)"), r"\1***\2"),
    (re.compile(r"(?i)(\s--?" + _KEYS + r"\s+)\S{1,2000}"), r"\1***"),
    (re.compile(r"(?i)(\bidentified by\s+)\S{1,2000}"), r"\1***"),
    (re.compile(_MAIL), "[e-mail]"),
)
_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_CONTROL = {code: None for code in range(32) if code not in (9, 10)}
_CONTROL[127] = None


def masked(text: str) -> str:
    """The text with secrets and personal data replaced."""
    for rule, replacement in _RULES:
        text = rule.sub(replacement, text)
    text = _CARD.sub(_card, text)
    return _IBAN.sub(_iban, text)


def _iban(match):
    """ISO 13616: moved to the end, letters as numbers, the rest by 97 is 1."""
    code = match.group(0).replace(" ", "")
    number = int("".join(str(int(char, 36)) for char in code[4:] + code[:4]))
    return "[iban]" if number % 97 == 1 else match.group(0)


def _card(match):
    """ISO/IEC 7812: the Luhn sum is a multiple of ten."""
    digits = [int(char) for char in match.group(0) if char.isdigit()]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return "[card]" if total % 10 == 0 and any(digits) else match.group(0)


def plain(raw: bytes, cap: int) -> str:
    """Bytes of a log as masked text of at most `cap` characters, control characters kept out."""
    text = raw[: 2 * cap].decode("utf-8", "replace").translate(_CONTROL)
    text = masked(text).rstrip()
    return text if len(text) <= cap else text[: cap - 1] + "…"
