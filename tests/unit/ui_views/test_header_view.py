"""The words at the top of a dashboard."""

from dataclasses import replace

import pytest

from tests.support.dashboards import dashboard, empty
from ui.pages.application.header_view import (
    age_words,
    header_view,
    range_text,
    safe_address,
    split_verdict,
)


@pytest.mark.parametrize(
    ("headline", "sentence", "loud", "rest"),
    [
        ("All quiet.", "All quiet. Nothing to do.", "All quiet.", "Nothing to do."),
        ("All quiet", "All quiet. Nothing to do.", "All quiet.", "Nothing to do."),
        (
            "Unknown since 02:10",
            "Unknown since 02:10: bastion-1 is silent. Nobody says it is down.",
            "Unknown since 02:10: bastion-1 is silent.",
            "Nobody says it is down.",
        ),
        ("", "Errors 3.2 times normal. New cause.", "Errors 3.2 times normal.", "New cause."),
        ("Late", "", "Late", ""),
        ("", "", "", ""),
        ("Same", "Same", "Same", ""),
    ],
)
def test_the_first_sentence_is_the_loud_one(
    headline: str, sentence: str, loud: str, rest: str
) -> None:
    assert split_verdict(headline, sentence) == (loud, rest)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://wiki.example/shop", "https://wiki.example/shop"),
        (" http://wiki/x ", "http://wiki/x"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https:", ""),
        ("see the red folder", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_can_be_opened(address: str, safe: str) -> None:
    assert safe_address(address) == safe


def test_facts_say_owner_hosts_and_how_much_was_seen() -> None:
    view = header_view(dashboard(), "UTC")
    assert view.facts == "owner shop-team  ·  4 hosts  ·  98 % observed"
    assert view.age == "data from 12 s ago"


def test_nothing_observed_is_said_not_called_zero_per_cent() -> None:
    view = header_view(empty(), "UTC")
    assert "nothing observed" in view.facts
    assert view.age == "never collected"


def test_a_runbook_that_is_no_address_is_shown_as_text() -> None:
    shown = dashboard()
    view = header_view(replace(shown, app=replace(shown.app, runbook="red folder")), "UTC")
    assert "runbook red folder" in view.facts
    assert view.runbook == ""


def test_many_problems_are_counted_after_the_first_two() -> None:
    view = header_view(replace(dashboard(), problems=("a", "b", "c", "d")), "UTC")
    assert view.problems == ("a", "b", "2 more problems of this kind.")


@pytest.mark.parametrize(
    ("age", "told"),
    [(0, "data from just now"), (27, "data from 27 s ago"), (7_200, "data from 10:31, 2 h ago")],
)
def test_the_age_is_told_once_and_as_of_any_moment(age: int, told: str) -> None:
    shown = dashboard()
    assert age_words(shown, shown.last_collection + age, "UTC") == told


def test_old_data_says_when_and_how_long_ago() -> None:
    shown = dashboard()
    view = header_view(replace(shown, last_collection=shown.now - 7 * 3_600), "UTC")
    assert (view.age, view.old) == ("data from 03:32, 7 h ago", True)
    assert not header_view(shown, "UTC").old


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (3_600, "Tue 24 Nov 09:32 to 10:32"),
        (86_400, "Mon 23 Nov 10:32 to Tue 24 Nov 10:32"),
        (1_826 * 86_400, "24 Nov 2021 to 24 Nov 2026"),
    ],
)
def test_the_range_is_said_in_few_words(span: int, said: str) -> None:
    now = dashboard().now
    assert range_text(now - span, now, now, "UTC") == said
