"""What a scan of one file found: summed over its parts, as a table or as JSON."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from psbuddy import words
from psbuddy.cli import scan_formats
from psbuddy.cli.output import cell, console, iso, plain, show, table
from psbuddy.insight.causes import RawCause, identify
from psbuddy.model import latency
from psbuddy.model.terms import LEVELS, Level

_TOP = 15
_MINUTES = 20
_UNREAD = ("missing", "unreadable", "not a file", "outside")


@dataclass(slots=True)
class CauseSum:
    """One cause of a file."""

    level: Level
    title: str
    template: str
    exception: str
    frame: str
    first: int
    last: int
    records: int
    example: str


class FileReport:
    """Sums the replies for one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.format = ""
        self.totals: Counter[str] = Counter()
        self.levels: Counter[tuple[int, Level]] = Counter()
        self.causes: dict[tuple[str, Level], CauseSum] = {}
        self.minutes: dict[int, list[Any]] = {}  # count, failed, max ms, buckets
        self.routes: dict[str, list[Any]] = {}  # count, failed, max ms, buckets
        self.words = 0  # transactions that words tell, and such words
        self.example = ""
        self.problems: list[str] = []
        self.unread = False
        self.formats: dict[str, Any] | None = None  # see `scan_formats`

    def add(self, reply: dict[str, Any]) -> None:
        """Add one part."""
        self.format = self.format or reply["format"]
        for name in ("bytes", "lines", "records", "unparsed_lines", "unparsed_bytes", "oversize"):
            self.totals[name] += reply[name]
        for minute, number, count in reply["levels"]:
            self.levels[minute, LEVELS[number]] += count
        for cause in reply["causes"]:
            self._cause(cause)
        for minute, *row in reply["transactions"]:
            self.minutes[minute] = _summed(self.minutes.get(minute), row)
        for _hour, route, *row in reply.get("routes", ()):
            self.routes[route] = _summed(self.routes.get(route), row)
        told, example = reply.get("words", (0, ""))
        self.words += told
        self.example = self.example or example
        for problem in reply["problems"]:
            if problem["code"] != "budget":
                self.problems.append(f"{plain(problem['path'])}: {plain(problem['detail'])}.")
            self.unread = self.unread or problem["code"] in _UNREAD

    def _cause(self, cause: dict[str, Any]) -> None:
        level = LEVELS[cause["level"]]
        example = cause["examples"][0][1] if cause["examples"] else ""
        raw = RawCause(
            cause["key"],
            level,
            cause["message"],
            cause["exception"],
            cause["frame"],
            cause["first"],
            cause["last"],
            example,
        )
        identity = identify(raw)
        records = sum(count for _, count in cause["minutes"])
        known = self.causes.get((identity.fingerprint, level))
        if known is not None:
            known.records += records
            known.first, known.last = min(known.first, raw.first), max(known.last, raw.last)
            return
        self.causes[identity.fingerprint, level] = CauseSum(
            level,
            identity.title,
            identity.template,
            raw.exception,
            raw.frame,
            raw.first,
            raw.last,
            records,
            example,
        )

    def by_level(self) -> dict[Level, int]:
        """Records per level, most serious first."""
        sums: Counter[Level] = Counter()
        for (_, level), count in self.levels.items():
            sums[level] += count
        return {level: sums[level] for level in reversed(LEVELS) if sums[level]}

    def top(self) -> list[tuple[str, CauseSum]]:
        """Causes with their fingerprints, most records first."""
        rows = [(fingerprint, cause) for (fingerprint, _), cause in self.causes.items()]
        return sorted(rows, key=lambda row: (-row[1].records, row[0]))

    def not_understood(self) -> tuple[int, int]:
        """Lines and bytes; of what the formats were told by alone where that is not all."""
        lines, size = scan_formats.strays(self.formats)
        return self.totals["unparsed_lines"] + lines, self.totals["unparsed_bytes"] + size

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "file": self.name,
            "format": self.format or None,
            "formats": None if self.formats is None else scan_formats.document(self.formats),
            **{name: self.totals[name] for name in ("bytes", "lines", "records", "oversize")},
            "unparsed_lines": self.not_understood()[0],
            "unparsed_bytes": self.not_understood()[1],
            "levels": {level.value: count for level, count in self.by_level().items()},
            "minutes": [
                {"minute": iso(minute), "level": level.value, "records": count}
                for (minute, level), count in sorted(self.levels.items())
            ],
            "causes": [
                {
                    "cause": fingerprint,
                    "level": cause.level.value,
                    "records": cause.records,
                    "title": cause.title,
                    "template": cause.template,
                    "exception": cause.exception,
                    "frame": cause.frame,
                    "first_seen": iso(cause.first),
                    "last_seen": iso(cause.last),
                    "example": cause.example,
                }
                for fingerprint, cause in self.top()
            ],
            "transactions": [self._minute(minute) for minute in sorted(self.minutes)],
            "routes": [{"route": route, **_told(row)} for route, row in self.worst_routes()],
            "transactions_in_words": self.words,
            "problems": self.problems,
        }

    def _minute(self, minute: int) -> dict[str, Any]:
        return {"minute": iso(minute), **_told(self.minutes[minute])}

    def worst_routes(self) -> list[tuple[str, list[Any]]]:
        """Most failures first, then the slowest."""

        def rank(item: tuple[str, list[Any]]) -> tuple[Any, ...]:
            _, failed, _, buckets = item[1]
            return (-failed, -(latency.quantile(buckets, 0.95) or 0.0), item[0])

        return sorted(self.routes.items(), key=rank)


