"""A dashboard as one HTML file: no script, nothing loaded from elsewhere, good on paper.

Every text is escaped here, whoever wrote it. The counting rules are part of the report.
"""

import base64
from collections.abc import Iterable
from html import escape

from psbuddy import words
from psbuddy.insight.lives import life, marked
from psbuddy.model.runs import Run
from psbuddy.model.terms import State, Verdict
from psbuddy.report import drawing
from psbuddy.report.values import CauseLine, Dashboard, JobLine
from psbuddy.report.words import COUNTING_RULES, run_note

_MOST_CAUSES, _MOST_RUNS, _MOST_GAPS = 30, 12, 20
_MARKS = {
    State.UP: "●",
    State.WATCH: "▲",
    State.DOWN: "◆",
    State.UNKNOWN: "○",
    State.PAUSED: "■",
}
_AGAINST = {
    "Run time against volume": "records",
    "Run time against the application's transactions during the run": "transactions",
}
_LOUD = {Verdict.TWICE, Verdict.FAILED, Verdict.MISSED_DEADLINE}

_STYLE = """
:root{--text:#1a1d21;--muted:#5f6670;--ground:#fff;--line:#e3e6ea;--soft:#f6f7f9;--link:#0072b2;
--up:#00805e;--watch:#946600;--down:#c04f00;--unknown:#6b7079}
@media (prefers-color-scheme:dark){:root{--text:#e6e8eb;--muted:#9aa3ad;--ground:#14171a;
--line:#2b3138;--soft:#1b1f24;--link:#56b4e9;--up:#1bb88a;--watch:#e69f00;--down:#f08040;
--unknown:#9aa3ad}}
@media print{:root{--text:#1a1d21;--muted:#5f6670;--ground:#fff;--line:#ccc;--soft:#fff;
--link:#0072b2;--up:#00805e;--watch:#946600;--down:#c04f00;--unknown:#6b7079}
body{padding:0}section,tr,figure{break-inside:avoid}a{text-decoration:none}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:32px 24px 64px;background:var(--ground);
color:var(--text);font:13px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums}
h1{font-size:22px;font-weight:600;margin:0}h2{font-size:15px;font-weight:600;margin:40px 0 8px}
.under{color:var(--muted);margin:4px 0 0}.verdict{font-size:15px;margin:20px 0 24px;
padding:12px 16px;background:var(--soft);border-left:3px solid var(--mark);max-width:80ch}
.up{--mark:var(--up)}.watch{--mark:var(--watch)}.down{--mark:var(--down)}
.unknown,.paused{--mark:var(--unknown)}.mark{color:var(--mark)}
table{border-collapse:collapse;width:100%}th{font-weight:400;color:var(--muted);text-align:left}
th,td{padding:5px 16px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
td:last-child,th:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}.w{overflow-wrap:anywhere}.t{white-space:nowrap}
.m{color:var(--muted)}td p{margin:0}
.cause{color:var(--muted);font-weight:600;font-size:11px;margin-right:6px;white-space:nowrap;
text-transform:uppercase}.cause.new,.cause.regressed{color:var(--down)}
.cause.rising{color:var(--watch)}
.loud{color:var(--down);font-weight:600}
figure{margin:0}img{max-width:100%;height:auto;display:block}svg{display:block}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:11px;margin:4px 0;padding:8px 12px;
background:var(--soft)}summary{cursor:pointer;color:var(--muted)}
ul,ol{padding-left:20px;margin:8px 0}footer{margin-top:40px;color:var(--muted);font-size:11px}
.i-up{fill:var(--up)}.i-down{fill:var(--down)}.i-unknown,.i-paused,.i-watch{fill:var(--line)}
.bar{fill:var(--muted)}a{color:var(--link)}
"""


def dashboard_html(dashboard: Dashboard, png: bytes | None = None, zone: str = "") -> str:
    """The whole report as HTML text; `png`: the dashboard's picture, put inside."""
    status = dashboard.status
    name = escape(status.name)
    stretch = escape(words.stretch(dashboard.since, dashboard.until, zone))
    mark = f'<span class="mark">{_MARKS[status.state]}</span>'
    body = [
        f'<header class="{status.state.value}"><h1>{mark} {name}</h1>{_under(dashboard, stretch)}',
        f'<p class="verdict">{_verdict(status.headline, status.sentence)}</p></header>',
        _picture(png, name),
        _hosts(dashboard),
        _causes(dashboard, zone),
        _jobs(dashboard, zone),
        _changed(dashboard, zone),
        _unseen(dashboard, zone),
        _rules(),
        f"<footer>PS Buddy, written {escape(_clock(dashboard.now, zone))}. Nothing in this file "
        "is loaded from elsewhere.</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{name}, {stretch}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body></html>\n"
    )


