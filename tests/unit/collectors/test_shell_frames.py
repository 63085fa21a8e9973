"""Answers of a host's shell: whole or nothing, whatever else comes over the line."""

import gzip
import subprocess

import pytest

from collectors.shell_frames import AnswerReader, ShellFrameError, cksum, question


def answer(
    body: bytes, *, number: int = 7, nonce: str = "abc", total: bytes | None = None
) -> bytes:
    told = b"%d %d" % (cksum(body), len(body)) if total is None else total
    return b"\x01PSBSH %d\n%s\nPSBSHEND %d %s %s\n" % (number, body, number, nonce.encode(), told)


@pytest.mark.parametrize("data", [b"", b"a", b"\0" * 70_000, bytes(range(256)) * 999])
def test_the_checksum_is_that_of_cksum(data: bytes) -> None:
    said = subprocess.run(["cksum"], input=data, capture_output=True, check=True).stdout
    assert said.split() == [b"%d" % cksum(data), b"%d" % len(data)]


def test_an_answer_comes_in_any_pieces_behind_noise() -> None:
    reader = AnswerReader.of(7, "abc")
    stream = b"motd\n\x01PSBSH 6\nold" + answer(b"one\ntwo")
    found = [reader.feed(bytes([byte])) for byte in stream]
    assert found[:-1] == [None] * (len(stream) - 1)
    assert found[-1] == b"one\ntwo"


def test_packed_answers_are_unpacked() -> None:
    assert AnswerReader.of(7, "abc").feed(answer(gzip.compress(b"x" * 9999))) == b"x" * 9999


def test_a_log_cannot_end_an_answer() -> None:
    inner = b"line\nPSBSHEND 7 guess 1 2\nPSBSHEND 6 abc 1 2\nmore"
    assert AnswerReader.of(7, "abc").feed(answer(inner)) == inner


def test_a_cut_answer_is_none() -> None:
    assert AnswerReader.of(7, "abc").feed(answer(b"one")[:-1]) is None


@pytest.mark.parametrize("total", [b"1 3", b"%d 4" % cksum(b"one"), b"x", b"1"])
def test_a_wrong_checksum_is_an_error(total: bytes) -> None:
    with pytest.raises(ShellFrameError, match="checksum"):
        AnswerReader.of(7, "abc").feed(answer(b"one", total=total))


def test_a_host_without_a_checksum_is_believed_by_its_nonce() -> None:
    assert AnswerReader.of(7, "abc").feed(answer(b"one", total=b"")) == b"one"


def test_what_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.shell_frames.UNPACKED_CAP", 1000)
    with pytest.raises(ShellFrameError, match="more than 1000 bytes unpacked"):
        AnswerReader.of(7, "abc").feed(answer(gzip.compress(b"x" * 9999)))


def test_endless_noise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.shell_frames.NOISE_CAP", 1000)
    with pytest.raises(ShellFrameError, match="other output"):
        AnswerReader.of(7, "abc").feed(b"y" * 2000)


def test_a_question_names_its_nonce() -> None:
    assert question(3, "n", b"clock -\n.\n") == b"PSBSH 3 n clock -\n.\n"
