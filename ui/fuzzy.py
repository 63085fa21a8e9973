"""Which names a few typed letters may mean. Pure."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def best(
    query: str, items: Iterable[Item], names: Callable[[Item], Iterable[str]], limit: int = 12
) -> list[Item]:
    """Items whose names hold the letters of `query` in order, best first; ties keep order.

    The first name of an item counts in full, the second half, the third a third.
    """
    wanted = query.casefold().strip()[:100]
    scored = []
    for item in items:
        scores = [score(wanted, name) / (1 + rank) for rank, name in enumerate(names(item))]
        if (top := max(scores, default=0)) > 0:
            scored.append((top, item))
    scored.sort(key=lambda pair: -pair[0])
    return [item for _, item in scored[:limit]]


def score(query: str, name: str) -> int:
    """0: no match. Whole beginning > beginning of a word > inside > scattered letters."""
    text = name.casefold()[:200]
    if not query:
        return 1
    if text.startswith(query):
        return 1000 - len(text)
    at = text.find(query)
    if at >= 0:
        starts_word = not text[at - 1].isalnum()
        return (700 if starts_word else 400) - at
    initials = "".join(word[0] for word in text.replace("-", " ").split() if word)
    if initials.startswith(query):
        return 500
    return _scattered(query, text)


def _scattered(query: str, text: str) -> int:
    at, spread, last = -1, 0, None
    for letter in query:
        at = text.find(letter, at + 1)
        if at < 0:
            return 0
        spread += 0 if last is None else at - last - 1
        last = at
    return max(1, 200 - 5 * spread)
