"""What a scan says of the formats of a file: which, how much of it, what not and why, and how
time zone, year and the order of day and month were decided. In words for who runs the systems.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psbuddy import words
from psbuddy.cli.output import cell, console, iso, record, show, table

#: Reasons why a line was not understood: what it is, and what to do.
_REASONS = {
    "before": (
        "no time and no level stand in front",
        "Each such line counts as a record of its own without a level. If their time or level "
        "stands elsewhere, give the log a `pattern:` in the catalogue.",
    ),
    "no head": (
        "no time and no level stand in front, after lines that have them",
        "Mixed output of another program. A `pattern:` in the catalogue can say what to read.",
    ),
    "no time": (
        "begins like a time, but is none that exists",
        "Look at the example: a date such as 2026-13-40, or a layout not known. A `pattern:` in "
        "the catalogue can name its parts.",
    ),
    "no json": (
        "begins like JSON, but is not one whole object in one line",
        "The line was cut, or the object goes over many lines: one line for each is understood.",
    ),
    "stray": (
        "is none of the one-line records it stands among",
        "Such lines are garbage, or output of another program. They are in no count; the records "
        "around them are.",
    ),
    "other format": (
        "is not of the format that was asked for",
        "Leave out --format: every line is then taken for what it is.",
    ),
    "blank": ("is blank", ""),
    "other": ("other reasons", ""),
}
_REQUESTS = ("access", "w3c", "s3 access")
_MORE = {
    "trace": "of a stack trace",
    "indented": "indented",
    "text": "text without a time",
    "no time": "that begin like a time, but none that exists",
    "no json": "that begin like JSON, but are not one whole object",
    "blank": "blank",
    "other": "others",
}
_LIKE = {
    "no time": "like a time, but names none that exists,",
    "no json": "like JSON, but is not one whole object in one line,",
}
_ORDERS = {
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "ymd": "year, month, day",
}


def document(found: dict[str, Any]) -> dict[str, Any]:
    """As JSON: shares, reasons, decisions."""
    total = sum(kind["count"] for kind in found["formats"]) + _odd(found)
    return {
        "looked_at_bytes": found["bytes"],
        "whole_file": found["whole"],
        "first_time": iso(found["first"]),
        "last_time": iso(found["last"]),
        "recognised": [
            {
                "format": kind["name"],
                "title": kind["title"] or kind["name"],
                "records": kind["count"],
                "share": round(kind["count"] / total, 4) if total else 0.0,
                "line": kind["line"],
                "example": kind["example"],
            }
            for kind in found["formats"]
        ],
        "not_understood": [
            {
                "reason": _REASONS.get(kind["name"], _REASONS["other"])[0],
                "lines": kind["count"],
                "share": round(kind["count"] / total, 4) if total else 0.0,
                "line": kind["line"],
                "example": kind["example"],
            }
            for kind in found["odd"]
            if kind["name"] != "blank"
        ],
        "continuations": [
            {"kind": _MORE[kind["name"]], "lines": kind["count"], "line": kind["line"],
             "example": kind["example"]}
            for kind in found["more"]
        ],
        "decisions": list(decisions(found)),
    }  # fmt: skip


def strays(found: dict[str, Any] | None) -> tuple[int, int]:
    """Lines and bytes that a record took along though it was whole without them."""
    if found is None:
        return 0, 0
    lines = sum(kind["count"] for kind in found["odd"] if kind["name"] == "stray")
    return lines, found["stray_bytes"]


def _odd(found: dict[str, Any]) -> int:
    return sum(kind["count"] for kind in found["odd"] if kind["name"] != "blank")


def print_formats(found: dict[str, Any]) -> None:
    """Tables and sentences for a person."""
    screen = console()
    headed = sum(kind["count"] for kind in found["formats"])
    total = headed + _odd(found)
    if found["binary"]:
        screen.print(cell("The file holds bytes that are no text: is it packed, or a database?"))
    if not total:
        screen.print(cell("There is no line to look at."))
        return
    if not found["whole"]:
        screen.print(
            cell(f"Formats and times are told by the first {words.size(found['bytes'])}.", "dim")
        )
    _print_kinds(found, total)
    _print_odd(found, total)
    for sentence in decisions(found):
        screen.print(cell(f"- {sentence}"))
    screen.print()


def _print_kinds(found: dict[str, Any], total: int) -> None:
    rows = table(
        ["Share", "Records", "Format", "Line", "Example"], right=["Share", "Records", "Line"]
    )
    for kind in found["formats"]:
        named = kind["title"] or kind["name"]
        rows.add_row(
            cell(_share(kind["count"], total)),
            cell(words.count(kind["count"])),
            cell(f"{named} [{kind['name']}]" if kind["name"] else named),
            cell(words.count(kind["line"])),
            record(_short(kind["example"])),
        )
    if found["formats"]:
        show(rows)


def _print_odd(found: dict[str, Any], total: int) -> None:
    odd = [kind for kind in found["odd"] if kind["name"] != "blank"]
    if not odd:
        return
    rows = table(["Share", "Lines", "Not understood: the line", "Line", "Example"],
                 right=["Share", "Lines", "Line"])  # fmt: skip
    for kind in odd:
        rows.add_row(
            cell(_share(kind["count"], total)),
            cell(words.count(kind["count"])),
            cell(_REASONS.get(kind["name"], _REASONS["other"])[0]),
            cell(words.count(kind["line"])),
            record(_short(kind["example"])),
        )
    show(rows)
    for advice in dict.fromkeys(_REASONS.get(kind["name"], _REASONS["other"])[1] for kind in odd):
        if advice:
            console().print(cell(f"- {advice}"))


def _short(example: str) -> str:
    return example if len(example) <= 90 else f"{example[:89]}…"


def _share(count: int, total: int) -> str:
    return words.share(count / total)


def decisions(found: dict[str, Any]) -> Iterator[str]:
    """Sentences on what was decided where the lines themselves leave it open."""
    yield from _lines(found)
    yield from _levels(found)
    yield from _zone(found)
    yield from _year(found)
    yield from _order(found)
    yield from _durations(found)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    parts = [
        f"{words.count(kind['count'])} {_MORE[kind['name']]}"
        for kind in found["more"]
        if kind["name"] != "blank"
    ]
    if parts:
        yield f"Lines that go on with the record before them: {', '.join(parts)}."
    text = next((kind for kind in found["more"] if kind["name"] == "text"), None)
    if text is not None and text["count"] * 2 > found["records"]:
        yield (
            f"Many lines have no time of their own, such as line {words.count(text['line'])} "
            f"({_short(text['example'])}). If they are records, the log needs a `pattern:` in the "
            "catalogue."
        )
    for name in ("no time", "no json"):
        kind = next((kind for kind in found["more"] if kind["name"] == name), None)
        if kind is not None:
            yield (
                f"Line {words.count(kind['line'])} begins {_LIKE[name]} and was taken as text "
                f"of the record before it: {_short(kind['example'])}"
            )


def _durations(found: dict[str, Any]) -> Iterator[str]:
    """Requests whose last number may be how long they took, in a unit that no line tells."""
    number = sum(kind["count"] for kind in found["unitless"])
    requests = sum(kind["count"] for kind in found["formats"] if kind["name"] in _REQUESTS)
    if number * 2 > requests:
        one = found["unitless"][0]
        last = one["example"].split()[-1].strip('"')
        yield (
            f"Durations: {words.quantity(number, 'request')} end in a whole number, such as {last} "
            f"in line {words.count(one['line'])}. No line tells its unit, so durations stay blank. "
            'If it is how long they took, "transactions: {duration: "%D"}" in the catalogue says '
            'that it is microseconds, "%T" seconds; "unit: ms" another one.'
        )


def _levels(found: dict[str, Any]) -> Iterator[str]:
    headed = sum(kind["count"] for kind in found["formats"])
    without = headed - found["levelled"]
    if found["formats"] and found["formats"][0]["name"] in _REQUESTS:
        yield "Requests have no level: those that failed are counted among the transactions."
    elif headed and not found["levelled"]:
        yield (
            "No record writes a level, and none is guessed from words in the text: errors are "
            "seen where a stack trace tells them, or by a `pattern:` in the catalogue."
        )
    elif without > 0:
        yield (
            f"{_share(without, headed)} of the records write no level; none is guessed "
            "from words in their text."
        )


def _zone(found: dict[str, Any]) -> Iterator[str]:
    zones = found["zones"]
    stamped = sum(count for name, count in zones.items() if name != "name")
    if not stamped:
        if found["records"]:
            yield "No record has a time: the time of the file's last change is taken."
        return
    here = f"this machine's, {_offset(found['offset'])} at that time"
    if zones.get("assumed"):
        some = "" if zones["assumed"] == stamped else f"{_share(zones['assumed'], stamped)} of "
        yield (
            f"Zone: {some}the times name none, so it is {here}. For a log of a host, `timezone:` "
            "in the catalogue says another."
        )
    if zones.get("ambiguous"):
        yield f"Zone: {zones.get('name', 'the name')} stands for several zones; it is {here}."
    if zones.get("written") == stamped:
        yield "Zone: written in the times."
    elif zones.get("epoch") == stamped:
        yield "Zone: the times are seconds since 1970, which need none."
    elif zones.get("utc") == stamped:
        yield "Zone: this format is always UTC."


def _offset(seconds: int) -> str:
    sign = "-" if seconds < 0 else "+"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{sign}{hours:02d}:{minutes:02d}" if seconds else "UTC"


def _year(found: dict[str, Any]) -> Iterator[str]:
    changed = _day(found["modified"])
    for kind in found["years"]:
        if kind["name"] == "no year":
            yield (
                f"Year: {_of(kind, found)} name none; each has the newest year in which it is not "
                f"after the file's last change ({changed}). All times are from "
                f"{_day(found['first'])} to {_day(found['last'])}."
            )
        elif kind["name"] == "clock":
            yield (f"Date: {_of(kind, found)} are a time of day alone; {_of_day(found, changed)}.")


def _of(kind: dict[str, Any], found: dict[str, Any]) -> str:
    if kind["count"] >= found["timed"]:
        return "the times"
    return f"{_share(kind['count'], found['timed'])} of the times"


def _of_day(found: dict[str, Any], changed: str) -> str:
    if found["day_named"]:
        return "the date is that of the file's name, a day later after each midnight"
    if found["day"] is not None:
        return "the date is that of an earlier line, a day later after each midnight"
    return f"each is of the last day before the file's last change ({changed})"


def _order(found: dict[str, Any]) -> Iterator[str]:
    for stamp, moment, proven in found["orders"]:
        if proven:
            order = _ORDERS[proven]
            yield f"Day and month: {order}, proven by a time that exists in no other order."
        else:
            yield (
                f"Day and month: {stamp} is taken for {_day(moment)}, the likeliest by the file's "
                "last change; no time in it proves the order."
            )


def _day(seconds: float | None) -> str:
    if seconds is None:
        return "an unknown day"
    found = datetime.fromtimestamp(seconds, UTC)
    return f"{found.day} {found:%b %Y}"


def asked(path: Path, fmt: str | None, lines: int) -> dict[str, Any]:
    """The request for one file, of which so many lines were counted."""
    return {"op": "explain", "path": str(path.absolute()), "format": fmt, "lines": lines}
