"""`psbuddy runs`: the runs of one job, with what was expected of each."""

import math
from contextlib import closing
from typing import Annotated

import typer

from psbuddy import words
from psbuddy.cli.command import AsJson, Range, Until, exits, one_of, places_of, since_until
from psbuddy.cli.guard import OK, USAGE, CliError
from psbuddy.cli.output import cell, console, iso, plain, print_json, table
from psbuddy.model.runs import JobDef, RunHistory
from psbuddy.report.dashboard import load_dashboard
from psbuddy.report.words import run_note
from psbuddy.store import connect_readonly
from psbuddy.store.read.runs import job_defs


def register(app: typer.Typer) -> None:
    app.command("runs")(exits(runs))


def runs(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job: its id, or application/job.")],
    *,
    reach: Range = "30d",
    until: Until = "",
    as_json: AsJson = False,
) -> int:
    """When a job ran, for which period, how long, against what was expected."""
    since, end = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        found = find_job(job, job_defs(connection))
        dashboard = load_dashboard(connection, found.app, since, end, end)
    line = next(each for each in dashboard.jobs if each.history.job.job == found.job)
    if as_json:
        print_json(
            {
                "job": found,
                "since": since,
                "until": end,
                "sentence": line.sentence,
                "expected": line.expected,
                "runs": _documents(line.history),
            }
        )
        return OK
    sentence = " ".join(filter(None, (line.sentence, words.capital(line.expected))))
    console().print(plain(sentence), soft_wrap=True)
    if line.history.runs:
        _print(line.history)
    return OK


def find_job(name: str, jobs: tuple[JobDef, ...]) -> JobDef:
    """The job that is meant by `job` or `application/job`. Raises CliError."""
    app, _, job = name.rpartition("/")
    found = [each for each in jobs if each.job == job and app in ("", each.app)]
    if len(found) > 1:
        names = " or ".join(f"{each.app}/{each.job}" for each in found)
        raise CliError(f'Several applications have a job "{job}". Say {names}.', USAGE)
    if not found:
        known = [f"{each.app}/{each.job}" if app else each.job for each in jobs]
        one_of("job", name, known)
    return found[0]


def _documents(history: RunHistory) -> list[dict[str, object]]:
    found = []
    for index, run in enumerate(history.runs):
        expected = _expected(history, index)
        found.append(
            {
                "period": run.period,
                "host": run.host,
                "started": run.started,
                "ended": run.ended,
                "seconds": run.seconds,
                "expected_s": expected[1],
                "low_s": expected[0],
                "high_s": expected[2],
                "outcome": run.outcome,
                "verdict": run.verdict,
                "volume": run.volume,
                "reason": run.reason,
                "actor": run.actor,
            }
        )
    return found


def _expected(history: RunHistory, index: int) -> tuple[float, float, float]:
    band = history.band
    if band is None:
        return (float("nan"),) * 3
    return float(band.low[index]), float(band.middle[index]), float(band.high[index])


def _print(history: RunHistory) -> None:
    found = table(
        [
            *("Started (UTC)", "Period", "Took", "Usually", "Outcome", "Verdict", "Volume"),
            *("Host", "Note"),
        ],
        right=["Volume"],
        whole=["Started (UTC)", "Period", "Took", "Outcome"],
    )
    for index, run in enumerate(history.runs):
        low, _, high = _expected(history, index)
        usual = words.span_range(low, high) if math.isfinite(low + high) else "—"
        found.add_row(
            cell(iso(run.started) or "not seen"),
            cell(run.period),
            cell(words.duration(run.seconds) if run.seconds is not None else "—"),
            cell(usual),
            cell(run.outcome),
            cell(run.verdict),
            cell("—" if run.volume is None else words.count(run.volume)),
            cell(run.host),
            cell(run_note(run)),
        )
    console().print(found)
