"""Batch run times: marks by seriousness, honest words, no crowd of points."""

from dataclasses import replace

import numpy as np
import pytest

from psbuddy.model.runs import JobDef, Run
from psbuddy.model.terms import Outcome, Verdict
from tests.support.dashboards import DAY, NOW, dashboard, empty, twice
from ui.panels.run_times.drawing import CROWDED, MARKS, deadline_seconds, elapsed, mark_of
from ui.panels.run_times.view import MOST_ROWS, run_times_view, run_words
from ui.panels.values import Phase


def run(**changes: object) -> Run:
    base = Run(1, "shop", "close", "h", "2026-11", NOW - 3_600, NOW - 1_140, Outcome.OK, 48_211,
               Verdict.NORMAL, "", "")  # fmt: skip
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, "normal"),
        ({"verdict": Verdict.TWICE}, "twice"),
        ({"verdict": Verdict.TWICE, "outcome": Outcome.RUNNING}, "twice"),
        ({"verdict": Verdict.OVERRUN}, "long"),
        ({"verdict": Verdict.LATE}, "late"),
        ({"verdict": Verdict.SHORT}, "short"),
        ({"verdict": Verdict.MISSED_DEADLINE}, "deadline"),
        ({"verdict": Verdict.FAILED}, "failed"),
        ({"verdict": Verdict.UNKNOWN}, "unknown"),
        ({"outcome": Outcome.RUNNING}, "running"),
        ({"outcome": Outcome.UNKNOWN}, "unknown"),
        ({"outcome": Outcome.ABORTED}, "failed"),
    ],
)
def test_each_run_has_one_mark(changes: dict[str, object], mark: str) -> None:
    assert mark_of(run(**changes)) == mark


def test_marks_differ_by_shape_not_by_colour_alone() -> None:
    shapes = [shape for shape, _, _ in MARKS.values()]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ("09:32", "for 2026-11, 41 min, 48,211 records")),
        ({"volume": None, "period": ""}, ("09:32", "41 min")),
        (
            {"verdict": Verdict.TWICE, "actor": "jdoe", "volume": None},
            ("09:32", "started twice, for 2026-11, 41 min, started by jdoe"),
        ),
        (
            {"ended": 0, "outcome": Outcome.RUNNING, "period": "", "volume": None},
            ("09:32", "running for 1 h"),
        ),
        (
            {"ended": 0, "outcome": Outcome.UNKNOWN, "period": "", "volume": None},
            ("09:32", "end not seen, run time not known"),
        ),
        (
            {"verdict": Verdict.FAILED, "reason": "no space", "volume": None, "period": ""},
            ("09:32", "failed, 41 min, no space"),
        ),
    ],
)
def test_a_run_in_words(changes: dict[str, object], said: tuple[str, str]) -> None:
    assert run_words(run(**changes), NOW, "UTC") == said


def test_an_end_that_was_not_seen_has_no_run_time() -> None:
    assert np.isnan(elapsed(run(ended=0, outcome=Outcome.UNKNOWN), NOW))
    assert np.isnan(elapsed(run(started=0), NOW))
    assert elapsed(run(ended=0, outcome=Outcome.RUNNING), NOW) == 3_600


@pytest.mark.parametrize(
    ("started", "deadline", "zone", "seconds"),
    [
        (NOW, "11:02", "UTC", 1_800),
        (NOW, "10:02", "UTC", DAY - 1_800),
        (NOW, "12:02", "Europe/Berlin", 1_800),
        (NOW, "", "UTC", None),
        (NOW, "soon", "UTC", None),
        (0, "10:02", "UTC", None),
    ],
)
def test_time_until_the_deadline(
    started: int, deadline: str, zone: str, seconds: float | None
) -> None:
    job = JobDef("shop", "close", "batch", timezone=zone, deadline=deadline)
    assert deadline_seconds(job, run(started=started)) == seconds


def test_the_second_start_leads_the_read_out() -> None:
    line = run_times_view(twice(), "UTC").at(None).lines[0]
    assert line.role == "failed"
    assert line.label.startswith("started twice, for 2026-11, running for ")


