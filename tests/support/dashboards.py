"""Dashboards to look at and to test with: plain values, realistic, the same every time."""

from dataclasses import replace
from typing import Any

import numpy as np

from psbuddy.insight.relation import load_relation
from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef, Relation, Run, RunHistory
from psbuddy.model.series import (
    Band,
    CauseRow,
    CauseSeries,
    ChangeMark,
    Interval,
    LevelSeries,
    RouteRow,
    Strip,
    TransactionSeries,
)
from psbuddy.model.status import AppStatus, FoundExample, LogGap
from psbuddy.model.terms import Level, Outcome, PeriodKind, Rerun, State, Verdict
from psbuddy.report.values import CauseLine, CheckStrip, Dashboard, JobLine, step_for

#: Tuesday 24 November 2026, 10:32 UTC.
NOW = 1_795_516_320
DAY = 86_400
HOSTS = ("shop-app-1", "shop-app-2", "shop-app-3", "shop-app-4")
TITLES = (
    "SocketTimeout in PaymentClient.charge",
    "NullPointer in CartMapper.total",
    "Deadlock found when trying to get lock on <TABLE>",
    "HTTP 502 from inventory-gateway",
    "Session <ID> expired during checkout",
    "Connection reset by peer",
    "Voucher <CODE> rejected: not in period",
)
TRACE = """\
2026-11-24 10:31:07,412 ERROR [exec-14] c.s.p.PaymentClient - charge failed for order 88123741
com.shop.payment.PaymentException: gateway did not answer within 5000 ms
\tat com.shop.payment.PaymentClient.charge(PaymentClient.java:212)
\tat com.shop.checkout.CheckoutService.pay(CheckoutService.java:88)
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.base/java.net.SocketInputStream.socketRead0(Native Method)
\t... 31 more"""


def dashboard(span: int = DAY, *, seed: int = 7, now: int = NOW, app: str = "shop") -> Dashboard:
    """A full one: an incident since 09:51 with a new cause after a deployment."""
    return _Maker(span, seed, now, app).make()


ROUTES = (
    RouteRow("POST /checkout/{id}/pay", 20_412, 2_242, 4.1e7, 212.0, 2_410.0, 4_980.0, 9_120.0),
    RouteRow("GET /api/v2/stock/{id}", 68_410, 212, 8.8e6, 64.0, 310.0, 702.0, 2_200.0),
    RouteRow("GET /report/{id}.pdf", 310, 2, 1.2e6, 3_100.0, 8_900.0, 14_000.0, 31_000.0),
    RouteRow("GET /cart", 80_211, 0, 7.2e6, 41.0, 180.0, 260.0, 900.0),
    RouteRow("GET *.css", 164_543, 0, 4.1e5, 1.2, 4.0, 9.0, 80.0),
    RouteRow("other", 1_204, 3, 2.2e5, 80.0, 410.0, 800.0, 1_800.0),
)


def quiet() -> Dashboard:
    full = dashboard(seed=3)
    calm = np.minimum(full.errors, 4.0)
    series = full.causes
    counts = tuple(np.minimum(part, 1.0) * (index < 2) for index, part in enumerate(series.counts))
    return replace(
        full,
        status=replace(
            full.status, state=State.UP, headline="All quiet.",
            sentence="All quiet. 0.4 errors a minute, normal for a Tuesday morning. "
            "Last night's 2 jobs finished; month close took 41 min (usually 38 to 47).",
        ),
        errors=calm,
        causes=replace(series, rows=series.rows[:2], counts=counts[:2], other=series.other * 0),
        cause_lines=tuple(replace(line, is_new=False) for line in full.cause_lines[1:3]),
        changes=(),
        jobs=full.jobs[:1],
    )  # fmt: skip


def empty() -> Dashboard:
    """A store that has seen nothing yet."""
    full = dashboard()
    none = np.full(len(full.times), np.nan)
    strips = tuple(
        Strip(
            s.host, (Interval(full.since, full.until, State.UNKNOWN, "not visited yet"),), None, 0
        )
        for s in full.strips
    )
    return replace(
        full,
        status=replace(
            full.status, state=State.UNKNOWN, headline="Nothing seen yet.",
            sentence="Nothing seen yet. The first visit to 4 hosts is under way.",
        ),
        levels=replace(full.levels, counts={}, observed=np.zeros(len(none))),
        errors=none,
        normal=Band(none, none, none, 0),
        causes=CauseSeries(full.step, full.times, (), (), none),
        cause_lines=(),
        transactions=TransactionSeries(full.step, full.times, *[none] * 6),
        strips=strips, checks=(), jobs=(), relations=(), changes=(), gaps=(), observed=(),
        routes=(), routes_named=False,
        coverage=None, last_collection=0,
    )  # fmt: skip


