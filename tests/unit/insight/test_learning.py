"""Learning which causes are one: what is joined, what never is, and that order is no matter."""

import random
from collections import Counter

import pytest

from psbuddy.insight import learning
from psbuddy.insight.causes import RawCause, identify
from psbuddy.insight.learning import Merge, Seen, learn
from psbuddy.insight.slots import Pattern
from psbuddy.model.terms import Level
from tests.support import grouping_corpus as corpus


def seen(messages: list[str], exception: str = "", frame: str = "") -> tuple[Seen, ...]:
    """Causes of messages, as a store knows them."""
    counts: Counter[tuple[str, str]] = Counter()
    for message in messages:
        got = identify(RawCause("", Level.ERROR, message, exception, frame, 0, 0))
        counts[got.fingerprint, got.template] += 1
    return tuple(
        Seen(fingerprint, template, records, exception, frame)
        for (fingerprint, template), records in counts.items()
    )


def only(messages: list[str]) -> Merge:
    (merge,) = learn(seen(messages))
    return merge


QUEUES = [f"queue {name} is full" for name in ("orders", "refunds")]
USERS = [f"login of {name} refused" for name in ("ann", "bob", "cem", "dee", "eve")]


def test_a_name_behind_the_noun_that_announces_it_is_a_value() -> None:
    merge = only(QUEUES)
    assert merge.template == "queue <*> is full"
    assert len(merge.members) == 2
    assert merge.cause in merge.members
    assert merge.why == "2 different words after “queue” (orders, refunds)"


def test_five_different_words_make_a_value_and_four_do_not() -> None:
    assert only(USERS).template == "login of <*> refused"
    assert learn(seen(USERS[:4])) == ()


def test_names_with_dots_or_humps_are_values_sooner() -> None:
    names = ["cartTotal", "tax.rate", "stock_level"]
    assert only([f"no value of {name} known" for name in names]).template == "no value of <*> known"


@pytest.mark.parametrize(
    "messages",
    [
        [f"{verb} the nightly import" for verb in ["Starting", "Stopping", "Pausing", "Resuming"]],
        [f"{unit} startup succeeded" for unit in ["crond", "sshd", "klogd", "portmap", "cupsd"]],
        [f"job is {state} now" for state in ["QUEUED", "RUNNING", "DONE", "FAILED", "HELD"]],
        ["disk is full", "disk is empty"],
        ["request failed", "request failed twice"],
    ],
    ids=["verbs", "first words", "states", "two words", "another word"],
)
def test_statements_that_tell_different_things_stay_apart(messages: list[str]) -> None:
    assert learn(seen(messages)) == ()


def test_a_word_where_others_have_a_masked_value_is_a_value() -> None:
    merge = only(["tag=AudioMix of host web01 lost", "tag=9f4ef63a of host web01 lost"])
    assert merge.template == "tag=<*> of host <*> lost"


def test_two_places_that_vary_together_are_values() -> None:
    words = ["orders", "refunds", "stock", "tax", "quotes", "ledger"]
    pairs = zip(words, words[1:] + words[:1], strict=True)
    merge = only([f"lost link [{one}] towards [{other}]" for one, other in pairs])
    assert merge.template == "lost link [<*>] towards [<*>]"


def test_traces_are_never_joined_by_their_message() -> None:
    frames = [seen([text], "ValueError", f"shop.cart.{n}")[0] for n, text in enumerate(USERS)]
    assert learn(frames) == ()
    assert len(learn(seen(USERS, "ValueError"))) == 1
    mixed = [seen([text], f"E{n}Error")[0] for n, text in enumerate(USERS)]
    assert learn(mixed) == ()


def test_the_survivor_is_the_most_frequent_and_the_key_needs_no_members() -> None:
    few, many = learn(seen(USERS))[0], learn(seen([*USERS, *USERS[:1], "login of fay refused"]))[0]
    assert many.cause == seen(USERS[:1])[0].fingerprint
    assert set(few.members) < set(many.members)
    assert few.key == many.key


def groups(messages: list[str]) -> list[str]:
    """One cause a message: the fingerprint, or the one it was merged into."""
    found = [
        identify(RawCause("", Level.ERROR, text, "", "", 0, 0)).fingerprint for text in messages
    ]
    alias = {name: merge.key for merge in learn(seen(messages)) for name in merge.members}
    return [alias.get(name, name) for name in found]


@pytest.mark.parametrize("system", corpus.SYSTEMS)
def test_statements_of_many_systems_are_told_apart(system: str) -> None:
    lines = list(corpus.lines(system, 1500, seed=7))
    truth: dict[str, set[int]] = {}
    found: dict[str, set[int]] = {}
    for number, (line, cause) in enumerate(
        zip(lines, groups([line.message for line in lines]), strict=True)
    ):
        truth.setdefault(line.statement, set()).add(number)
        found.setdefault(cause, set()).add(number)
    whole = [each for each in found.values() if each in truth.values()]
    assert sum(map(len, whole)) / len(lines) >= 0.97
    assert 2 * len(whole) / (len(found) + len(truth)) >= 0.93


@pytest.mark.parametrize("system", corpus.SYSTEMS)
def test_order_and_repetition_make_no_difference(system: str) -> None:
    messages = [line.message for line in corpus.lines(system, 400, seed=3)]
    first = dict(zip(messages, groups(messages), strict=True))
    random.Random(5).shuffle(messages)
    assert dict(zip(messages, groups(messages), strict=True)) == first


@pytest.mark.parametrize("system", corpus.SYSTEMS)
def test_more_records_never_part_what_was_joined(system: str) -> None:
    messages = [line.message for line in corpus.lines(system, 600, seed=11)]
    known = {name: merge for merge in learn(seen(messages)) for name in merge.members}
    for merge in learn(seen(messages[:200])):
        assert {known[name].key for name in merge.members} == {known[merge.cause].key}


def _compared(messages: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pairs of statements were held against each other word by word."""
    count = 0
    fits = learning.fits

    def counted(pattern: Pattern, words: Pattern) -> bool:
        nonlocal count
        count += 1
        return fits(pattern, words)

    with monkeypatch.context() as patch:
        patch.setattr(learning, "fits", counted)
        assert len(learn(seen(messages))) == len(messages) // 10
    return count


def test_four_times_the_statements_are_four_times_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def statements(number: int) -> list[str]:
        """Ten names in each of many statements."""
        draw = random.Random(number)
        name = ["".join(draw.choices("aeioklmnprst", k=7)) for _ in range(number)]
        return [
            f"{name[n // 10]} is not part of {name[n]} any more, {name[n // 10]} goes on"
            for n in range(number)
        ]

    small, large = (_compared(statements(number), monkeypatch) for number in (500, 2_000))
    assert 500 < small < large < 5 * small
