"""What the ways to the lines on a host share: the words, the key, whose answer it is. Pure."""

from collections.abc import Mapping

#: What every way from a cause or a run to its lines is called, and the key that takes it.
LINES = "Lines on the host"
LINES_KEY = "L"
AT = "▶"


def lines_text(answer: Mapping[str, object]) -> str:
    """Lines around a record as the engine answered them, the record itself marked with ▶."""
    lines, at = answer.get("lines"), answer.get("at")
    if not isinstance(lines, list) or not lines:
        return str(answer.get("message") or "The host has no lines around this record any more.")
    return "\n".join(f"{AT if n == at else ' '} {line}" for n, line in enumerate(lines))


def is_answer(asked: Mapping[str, object], where: Mapping[str, object]) -> bool:
    """Whether an answer to the question `where` belongs to what a panel `asked` last."""
    return bool(asked) and all(where.get(key) == value for key, value in asked.items())
