"""Routes in order, and the sentence of the worst ones."""

from psbuddy.model.series import RouteRow
from psbuddy.report.routes import worst_first, worst_sentence


def row(route: str, count: int, failed: int = 0, p95: float | None = None) -> RouteRow:
    return RouteRow(route, count, failed, None, None, p95, None, None)


ROWS = (
    row("other", 900, 90, 9_000.0),
    row("GET /a", 1_000, 0, 120.0),
    row("GET /b", 40, 0, 4_210.0),
    row("POST /c", 9_870, 312, 80.0),
    row("GET /rare", 3, 0, 60_000.0),
)


def test_failing_first_then_slow_then_the_sum_of_others() -> None:
    names = [each.route for each in worst_first(ROWS)]
    assert names == ["POST /c", "GET /rare", "GET /b", "GET /a", "other"]


def test_the_worst_in_words() -> None:
    assert worst_sentence(ROWS) == (
        "POST /c fails most: 312 of 9,870 (3.2 %). GET /b is slowest: 95 % within 4.2 s."
    )
    assert worst_sentence(ROWS[:1]) == ""
    assert worst_sentence((row("POST /c", 409, 61, 9_900.0), ROWS[1])) == (
        "POST /c fails most: 61 of 409 (15 %). It is the slowest, too: 95 % within 9.9 s."
    )
    assert worst_sentence((row("GET /x", 50, 0, 80.0),)) == "GET /x is slowest: 95 % within 80 ms."
    assert worst_sentence((row("GET /x", 50),)) == ""
    assert worst_sentence(()) == ""
