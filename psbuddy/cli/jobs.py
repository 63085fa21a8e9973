"""`psbuddy jobs`: every batch job in one sentence."""

from contextlib import closing

import typer

from psbuddy import words
from psbuddy.cli.command import AnyApp, AsJson, Range, Until, apps_of, exits, places_of, since_until
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import cell, fitting, print_json, show, table, tell
from psbuddy.model.terms import Verdict
from psbuddy.report.dashboard import JobLine, load_dashboard
from psbuddy.store import connect_readonly

#: Verdicts of a last run that make the exit code 1.
WRONG_VERDICTS = (Verdict.TWICE, Verdict.FAILED, Verdict.MISSED_DEADLINE)


def register(app: typer.Typer) -> None:
    app.command("jobs")(exits(jobs))


def jobs(
    context: typer.Context,
    app: AnyApp = None,
    *,
    reach: Range = "30d",
    until: Until = "",
    as_json: AsJson = False,
) -> int:
    """What each job did last, how long it usually takes, when it should end.

    Exit code 1 when the last run of a job failed, missed its deadline or ran twice.
    """
    since, end = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        chosen = [each.app for each in apps_of(connection, app)]
        lines = [
            (name, line)
            for name in chosen
            for line in load_dashboard(connection, name, since, end, end).jobs
        ]
    if as_json:
        print_json({"now": end, "jobs": [_document(name, line) for name, line in lines]})
    elif lines:
        _print(lines, end)
    else:
        whose = "here" if app is None else f"for {chosen[0]}"
        tell(f"No jobs are in the catalogue {whose}. docs/catalogue.md says how to add one.")
    return WRONG if any(_is_wrong(line) for _, line in lines) else OK


def _is_wrong(line: JobLine) -> bool:
    runs = line.history.runs
    return bool(runs) and runs[-1].verdict in WRONG_VERDICTS


def _document(app: str, line: JobLine) -> dict[str, object]:
    history = line.history
    return {
        "app": app,
        "job": history.job.job,
        "sentence": line.sentence,
        "expected": line.expected,
        "runs": len(history.runs),
        "last_run": history.runs[-1] if history.runs else None,
        "definition": history.job,
    }


def _print(lines: list[tuple[str, JobLine]], now: int) -> None:
    names = fitting(_COLUMNS)
    found = table(names, right=["Runs"], whole=["Last run", "Period", "Verdict"])
    for app, line in lines:
        runs = line.history.runs
        last = runs[-1] if runs else None
        cells = {
            "Job": cell(f"{app}/{line.history.job.job}"),
            "Last run": cell(words.when(last.started or last.ended, now) if last else "not seen"),
            "Period": cell(last.period if last else ""),
            "Verdict": cell(last.verdict if last else Verdict.UNKNOWN),
            "What to know": cell(
                " ".join(filter(None, (line.sentence, words.capital(line.expected))))
            ),
            "Runs": cell(words.count(len(runs))),
        }
        found.add_row(*(cells[name] for name in names))
    show(found)


#: Column -> the least width of a terminal that shows it.
_COLUMNS = {
    "Job": 0,
    "Last run": 0,
    "Period": 100,
    "Verdict": 0,
    "What to know": 0,
    "Runs": 110,
}
