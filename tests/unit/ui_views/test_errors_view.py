"""Errors: stacked by cause, gaps told apart from zeros, every sentence fixed."""

from dataclasses import replace

import numpy as np

from psbuddy.model.series import Band
from tests.support.dashboards import dashboard, empty, partly_unobserved, quiet
from ui.panels.errors.view import errors_view, waiting
from ui.panels.values import Phase

PLACES = {f"c{number}": number for number in range(7)}


def test_stack_tops_add_up_to_all_errors() -> None:
    shown = dashboard(3_600)
    view = errors_view(shown, PLACES)
    total = np.sum([stack.rates for stack in view.stacks], axis=0)
    high = total[np.isfinite(total)].max()
    assert np.nanmax(view.stacks[-1].top) * view_high(view) == np.float64(high)
    assert sum(stack.records for stack in view.stacks) == int(np.nansum(shown.errors))


def view_high(view: object) -> float:
    return float(view.left[-1].text.replace(",", ""))


def test_new_causes_lie_at_the_bottom_and_are_marked() -> None:
    view = errors_view(dashboard(), PLACES)
    assert [stack.is_new for stack in view.stacks[:2]] == [True, False]
    assert view.stacks[0].key == "c0"
    assert view.stacks[-1].label == "all others"


def test_a_cause_without_a_place_is_grey() -> None:
    view = errors_view(dashboard(), {})
    assert {stack.role for stack in view.stacks} == {"other"}


def test_unobserved_time_is_a_gap_without_band_and_without_zero() -> None:
    shown = partly_unobserved()
    view = errors_view(shown, PLACES)
    dark = shown.gaps[0].from_time
    assert any(end == shown.until for _, end in view.gaps)
    late = view.times >= dark + view.step
    assert np.isnan(view.stacks[0].rates[late]).all()
    assert np.isnan(view.band_high[late]).all()


def test_the_reading_in_a_gap_says_not_observed() -> None:
    shown = partly_unobserved()
    reading = errors_view(shown, PLACES).at(shown.until - 600)
    values = {line.label: line.value for line in reading.lines}
    assert values["warnings"] == "not observed"
    assert values["normal"] == "none yet"


def test_without_a_band_in_the_range_the_legend_says_none_yet() -> None:
    full = quiet()
    blank = np.full(len(full.times), np.nan)
    young = replace(full, normal=Band(blank, blank, blank, basis=7))  # seven hours learnt from
    for shown, said in ((full, "band"), (young, "none yet")):
        lines = errors_view(shown, PLACES).at(None).lines
        assert [line.value for line in lines if line.label == "normal"] == [said]


def test_the_reading_at_rest_counts_the_range() -> None:
    view = errors_view(quiet(), PLACES)
    reading = view.at(None)
    assert reading.heading == "records in this range"
    assert [line.label for line in reading.lines][-2:] == ["warnings", "normal"]


def test_the_reading_at_the_crosshair_is_a_rate() -> None:
    shown = dashboard(3_600)
    reading = errors_view(shown, PLACES).at(shown.until - 30)
    assert reading.heading == "errors a minute"
    assert reading.lines[0].value == str(int(shown.causes.counts[0][-1]))


def test_a_new_store_is_unknown_not_healthy() -> None:
    shown = empty()
    view = errors_view(shown, {})
    assert view.phase is Phase.UNKNOWN
    assert view.reason.startswith("Nothing has been collected yet. ")
    assert view.gaps == ((shown.since, shown.until),)


def test_no_errors_in_an_observed_range_draws_an_axis_and_a_zero() -> None:
    full = quiet()
    series = replace(full.causes, rows=(), counts=(), other=full.causes.other * 0)
    view = errors_view(replace(full, causes=series, cause_lines=()), {})
    assert view.phase is Phase.READY
    assert view.rest.lines[0].value == "0"
    assert view.left[0].text == "0"


def test_log_scale_where_the_range_is_large_and_asked_for() -> None:
    shown = dashboard(7 * 86_400)
    assert errors_view(shown, PLACES).log_offered
    assert not errors_view(shown, PLACES).log
    assert errors_view(shown, PLACES, log=True).log
    assert not errors_view(quiet(), PLACES, log=True).log


def test_the_sentence_counts_records_new_causes_and_coverage() -> None:
    full = dashboard()
    said = errors_view(full, PLACES).sentence
    total = f"{int(np.nansum(full.errors)):,}"
    assert said == f"{total} error records, 1 new cause. 98 % of the time observed."


def test_waiting_has_words_and_nothing_to_draw() -> None:
    view = waiting(Phase.WAITING, "reading…")
    assert (view.reason, len(view.times), view.at(5).lines) == ("reading…", 0, ())
