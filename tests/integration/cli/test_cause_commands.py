"""What a person decides about causes, on the command line and a real store."""

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.cli.conftest import MOMENT, Psbuddy

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def db(fleet_db: str, tmp_path: Path) -> str:
    """A store of its own, because this one is written."""
    return str(shutil.copy(fleet_db, tmp_path / "own.db"))


def listed(psbuddy: Psbuddy, db: str) -> dict[str, dict[str, object]]:
    done = psbuddy("causes", "shop", "--until", MOMENT, "--json", db=db)
    return {each["cause"]: each for each in json.loads(done.out)["causes"]}


def test_merged_split_renamed_and_counted_right(psbuddy: Psbuddy, db: str) -> None:
    before = listed(psbuddy, db)
    total = sum(each["records"] for each in before.values())
    assert psbuddy("cause", "merge", "shop", "aa", "bb", db=db).code == 0
    (one,) = listed(psbuddy, db).values()
    assert (one["cause"], one["records"], one["aliases"]) == (OLD, total, 1)
    (alias,) = one["fingerprints"]
    assert (alias["fingerprint"], alias["by"]) == (NEW, "person")
    assert psbuddy("cause", "rename", "shop", "a", "<b>Pay</b> host", db=db).code == 0
    table = psbuddy("causes", "shop", "--until", MOMENT, db=db).out
    assert "<b>Pay</b> host" in table
    assert "1 further fingerprint: merged by a person" in table
    assert psbuddy("cause", "split", "shop", "b", db=db).code == 0
    after = listed(psbuddy, db)
    assert {k: v["records"] for k, v in after.items()} == {
        k: v["records"] for k, v in before.items()
    }
    assert after[OLD]["title"] == "<b>Pay</b> host"


def test_marks_are_shown_and_taken_away(psbuddy: Psbuddy, db: str) -> None:
    done = psbuddy("cause", "known", "shop", "b", "PRB-17", "--until", "2027-01-01", db=db)
    assert (done.code, done.out) == (0, "")
    assert "is a known error" in done.err
    assert listed(psbuddy, db)[NEW]["state"] == "known"
    shown = psbuddy("cause", "show", "shop", "b", db=db).out
    assert "known until 1 Jan" in shown and "(PRB-17)" in shown
    assert "deployment 4.18.2 in force" in shown
    psbuddy("cause", "mute", "shop", "a", "b", db=db)
    assert {each["state"] for each in listed(psbuddy, db).values()} == {"muted"}
    psbuddy("cause", "resolve", "shop", "a", db=db)
    psbuddy("cause", "unmark", "shop", "b", db=db)
    states = {name: each["state"] for name, each in listed(psbuddy, db).items()}
    assert states == {OLD: "resolved", NEW: "new"}


def test_the_story_is_whole_as_json(psbuddy: Psbuddy, db: str) -> None:
    story = json.loads(psbuddy("cause", "show", "shop", "b", "--json", db=db).out)["cause"]
    assert story["words"]["cause"] == NEW
    assert story["deployment"]["label"] == "4.18.2"
    assert [each["fingerprint"] for each in story["aliases"]] == [NEW]
    assert story["examples"]


def test_what_cannot_be_decided_is_wrong_use_and_changes_nothing(psbuddy: Psbuddy, db: str) -> None:
    for arguments, says in (
        (("mute", "shop", "zzz"), "shop has no cause 'zzz'"),
        (("merge", "shop", "a", "aa"), "two different causes"),
        (("split", "shop", "a"), "nothing to split"),
        (("show", "shpo", "a"), 'Did you mean "shop"'),
        (("show", "shop", "zzz"), "shop has no cause"),
        (("known", "shop", "a", "--until", "soon"), "is no time"),
    ):
        done = psbuddy("cause", *arguments, db=db)
        assert (done.code, done.out) == (2, "")
        assert says in done.err
    assert {each["state"] for each in listed(psbuddy, db).values()} == {"ongoing", "new"}
    missing = psbuddy("cause", "mute", "shop", "a", db=db + ".none")
    assert missing.code == 1 and "no store at" in missing.err


def test_the_list_tells_states_by_shape_and_word(psbuddy: Psbuddy, db: str) -> None:
    assert psbuddy("cause", "known", "shop", OLD, "PRB-17", db=db).code == 0
    table = psbuddy("causes", "shop", "--until", MOMENT, db=db).out
    assert "≡ known" in table
    assert "A known error: PRB-17." in table
    assert "◇ new" in table
    assert listed(psbuddy, db)[OLD]["told"] == "a known error: PRB-17"
