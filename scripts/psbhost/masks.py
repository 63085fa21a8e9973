"""Secrets and personal data are masked before anything leaves the host.

Masked: what a key, header, option or scheme says is secret (see `secretkeys`), what is secret by
its shape (`secretshapes`): tokens of well-known issuers, JSON web tokens, private keys,
credentials in URLs, card numbers, IBANs, e-mail addresses. Each rule looks only where its sign
stands, and its expressions are bounded: the cost is linear in the text.
"""

import re

from psbhost import secretkeys, secretshapes

_COLOUR = re.compile(
    r"\x1b(?:\[[0-9;:?]{0,32}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?|[()][A-Z0-9])"
)
_CONTROL = {code: None for code in range(32) if code not in (9, 10)}
_CONTROL[127] = None
#: What may be the beginning of a secret where a text was cut off.
_TORN = 128


def masked(text: str) -> str:
    """The text with secrets and personal data replaced."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if char < "\x80" else char for char in text)
    spans = secretkeys.spans(text, low) + secretshapes.spans(text, low)
    if not spans:
        return text
    parts, at = [], 0
    for start, stop, label in sorted(spans):
        if start >= at:
            parts.append(text[at:start])
            parts.append(label)
        at = max(at, stop)
    parts.append(text[at:])
    return "".join(parts)


def plain(raw: bytes, cap: int) -> str:
    """Bytes of a log as masked text of at most `cap` characters, control characters kept out."""
    text = raw[: 2 * cap].decode("utf-8", "replace")
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    text = text.translate(_CONTROL)
    torn = len(raw) > 2 * cap and len(text) > _TORN
    text = masked(text[:-_TORN] if torn and len(text) > cap + _TORN else text).rstrip()
    return text if len(text) <= cap else text[: cap - 1] + "…"
