"""Long tables as CSV files: written in pieces, put in place in one step."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from psbuddy.report.csv import Cell, to_csv

_ROWS = 5_000


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a file and return the number of rows. UTF-8 with a mark, for spreadsheets.

    Text that a spreadsheet would take for a formula is defused by `psbuddy.report.csv`.
    """
    written = 0
    partial = file.with_name(f".{file.name}.part")
    with partial.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(to_csv([header]))
        waiting = iter(rows)
        while piece := list(islice(waiting, _ROWS)):
            stream.write(to_csv(piece))
            written += len(piece)
    partial.replace(file)
    return written
