"""The plan of a visit: what continues, what is new, what is lost."""

from psbhost.assign import Assigner
from psbhost.positions import Evidence

NOW = 4_000_000_000  # later than any file that is written here


def plan_for(path, known=(), now=NOW, history=0):
    return Assigner(str(path), list(known), now, history).run()


def position(source, offset):
    evidence = Evidence(source, 0)
    evidence.advance(source.head(offset))
    return evidence.position({})


def first(path, text="one\ntwo\n", offset=4):
    path.write_text(text)
    plan = plan_for(path)
    found = position(plan.reads[0][0], offset)
    plan.close()
    return found


def test_a_renamed_file_is_continued_before_its_successor_is_begun(tmp_path):
    path = tmp_path / "a.log"
    known = first(path)
    path.rename(tmp_path / "a.log.1")
    path.write_text("three\n")
    plan = plan_for(path, [known])
    assert [(source.path, found) for source, found in plan.reads] == [
        (str(tmp_path / "a.log.1"), known),
        (str(path), None),
    ]
    plan.close()


def test_a_file_under_two_names_is_read_once(tmp_path):
    (tmp_path / "a.log").write_text("x\n")
    (tmp_path / "b.log").hardlink_to(tmp_path / "a.log")
    plan = plan_for(tmp_path / "*.log")
    assert len(plan.reads) == 1
    plan.close()


def test_what_is_lost_is_told_with_its_bytes(tmp_path):
    path = tmp_path / "a.log"
    known = first(path)
    path.unlink()
    path.write_text("other content\n")
    plan = plan_for(path, [known])
    [gap] = plan.gaps
    assert (gap[1], gap[3]) == (NOW, 4)
    plan.close()


def test_a_missing_file_keeps_its_position(tmp_path):
    known = first(tmp_path / "a.log")
    (tmp_path / "a.log").unlink()
    plan = plan_for(tmp_path / "a.log", [known])
    assert (plan.keep, plan.gaps, plan.missing) == ([known], [], True)
