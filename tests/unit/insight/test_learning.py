"""Learning which causes are one: what is joined, what never is, and that order is no matter."""

import random
from collections import Counter

import pytest

from psbuddy.insight import slots
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


def test_the_more_is_said_around_a_place_the_fewer_words_make_it_a_value() -> None:
    assert only(USERS[:4]).template == "login of <*> refused"
    assert learn(seen(USERS[:3])) == ()
    much = [
        f"no room is left on {place} for the nightly copy" for place in ("mill", "oven", "belt")
    ]
    assert only(much).template == "no room is left on <*> for the nightly copy"
    assert learn(seen(much[:2])) == ()
    few = [f"lost {name}" for name in ("mill", "oven", "belt", "scale", "pump")]
    assert learn(seen([f"{text} now" for text in few[:4]])) == ()
    assert len(only([f"{text} now" for text in few]).members) == 5


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
        ["service mail is up", "service mail is down"],
        ["queue full", "queue empty", "queue closed"],
        [
            f"part 7 was {verb} by hand"
            for verb in ["taken", "stopped", "checked", "lost", "removed"]
        ],
        ["14 files loaded from disk", "14 files deleted from disk"],
        ["order 17 filled: 5 at 3", "order 17 partially filled: 5 at 3"],
        ['it said: "Connection was Lost"', 'it said: "Disk Full"', "it said: 'timeout'"],
        ["reading from disk a, b", "reading from disk failed, again"],
        ["request failed", "request failed twice"],
    ],
    ids=[
        "verbs",
        "first words",
        "states",
        "two words",
        "opposites",
        "announced states",
        "endings",
        "what was counted",
        "an adverb",
        "what was said",
        "a comma",
        "another word",
    ],
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


@pytest.mark.parametrize(
    "messages",
    [
        ["copied 1 file to disk", "copied 14 files to disk"],
        ["1 entry was left in cache", "3 entries were left in cache"],
        ["dropped tax_id of table a_b", "dropped tax_id, order_id and sum_total of table a_b"],
        ["mail for 10.1.1.1 went out", "mail for 10.1.1.1, 10.1.1.2 and 10.1.1.3 went out"],
        ["report 'Sales' was sent to disk", "report 'Sales of the Year' was sent to disk"],
        ["limit of 5 exceeded by 3 bar", "limit of 5 exceeded by 3 psi"],
        ["paid USD 12.50 to account 5", "paid 12.50 EUR to account 5", "paid $12.50 to account 5"],
        ["connection of peer closed in=5", "connection of peer closed in=5, out=7 lost=3"],
    ],
    ids=["plural", "verbs of many", "names", "values", "a name", "units", "money", "pairs"],
)
def test_what_one_statement_says_in_several_ways_is_one(messages: list[str]) -> None:
    assert len(only(messages).members) == len(seen(messages))


def test_names_known_from_one_statement_are_names_in_others() -> None:
    names = ["ann", "bob", "cem", "dee", "eve"]
    common = [f"login of {name} refused" for name in names]
    rare = ["job 17 was given to ann by hand", "job 18 was given to dee by hand"]
    assert learn(seen(rare)) == ()
    assert {merge.template for merge in learn(seen([*common, *rare]))} == {
        "login of <*> refused", "job <*> was given to <*> by hand"
    }  # fmt: skip


def test_two_places_that_vary_each_by_itself_are_values() -> None:
    pairs = [(one, other) for one in ("mill", "oven", "belt") for other in ("red", "blue", "pink",
             "teal")]  # fmt: skip
    merge = only([f"alarm of {one} in colour {other} seen" for one, other in pairs])
    assert merge.template == "alarm of <*> in colour <*> seen"
    verbs = [f"part of {one} was {other} there" for one in ("mill", "oven", "belt")
             for other in ("stopped", "started", "lost", "checked")]  # fmt: skip
    assert [len(merge.members) for merge in learn(seen(verbs))] == [3] * 4  # names, not verbs