def _summed(before: list[Any] | None, row: list[Any]) -> list[Any]:
    """count, failed, max ms and buckets, a row of the wire added."""
    count, failed, _total, longest, buckets = row
    merged = [(int(bucket), int(number)) for bucket, number in buckets]
    if before is None:
        return [count, failed, longest, dict(merged)]
    return [
        before[0] + count,
        before[1] + failed,
        max(before[2], longest),
        latency.merge([before[3].items(), merged]),
    ]


def _told(row: list[Any]) -> dict[str, Any]:
    count, failed, longest, buckets = row
    return {
        "transactions": count,
        "failed": failed,
        "p50_ms": latency.quantile(buckets, 0.5),
        "p95_ms": latency.quantile(buckets, 0.95),
        "max_ms": longest if buckets else None,
    }


def print_report(report: FileReport) -> None:
    """Tables for a person: what it is, records per level and minute, causes, transactions."""
    screen = console()
    screen.print(cell(report.name, "bold"))
    screen.print(cell(_summary(report)))
    if report.formats is not None:
        scan_formats.print_formats(report.formats)
    if report.levels:
        _print_levels(report)
    if report.causes:
        _print_causes(report)
    if report.minutes:
        _print_transactions(report)
    if report.routes:
        _print_routes(report)


def _summary(report: FileReport) -> str:
    totals = report.totals
    text = (
        f"{words.quantity(totals['records'], 'record')} in "
        f"{words.quantity(totals['lines'], 'line')}"
    )
    odd, _ = report.not_understood()
    if totals["lines"]:
        share = words.share(odd / totals["lines"])
        said = f", {words.quantity(odd, 'line')} not understood ({share})"
        text += said if odd else ", all understood"
    if totals["oversize"]:
        text += f", {words.quantity(totals['oversize'], 'record')} cut at 1 MB"
    return f"{text}."


def _print_levels(report: FileReport) -> None:
    sums = report.by_level()
    found = table(
        ["Minute", *(level.value for level in sums)], right=[level.value for level in sums]
    )
    minutes = sorted({minute for minute, _ in report.levels})
    for minute in minutes[-_MINUTES:]:
        counts = [report.levels[minute, level] for level in sums]
        found.add_row(cell(iso(minute)), *(cell(words.count(count)) for count in counts))
    found.add_row(cell("all", "bold"), *(cell(words.count(n), "bold") for n in sums.values()))
    if len(minutes) > _MINUTES:
        console().print(cell(f"The last {_MINUTES} of {words.count(len(minutes))} minutes:"))
    show(found)


def _print_causes(report: FileReport) -> None:
    found = table(["Level", "Records", "First seen", "Last seen", "Cause"], right=["Records"])
    for _, cause in report.top()[:_TOP]:
        found.add_row(
            cell(cause.level.value),
            cell(words.count(cause.records)),
            cell(iso(cause.first)),
            cell(iso(cause.last)),
            cell(cause.title),
        )
    show(found)
    if len(report.causes) > _TOP:
        console().print(cell(f"{len(report.causes) - _TOP} more causes; --json has them all."))


def _print_transactions(report: FileReport) -> None:
    count = sum(row[0] for row in report.minutes.values())
    failed = sum(row[1] for row in report.minutes.values())
    buckets = latency.merge(row[3].items() for row in report.minutes.values())
    text = f"{words.count(count)} transactions, {words.count(failed)} failed"
    middle, high = latency.quantile(buckets, 0.5), latency.quantile(buckets, 0.95)
    if middle is not None and high is not None:
        longest = max(row[2] for row in report.minutes.values())
        text += f"; p50 {middle:,.1f} ms, p95 {high:,.1f} ms, longest {longest:,.1f} ms"
    console().print(cell(text))
    if report.words:
        console().print(
            cell(
                f"{words.count(report.words)} of them are told in words, as in "
                f"“{report.example}”; “transactions: {{words: false}}” in the catalogue leaves "
                "such out."
            )
        )


def _print_routes(report: FileReport) -> None:
    numbers = ["Transactions", "Failed", "Median", "95 %", "Longest"]
    found = table(["Route", *numbers], right=numbers)
    rows = report.worst_routes()
    for route, row in rows[:_TOP]:
        told = _told(row)
        found.add_row(
            cell(route),
            cell(words.count(told["transactions"])),
            cell(words.count(told["failed"])),
            *(
                cell("" if told[name] is None else words.duration(told[name] / 1000))
                for name in ("p50_ms", "p95_ms", "max_ms")
            ),
        )
    show(found)
    if len(rows) > _TOP:
        console().print(cell(f"{len(rows) - _TOP} more routes; --json has them all."))
