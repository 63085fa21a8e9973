"""A cause keeps its colour everywhere, for as long as the program runs. Pure."""

from collections.abc import Iterable


class CauseColours:
    """Gives each cause a place 0..6 in the series colours; the rest share "other"."""

    def __init__(self, places: int = 7) -> None:
        self._places = places
        self._given: dict[str, dict[str, int]] = {}

    def assign(self, app: str, causes: Iterable[str]) -> dict[str, int | None]:
        """Place of each cause, None for "other". First come keeps its place for ever.

        A full set lends the place of a cause that is not among `causes` any more.
        """
        wanted = list(dict.fromkeys(causes))
        given = self._given.setdefault(app, {})
        for cause in wanted[: self._places]:
            if cause in given:
                continue
            free = self._free(given, set(wanted[: self._places]))
            if free is not None:
                given[cause] = free
        shown = set(wanted[: self._places])
        return {c: given.get(c) if c in shown else None for c in wanted}

    def _free(self, given: dict[str, int], shown: set[str]) -> int | None:
        used = set(given.values())
        for place in range(self._places):
            if place not in used:
                return place
        for cause, place in given.items():
            if cause not in shown:
                del given[cause]
                return place
        return None
