from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from psbuddy.demo.shop import shop_logs
from psbuddy.demo.shop_batch import HOST, INDEX, PRICES, job_records, planned_runs
from psbuddy.demo.span import DAY, Span

NOW = int(datetime(2026, 11, 24, 14, tzinfo=UTC).timestamp())
SPAN = Span(7, NOW - 30 * DAY, NOW)
RUNS = tuple(planned_runs(SPAN))


def series(job: str) -> tuple[np.ndarray, np.ndarray]:
    mine = [run for run in RUNS if run.job == job]
    return (
        np.array([run.volume for run in mine], float),
        np.array([run.ended_ms - run.started_ms for run in mine], float),
    )


def test_runs_start_when_their_schedule_says() -> None:
    for run in RUNS:
        zone = UTC if run.job == INDEX else ZoneInfo("Europe/London")
        start = datetime.fromtimestamp(run.started_ms / 1000, zone)
        if run.job == INDEX:
            assert (start.hour % 3, start.minute) == (0, 10)
        else:
            assert (start.hour, start.minute) == (4, 40)


def test_the_index_takes_longer_for_more_articles_and_prices_do_not() -> None:
    assert np.corrcoef(*series(INDEX))[0, 1] > 0.7
    assert abs(np.corrcoef(*series(PRICES))[0, 1]) < 0.35


def test_each_run_is_told_once_in_the_log_of_one_host() -> None:
    kinds = Counter(r.event.kind for r in job_records(SPAN) if r.event)
    assert kinds == {"start": len(RUNS), "finish": len(RUNS)}
    logs = [sim for sim in shop_logs(SPAN) if sim.log == "app"]
    told = {sim.host: sum(r.event is not None for r in sim.script) for sim in logs}
    assert told == {HOST: 2 * len(RUNS), "shop-app-2": 0, "shop-app-3": 0}