def partly_unobserved() -> Dashboard:
    """The bastion has not answered since 02:10."""
    full = dashboard(seed=5)
    dark = NOW - 8 * 3600 - 22 * 60
    seen = full.times < dark
    spread = {level: np.where(seen, counts, np.nan) for level, counts in full.levels.counts.items()}
    strips = tuple(
        Strip(
            s.host,
            (
                Interval(full.since, dark, State.UP),
                Interval(dark, full.until, State.UNKNOWN, "bastion-1 does not answer"),
            ),
            1.0,
            (dark - full.since) / (full.until - full.since),
        )
        for s in full.strips
    )
    mask = np.where(seen, 1.0, np.nan)
    return replace(
        full,
        status=replace(
            full.status, state=State.UNKNOWN, since=dark, headline="Unknown since 02:10",
            sentence="Unknown since 02:10: bastion-1 does not answer, so 4 hosts cannot be seen. "
            "Nothing says they are down.",
        ),
        levels=replace(full.levels, counts=spread, observed=seen.astype(float)),
        errors=full.errors * mask,
        causes=replace(
            full.causes, counts=tuple(c * mask for c in full.causes.counts),
            other=full.causes.other * mask,
        ),
        transactions=_masked(full.transactions, mask),
        strips=strips,
        checks=(),
        gaps=(LogGap(HOSTS[0], "app", dark, full.until, "bastion-1 does not answer", 0),),
        observed=(Interval(full.since, dark, State.UP),),
        coverage=(dark - full.since) / (full.until - full.since),
        last_collection=dark,
        problems=(
            "shop-app-3: the log /var/log/shop/access.log cannot be read (permission denied). "
            "Let the user ops read it, or take it out of the catalogue.",
        ),
    )  # fmt: skip


def twice() -> Dashboard:
    """Month close was started a second time."""
    full = dashboard(7 * DAY, seed=11, app="ledger")
    job = replace(full.jobs[0].history.job, app="ledger", job="month-close", rerun=Rerun.NEVER)
    start = NOW - 12 * 3600 - 28 * 60
    runs = [
        replace(run, job="month-close", period=f"2026-{11 - (5 - i) // 2:02}")
        for i, run in enumerate(full.jobs[0].history.runs[:6])
    ]
    first = Run(900, "ledger", "month-close", "led-app-1", "2026-11", start, start + 2_510,
                Outcome.OK, 48_211, Verdict.NORMAL, "", "")  # fmt: skip
    second = Run(901, "ledger", "month-close", "led-app-1", "2026-11", start + 5_220, 0,
                 Outcome.RUNNING, None, Verdict.TWICE, "second start", "jdoe")  # fmt: skip
    history = _history(job, [*runs, first, second])
    sentence = (
        "Month close for 2026-11 was started twice (22:04 and 23:31, second by hand, no restart "
        "parameters). The first had finished with 48,211 records. Rerun policy: never."
    )
    return replace(
        full,
        app=replace(full.app, app="ledger", name="General Ledger", owner="finance-apps"),
        status=replace(
            full.status, app="ledger", name="General Ledger", state=State.DOWN,
            headline="Month close for 2026-11 was started twice", sentence=sentence,
        ),
        jobs=(JobLine(history, sentence), *full.jobs[1:]),
        cause_lines=tuple(replace(line, is_new=False) for line in full.cause_lines),
    )  # fmt: skip


def hostile() -> Dashboard:
    """Names and logs that would like to be markup, commands or walls of text."""
    full = dashboard(seed=2)
    evil = "<b>bold</b><img src=x onerror=alert(1)>\x1b[31m\u202egnp.exe" + "A" * 400
    rows = tuple(replace(row, title=evil) for row in full.causes.rows)
    lines = tuple(
        replace(
            line,
            row=replace(line.row, title=evil, template=evil * 9),
            examples=(_found(evil + "\n=cmd|' /C calc'!A0\n" + "x" * 4000, NOW),),
        )
        for line in full.cause_lines
    )
    strips = tuple(replace(strip, host=f"{evil}-{n}") for n, strip in enumerate(full.strips))
    return replace(
        full,
        app=replace(full.app, name=evil, owner=evil, runbook="javascript:alert(1)"),
        status=replace(full.status, headline="", sentence=f"Errors 9 times normal. Cause {evil}"),
        causes=replace(full.causes, rows=rows), cause_lines=lines, strips=strips,
        changes=(ChangeMark(NOW - 5000, "deployment", evil), ChangeMark(NOW - 90, evil, evil)),
        problems=(evil,),
    )  # fmt: skip


