import json

from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import PeriodKind, Rerun
from psbuddy.store.definition import from_json, to_json

CLOSE = JobDef(
    app="ledger",
    job="month-close",
    log="batch",
    period=PeriodKind.MONTH,
    rerun=Rerun.NEVER,
    timezone="Europe/London",
    cron="0 22 * * *",
    deadline="03:00",
    after=("week-close",),
)
LEDGER = AppDef(
    app="ledger",
    name="General Ledger",
    owner="finance",
    runbook="https://wiki.example/ledger",
    hosts=("a", "b"),
    interval=60,
    logs=("app", "batch"),
    checks=("web",),
    jobs=(CLOSE, JobDef("ledger", "plain", "batch")),
)


def test_a_definition_comes_back_as_it_was() -> None:
    assert from_json(to_json(LEDGER)) == LEDGER


def test_keys_of_a_later_version_are_passed_over() -> None:
    data = json.loads(to_json(LEDGER))
    data["colour"] = "blue"
    data["jobs"][0]["retries"] = 3
    assert from_json(json.dumps(data)) == LEDGER
