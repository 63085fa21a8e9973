"""The identity of a cause: readable, and the same for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.insight.causes import OTHER_KEY, CauseIdentity, RawCause, identify
from psbuddy.model.terms import Level


def cause(
    message: str, exception: str = "", frame: str = "", level: Level = Level.ERROR
) -> CauseIdentity:
    return identify(RawCause("key", level, message, exception, frame, 1, 2))


PAYMENT = cause(
    "Read timed out", "java.net.SocketTimeoutException", "com.shop.PaymentClient.charge"
)


def test_an_exception_is_named_by_its_type_and_frame() -> None:
    assert PAYMENT.title == "SocketTimeout in PaymentClient.charge"
    assert PAYMENT.template == "SocketTimeoutException: Read timed out"


@pytest.mark.parametrize(
    "frame",
    [
        "at com.shop.PaymentClient.charge(PaymentClient.java:88)",
        "com.shop.PaymentClient.charge:91",
        "com.shop.PaymentClient.charge",
    ],
)
def test_line_numbers_and_messages_are_no_part_of_it(frame: str) -> None:
    other = cause("something else 17", "java.net.SocketTimeoutException", frame)
    assert other.fingerprint == PAYMENT.fingerprint


def test_the_level_is_no_part_of_it() -> None:
    assert cause("x", level=Level.WARNING).fingerprint == cause("x").fingerprint


def test_a_trace_behind_what_is_no_warning_does_not_name_it() -> None:
    plain = cause("cart 17 saved", level=Level.INFO)
    traced = cause("cart 4 saved", "java.io.IOException", "com.shop.Cart.save", Level.INFO)
    assert traced.fingerprint == plain.fingerprint
    assert traced.template == "cart <*> saved"


def test_another_frame_or_type_is_another_cause() -> None:
    exception = "java.net.SocketTimeoutException"
    assert cause("", exception, "com.shop.PaymentClient.refund").fingerprint != PAYMENT.fingerprint
    assert cause("", "x.KeyError", "com.shop.PaymentClient.charge").fingerprint != (
        PAYMENT.fingerprint
    )


@pytest.mark.parametrize(
    ("exception", "title"),
    [
        ("java.lang.NullPointerException", "NullPointer"),
        ("ValueError", "ValueError"),
        ("java.io.IOException", "IOException"),
        ("ConnectionResetError", "ConnectionReset"),
        ("Acme::DB::Timeout", "Timeout"),
        ("OutOfMemoryError", "OutOfMemory"),
    ],
)
def test_endings_are_cut_where_the_rest_can_be_read(exception: str, title: str) -> None:
    assert cause("", exception).title == title


def test_generated_names_are_cleaned() -> None:
    first = cause("", "x.E", "com.shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c.total")
    second = cause("", "x.E", "com.shop.Cart$$EnhancerBySpringCGLIB$$ffee01.total")
    assert first.fingerprint == second.fingerprint
    assert cause("", "x.E", "a.B.lambda$run$3").fingerprint == (
        cause("", "x.E", "a.B.lambda$run$7").fingerprint
    )


def test_without_a_frame_the_message_counts() -> None:
    first = cause("no route to 10.0.0.1", "OSError")
    assert first.title == "OSError: no route to <*>"
    assert first.fingerprint == cause("no route to 10.0.0.2", "OSError").fingerprint
    assert first.fingerprint != cause("disk full", "OSError").fingerprint


def test_members_of_one_host_group_share_a_fingerprint() -> None:
    # Hosts group by the message without 0-9a-f, so these two may stand for each other.
    assert cause("id 1a2b failed").fingerprint == cause("id fade failed").fingerprint


def test_the_rest_beyond_the_cap_has_one_fixed_identity() -> None:
    other = [identify(RawCause(OTHER_KEY, Level.ERROR, text, "", "", 1, 2)) for text in ("a", "b")]
    assert other[0] == other[1]
    assert other[0].fingerprint == "1fcc491c3977622251aa970fcd17ef805745d788"


def test_fingerprints_are_kept_for_ever() -> None:
    assert PAYMENT.fingerprint == "6c49a509331718fb667678f42f7642f5fe7c7ce3"
    assert cause("order 1 failed").fingerprint == "c3cd5386664804ac27ddcdd5a862cfe0a247204b"


@given(st.text(max_size=3_000), st.text(max_size=400), st.text(max_size=400))
def test_any_text_gets_a_bounded_identity(message: str, exception: str, frame: str) -> None:
    got = cause(message, exception, frame)
    assert len(got.fingerprint) == 40
    assert len(got.title) <= 120
    assert len(got.template) <= 750
    assert got == cause(message, exception, frame)


def test_hostile_text_is_masked_in_linear_time() -> None:
    for text in ('"' * 200_000, "1." * 100_000, "/a" * 100_000, "a@" * 100_000, ":" * 200_000):
        assert len(cause(text).title) <= 120