def test_a_part_of_a_value_belongs_to_it() -> None:
    racks = ["gpu", "cn", "big", "log"]
    many = [f"step ran on {rack}[12-17] with luck" for rack in racks]
    assert len(only(["step ran on gpu12 with luck", *many]).members) == 5


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


@pytest.mark.parametrize("system", [*corpus.SYSTEMS, *corpus.UNLIKE])
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
    least = (0.50, 0.50) if system in corpus.UNLIKE else (0.97, 0.93)
    assert sum(map(len, whole)) / len(lines) >= least[0]
    assert 2 * len(whole) / (len(found) + len(truth)) >= least[1]
    # What is joined that tells different things is worse than what is not joined.
    mixed = [each for each in found.values() if len({lines[n].statement for n in each}) > 1]
    assert sum(map(len, mixed)) <= 0.01 * len(lines)


@pytest.mark.parametrize("system", [*corpus.SYSTEMS, *corpus.UNLIKE])
def test_order_and_repetition_make_no_difference(system: str) -> None:
    messages = [line.message for line in corpus.lines(system, 400, seed=3)]
    first = dict(zip(messages, groups(messages), strict=True))
    random.Random(5).shuffle(messages)
    assert dict(zip(messages, groups(messages), strict=True)) == first


@pytest.mark.parametrize("system", [*corpus.SYSTEMS, *corpus.UNLIKE])
def test_more_records_never_part_what_was_joined(system: str) -> None:
    messages = [line.message for line in corpus.lines(system, 600, seed=11)]
    known = {name: merge for merge in learn(seen(messages)) for name in merge.members}
    for merge in learn(seen(messages[:200])):
        assert {known[name].key for name in merge.members} == {known[merge.cause].key}


def _compared(messages: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pairs of statements were held against each other word by word."""
    count = 0

    def counted(pattern: Pattern, words: Pattern) -> bool:
        nonlocal count
        count += 1
        return slots.fits(pattern, words)

    with monkeypatch.context() as patch:
        patch.setattr("psbuddy.insight.known.fits", counted)
        assert len(learn(seen(messages))) == len(messages) // 10
    return count


def test_four_times_the_statements_are_four_times_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def statements(number: int) -> list[str]:
        """Ten names in each of many statements, each of which begins with another verb."""
        draw = random.Random(number)
        name = ["".join(draw.choices("aeioklmnprst", k=7)) for _ in range(number)]
        return [
            f"{name[n // 10]}ed all the rest of {name[n]} once again, and went on"
            for n in range(number)
        ]

    small, large = (_compared(statements(number), monkeypatch) for number in (500, 2_000))
    assert 500 < small < large < 5 * small


def test_a_clause_that_holds_a_value_may_be_left_out() -> None:
    sold = [
        "order 7 was filled at 3",
        *(f"order 7 was filled at 3 on {at}" for at in ("XLON", "XPAR", "BATE")),
    ]
    assert len(only(sold).members) == 4
    said = ["link of 7 to peer went down", "link of 7 vrf 12 zone to peer went down"]
    assert len(only(said).members) == 2
    assert learn(seen(["link of peer went down", "link of peer went down again"])) == ()


def test_what_someone_wrote_is_a_value() -> None:
    draw = random.Random(5)
    words = ["late", "parcel", "again", "please", "rack", "noise", "door", "spare"]
    texts = [" ".join(draw.choices(words, k=draw.randint(1, 6))) for _ in range(20)]
    assert len(only([f"note of clerk: {text}" for text in texts]).members) == len(set(texts))
    statements = ["note of clerk: saved", "note of clerk: sent to printer", "note of clerk: lost"]
    assert learn(seen(statements)) == ()


def test_states_in_all_combinations_are_values_and_codes_never_are() -> None:
    states = ("UP", "DOWN", "READY")
    moves = [f"link of peer went from {one} to {other}" for one in states for other in states]
    assert len(only(moves).members) == 9
    codes = [f"IEF{n}I step of the nightly job was run" for n in range(401, 420)]
    assert learn(seen(codes)) == ()