def test_the_crosshair_reads_the_nearest_run() -> None:
    view = run_times_view(dashboard(), "UTC")
    row = view.rows[1]
    line = view.at(float(row.starts[3]) + 60).lines[1]
    assert line.key == str(row.runs[3].run_id)


def test_few_runs_are_all_drawn_and_none_is_cut_by_the_edge() -> None:
    shown = dashboard()
    view = run_times_view(shown, "UTC")
    runs = sum(len(row.runs) for row in view.rows)
    assert sum(len(marks.times) for marks in view.marks) == runs
    for marks in view.marks:
        assert ((marks.times > shown.since) & (marks.times < shown.until)).all()
        assert ((marks.heights >= 0) & (marks.heights <= 1)).all()


def test_rows_do_not_reach_into_each_other() -> None:
    view = run_times_view(dashboard(), "UTC")
    upper, lower = view.base_lines
    assert view.axis[1].height < upper
    assert lower < view.axis[1].height


def test_a_crowd_is_drawn_as_ranges_and_keeps_the_worst_of_each_part() -> None:
    shown = dashboard(365 * DAY)
    view = run_times_view(shown, "UTC")
    runs = sum(len(row.runs) for row in view.rows)
    drawn = sum(len(marks.times) for marks in view.marks)
    assert runs > 50 * CROWDED
    assert drawn < 2 * CROWDED * len(view.rows)
    assert len(view.ranges.low) > 0
    assert next(marks for marks in view.marks if marks.kind == "normal").times.size == 0


def test_no_jobs_says_how_to_name_one() -> None:
    view = run_times_view(empty(), "UTC")
    assert view.phase is Phase.EMPTY
    assert "under “jobs” in the catalogue" in view.reason


def test_a_job_without_runs_says_so() -> None:
    full = dashboard()
    none = np.empty(0)
    history = replace(
        full.jobs[0].history, runs=(), start=none.astype(int), seconds=none, volume=none, band=None
    )
    view = run_times_view(replace(full, jobs=(replace(full.jobs[0], history=history),)), "UTC")
    assert view.at(None).lines[0].value == "no runs"
    assert view.run_near(0, 5.0) is None
    assert view.rows[0].note == ""


def test_too_few_runs_promise_nothing() -> None:
    full = dashboard()
    line = full.jobs[0]
    band = replace(line.history.band, low=line.history.band.low * np.nan)
    shown = replace(full, jobs=(replace(line, history=replace(line.history, band=band)),))
    assert run_times_view(shown, "UTC").rows[0].note == "too few runs yet"


def test_more_jobs_than_rows_are_counted() -> None:
    full = dashboard()
    view = run_times_view(replace(full, jobs=full.jobs * 6), "UTC")
    assert len(view.rows) == MOST_ROWS
    assert f"{12 - MOST_ROWS} more jobs are not drawn." in view.sentence


def test_starts_of_one_minute_are_told_to_the_second() -> None:
    full = dashboard()
    line = full.jobs[0]
    base = NOW - NOW % 60 - 7_200
    started = (base - 600, base + 5, base + 41)
    runs = tuple(
        run(run_id=n, started=start, ended=start + 300) for n, start in enumerate(started, 1)
    )
    history = replace(
        line.history, runs=runs, start=np.array(started), seconds=np.full(3, 300.0),
        volume=np.full(3, np.nan), band=None,
    )  # fmt: skip
    view = run_times_view(replace(full, jobs=(replace(line, history=history),)), "UTC")
    assert view.tell(0, runs[0]).startswith("08:22, ")
    assert view.tell(0, runs[1]).startswith("08:32:05, ")
    assert view.at(None).lines[0].value == "08:32:41"
    assert ": started 08:32:41, ended 08:37:41, " in view.story(0, runs[2]).lower()


def test_a_run_of_seconds_ends_at_another_time_than_it_started() -> None:
    view = run_times_view(dashboard(), "UTC")
    short = run(started=NOW - 3_590, ended=NOW - 3_560)
    assert ": started 09:32:10, ended 09:32:40, " in view.story(0, short).lower()
