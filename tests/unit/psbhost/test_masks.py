"""Planted secrets never leave; ordinary text stays as it is."""

import pytest
from psbhost.masks import masked, plain

CANARY = "k4n4ry-S3cr3t"


@pytest.mark.parametrize(
    "text",
    [
        "password={}", "db.password = {}", "PASSWORD: {}", '{{"apiKey": "{}"}}', "pwd={}&x=1",
        "Authorization: Bearer {}", "authorization=Basic {}", "curl --token {} -v",
        "postgres://user:{}@host/db", "client_secret='{}'", "<password>{}</password>",
        "Set-Cookie: sid={}; Path=/", "access_token => {}", "X-Auth-Token: {}",
        "ALTER USER x IDENTIFIED BY {}", "JSESSIONID={}", "MY_SECRET=\"{} with spaces\"",
    ],
)  # fmt: skip
def test_secrets(text):
    found = masked(text.format(CANARY))
    assert CANARY not in found
    assert found != text


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9, "xoxb-1234567890-abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "4111 1111 1111 1111", "4111111111111111",
        "DE89370400440532013000", "jane.doe@example.com",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)  # fmt: skip
def test_what_is_secret_by_its_shape(secret):
    assert secret not in masked(f"before {secret} after")


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890123456 placed",  # no card: the Luhn sum is wrong
        "took 12 ms for 3 rows", "trace 550e8400-e29b-41d4-a716-446655440000",
        "http://host:8080/path?x=1", "password reset requested", "AB12CDEF34560000TT",
        "java.lang.SecretException: no", "2026-11-24 10:00:00",
    ],
)  # fmt: skip
def test_ordinary_text_stays(text):
    assert masked(text) == text


def test_plain_text_has_no_control_characters_and_a_cap():
    assert plain(b"a\x1b[31mb\x00c\td\r\ne\xff", 100) == "a[31mbc\td\ne�"
    assert len(plain(b"x" * 5000, 100)) == 100


def test_hostile_text_is_masked_in_bounded_steps():
    text = "a." * 2000 + "@" + "token" * 500 + "1 " * 1000
    assert len(masked(text)) > 0
