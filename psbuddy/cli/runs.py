"""`psbuddy runs`: the runs of one job, with what was expected of each."""

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from psbuddy import words
from psbuddy.cli.command import AsJson, Range, Until, app_id, exits, one_of, places_of, since_until
from psbuddy.cli.guard import OK, USAGE, CliError
from psbuddy.cli.output import cell, console, fitting, iso, plain, print_json, show, table, tell
from psbuddy.model.runs import JobDef, RunHistory
from psbuddy.report.dashboard import JobLine, load_dashboard
from psbuddy.report.words import run_note
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses
from psbuddy.store.read.runs import job_defs


def register(app: typer.Typer) -> None:
    app.command("runs")(exits(runs))


def runs(
    context: typer.Context,
    job: Annotated[
        str | None,
        typer.Argument(
            metavar="JOB", help="A job: its id, or application/job; an application; else all."
        ),
    ] = None,
    *,
    reach: Range = "30d",
    until: Until = "",
    as_json: AsJson = False,
) -> int:
    """When a job ran, for which period, how long, against what was expected."""
    since, end = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        names = [(each.app, each.name) for each in app_statuses(connection)]
        wanted = find_jobs(job, job_defs(connection), names)
        lines = _lines(connection, wanted, (since, end))
    if as_json and len(lines) == 1 and not _is_app(job, names):
        print_json({"since": since, "until": end, **_document(lines[0])})
    elif as_json:
        print_json({"since": since, "until": end, "jobs": [_document(each) for each in lines]})
    else:
        for line in lines:
            _print_job(line, named=len(lines) > 1)
    if not lines:
        tell("No jobs are in the catalogue here. docs/catalogue.md says how to add one.")
    return OK


def _lines(
    connection: sqlite3.Connection, jobs: Sequence[JobDef], span: tuple[int, int]
) -> list[JobLine]:
    """What is known of these jobs, each application asked once."""
    found = []
    for app in dict.fromkeys(each.app for each in jobs):
        dashboard = load_dashboard(connection, app, *span, span[1])
        mine = {each.job for each in jobs if each.app == app}
        found += [each for each in dashboard.jobs if each.history.job.job in mine]
    return found


def find_jobs(
    name: str | None, jobs: tuple[JobDef, ...], apps: Sequence[tuple[str, str]]
) -> tuple[JobDef, ...]:
    """The jobs that are meant: by their own name, or all of an application. Raises CliError.

    `apps`: ids of applications with their names.
    """
    if name is None:
        return jobs
    if not any(each.job == name for each in jobs) and _is_app(name, apps):
        app = app_id(name.rstrip("/"), apps)
        found = tuple(each for each in jobs if each.app == app)
        if not found:
            raise CliError(f"{app} has no jobs. docs/catalogue.md says how to add one.", USAGE)
        return found
    return (find_job(name, jobs, [app for app, _ in apps]),)


def _is_app(name: str | None, apps: Sequence[tuple[str, str]]) -> bool:
    return name is not None and any(
        name.rstrip("/").casefold() in (app.casefold(), told.casefold()) for app, told in apps
    )


def find_job(name: str, jobs: tuple[JobDef, ...], apps: Sequence[str] = ()) -> JobDef:
    """The job that is meant by `job` or `application/job`. Raises CliError.

    `apps`: what else could have been said.
    """
    app, _, job = name.rpartition("/")
    found = [each for each in jobs if each.job == job and app in ("", each.app)]
    if len(found) > 1:
        names = " or ".join(f"{each.app}/{each.job}" for each in found)
        raise CliError(f'Several applications have a job "{job}". Say {names}.', USAGE)
    if not found:
        mine = [each for each in jobs if each.app == app] or jobs
        known = [f"{each.app}/{each.job}" if app else each.job for each in mine]
        kind = "job" if app else "job or application"
        one_of(kind, name, known if app else [*known, *apps])
    return found[0]


def _document(line: JobLine) -> dict[str, object]:
    return {
        "job": line.history.job,
        "sentence": line.sentence,
        "expected": line.expected,
        "runs": _documents(line.history),
    }


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


def _print_job(line: JobLine, *, named: bool) -> None:
    job = line.history.job
    if named:
        console().print(cell(f"{job.app}/{job.job}", "bold"))
    sentence = " ".join(filter(None, (line.sentence, words.capital(line.expected))))
    console().print(plain(sentence or "No run was seen yet."), soft_wrap=True)
    if line.history.runs:
        _print(line.history)


def _print(history: RunHistory) -> None:
    names = fitting(_COLUMNS)
    found = table(names, right=["Volume"], whole=[name for name in names if name != "Note"])
    for index, run in enumerate(history.runs):
        low, _, high = _expected(history, index)
        usual = words.span_range(low, high) if math.isfinite(low + high) else "—"
        cells = {
            "Started (UTC)": cell(iso(run.started) or "not seen"),
            "Period": cell(run.period),
            "Took": cell(words.duration(run.seconds) if run.seconds is not None else "—"),
            "Usually": cell(usual),
            "Outcome": cell(run.outcome),
            "Verdict": cell(run.verdict),
            "Volume": cell("—" if run.volume is None else words.count(run.volume)),
            "Host": cell(run.host),
            "Note": cell(run_note(run)),
        }
        found.add_row(*(cells[name] for name in names))
    show(found)


#: Column -> the least width of a terminal that shows it.
_COLUMNS = {
    "Started (UTC)": 0,
    "Period": 0,
    "Took": 0,
    "Usually": 110,
    "Outcome": 130,
    "Verdict": 0,
    "Volume": 90,
    "Host": 120,
    "Note": 0,
}
