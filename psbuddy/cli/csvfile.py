"""CSV that a spreadsheet shows as it is: text from a log never becomes a formula there."""

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

#: A cell that begins with one of these is a formula, a command or worse to some spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """The value as a cell: empty where it is not known, text that cannot be a formula."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    if isinstance(value, bytes):
        return value.hex()
    return value


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a file in one step and return the number of rows. UTF-8 with a mark, for Excel."""
    written = 0
    partial = file.with_name(f".{file.name}.part")
    with partial.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe_cell(value) for value in row])
            written += 1
    partial.replace(file)
    return written
