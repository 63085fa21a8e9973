"""The report as one file: whole, escaped, without script."""

import dataclasses
import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from psbuddy.report.csv import cause_csv_rows, run_csv_rows, series_rows, to_csv
from psbuddy.report.dashboard import CauseLine, Dashboard, load_dashboard
from psbuddy.report.html import dashboard_html
from psbuddy.report.words import COUNTING_RULES
from psbuddy.store import connect_readonly
from tests.support import fleet_store
from tests.support.fleet_store import DAY, LONDON, NOW

EVIL = "<script>alert(1)</script><img src=x onerror=y>\"'&"


class Outline(HTMLParser):
    """Tags, attributes and whether they nest."""

    VOID = ("meta", "img", "br")

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(text: str) -> Outline:
    parsed = Outline()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    return parsed


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dashboard]:
    folder: Path = tmp_path_factory.mktemp("fleet")
    with fleet_store.build(folder) as store, closing(connect_readonly(store.url)) as conn:
        return {
            app: load_dashboard(conn, app, NOW - 7 * DAY, NOW, NOW, zone=LONDON)
            for app in ("shop", "ledger")
        }


def test_it_opens_with_the_verdict(shown: dict[str, Dashboard]) -> None:
    page = dashboard_html(shown["ledger"], zone=LONDON)
    assert "<strong>Month close for 2026-11 was started twice</strong> (Mon 22:04" in page
    assert page.index("started twice") < page.index("Up time")


def test_it_says_what_was_counted_and_how(shown: dict[str, Dashboard]) -> None:
    text = outline(dashboard_html(shown["shop"], zone=LONDON)).text
    assert "100 % of the time observed" in text
    assert "SocketTimeout in PaymentClient.charge" in text
    assert "How this was counted" in text
    for rule in COUNTING_RULES:
        assert rule in text


def test_the_life_of_a_cause_is_told_in_words_and_by_a_shape(shown: dict[str, Dashboard]) -> None:
    board = shown["shop"]
    line = board.cause_lines[-1]

    def living(**more: object) -> CauseLine:
        return dataclasses.replace(line, row=dataclasses.replace(line.row, **more), is_new=False)

    lines = (
        living(state="regressed", back_at=NOW, away=23 * DAY),
        living(state="rising", rising_since=NOW - 600),
        living(state="known", mark="known", note="PRB-17"),
        living(state="muted", mark="muted", until=NOW + 3600),
        living(state="resolved", mark="resolved", marked_at=NOW - 7200),
    )
    board = dataclasses.replace(board, cause_lines=lines)
    text = outline(dashboard_html(board, zone=LONDON)).text
    words = ["Back after 23 days without it.", "Above its own normal since 10:10.",
             "A known error: PRB-17.", "Muted, until 11:20.",
             "Resolved at 08:20, not seen since."]  # fmt: skip
    for mark, told in zip(
        ["↩ back", "↗ rising", "≡ known", "∅ muted", "✓ resolved"], words, strict=True
    ):
        assert f"{mark}{line.row.title}{told}" in text
    rows = cause_csv_rows(board, LONDON)
    assert [row[rows[0].index("told")] + "." for row in rows[1:]] == [
        told[0].lower() + told[1:] for told in words
    ]
    assert [row[5] for row in rows[1:]] == ["regressed", "rising", "known", "muted", "resolved"]


def test_every_run_of_the_range_is_in_it(shown: dict[str, Dashboard]) -> None:
    text = outline(dashboard_html(shown["ledger"], zone=LONDON)).text
    assert "by ops-jane" in text
    assert "48,211" in text
    assert "10 % more records = 10 % longer" in text


def test_two_starts_of_one_minute_do_not_read_the_same(shown: dict[str, Dashboard]) -> None:
    line = next(j for j in shown["ledger"].jobs if j.history.job.job == "month-close")
    first, second = line.history.runs[-2:]
    second = dataclasses.replace(second, started=first.started + 36)
    history = dataclasses.replace(line.history, runs=(first, second))
    board = dataclasses.replace(shown["ledger"], jobs=(dataclasses.replace(line, history=history),))
    page = dashboard_html(board, zone=LONDON)
    assert page.index("Mon 22:04:36<") < page.index("Mon 22:04:00<")


def test_transactions_meanwhile_have_a_heading_of_their_own(shown: dict[str, Dashboard]) -> None:
    board = shown["ledger"]
    load = dataclasses.replace(board.relations[0], measure="transactions", sentence="No such.")
    text = outline(dashboard_html(dataclasses.replace(board, relations=(load,)))).text
    assert "transactions during the run" in text
    assert "Run time against volume" not in text


def test_nothing_is_loaded_and_nothing_runs(shown: dict[str, Dashboard]) -> None:
    page = dashboard_html(shown["shop"], b"\x89PNG", zone=LONDON)
    parsed = outline(page)
    assert not {"script", "iframe", "object", "link", "form"} & set(parsed.tags)
    names = {name for name, _ in parsed.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert ("src", "data:image/png;base64,iVBORw==") in parsed.attributes
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|href)=\"(?!data:)([^\"]*)\"", page) == ["https://wiki.example/shop"]


def test_text_of_strangers_stays_text(shown: dict[str, Dashboard]) -> None:
    original = shown["shop"]
    line = original.cause_lines[0]
    evil = dataclasses.replace(
        original,
        app=dataclasses.replace(original.app, owner=EVIL, runbook=f"javascript:{EVIL}"),
        status=dataclasses.replace(original.status, name=EVIL, headline=EVIL, sentence=EVIL + "."),
        cause_lines=(
            dataclasses.replace(
                line,
                row=dataclasses.replace(line.row, title=EVIL, hosts=(EVIL,)),
                examples=(dataclasses.replace(line.examples[0], text=EVIL),),
            ),
        ),
        strips=tuple(dataclasses.replace(s, host=EVIL) for s in original.strips),
        changes=tuple(dataclasses.replace(c, kind=EVIL, label=EVIL) for c in original.changes),
        problems=(EVIL,),
    )
    parsed = outline(dashboard_html(evil, zone=LONDON))
    assert "script" not in parsed.tags
    assert "img" not in parsed.tags
    assert not [value for name, value in parsed.attributes if name in {"href", "onerror"}]
    assert parsed.text.count(EVIL) >= 9


def test_csv_has_a_row_per_bucket_and_empty_cells_for_unknown(shown: dict[str, Dashboard]) -> None:
    rows = to_csv(series_rows(shown["ledger"])).splitlines()
    assert len(rows) == len(shown["ledger"].times) + 1
    assert rows[0].startswith("time,none,trace,debug,info,warning,error,critical,errors,normal")
    assert rows[1].startswith("2026-11-24T")
    assert ",,," in rows[1]  # latencies of a log without transactions


def test_csv_of_causes_and_runs(shown: dict[str, Dashboard]) -> None:
    causes, runs = cause_csv_rows(shown["shop"]), run_csv_rows(shown["ledger"])
    assert len(causes) == 1 + len(shown["shop"].cause_lines)
    assert {len(row) for row in causes} == {14}
    assert {len(row) for row in runs} == {14}
    assert runs[-1][8] == "twice"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|calc"])
def test_no_text_is_a_formula(text: str) -> None:
    assert to_csv([[text]]).strip('"\r\n').startswith("'")


def test_csv_keeps_numbers_and_leaves_out_controls() -> None:
    assert to_csv([[-1, 2.5, None, "a\x1b[31mb", 'say "x"']]) == '-1,2.5,,a[31mb,"say ""x"""\r\n'