def _under(dashboard: Dashboard, stretch: str) -> str:
    app = dashboard.app
    parts = [stretch]
    if app.owner:
        parts.append(f"owner {escape(app.owner)}")
    parts.append(escape(words.quantity(len(app.hosts), "host")))
    parts.append(f"{words.share(dashboard.coverage)} of the time observed")
    if app.runbook.startswith(("https://", "http://")):
        parts.append(f'<a href="{escape(app.runbook)}" rel="noreferrer">runbook</a>')
    elif app.runbook:
        parts.append(f"runbook {escape(app.runbook)}")
    return f'<p class="under">{" · ".join(parts)}</p>'


def _verdict(headline: str, sentence: str) -> str:
    """The sentence with its first part strong, where it is its first part."""
    if headline and sentence.startswith(headline):
        return f"<strong>{escape(headline)}</strong>{escape(sentence[len(headline) :])}"
    first, dot, rest = sentence.partition(". ")
    return f"<strong>{escape(first + dot.strip())}</strong> {escape(rest)}"


def _picture(png: bytes | None, name: str) -> str:
    if not png:
        return ""
    data = base64.b64encode(png).decode("ascii")
    return f'<figure><img alt="Dashboard of {name}" src="data:image/png;base64,{data}"></figure>'


def _hosts(dashboard: Dashboard) -> str:
    rows = []
    for strip in dashboard.strips:
        picture = drawing.strip(strip, dashboard.since, dashboard.until)
        rows.append(
            f"<tr><td class=t>{escape(strip.host)}</td><td>{picture}</td>"
            f"<td class=n>{words.share(strip.availability)}</td>"
            f"<td class=n>{words.share(strip.observed)}</td></tr>"
        )
    for check in dashboard.checks:
        picture = drawing.strip(check.strip, dashboard.since, dashboard.until)
        rows.append(
            f"<tr><td class='t m'>{escape(check.check)} on {escape(check.strip.host)}</td>"
            f"<td>{picture}</td><td class='n m'>{words.share(check.strip.availability)}</td>"
            f"<td class='n m'>{words.share(check.strip.observed)}</td></tr>"
        )
    head = "<th>Host or check</th><th></th><th class=n>Up</th><th class=n>Observed</th>"
    return _table("Up time", head, rows, "No host of this application has been visited yet.")


def _causes(dashboard: Dashboard, zone: str) -> str:
    rows = [_cause(dashboard, line, zone) for line in dashboard.cause_lines[:_MOST_CAUSES]]
    head = (
        "<th>Cause</th><th>Level</th><th class=n>Records</th><th></th><th>First seen</th>"
        "<th>Last seen</th><th>Hosts</th>"
    )
    more = len(dashboard.cause_lines) - _MOST_CAUSES
    tail = f"<p class=m>{words.quantity(more, 'more cause')} not shown.</p>" if more > 0 else ""
    return _table("Causes", head, rows, "No errors or warnings were recorded.") + tail


def _cause(dashboard: Dashboard, line: CauseLine, zone: str) -> str:
    row = line.row
    shown_mark = f"<span class='cause {row.state}'>{escape(marked(row.state))}</span>"
    mark = shown_mark if marked(row.state) else ""
    told = life(row, dashboard.now, zone)
    note = f"<p class=m>{escape(words.capital(told))}.</p>" if told else ""
    examples = "".join(f"<pre>{escape(example.text)}</pre>" for example in line.examples[:1])
    shown = f"<details><summary>example</summary>{examples}</details>" if examples else ""
    first, last = (words.clock(t, dashboard.now, zone) for t in (row.first_seen, row.last_seen))
    return (
        f"<tr><td class=w>{mark}{escape(row.title)}{note}{shown}</td><td>{row.level.value}</td>"
        f"<td class=n>{words.count(row.records)}</td><td>{drawing.spark(line.spark)}</td>"
        f"<td class=t>{escape(first)}</td><td class=t>{escape(last)}</td>"
        f"<td class=w>{escape(words.listing(row.hosts))}</td></tr>"
    )


