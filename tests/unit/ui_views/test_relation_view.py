"""Volume against run time: a fit only where there is a relation."""

from dataclasses import replace

import numpy as np
import pytest

from psbuddy.model.runs import Relation
from tests.support.dashboards import dashboard
from ui.panels.relation.view import relation_view
from ui.panels.values import Phase


def relation(job: str, *, usable: bool, n: int = 3) -> Relation:
    volume = np.linspace(10, 30, n)
    said = "10 % more records take 8 % longer." if usable else "No usable relation: too few runs."
    return Relation(job, volume, volume * 2.0, usable, said, slope=2.0, intercept=0.0)


def shown(*relations: Relation) -> object:
    return replace(dashboard(), relations=relations)


def test_the_fit_runs_between_the_smallest_and_largest_volume_seen() -> None:
    view = relation_view(shown(relation("a", usable=True)))
    assert view.x.min() == pytest.approx(view.fit_x[0])
    assert view.x.max() == pytest.approx(view.fit_x[1])
    assert view.y.tolist() == pytest.approx([*np.linspace(view.fit_y[0], view.fit_y[1], 3)])


def test_without_a_relation_there_are_points_and_no_line() -> None:
    view = relation_view(shown(relation("a", usable=False)))
    assert view.phase is Phase.READY
    assert view.sentence.startswith("No usable relation")
    assert len(view.x) == 3
    assert len(view.fit_x) == 0


def test_a_usable_relation_is_shown_first_unless_the_user_chose() -> None:
    both = shown(relation("a", usable=False, n=9), relation("b", usable=True))
    assert relation_view(both).job == "b"
    assert relation_view(both, "a").job == "a"
    assert relation_view(both, "gone").job == "b"
    assert relation_view(both).jobs == ("a", "b")


def test_runs_without_volume_are_left_out() -> None:
    part = relation("a", usable=True)
    holes = replace(part, volume=np.array([10, np.nan, 30]))
    assert len(relation_view(shown(holes)).x) == 2


def test_a_job_without_any_volume_says_why() -> None:
    part = replace(relation("month-close", usable=False), volume=np.full(3, np.nan))
    view = relation_view(shown(part))
    assert view.phase is Phase.EMPTY
    assert view.reason == "Month close: No usable relation: too few runs."


def test_no_job_with_volume_says_how_to_get_one() -> None:
    view = relation_view(shown())
    assert view.phase is Phase.EMPTY
    assert "(?P<volume>" in view.reason


def test_transactions_meanwhile_are_called_so_on_the_axis() -> None:
    load = replace(relation("export", usable=True), measure="transactions")
    view = relation_view(shown(load))
    assert view.title == "Transactions against run time"
    assert view.unit.startswith("transactions during the run, ")
    assert relation_view(shown(relation("a", usable=True))).unit.startswith("records, ")


def test_what_a_job_says_of_its_volume_comes_before_what_went_on_meanwhile() -> None:
    load = replace(relation("export", usable=True, n=9), measure="transactions")
    assert relation_view(shown(load, relation("close", usable=True))).job == "close"
