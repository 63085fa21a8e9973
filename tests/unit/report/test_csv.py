"""CSV files in pieces, harmless to a spreadsheet."""

import csv
from pathlib import Path

from psbuddy.report.csv import write_csv


def read(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_many_rows_in_pieces_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [(number, f'zeile, {number} "x"', None) for number in range(12_001)]
    assert write_csv(tmp_path / "a.csv", iter([("a", "b", "c"), *rows])) == 12_001
    found = read(tmp_path / "a.csv")
    assert found[0] == ["a", "b", "c"]
    assert found[1:] == [[str(a), b, ""] for a, b, _ in rows]
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_a_formula_from_a_log_is_text(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "a.csv", [["x"], ["=cmd|' /C calc'!A0"], ["@SUM(1)"], ["+1"], ["-1"], [-1]]
    )
    assert [row[0][0] for row in read(tmp_path / "a.csv")[1:]] == ["'", "'", "'", "'", "-"]