def long_names() -> Dashboard:
    full = dashboard(seed=4)
    strips = tuple(
        replace(
            s, host=f"prod-emea-webshop-checkout-application-server-{n:03}.dc2.example.internal"
        )
        for n, s in enumerate(full.strips)
    )
    jobs = tuple(
        replace(
            line,
            history=replace(
                line.history,
                job=replace(
                    line.history.job, job="reconcile-intercompany-settlement-positions-emea"
                ),
            ),
        )
        for line in full.jobs
    )
    name = "Customer Order Management and Fulfilment Orchestration Platform (EMEA, APAC)"
    return replace(full, app=replace(full.app, name=name), strips=strips, jobs=jobs)


def _masked(series: TransactionSeries, mask: np.ndarray) -> TransactionSeries:
    return replace(
        series,
        **{
            name: getattr(series, name) * mask
            for name in ("count", "failed", "p50_ms", "p95_ms", "p99_ms", "max_ms")
        },
    )


def _history(job: JobDef, runs: list[Run]) -> RunHistory:
    seconds = np.array([run.seconds or np.nan for run in runs], dtype=float)
    centre = np.nanmedian(seconds) if np.isfinite(seconds).any() else np.nan
    band = Band(*(np.full(len(runs), centre * f) for f in (0.92, 1.0, 1.15)), basis=len(runs))
    return RunHistory(
        job=job,
        runs=tuple(runs),
        start=np.array([run.started for run in runs], dtype=np.int64),
        seconds=seconds,
        volume=np.array([np.nan if r.volume is None else r.volume for r in runs], dtype=float),
        band=band,
    )


def _found(text: str, time: int) -> FoundExample:
    return FoundExample(time, text, HOSTS[1], "app")


