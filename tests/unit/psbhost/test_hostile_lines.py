"""No line makes the matchers of heads go back for long: work is measured against usual lines."""

import time

import pytest
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC

from tests.support.logfuzz import HEADS, NOW

#: A hostile line may cost as much as so many usual ones. The worst below takes 20; some took a
#: million.
USUAL_LINES = 100
ELLIPSIS = "…".encode()
HOSTILE = {
    "pairs": b"2026-11- 10:00:00.123 | WARNING  | shop.cart c"
    + b"level=" * 9
    + b"\xe2"
    + b"{" * 40,
    "pairs of words": b"2026-11- 10:00:00.123 | x " + (b"level=" + ELLIPSIS) * 30,
    "commas": b"2026-_____"
    + b"_,_," * 20
    + b"ERROR," * 12
    + b"_________11-24 10:00:00 | E-11-24T10",
    "capitals": b"I,,,,09** " + b"INFO " * 7 + b"\t" * 15 + b"INFO INFO I______NFOO INFO  S7",
    "names and commas": b"NFO,INFO,INFO,IN/FNFO,INFO,I$NF,INFO,IN[a] FO,IN/" + b"$/" * 30 + b" x",
    "bars": b"2-24 10:00:00.123 UTC,,,17| | |123 "
    + b"| | |123 " * 9
    + b"\t" * 20
    + b"| |12aaaa::y",
    "quotes": b'og":"a.b' + ELLIPSIS + b'",n",n"' * 20,
    "colons": b"I1124 10:00:00" + b":00" * 60,
    "brackets": b"[a]" * 30 + b" [a b]" * 30 + b"[" * 30,
    "numbers": b"2026-11-24 10:00:00 " + b"1 12:1 #1 " * 30,
    "tokens and commas": b"In;forma'/11/INFO,10:00:02 AM,0:02 AM,"
    + b"MicrAM,Micr_crA," * 12
    + b"\t" * 16
    + b"Microsoft-a-b,a-b,INFO," * 12,
    "letters and braces": b"[((((((((+0\t"
    + b"E {\t" * 14
    + b"(a) " * 20
    + b"- -|- - 2main |  " * 30,
    "lowered names": b"IO,a" + b"Ab" * 14 + b"b," + b"ababab_INFO," * 100,
    "dashes": b"2026-11-24 10:00:00 " + b"- -- : ; " * 30,
}


def seconds(lines: list[bytes], times: int) -> float:
    """The least CPU seconds in which these lines are recognised."""
    recogniser, best = Recogniser(StampReader(UTC, NOW)), float("inf")
    for _ in range(times):
        before = time.process_time()
        for line in lines:
            if recogniser.recognise(line) is None:
                recogniser.levelled(line)
        best = min(best, time.process_time() - before)
    return best


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_costs_no_more_than_some_hundred_usual_ones(name: str) -> None:
    usual = seconds(HEADS * 20, 5) / (len(HEADS) * 20)
    assert seconds([HOSTILE[name]], 3) < USUAL_LINES * usual
