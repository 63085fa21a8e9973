"""Names of exceptions where no frame tells them: words that end as such names do."""

from psbhost.lazily import Expression

_SUFFIX = r"(?:Exception|Error|Throwable|Failure|Fault|Exit|Interrupt|Warning|Timeout)"
_TYPED = Expression(
    r"(?:^|[\s:;(\"'\[])((?:[\w$]{1,100}[.\\:]{1,2}){0,15}[A-Z][\w$]{0,150}?" + _SUFFIX + r")"
    r"(?=[:\s,;)\]\"'\[]|$)"
)


def typed(lines) -> str:
    """The first name of an exception in lines that are no frames, "" without one."""
    for line in lines[:50]:
        found = _TYPED.search(line[:1000]) if not line[:1].isspace() else None
        if found:
            return found.group(1)
    return ""
