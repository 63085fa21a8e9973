"""How many records of labelled logs are told where they begin, when they were and how grave.

`PSBUDDY_LABELLED=DIR` with `NAME/NAME_2k.log` and `NAME/NAME_2k.log_structured.csv`: raw lines
through `psbuddy scan --assign`, without a hint. Each line of such a file is a record. Minute and
second are held against the label's time, levels against its level, where it has one.
"""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from psbhost import levels  # noqa: E402

_CLOCK = re.compile(r"\d\d:?([0-5]\d):?([0-5]\d)(?:\D|$)")


def assigned(path: Path) -> list[list[str]]:
    """line, record, time, level, cause of each line, as the command line tells them."""
    command = "import sys; from psbuddy.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", command, "scan", "--assign", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [row.split("\t") for row in done.stdout.splitlines()]


def labels(path: Path) -> list[dict[str, str]]:
    """The rows of the labels beside a log."""
    with Path(f"{path}_structured.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wanted_level(label: dict[str, str]) -> str | None:
    """The level a label names; None where its column holds something else (a host, a thread)."""
    number = levels.from_word(label.get("Level", "").encode("utf-8", "replace"))
    return levels.NAMES[number] if number else None


def wanted_clock(label: dict[str, str]) -> tuple[str, str] | None:
    """Minute and second of a label's time."""
    found = _CLOCK.search(label.get("Time", ""))
    return found.groups() if found else None


def score(path: Path) -> tuple[Counter[str], list[str]]:
    """Sums of what was to be found and what was, and the lines that failed."""
    sums: Counter[str] = Counter()
    wrong = []
    before = ""
    raw = path.read_text("utf-8", errors="surrogateescape").split("\n")
    for row, label, line in zip(assigned(path), labels(path), raw, strict=False):
        clock, level = wanted_clock(label), wanted_level(label)
        began = row[1] != before and bool(row[1])
        right = clock is None or row[2][14:19] == ":".join(clock)
        same = row[3] == level if level else not row[3]
        before = row[1]
        sums.update(lines=1, records=began, levels=level is not None, timed=clock is not None)
        sums.update(times=right and clock is not None, graded=same and level is not None)
        sums.update(invented=level is None and not same)
        if not (began and right and same):
            wrong.append(f"{row[1:4]} for {clock} {level}: {line[:160]}")
    return sums, wrong


def main() -> int:
    folder = os.environ.get("PSBUDDY_LABELLED")
    if not folder:
        print("PSBUDDY_LABELLED names no folder of labelled logs")
        return 0
    failed = 0
    print(f"{'':<12} records     times       levels      levels invented")
    for path in sorted(Path(folder).glob("*/*_2k.log")):
        sums, wrong = score(path)
        parts = [("records", "lines"), ("times", "timed"), ("graded", "levels")]
        shares = [f"{sums[a]}/{sums[b]}" for a, b in parts]
        print(f"{path.parent.name:<12} {''.join(f'{s:<12}' for s in shares)}{sums['invented']}")
        for line in wrong[:5]:
            print(f"      {line}")
        failed += bool(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