class _Maker:
    def __init__(self, span: int, seed: int, now: int, app: str) -> None:
        self.random = np.random.default_rng(seed)
        self.app, self.now, self.until, self.since = app, now, now, now - span
        self.step = step_for(self.since, self.until)
        first = self.since // self.step * self.step
        self.times = np.arange(first, self.until, self.step, dtype=np.int64)
        self.incident = now - 41 * 60
        self.n = len(self.times)
        clock = self.times % DAY / DAY
        self.day = 0.35 + 0.65 * np.clip(np.sin((clock - 0.28) * 2 * np.pi), 0, 1)

    def make(self) -> Dashboard:
        causes = self._causes()
        errors = np.sum(causes.counts, axis=0) + causes.other
        normal = self.day * self.step / 60 * 3.2
        jobs = self._jobs()
        return Dashboard(
            app=AppDef(
                self.app, "Web shop", "shop-team", "https://wiki.example/shop", HOSTS, 60,
                logs=("app", "access", "batch"), checks=("web",),
            ),
            status=self._status(),
            since=self.since, until=self.until, now=self.now, step=self.step,
            levels=LevelSeries(
                self.step, self.times,
                {
                    Level.ERROR: errors,
                    Level.WARNING: self.random.poisson(self.day * self.step / 60 * 9).astype(float),
                },
                np.ones(self.n),
            ),
            errors=errors,
            normal=Band(normal * 0.35, normal * 0.7, normal * 1.2, 4000),
            causes=causes,
            cause_lines=self._lines(causes),
            transactions=self._transactions(),
            strips=tuple(self._strip(n, host) for n, host in enumerate(HOSTS)),
            checks=(CheckStrip("web", self._strip(1, HOSTS[1])),),
            jobs=jobs,
            relations=(self._relation(),),
            changes=(
                ChangeMark(self._share(0.39), "restart", "shop-app-3"),
                ChangeMark(self.incident - 240, "deployment", "4.18.2"),
                ChangeMark(self.incident, "new cause", TITLES[0]),
            ),
            gaps=(),
            observed=(
                Interval(self.since, self._share(0.52), State.UP),
                Interval(self._share(0.54), self.until, State.UP),
            ),
            coverage=0.98,
            routes=ROUTES,
            routes_named=True,
            last_collection=self.now - 12,
        )  # fmt: skip

    def _share(self, share: float) -> int:
        return self.since + int(share * (self.until - self.since))

    def _status(self) -> AppStatus:
        return AppStatus(
            app=self.app, name="Web shop", owner="shop-team", runbook="", state=State.DOWN,
            since=self.incident,
            sentence='Errors 3.2 times normal since 09:51. New cause "SocketTimeout in '
            'PaymentClient.charge" makes up 78 %, only on shop-app-2, first seen 4 min after '
            "deployment 4.18.2. 97 % of the time observed.",
            headline="Errors 3.2 times normal since 09:51",
            errors_per_minute=7.1, normal_per_minute=2.2, spark=(), worst_job="", worst_job_note="",
            availability=0.9971, coverage=0.97, hosts_seen=4, hosts_total=4,
            last_collection=self.now - 12, interval=60, as_of=self.now,
        )  # fmt: skip

    def _causes(self) -> CauseSeries:
        rows, counts = [], []
        dark = (self.times >= self._share(0.52)) & (self.times < self._share(0.54))
        for index, title in enumerate(TITLES):
            level = self.day * self.step / 60 * 1.1 / (index + 1)
            if index == 0:
                level = np.where(self.times + self.step > self.incident, self.step / 60 * 6.0, 0.0)
            part = np.where(dark, np.nan, self.random.poisson(level).astype(float))
            counts.append(part)
            first = self.incident if index == 0 else self.now - (40 + 30 * index) * DAY
            rows.append(
                CauseRow(
                    cause=f"c{index}", level=Level.ERROR, title=title,
                    template=f"{title} after <NUM> ms for order <ID>",
                    exception="java.net.SocketTimeoutException" if index == 0 else "",
                    frame="com.shop.payment.PaymentClient.charge" if index == 0 else "",
                    first_seen=first, last_seen=self.now - 35 * (index + 1),
                    records=int(np.nansum(part)), state="new" if index == 0 else "ongoing",
                    hosts=(HOSTS[1],) if index == 0 else HOSTS,
                )
            )  # fmt: skip
        other = np.where(dark, np.nan, self.random.poisson(self.day * self.step / 240.0))
        order = sorted(range(len(rows)), key=lambda n: -rows[n].records)
        return CauseSeries(
            self.step, self.times, tuple(rows[n] for n in order),
            tuple(counts[n] for n in order), other.astype(float),
        )  # fmt: skip

    def _lines(self, causes: CauseSeries) -> tuple[CauseLine, ...]:
        lines = []
        for row, part in zip(causes.rows, causes.counts, strict=True):
            parts = np.array_split(part, 24)
            spark = np.array([np.nan if np.isnan(p).all() else np.nansum(p) for p in parts])
            examples = (_found(TRACE, self.now - 61), _found(TRACE, self.now - 644))
            lines.append(CauseLine(row, spark, row.state == "new", examples))
        return tuple(sorted(lines, key=lambda line: (not line.is_new, -line.row.records)))

    def _transactions(self) -> TransactionSeries:
        count = self.random.poisson(self.day * self.step / 60 * 420).astype(float)
        trouble = self.times + self.step > self.incident
        failed = self.random.binomial(count.astype(int), np.where(trouble, 0.11, 0.002)).astype(
            float
        )
        p50 = 80 + 30 * self.day + self.random.normal(0, 4, self.n)
        p95 = np.where(trouble, 2400, 310 + 120 * self.day) + self.random.normal(0, 18, self.n)
        dark = (self.times >= self._share(0.52)) & (self.times < self._share(0.54))
        series = TransactionSeries(
            self.step, self.times, count, failed, p50, p95, p95 * 1.4, p95 * 3
        )
        return _masked(series, np.where(dark, np.nan, 1.0))

    def _strip(self, index: int, host: str) -> Strip:
        marks: list[tuple[float, float, State, str]] = [
            (0.52, 0.54, State.UNKNOWN, "bastion-1 did not answer")
        ]
        if index == 1:
            marks.append((0.61, 0.64, State.DOWN, "port 8080 refused"))
        if index == 2:
            marks.append((0.38, 0.392, State.DOWN, "restart"))
        edge, found = 0.0, []
        for start, end, state, reason in sorted(marks):
            found += [(edge, start, State.UP, ""), (start, end, state, reason)]
            edge = end
        found.append((edge, 1.0, State.UP, ""))
        intervals = tuple(
            Interval(self._share(a), self._share(b), state, reason) for a, b, state, reason in found
        )
        down = sum(b - a for a, b, state, _ in found if state is State.DOWN)
        return Strip(host, intervals, 1 - down / 0.98, 0.98)

    def _jobs(self) -> tuple[JobLine, ...]:
        nightly = JobDef(self.app, "settle-payments", "batch", PeriodKind.DAY, Rerun.AFTER_FAILURE,
                         deadline="03:00")  # fmt: skip
        hourly = JobDef(self.app, "import-orders", "batch")
        first = self._runs(nightly, DAY, 2_460, 22 * 3600 + 240)
        second = self._runs(hourly, 3_600, 300, 600)
        if second:
            last = second[-1]
            second[-1] = replace(last, ended=0, outcome=Outcome.RUNNING, verdict=Verdict.NORMAL)
        lines = [
            JobLine(_history(nightly, first), "41 min, usually 38 to 47 min."),
            JobLine(_history(hourly, second), "Running for 12 min, usually 5 min."),
        ]
        return tuple(line for line in lines if line.history.runs)

    def _runs(self, job: JobDef, every: int, seconds: float, offset: int) -> list[Run]:
        starts = np.arange(self.since // every * every + offset, self.now - 300, every)
        starts = starts[starts >= self.since]
        runs = []
        for number, start in enumerate(starts):
            lasts = max(30, int(self.random.normal(seconds, seconds * 0.05)))
            verdict, outcome = Verdict.NORMAL, Outcome.OK
            if number % 17 == 11:
                verdict, lasts = Verdict.OVERRUN, int(lasts * 1.5)
            elif number % 23 == 5:
                verdict, outcome, lasts = Verdict.FAILED, Outcome.FAILED, lasts // 3
            elif number % 19 == 2:
                verdict = Verdict.LATE
            runs.append(
                Run(number + 1, job.app, job.job, HOSTS[0], "", int(start), int(start) + lasts,
                    outcome, int(lasts * 19.6), verdict, "", "")
            )  # fmt: skip
        return runs

    def _relation(self) -> Relation:
        volume = self.random.uniform(20_000, 60_000, 180)
        seconds = 400 + volume * 0.045 + self.random.normal(0, 90, 180)
        return Relation(
            "settle-payments", volume, seconds, True,
            "10 % more records take 8 % longer.", slope=0.045, intercept=400.0,
        )  # fmt: skip


def under_load() -> Dashboard:
    """Jobs that tell no volume: held against the transactions during their runs."""
    full = dashboard(seed=6)
    random = np.random.default_rng(6)
    rate = random.uniform(90, 620, 160)  # transactions a minute meanwhile
    seconds = 1_500 + rate * 1.6 + random.normal(0, 70, 160)
    return replace(full, relations=(
        load_relation("settle-payments", rate * seconds / 60, seconds),
        load_relation("import-orders", np.full(160, 5.0) * seconds, seconds),
    ))  # fmt: skip


def lives() -> Dashboard:
    """Causes in every state, and what the sentence says of one that came back."""
    full = dashboard(seed=9)
    told: tuple[dict[str, Any], ...] = (
        {"state": "new"},
        {"state": "regressed", "mark": "resolved", "marked_at": NOW - 12 * DAY,
         "back_at": NOW - 3_000},
        {"state": "rising", "rising_since": NOW - 2_400},
        {"state": "known", "mark": "known", "note": "PRB-17, fixed in 4.19"},
        {"state": "muted", "mark": "muted", "until": NOW + DAY},
        {"state": "resolved", "mark": "resolved", "marked_at": NOW - 7_200},
        {"state": "ongoing"},
    )  # fmt: skip
    lines = tuple(
        replace(line, row=replace(line.row, **more), is_new=more["state"] == "new")
        for line, more in zip(full.cause_lines, told, strict=False)
    )
    title = lines[1].row.title
    headline = f'"{title}" is back 11 d 23 h after it was resolved (12 Nov 09:42)'
    return replace(
        full,
        cause_lines=lines,
        status=replace(full.status, state=State.WATCH, headline=headline,
                       sentence=f"{headline}. 52 records in the last 24 h."),
    )  # fmt: skip


CASES = {
    "full": dashboard,
    "quiet": quiet,
    "empty": empty,
    "unobserved": partly_unobserved,
    "twice": twice,
    "hour": lambda: dashboard(3_600),
    "month": lambda: dashboard(30 * DAY),
    "years": lambda: dashboard(1_826 * DAY),
    "hostile": hostile,
    "long-names": long_names,
    "under-load": under_load,
    "lives": lives,
}
