"""The identity of a cause: readable, and the same for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.insight.causes import OTHER_KEY, CauseIdentity, RawCause, identify, mask
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


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ("order 48211 failed for user 'bob'", "order <*> failed for user '<*>'"),
        ("retry 1/3 after 2.5s at 2026-11-24T10:11:12.123Z", "retry <*> after <*>s at <*>"),
        ("id=3f2a8bde-1234-4321-abcd-1234567890ab gone", "id=<*> gone"),
        ("refused by 10.1.2.3:443 and fe80::1:2:3:4", "refused by <*> and <*>"),
        ("can't open /var/log/app/x.log: it's gone", "can't open <*>: it's gone"),
        ('mail to ann@example.com said "550 no"', 'mail to <*> said "<*>"'),
        ("GET https://pay.example/charge?id=7 gave 503", "GET <*> gave <*>"),
        ("at 0x7ffe01 in deadbeef01", "at <*> in <*>"),
        ("ids 1, 2, 3 rejected", "ids <*> rejected"),
        ("ORA-00060: deadlock detected", "ORA-00060: deadlock detected"),
        ("lost pay-1.corp.example.com:8443 twice", "lost <*> twice"),
        ("lost pay-1.example.net twice", "lost <*> twice"),
        ("in com.shop.Cart and java.util.Map", "in com.shop.Cart and java.util.Map"),
        ("since Sun Jul  3 04:05:06 2005 idle", "since <*> idle"),
        ("block blk_-1608999687919862906 and blk_77", "block blk_<*> and blk_<*>"),
        ("version 4.18.2-1 is 99.5 done", "version <*> is <*> done"),
        ("may 3 fail", "may <*> fail"),
        ("two\nlines", "two"),
        ("", ""),
    ],
)
def test_values_are_masked(message: str, template: str) -> None:
    assert mask(message) == template


def test_members_of_one_host_group_share_a_fingerprint() -> None:
    # Hosts group by the message without 0-9a-f, so these two may stand for each other.
    assert cause("id 1a2b failed").fingerprint == cause("id fade failed").fingerprint


def test_the_rest_beyond_the_cap_has_one_fixed_identity() -> None:
    other = [identify(RawCause(OTHER_KEY, Level.ERROR, text, "", "", 1, 2)) for text in ("a", "b")]
    assert other[0] == other[1]
    assert other[0].fingerprint == "1fcc491c3977622251aa970fcd17ef805745d788"


def test_fingerprints_are_kept_for_ever() -> None:
    assert PAYMENT.fingerprint == "6c49a509331718fb667678f42f7642f5fe7c7ce3"
    assert cause("order 1 failed").fingerprint == "465ba4967c73093d397690010443f2f284f20f76"


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
