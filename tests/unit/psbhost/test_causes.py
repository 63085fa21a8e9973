"""Groups: one per cause, counts exact beyond the cap, nothing secret leaves."""

from psbhost.causes import Causes, identify
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC

HEAD = b"2026-11-24 10:00:00,123 ERROR [main] com.shop.Orders - "
recogniser = Recogniser(StampReader(UTC, 1795536000))


def add(causes, text, time=1795514400, level=5):
    record = HEAD + text
    return causes.add(record, time, level, recogniser.recognise(record))


def test_numbers_and_ids_do_not_split_a_cause():
    causes = Causes(500)
    add(causes, b"order 17 for 550e8400-e29b-41d4-a716-446655440000 failed")
    add(causes, b"order 9912 for 660e8400-e29b-41d4-a716-446655440fff failed")
    [group] = causes.reply()
    assert group["message"].startswith("order 17 for")
    assert group["minutes"] == [[1795514400, 2]]


def test_a_trace_groups_by_root_and_frame_whatever_the_message():
    causes = Causes(500)
    for words in (b"alpha", b"omega"):
        add(
            causes,
            words
            + b"\njava.lang.X: y\n\tat com.shop.A.b(A.java:3)\nCaused by: a.RootException: z\n",
        )
    [group] = causes.reply()
    assert (group["exception"], group["frame"]) == ("a.RootException", "com.shop.A.b")


def test_a_level_has_its_own_group():
    causes = Causes(500)
    add(causes, b"same words")
    add(causes, b"same words", level=4)
    assert sorted(group["level"] for group in causes.reply()) == [4, 5]


def test_beyond_the_cap_everything_is_summed_in_other():
    causes = Causes(3)
    for n in range(200):
        add(causes, b"message " + b"ghijklmnop"[n % 10 : n % 10 + 1] * (n + 1), level=4 + n % 2)
    groups = causes.reply()
    assert sum(count for group in groups for _, count in group["minutes"]) == 200
    assert sorted(group["level"] for group in groups if group["key"] == "other") == [4, 5]
    assert len(groups) == 5


def test_first_last_minutes_and_examples():
    causes = Causes(5)
    for time in (1795514461, 1795514400, 1795514520, 1795514521):
        add(causes, b"words of %d" % time, time)
    [group] = causes.reply()
    assert (group["first"], group["last"]) == (1795514400, 1795514521)
    assert group["minutes"] == [[1795514400, 1], [1795514460, 1], [1795514520, 2]]
    times = [time for time, _ in group["examples"]]
    assert times == [1795514461, 1795514400, 1795514521]


def test_examples_and_messages_are_masked_and_capped():
    causes = Causes(5)
    add(causes, b"login failed password=canary-1 \x1b[31m" + b"x" * 9000)
    [group] = causes.reply()
    text = group["message"] + group["examples"][0][1]
    assert "canary-1" not in text
    assert "\x1b" not in text
    assert len(group["examples"][0][1]) <= 4096
    assert len(group["message"]) <= 1024


def test_the_key_is_the_same_in_every_visit():
    assert add(Causes(5), b"order 1 failed") == add(Causes(5), b"order 2 failed")


def test_a_json_record_brings_its_own_message_and_stack():
    line = (
        b'{"time":"2026-11-24T10:00:00Z","level":"error","msg":"no",'
        b'"stack_trace":"a.BException: c\\n\\tat com.shop.D.e(D.java:1)"}'
    )
    _, parts = identify(line, 5, recogniser.recognise(line))
    assert parts == (b"no", b"a.BException", b"com.shop.D.e")
