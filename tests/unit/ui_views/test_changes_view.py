"""What changed: marks and words."""

from dataclasses import replace

from psbuddy.model.series import ChangeMark
from tests.support.dashboards import NOW, dashboard, quiet
from ui.panels.changes.view import changes_view


def test_each_kind_has_its_shape_and_word() -> None:
    marks = changes_view(dashboard(), "UTC").marks
    assert [(mark.shape, mark.label) for mark in marks] == [
        ("restart", "restart shop-app-3"),
        ("deployment", "deploy 4.18.2"),
        ("cause", "new SocketTimeout in PaymentClient.charge"),
    ]


def test_a_kind_of_the_catalogue_keeps_its_own_word() -> None:
    shown = replace(dashboard(), changes=(ChangeMark(NOW - 60, "config", "pool=20"),))
    assert changes_view(shown, "UTC").marks[0].label == "config pool=20"


def test_the_crosshair_reads_the_nearest_and_counts_the_others() -> None:
    line = changes_view(dashboard(), "UTC").at(NOW - 41 * 60).lines[0]
    assert line.label == "new SocketTimeout in PaymentClient.charge"
    assert line.value == "09:51 and 1 more"


def test_nothing_near_the_crosshair_is_said() -> None:
    view = changes_view(dashboard(), "UTC")
    assert view.at(NOW - 80_000).lines[0].value == "nothing here"


def test_at_rest_changes_are_counted() -> None:
    assert changes_view(dashboard(), "UTC").at(None).lines[0].value == "3 changes"
    assert changes_view(quiet(), "UTC").at(None).lines[0].value == "none seen"
    said = changes_view(dashboard(), "UTC").sentence
    assert said == "1 restart, 1 deployment and 1 new cause"
