"""When a place holds a value, and that more words never take that back."""

import random

import pytest

from psbuddy.insight.slots import VALUE, crossed, is_beside_value, is_value, taught

WORDS = [
    "orders", "refunds", "mill", "oven", "red", "Mixer", "Filler", "tax_id", "sum.total", "ACTIVE",
    "DOWN", "started", "stopped", "full", "up", "cartTotal", VALUE, "A", "king", "lost",
]  # fmt: skip
PATTERNS = [
    (("queue", VALUE, "is", "here"), 1), ((VALUE, "of", "the", "day"), 0), (("state", VALUE), 1),
    (("in", "line", VALUE, "seen"), 2), (("key", VALUE, VALUE, "gone"), 2),
]  # fmt: skip


def test_more_words_never_take_a_value_back() -> None:
    draw = random.Random(1)
    seen = 0
    for _ in range(4_000):
        few = set(draw.sample(WORDS, draw.randint(1, 12)))
        many = few | set(draw.sample(WORDS, draw.randint(1, 8)))
        names = set(draw.sample(WORDS, 4)) - {VALUE}
        pattern, place = draw.choice(PATTERNS)
        signs = set(draw.sample(["queue", "=", ":", "line"], draw.randint(1, 2)))
        if is_value(pattern, place, signs, few, names):
            seen += 1
            assert is_value(pattern, place, signs | {"("}, many, names | {"mill"})
        assert not is_beside_value(pattern, few) or is_beside_value(pattern, many)
        assert taught(few) <= taught(many)
        pairs = {(one, other) for one in few for other in list(many)[:4]}
        assert not crossed(pairs) or crossed(pairs | {("mill", "lost"), ("up", "A")})
    assert 400 < seen < 3_600


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["orders", "refunds"], True),
        (["full", "empty"], False),
        (["orders", "stopped"], False),
        (["RUNNING", "STOPPED", "HELD", "DONE"], False),
    ],
)
def test_an_announced_name_is_no_state(words: list[str], value: bool) -> None:
    assert is_value(("queue", VALUE, "was", "seen"), 1, {"queue"}, words) is value