def _jobs(dashboard: Dashboard, zone: str) -> str:
    parts = [_job(dashboard, line, zone) for line in dashboard.jobs]
    for title, measure in _AGAINST.items():
        told = "".join(
            f"<li>{escape(words.capital(words.job_name(r.job)))}: {escape(r.sentence)}</li>"
            for r in dashboard.relations
            if r.measure == measure
        )
        parts.append(f"<h2>{title}</h2><ul>{told}</ul>" if told else "")
    return "".join(parts)


def _job(dashboard: Dashboard, line: JobLine, zone: str) -> str:
    history = line.history
    first = max(0, len(history.runs) - _MOST_RUNS)
    rows = []
    started = words.clocks([run.started for run in history.runs[first:]], dashboard.now, zone)
    for i in range(len(history.runs) - 1, first - 1, -1):
        run = history.runs[i]
        usual = ""
        if history.band is not None and history.band.low[i] <= history.band.high[i]:
            usual = words.span_range(float(history.band.low[i]), float(history.band.high[i]))
        rows.append(_run(run, usual, started[i - first]))
    head = (
        "<th>Started</th><th>Period</th><th class=n>Took</th><th class=n>Usually</th>"
        "<th class=n>Volume</th><th>Verdict</th><th></th>"
    )
    told = " ".join(part for part in (line.sentence, _expected(line)) if part)
    title = f"Job: {words.job_name(history.job.job)}"
    note = f"<p>{escape(told)}</p>"
    return _table(title, head, rows, "No run in this range.", note)


def _expected(line: JobLine) -> str:
    return f"{words.capital(line.expected)}." if line.expected else ""


def _run(run: Run, usual: str, started: str) -> str:
    loud = " class=loud" if run.verdict in _LOUD else ""
    took = words.duration(run.seconds) if run.seconds is not None else run.outcome.value
    volume = words.count(run.volume) if run.volume is not None else ""
    started = started if run.started else "not seen"
    return (
        f"<tr><td class=t>{escape(started)}</td><td class=t>{escape(run.period)}</td>"
        f"<td class=n>{escape(took)}</td><td class='n m'>{escape(usual)}</td>"
        f"<td class=n>{volume}</td><td><span{loud}>{run.verdict.value}</span></td>"
        f"<td class='w m'>{escape(run_note(run))}</td></tr>"
    )


def _changed(dashboard: Dashboard, zone: str) -> str:
    rows = [
        f"<tr><td class=t>{escape(words.clock(mark.time, dashboard.now, zone))}</td>"
        f"<td class=t>{escape(mark.kind)}</td><td class=w>{escape(mark.label)}</td></tr>"
        for mark in dashboard.changes
    ]
    return _table("What changed", "<th>When</th><th>What</th><th></th>", rows, "")


def _unseen(dashboard: Dashboard, zone: str) -> str:
    rows = []
    for gap in dashboard.gaps[:_MOST_GAPS]:
        when = f"{_clock(gap.from_time, zone)} to {_clock(gap.to_time, zone)}"
        rows.append(
            f"<tr><td class=w>{escape(gap.host)}, {escape(gap.log)}</td><td>{escape(when)}</td>"
            f"<td class=w>{escape(gap.reason)}</td><td class=n>{words.size(gap.bytes)}</td></tr>"
        )
    head = "<th>Log</th><th>When</th><th>Why</th><th class=n>Bytes</th>"
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in dashboard.problems)
    told = f"<ul>{problems}</ul>" if problems else ""
    if not rows and not told:
        return ""
    return (
        _table("What could not be seen", head, rows, "", told)
        if rows
        else (f"<section><h2>What could not be seen</h2>{told}</section>")
    )


def _rules() -> str:
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in COUNTING_RULES)
    return f"<section><h2>How this was counted</h2><ol>{rules}</ol></section>"


def _table(title: str, head: str, rows: Iterable[str], empty: str, note: str = "") -> str:
    body = "".join(rows)
    if not body:
        told = f"{note}<p class=m>{escape(empty)}</p>" if empty else ""
        return f"<section><h2>{escape(words.capital(title))}</h2>{told}</section>" if told else ""
    return (
        f"<section><h2>{escape(words.capital(title))}</h2>{note}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></section>"
    )


def _clock(time: int, zone: str) -> str:
    return f"{words.local(time, zone):%Y-%m-%d %H:%M}"
