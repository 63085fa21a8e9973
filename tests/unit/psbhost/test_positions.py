"""Evidence: content decides, the inode only hints."""

import pytest
from psbhost import positions
from psbhost.sources import Source

TEXT = b"".join(b"record %d of a log\n" % n for n in range(500))


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "a.log"
    found.write_bytes(TEXT)
    return found


def taken(path, offset):
    source = Source(str(path))
    evidence = positions.Evidence(source, 0)
    evidence.see(0, TEXT)
    evidence.advance(TEXT[:offset])
    source.close()
    return evidence.position({"t": 5})


def continues(path, position):
    source = Source(str(path))
    found = positions.matches(source, position)
    source.close()
    return found


@pytest.mark.parametrize("offset", [0, 10, 700, 5000, len(TEXT)])
def test_a_copy_with_another_inode_continues(path, tmp_path, offset):
    position = taken(path, offset)
    copy = tmp_path / "b.log"
    copy.write_bytes(TEXT + b"more\n")
    assert continues(copy, position)


@pytest.mark.parametrize("change", [5, 4990])
def test_the_same_inode_with_other_content_does_not(path, change):
    position = taken(path, 5000)
    with path.open("r+b") as out:
        out.seek(change)
        out.write(b"#")
    assert not continues(path, position)


def test_a_shorter_file_does_not(path):
    position = taken(path, 5000)
    path.write_bytes(TEXT[:4999])
    assert not continues(path, position)


def test_an_empty_file_is_known_by_its_inode(tmp_path):
    empty, other = tmp_path / "e", tmp_path / "f"
    empty.touch()
    other.write_text("x")
    source = Source(str(empty))
    position = positions.Evidence(source, 0).position({})
    source.close()
    assert continues(empty, position)
    assert not continues(other, position)


def test_what_a_position_carries(path):
    assert positions.carry_of(taken(path, 10)) == {"t": 5}
    assert positions.carry_of({"carry": "nonsense"}) == {}
    assert positions.carry_of({"carry": "[1]"}) == {}


def test_a_position_from_outside_is_checked(path):
    good = taken(path, 10)
    assert positions.valid(good)
    for name, value in (("offset", -1), ("offset", True), ("path", 3), ("head_hash", None)):
        assert not positions.valid({**good, name: value})
    assert not positions.valid(None)
