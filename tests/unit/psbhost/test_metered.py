"""A pattern that backtracks is ended, told of, and stalls no visit."""

import pytest
from psbhost.metered import Metered

from tests.support.hostlog import Watched

CUBIC = r"x\d*\d*\d*\d*\d*!"


def test_a_good_pattern_is_as_it_was():
    pattern = Metered(r"took (?P<ms>\d+)")
    assert pattern.search(b"a took 15 ms").group("ms") == b"15"
    assert pattern.match(b"a took 15 ms") is None
    assert not pattern.stopped
    assert pattern.search(b" " * 4096 + b"took 1") is None


def test_a_search_that_takes_too_long_is_ended():
    pattern = Metered(CUBIC, limit=0.05)
    assert pattern.search(b"x" + b"1" * 4000) is None
    assert pattern.stopped
    assert pattern.search(b"x1!") is None


#: They pass the check of a catalogue, which refuses exponential time alone: see `backtracking`.
@pytest.mark.parametrize(
    ("source", "text"),
    [(r"\s*\s*\s*x", b" "), (r".*.*.*x", b"a"), (r"(a|b)*(a|c)*(a|d)*x", b"a")],
)
@pytest.mark.parametrize(
    "look",
    [
        lambda pattern, text: pattern.search(text),
        lambda pattern, text: any(pattern.searches([text] * 5)),
        lambda pattern, text: any(pattern.first_in((text + b"\n") * 5, 0, 5 * len(text), b"")),
    ],
)
def test_cubic_patterns_are_ended_however_texts_are_searched(look, source, text):
    pattern = Metered(source, limit=0.05)
    assert not look(pattern, text * 4096)
    assert pattern.stopped


def test_a_visit_goes_on_and_names_the_pattern(tmp_path):
    log = tmp_path / "a.log"
    line = "2026-11-24 10:00:00,001 INFO [m] c.F - x" + "1" * 3900 + "\n"
    log.write_text(line * 20)
    watched = Watched(log, jobs=[{"job": "j", "start": CUBIC[:-1] + "(?:!|\\?)"}])
    found = watched.visit()
    assert watched.records == 20
    assert watched.codes == ["pattern"]
    assert "took more than 2 s" in found["problems"][0]["detail"]
