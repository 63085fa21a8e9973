"""Nothing observed: said once, with the reason and the next step."""

from dataclasses import replace

from psbuddy.report.values import Dashboard
from tests.support.dashboards import empty
from ui.panels.nothing import is_blank, nothing_words


def told(**changes: object) -> str:
    return nothing_words(replace(empty(), **changes), "UTC")


def test_before_the_first_visit() -> None:
    assert told() == (
        "Nothing has been collected yet. This page fills with the first good visit; F5 visits now."
    )


def test_after_the_last_one() -> None:
    blank = empty()
    assert told(last_collection=blank.since - 3_600) == (
        "Nothing has been collected since Mon 09:32, so nothing is known of this range. "
        "F5 visits now; a longer range shows what was known."
    )


def test_in_a_range_of_long_ago() -> None:
    assert told(last_collection=empty().now) == (
        "Nothing was observed in this range, so nothing is known of it. "
        "Home leads back to the last 24 hours."
    )


def test_where_the_catalogue_names_nothing_to_observe() -> None:
    app = replace(empty().app, logs=(), checks=())
    assert told(app=app).startswith("The catalogue names neither a log nor a check of Web shop")


def test_one_observed_moment_is_not_nothing() -> None:
    blank: Dashboard = empty()
    assert is_blank(blank)
    assert not is_blank(replace(blank, observed=blank.strips[0].intervals))
