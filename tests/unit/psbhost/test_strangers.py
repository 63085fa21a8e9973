"""Time and level of every line of systems that are unlike those the rules were made on."""

from pathlib import Path

import pytest
from psbhost.levels import NAMES
from psbhost.main import handle

from tests.support import strangers


@pytest.mark.parametrize("system", [*strangers.DEV, *strangers.HELD])
def test_every_line_has_its_time_and_the_level_it_tells(system: str, tmp_path: Path) -> None:
    lines = list(strangers.lines(system, 1000, seed=4))
    path = tmp_path / "a.log"
    path.write_text("".join(f"{line.text}\n" for line in lines), encoding="utf-8")
    rows = handle({"op": "assign", "path": str(path), "offset": 0, "carry": "{}"})["rows"]
    assert [row[0] for row in rows] == [1] * len(lines)
    for line, (_, moment, level, *_) in zip(lines, rows, strict=True):
        assert moment == int(line.time.timestamp()), line.text
        if system not in strangers.UNGRADED and (system, line.level) != ("pods", "N"):
            assert NAMES[level] == strangers.LEVELS[line.level], line.text
