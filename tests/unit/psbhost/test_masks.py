"""Planted secrets never leave; ordinary text stays as it is."""

import random
import time

import pytest
from psbhost.masks import masked, plain

from tests.support.planted import HARMLESS, PLANTED
from tests.support.realprogram import ask, visit


@pytest.mark.parametrize(("text", "secret"), PLANTED, ids=[str(n) for n in range(len(PLANTED))])
def test_a_planted_secret_is_masked(text, secret):
    found = masked(text)
    assert secret not in found, found
    assert any(mark in found for mark in ("***", "[card]", "[iban]", "[e-mail]", "[ssn]", "[priv"))


def test_the_plants_are_many_and_of_many_kinds():
    assert len(PLANTED) >= 150
    assert len({secret for _, secret in PLANTED}) >= 25


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays(text):
    assert masked(text) == text


def test_ordinary_texts_are_many():
    assert len(HARMLESS) >= 200


def test_no_planted_secret_leaves_the_host(tmp_path):
    """In messages, examples, events, lines and samples: the bytes of real replies are searched."""
    log = tmp_path / "app.log"
    rows = []
    for number, (text, _) in enumerate(PLANTED):
        word = "".join(random.Random(number).choices("ghjklmnpqrstvwxyz", k=12))
        rows.append(f"2026-11-24 10:00:01,123 ERROR [main] c.F - {word} {text}")
        rows.append(f"2026-11-24 10:00:01,123 INFO [main] c.F - job {word} done by {text}")
    log.write_text("\n".join(rows) + "\n")
    jobs = [{"job": "j", "finish": r"job (?P<period>\w+) done by (?P<actor>.*)"}]
    changes = [{"kind": "deployment", "pattern": r"done (?P<label>by .*)"}]
    lines = {"op": "lines", "path": str(log), "around": {"text": "job"}, "before": 2000,
             "after": 2000, "cap": 1 << 22}  # fmt: skip
    discover = {"op": "discover", "folders": [str(tmp_path)], "seconds": 3}
    answer = ask(visit(log, jobs=jobs, changes=changes), lines, discover)
    _, visited, read, found = answer.documents
    assert len(visited["logs"][0]["causes"]) > 100
    assert len(visited["logs"][0]["jobs"]) == len(PLANTED)
    assert len(read["lines"]) > 100
    assert found["logs"][0]["sample"]
    sent = (answer.raw + answer.unpacked).decode("utf-8", "replace")
    long = {secret for _, secret in PLANTED if len(secret) > 6}  # 4711 may be a count
    assert [secret for secret in long if secret in sent] == []


def test_a_private_key_never_leaves_line_by_line():
    rng = random.Random(3)
    body = ["".join(rng.choices("ABCDEFabcdefghijk0123456789+/", k=64)) for _ in range(5)]
    assert [plain(line.encode(), 200) for line in body] == ["[key]"] * 5
    whole = "-----BEGIN PRIVATE KEY-----\n" + "\n".join(body) + "\n-----END PRIVATE KEY-----"
    assert masked(f"x {whole} y") == "x [private key] y"
    assert masked(whole[:-30]) == "[private key]"


def test_plain_text_has_no_control_characters_and_a_cap():
    assert plain(b"a\x1b[31mb\x00c\td\r\ne\xff", 100) == "abc\td\ne�"
    assert plain(b"pass\x00word=\x1b[31mk4n4ry", 100) == "password=***"
    assert len(plain(b"x" * 5000, 100)) == 100


def test_what_a_cut_leaves_of_a_secret_does_not_leave():
    text = b"password=" + b"S" * 1000 + b" " + b"y" * 760 + b" card 4111 1111 1111 1111"
    for cap in range(850, 900):
        assert "4111 1" not in plain(text, cap)


@pytest.mark.parametrize(
    "piece",
    ["a.", "a@", "token", "password=", "1 ", "\"", "eyJ", "-p ", "x:y@", "://a:", "<password>",
     "cookie: ", "authorization: ", "DE12", "\\\"", "AKIA", "A1b", "-----BEGIN PRIVATE KEY-----",
     "identified by ", "basic ", "/@", "%40a."],
)  # fmt: skip
def test_masking_is_linear(piece):
    def seconds(text):
        start = time.process_time()
        masked(text)
        return time.process_time() - start

    short, long = piece * (4_000 // len(piece)), piece * (64_000 // len(piece))
    assert seconds(long) < 100 * max(0.002, min(seconds(short) for _ in range(3)))
