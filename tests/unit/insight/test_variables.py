"""Values of the variable parts of a template, from messages and whole records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.insight.variables import MOST_PARTS, MOST_VALUES, variables
from psbuddy.model.template import MESSAGE_CAP, VALUE_CAP, message_in, values_in

CHARGE = "charge failed for order <*> after <*> ms"


@pytest.mark.parametrize(
    ("template", "message", "values"),
    [
        (CHARGE, "charge failed for order 17 after 5000 ms", ("17", "5000")),
        (CHARGE, "charge  failed for order 17 after\t5000 ms", ("17", "5000")),
        (CHARGE, "charge failed for order 17", None),
        ("<*> of <*>", "3 of 4 of 5", ("3", "4 of 5")),
        ("at <*> user <*>", "at 5 user", ("5", "")),
        ("user=<*>", "user=", ("",)),
        ("no variable part", "no variable part", ()),
        ("no variable part", "another", None),
        ("PayError: order <*> refused", "order 7 refused", ("7",)),
        ("order <*> was refused because of a rul…", "order 7 was refused because of a rule 9",
         ("7", "e 9")),
        ("a <*> a", "a a", ("",)),
    ],
)  # fmt: skip
def test_values_stand_where_the_template_varies(
    template: str, message: str, values: tuple[str, ...] | None
) -> None:
    assert values_in(template, message) == values


@pytest.mark.parametrize(
    ("template", "record", "message"),
    [
        (CHARGE, "2026-11-24 10:31 ERROR [x] Pay - charge failed for order 1 after 2 ms\n\tat a.b",
         "charge failed for order 1 after 2 ms"),
        ("TimeoutException: no answer from <*>",
         "2026 ERROR pay failed\nCaused by: TimeoutException: no answer from h1\n\tat a.b",
         "TimeoutException: no answer from h1"),
        ("TimeoutException: pay <*> failed", "2026 ERROR Pay - pay 7 failed\nx.TimeoutException",
         "pay 7 failed"),
        ("<*> is late by <*>", "2026 ERROR Pay - job9 is late by 5 s", "job9 is late by 5 s"),
        ("nothing varies", "2026 ERROR nothing varies", ""),
        (CHARGE, "2026 ERROR something else", ""),
        ("order <*>", "order of things\nINFO order 7", "order of things"),
    ],
)  # fmt: skip
def test_the_message_is_found_behind_any_header(template: str, record: str, message: str) -> None:
    assert message_in(template, record) == message


@given(
    st.lists(st.text(st.characters(codec="ascii", exclude_characters="<"), max_size=9), min_size=2),
    st.lists(st.from_regex(r"[0-9]{1,9}", fullmatch=True), min_size=20, max_size=20),
)
def test_what_a_template_was_made_of_always_fits(parts: list[str], numbers: list[str]) -> None:
    template = "<*>".join(parts)
    message = parts[0] + "".join(f"{n}{part}" for n, part in zip(numbers, parts[1:], strict=False))
    if len(parts) <= len(numbers) and not template.endswith("…"):
        found = values_in(template, message)
        assert found is not None and len(found) == len(parts) - 1


def test_hostile_messages_end_and_are_cut() -> None:
    template = "a <*> " * 60 + "b"
    assert values_in(template, "a " * 50_000) is None
    assert message_in(template, "\n".join(["a " * 50_000] * 60)) == ""
    assert len(message_in("x <*>", "x " + "y" * 9_000)) == MESSAGE_CAP
    assert values_in("x <*>", "x " + "y" * 9_000) == ("y" * VALUE_CAP,)


def test_the_commonest_values_come_first_and_all_is_bounded() -> None:
    messages = [f"user u{n % 9} left" for n in range(37)] + ["something else"]
    found = variables("user <*> left", messages)
    (part,) = found.parts
    assert part.values[0] == ("u0", 5)
    assert (len(part.values), part.different, part.before) == (MOST_VALUES, 9, "user")
    assert (found.fitting, found.kept) == (37, 38)
    many = variables("<*> x " * 30, [])
    assert (len(many.parts), many.fitting) == (MOST_PARTS, 0)
