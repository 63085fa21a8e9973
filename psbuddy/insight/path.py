"""Is it them or is it us? Many hosts that are lost at once have lost something they share.

Pure: tries in, the ways that are down out. What is lost is told by the smallest thing that all of
it has in common: one jump host, one network, or this machine's own way out.
"""

import ipaddress
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from psbuddy import words

#: From this many hosts on, and this share of those tried since, a loss is not theirs.
LEAST_HOSTS = 3
LEAST_SHARE = 0.6
#: What was found stays until clearly less than that is lost.
_STILL_SHARE = 0.4
#: Behind one jump host two are enough, where none of the others behind it answers.
_LEAST_BEHIND = 2
#: Seconds between two losses that still count as "at once": a round of slow failures.
AT_ONCE = 180.0
_PREFIX = {4: 16, 6: 48}
#: How a reason begins that is not the host's own.
MARK = "Path down: "


class Kind(StrEnum):
    """What the lost hosts share."""

    MACHINE = "machine"
    JUMP = "jump host"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Way:
    """How a host is reached: its first jump host, or its own network. "" where not known."""

    jump: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """What is known of one host. `since`: begin of the first try that was lost, or end of the
    last that came through."""

    host: str
    way: Way
    since: float
    lost: bool


@dataclass(frozen=True, slots=True)
class Down:
    """A way that is down. `name`: of the jump host or the network."""

    kind: Kind
    name: str
    since: float
    hosts: frozenset[str]
    whole: bool  # nothing else was reached since

    @property
    def key(self) -> tuple[Kind, str]:
        return self.kind, self.name


def network_of(address: str) -> str:
    """`10.1.0.0/16` of an address; "" of a name, or of one that never leaves this machine."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{_PREFIX[found.version]}", strict=False))


def judge(tries: Iterable[Try], before: Collection[Down] = ()) -> tuple[Down, ...]:
    """Ways that are down now, the earliest first; `before` are those that were."""
    known = sorted(tries, key=lambda each: (each.since, each.host))
    lost = [each for each in known if each.lost]
    found: dict[tuple[Kind, str], Down] = {}
    for spell in _spells(lost):
        reached = [each for each in known if not each.lost and each.since >= spell[0].since]
        for down in _common(spell, reached, {each.key for each in before}):
            first = found.get(down.key, down)
            found[down.key] = replace(first, hosts=first.hosts | down.hosts)
    return _joined(found.values(), lost)


def _joined(found: Iterable[Down], lost: Sequence[Try]) -> tuple[Down, ...]:
    """Hosts that are lost later, one by one, on a way that is down are lost with it."""
    all_found = tuple(found)
    told = {host for down in all_found for host in down.hosts}
    on: dict[tuple[Kind, str], list[Try]] = {}  # by what leads there
    for each in lost:
        way = each.way
        key = (Kind.JUMP, way.jump) if way.jump else (Kind.NETWORK, way.network)
        on.setdefault(key, []).append(each)
    result = []
    for down in all_found:
        near = lost if down.kind is Kind.MACHINE else on.get(down.key, ())
        later = {t.host for t in near if t.since >= down.since and leads(down, t.way)} - told
        told |= later
        result.append(replace(down, hosts=down.hosts | later))
    return tuple(result)


def leads(down: Down, way: Way) -> bool:
    """Whether a way goes where another is down."""
    if down.kind is Kind.JUMP:
        return way.jump == down.name
    if down.kind is Kind.NETWORK:
        return not way.jump and way.network == down.name
    return down.whole


def _spells(lost: Sequence[Try]) -> list[list[Try]]:
    """Losses in groups of those that came at once."""
    spells: list[list[Try]] = []
    for each in lost:
        if spells and each.since - spells[-1][-1].since <= AT_ONCE:
            spells[-1].append(each)
        else:
            spells.append([each])
    return spells


def _common(
    spell: list[Try], reached: list[Try], before: Collection[tuple[Kind, str]]
) -> list[Down]:
    """What the losses of one spell share."""
    behind: dict[str, list[Try]] = {}
    for each in spell:
        behind.setdefault(each.way.jump, []).append(each)
    jumps = behind.keys()
    if not reached and len(spell) >= LEAST_HOSTS and (len(jumps) > 1 or jumps == {""}):
        return [_down(Kind.MACHINE, "", spell, whole=True)]
    found: list[Down] = []
    working = {each.way.jump for each in reached}
    for jump in sorted(jumps - working - {""}):
        if len(behind[jump]) >= _LEAST_BEHIND:
            found.append(_down(Kind.JUMP, jump, behind[jump], whole=not reached))
    down = {each.name for each in found}
    rest = [each for each in spell if each.way.jump not in down]
    return [*found, *_direct(rest, reached, before)]


def _direct(
    rest: list[Try], reached: list[Try], before: Collection[tuple[Kind, str]]
) -> list[Down]:
    """One network where it holds all that is left to explain, else this machine's way out."""
    networks = {each.way.network for each in rest if not each.way.jump}
    if len(networks) == 1 and "" not in networks and all(not each.way.jump for each in rest):
        (network,) = networks
        there = [each for each in reached if each.way.network == network and not each.way.jump]
        if len(there) < len(reached):  # elsewhere hosts answer: it is that network alone
            key = (Kind.NETWORK, network)
            many = _is_most(rest, there, key in before)
            return [_down(*key, rest, whole=not there)] if many else []
    if _is_most(rest, reached, (Kind.MACHINE, "") in before):
        return [_down(Kind.MACHINE, "", rest, whole=False)]
    return []


def _is_most(lost: list[Try], reached: list[Try], was_down: bool) -> bool:
    share = _STILL_SHARE if was_down else LEAST_SHARE
    return len(lost) >= LEAST_HOSTS and len(lost) >= share * (len(lost) + len(reached))


def _down(kind: Kind, name: str, lost: list[Try], *, whole: bool) -> Down:
    return Down(kind, name, lost[0].since, frozenset(each.host for each in lost), whole)


# In words.


def reason(down: Down) -> str:
    """Why none of its hosts is seen: the same sentence for all of them, whenever it is said."""
    if down.kind is Kind.JUMP:
        return f"{MARK}nothing behind {down.name} is reached, {down.name} or the way to it failed."
    if down.kind is Kind.NETWORK:
        return f"{MARK}the network {down.name} is not reached from this machine."
    return f"{MARK}hosts were lost all at once, this machine's own network or VPN likely failed."


def is_path(text: str) -> bool:
    """Whether a host's reason is that of its path."""
    return text.startswith(MARK)


def down_words(down: Down, apps: int) -> str:
    """The one message: what failed, and what is unknown because of it."""
    lost = words.quantity(len(down.hosts), "host")
    of = f" of {words.quantity(apps, 'application')}" if apps else ""
    what = f"{lost}{of} cannot be seen. Nothing says that they are down."
    return f"{reason(down)} {what}"


def back_words(down: Down) -> str:
    """And the one when it is over."""
    if down.kind is Kind.JUMP:
        return f"Path back: hosts behind {down.name} are reached again."
    if down.kind is Kind.NETWORK:
        return f"Path back: the network {down.name} is reached again."
    return "Path back: hosts are reached from this machine again."
