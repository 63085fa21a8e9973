"""Programs write the same few sentences: what was seen of one holds for all that differ from it
in nothing but their digits.
"""

from psbhost.bytewise import ZEROS

#: Texts that are remembered, and their longest.
_MOST, _LONGEST = 4000, 1000


class Known(object):
    """What is remembered of records that were cut behind the same kind of marker."""

    def __init__(self):
        self.plain = set()  # nothing in them needs a closer look
        self.odd = set()

    def learn(self, new: list, odd: set) -> None:
        """Remember which of the new ones need a closer look wherever they are met."""
        short = [each for each in new if len(each) <= _LONGEST][:_MOST]
        if len(self.plain) + len(self.odd) + len(short) > _MOST:
            self.plain.clear()
            self.odd.clear()
        self.odd.update(odd.intersection(short))
        self.plain.update([each for each in short if each not in odd])


class Alike(object):
    """The records of one block with their digits as 0. `new`: one of each that is not known."""

    __slots__ = ("_all", "_distinct", "_known", "new", "several")

    def __init__(self, pieces: list, known: Known):
        joined = b"\0".join(pieces)
        self.several = b"\n" in joined  # whether any has more than one line
        self._all = joined.translate(ZEROS).split(b"\0")
        self._distinct = set(self._all)
        self._known = known
        self.new = sorted(self._distinct.difference(known.plain, known.odd))

    @property
    def count(self) -> int:
        """How many records."""
        return len(self._all)

    def odd(self, found: list) -> list:
        """Indexes of the records that need a closer look; `found`: which of the new ones do."""
        odd = {self.new[at] for at in found}
        wanted = odd.union(self._distinct.intersection(self._known.odd))
        self._known.learn(self.new, odd)
        return [at for at, like in enumerate(self._all) if like in wanted] if wanted else []
