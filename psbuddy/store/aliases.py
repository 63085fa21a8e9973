"""Which causes are one: what was learned and what a person decided, put together. Pure.

Learned groups only ever grow. A person's word wins over them for ever: a fingerprint kept
apart leaves its learned group, one merged by a person goes where the person put it. The
oldest fingerprint of a group gives it its id, so that the id does not depend on the order in
which records were read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PERSON, LEARNED = "person", "learned"
#: Name in `store_info` of the newest cause that learning has seen.
LEARNED_UNTIL = "causes_learned_until"


@dataclass(frozen=True, slots=True)
class Link:
    """A cause of a learned group; all with one anchor are a group."""

    cause: int
    anchor: int
    why: str
    since: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision on one cause: `kind` as in the table `cause_decision`."""

    cause: int
    kind: str  # merge, apart, title, mark
    target: int  # merge: into which; apart: from which; 0 = none
    word: str
    note: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Alias:
    cause: int
    survivor: int
    by: str  # learned, person
    why: str
    since: int


@dataclass(frozen=True, slots=True)
class Group:
    """One cause: its fingerprints, the surviving one first, and whose words it has."""

    members: tuple[int, ...]
    aliases: tuple[Alias, ...]
    learned: int  # anchor of the learned group whose words are the cause's, 0 = none
    title: str  # given by a person, "" = none
    mark: Ruling | None


def resolve(
    ages: Mapping[int, tuple[int, str]], links: Iterable[Link], rulings: Iterable[Ruling]
) -> tuple[Group, ...]:
    """Groups of the causes that links and rulings name. `ages`: (first seen, fingerprint)."""
    by_cause = {link.cause: link for link in links}
    given = sorted(rulings, key=lambda ruling: (ruling.since, ruling.cause, ruling.kind))
    home = _learned_homes(ages, by_cause, given)
    for cause in {ruling.cause for ruling in given} | {r.target for r in given if r.target}:
        home.setdefault(cause, cause)
    core = {root: root for root in home.values()}  # learned group -> the one it was merged into
    merged = {ruling.cause: ruling for ruling in given if ruling.kind == "merge"}
    for ruling in given:
        if ruling.kind == "merge":
            core[_find(core, home[ruling.cause])] = _find(core, home[ruling.target])
    groups: dict[int, list[int]] = {}
    for cause, root in home.items():
        groups.setdefault(_find(core, root), []).append(cause)
    known = _Known(home, by_cause, merged, given)
    return tuple(known.group(survivor, found) for survivor, found in sorted(groups.items()))


def _learned_homes(
    ages: Mapping[int, tuple[int, str]], links: Mapping[int, Link], rulings: Iterable[Ruling]
) -> dict[int, int]:
    """Survivor of the learned group of every cause, those kept apart by themselves."""
    groups: dict[int, list[int]] = {}
    for link in links.values():
        groups.setdefault(link.anchor, []).append(link.cause)
    apart = {
        ruling.cause
        for ruling in rulings
        if ruling.kind == "apart"
        and ruling.cause in links
        and ruling.target in links
        and links[ruling.cause].anchor == links[ruling.target].anchor
    }
    home = {}
    for members in groups.values():
        together = [cause for cause in members if cause not in apart]
        for cause in together:
            home[cause] = min(together, key=lambda each: (ages[each], each))
    return home | {cause: cause for cause in apart}


def _find(core: dict[int, int], root: int) -> int:
    while core[root] != root:
        core[root] = core[core[root]]
        root = core[root]
    return root


@dataclass(frozen=True, slots=True)
class _Known:
    home: Mapping[int, int]  # survivor of the learned group of every cause
    links: Mapping[int, Link]
    merged: Mapping[int, Ruling]  # by the cause that a person merged
    rulings: Sequence[Ruling]  # oldest first

    def group(self, survivor: int, members: Sequence[int]) -> Group:
        # What was said of a cause before a person merged it rests until it is split off again.
        active = [r for r in self.rulings if r.cause in members and r.cause not in self.merged]
        titles = [ruling for ruling in active if ruling.kind == "title"]
        marks = [ruling for ruling in active if ruling.kind == "mark"]
        core = [cause for cause in members if self.home[cause] == survivor]
        aliases = tuple(self._alias(c, survivor) for c in sorted(members) if c != survivor)
        return Group(
            members=(survivor, *(alias.cause for alias in aliases)),
            aliases=aliases,
            learned=self.links[survivor].anchor if len(core) > 1 else 0,
            title=titles[-1].word if titles else "",
            mark=marks[-1] if marks else None,
        )

    def _alias(self, cause: int, survivor: int) -> Alias:
        if self.home[cause] == survivor:
            link = self.links[cause]
            return Alias(cause, survivor, LEARNED, link.why, link.since)
        ruling = self.merged.get(cause) or self.merged.get(self.home[cause])
        why = ruling.note if ruling else ""
        since = ruling.since if ruling else 0
        return Alias(cause, survivor, PERSON, why or "merged by a person", since)
