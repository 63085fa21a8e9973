"""The fleet as a table: most urgent first, honest about what is not known, fit for the terminal."""

from io import StringIO

import pytest
from rich.console import Console

from psbuddy.cli.status import MARKS, status_table
from psbuddy.model.terms import State
from tests.ui.samples import NOW, status


def drawn(width: int, *names: tuple[str, State], **changes: object) -> str:
    screen = Console(file=StringIO(), width=width, color_system=None)
    lines = [status(name.lower(), name, state, **changes) for name, state in names]
    screen.print(status_table(lines, NOW, width))
    assert isinstance(screen.file, StringIO)
    return screen.file.getvalue()


def test_every_state_has_its_own_mark() -> None:
    assert set(MARKS) == set(State)
    shown = [mark for state, (mark, _) in MARKS.items()]
    assert len(set(shown)) == len(shown)


def test_the_most_urgent_comes_first() -> None:
    order = [State.UP, State.UNKNOWN, State.DOWN, State.WATCH]
    text = drawn(160, *((state.title(), state) for state in order))
    assert [line.split()[1] for line in text.splitlines()[1:]] == ["Down", "Watch", "Unknown", "Up"]


def test_what_is_not_known_is_neither_zero_nor_healthy() -> None:
    text = drawn(
        160, ("Shop", State.UNKNOWN), sentence="Not looked at yet.", since=0, availability=None,
        coverage=None, errors_per_minute=None, last_collection=0,
    )  # fmt: skip
    line = text.splitlines()[1]
    assert line.startswith("○")
    assert "0" not in line
    for word in ("Not looked at yet.", "not seen", "never", "—"):
        assert word in line


def test_an_application_out_of_sight_is_not_up_however_it_was_before() -> None:
    seen = drawn(160, ("Shop", State.UP), availability=0.37)
    assert "37 %" in seen
    text = drawn(160, ("Shop", State.UNKNOWN), availability=0.37)
    assert "37 %" not in text


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_width_breaks_a_name_or_runs_over(width: int) -> None:
    text = drawn(
        width, ("General Ledger", State.DOWN), headline="Month close for 2026-11 was started twice"
    )
    assert "General Ledger" in text
    assert max(map(len, text.splitlines())) <= width
    assert ("Worst job" in text) == (width >= 190)


@pytest.mark.parametrize("width", [60, 80, 120, 100_000])
def test_the_reason_is_cut_to_two_lines_of_the_terminal(width: int) -> None:
    sentence = "Errors rose at 09:51. " + "New cause SocketTimeout makes up 73 %. " * 12
    text = drawn(width, ("Web shop", State.DOWN), sentence=sentence)
    lines = text.splitlines()
    assert len(lines) <= 3
    assert "Errors rose at" in text
    assert ("…" in text) == (width < 1000)
