"""What strangers wrote cannot steer a terminal; what is not known is null in JSON."""

import json

import numpy as np
import pytest

from psbuddy.cli.output import cell, console, jsonable, plain, print_json, table
from psbuddy.model.observation import Gap
from psbuddy.model.terms import State


def test_control_characters_are_made_visible() -> None:
    assert plain("a\x1b[2Jb\r\n\u202ec") == "a\\x1b[2Jb\\x0d\\x0a\\x202ec"


def test_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * 30, cap=10) == "x" * 10 + "… (20 more characters)"


def test_markup_and_emoji_stay_letters(capsys: pytest.CaptureFixture[str]) -> None:
    found = table(["Cause"])
    found.add_row(cell("[red]not red[/red] :boom: [link=x]y[/link]"))
    console().print(found)
    assert "[red]not red[/red] :boom: [link=x]y[/link]" in capsys.readouterr().out


def test_values_become_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(
        {
            "now": 1795521600,
            "since": 0,
            "state": State.UP,
            "series": np.array([1.0, np.nan]),
            "whole": np.int64(3),
            "gap": Gap(1795521600, 0, "asleep", 12),
            "flag": True,
            "raw": b"\x01\xff",
            "names": ("ä", None),
        }
    )
    assert json.loads(capsys.readouterr().out) == {
        "now": "2026-11-24T12:00:00Z",
        "since": None,
        "state": "up",
        "series": [1.0, None],
        "whole": 3,
        "gap": {
            "from_time": "2026-11-24T12:00:00Z",
            "to_time": None,
            "reason": "asleep",
            "bytes": 12,
        },
        "flag": True,
        "raw": "01ff",
        "names": ["ä", None],
    }


def test_infinity_is_null() -> None:
    assert jsonable([float("inf"), -0.5]) == [None, -0.5]
