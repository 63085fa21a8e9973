"""Routes: method and path with ids masked; bounded names, exact sums."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost.routes import MOST_NAMES, MOST_TOLD, OTHER, Routes, of_fields, of_request
from psbhost.transactions import Minute


@pytest.mark.parametrize(
    ("request_line", "route"),
    [
        ("GET / HTTP/1.1", "GET /"),
        ("GET /orders HTTP/2.0", "GET /orders"),
        ("GET /orders/ HTTP/2", "GET /orders/"),
        ("GET /orders/4711 HTTP/1.1", "GET /orders/{id}"),
        ("GET /orders/7 HTTP/1.1", "GET /orders/{id}"),
        ("GET /orders/4711/items/3?full=yes HTTP/1.1", "GET /orders/{id}/items/{id}"),
        ("POST /api/v1/users/550e8400-e29b-41d4-a716-446655440000", "POST /api/v1/users/{id}"),
        ("GET /api/v12/users HTTP/1.1", "GET /api/{id}/users"),
        ("GET /oauth2/authorize?client_secret=hunter2 HTTP/1.1", "GET /oauth2/authorize"),
        ("GET /objects/3f9ac0de11 HTTP/1.1", "GET /objects/{id}"),
        ("GET /objects/deadbeef1 HTTP/1.1", "GET /objects/{id}"),
        ("GET /facade/decade/cafe HTTP/1.1", "GET /facade/decade/cafe"),
        ("GET /u/jane.doe@example.org/mail HTTP/1.1", "GET /u/{id}/mail"),
        ("GET /u/jane%40example.org HTTP/1.1", "GET /u/{id}"),
        ("GET /search/red%20shoes HTTP/1.1", "GET /search/{id}"),
        ("GET /blog/2026-11-24/hello-world HTTP/1.1", "GET /blog/{id}/hello-world"),
        ("GET /p/red-shoes-12345 HTTP/1.1", "GET /p/red-shoes-{id}"),
        ("GET /reset/Xk-Qqwe HTTP/1.1", "GET /reset/{id}"),
        ("POST /password/reset HTTP/1.1", "POST /password/reset"),
        ("GET /invite/happyhorse HTTP/1.1", "GET /invite/{id}"),
        ("GET /t/ZXhhbXBsZSBzZWNyZXQgdG9rZW4gdGV4dA HTTP/1.1", "GET /t/{id}"),
        ("GET /verify/eyJhbGciOiJIUzI1NiJ9.e30.abc HTTP/1.1", "GET /verify/{id}"),
        ("GET /getCustomerOrdersByDate HTTP/1.1", "GET /getCustomerOrdersByDate"),
        ("GET /a;jsessionid=ABCDEF0123456789 HTTP/1.1", "GET /a"),
        ("GET /static/app.4f2a91bc.js?v=3 HTTP/1.1", "GET *.js"),
        ("GET /img/logo.PNG HTTP/1.1", "GET *.png"),
        ("GET /reports/2026.pdf HTTP/1.1", "GET /reports/{id}.pdf"),
        ("GET http://bob:pw@shop.example:8080/cart/17 HTTP/1.1", "GET shop.example/cart/{id}"),
        ("GET http://10.0.0.7/cart HTTP/1.1", "GET {id}/cart"),
        ("CONNECT api.example.org:443 HTTP/1.1", "CONNECT api.example.org"),
        ("OPTIONS * HTTP/1.1", "OPTIONS *"),
        ("GET /a/b/c/d/e/f/g/h/i/j HTTP/1.1", "GET /a/b/c/d/e/f/g/h/…"),
        ("GET /caf\xc3\xa9 HTTP/1.1", "GET /{id}"),
        ('GET /a\\"b HTTP/1.1', "GET /{id}"),
        ("-", OTHER),
        ("", OTHER),
        ("\\x16\\x03\\x01", OTHER),
        ("get /x", OTHER),
        ("GET", OTHER),
    ],
)
def test_the_route_of_a_request(request_line, route):
    assert of_request(request_line.encode("latin-1")) == route


@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("get", "/orders/17", "GET /orders/{id}"),
        ("", "/users/:id/orders", "/users/:id/orders"),
        ("GET", "/users/{userId}", "GET /users/{userId}"),
        ("GET", "https://shop.example/cart?x=1", "GET shop.example/cart"),
        ("", "POST /orders/17", "POST /orders/{id}"),
        ("GET", "", OTHER),
        ("", " ", OTHER),
    ],
)
def test_the_route_of_fields(method, target, route):
    assert of_fields(method, target) == route


def test_secrets_in_paths_stay_on_the_host():
    secrets = (
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "4111111111111111",
        "DE89370400440532013000",
        "hunter2",
        "happyhorse",
        "S3cr3tPassw0rd!",
        "bob@example.org",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP",
    )
    for secret in secrets:
        for path in (f"/token/{secret}", f"/x?key={secret}", f"/reset/{secret}/done"):
            assert secret not in of_request(f"GET {path} HTTP/1.1".encode()), path
    for secret in secrets[:4] + secrets[6:]:
        assert secret not in of_request(f"GET /files/{secret} HTTP/1.1".encode())


@given(st.binary(max_size=300))
def test_any_request_has_a_route(raw):
    route = of_request(raw)
    assert 0 < len(route) <= 140
    assert route.isprintable() or "…" in route


@given(st.text("abcf01 /-.?_%", max_size=60), st.text("0123456789", min_size=2, max_size=9))
def test_longer_numbers_are_all_alike(path, number):
    one, other = (f"GET /{path}{n} HTTP/1.1".encode() for n in (number, "00"))
    assert of_request(one) == of_request(other)


def routes_of(events):
    routes = Routes(Minute)
    for time, name, failed, milliseconds in events:
        routes.cell(time, name).add(failed, milliseconds)
    return routes.reply()


def test_rows_by_hour_and_route():
    rows = routes_of(
        [(3700, "GET /a", False, 10.0), (3600, "GET /a", True, 30.0), (0, "B /", False, None)]
    )
    assert [row[:6] for row in rows] == [
        [0, "B /", 1, 0, 0.0, 0.0],
        [3600, "GET /a", 2, 1, 40.0, 30.0],
    ]
    assert sum(count for _, count in rows[1][6]) == 2


def test_a_bomb_of_routes_goes_to_other_and_nothing_is_lost():
    rng = random.Random(3)
    events = [(rng.randrange(7200), f"GET /{n}", n % 9 == 0, float(n % 50)) for n in range(9000)]
    events += [(60, "GET /often", False, 2.0)] * 50 + [(60, "GET /broken", True, 2.0)] * 8
    rng.shuffle(events)
    routes = Routes(Minute)
    for time, name, failed, milliseconds in events:
        routes.cell(time, name).add(failed, milliseconds)
    assert len(routes) <= 2 * (MOST_NAMES + 1)
    rows = routes.reply()
    names = {row[1] for row in rows}
    assert {"GET /often", "GET /broken", OTHER} <= names
    assert len(names) == MOST_TOLD + 1
    assert sum(row[2] for row in rows) == len(events)
    assert sum(row[3] for row in rows) == sum(failed for _, _, failed, _ in events)
    assert sum(row[4] for row in rows) == pytest.approx(sum(ms for *_, ms in events))
    assert sum(n for row in rows for _, n in row[6]) == len(events)


@given(
    st.lists(
        st.sampled_from(["GET /a/1", "GET /a/12?x", "POST /b HTTP/1.1", "-", "GET /c/abc"]),
        max_size=40,
    )
)
def test_remembered_routes_are_those_of_each_request(texts):
    raw = [text.encode() for text in texts]
    routes = Routes(Minute)
    for _ in range(2):
        assert routes.of_requests(raw) == [of_request(text) for text in raw]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["GET /{}", "POST /v{}/x{}", "GET /a-{}.woff{}", "{}/b", "GET /f{}#{}"]
            ),
            st.lists(st.sampled_from(["1", "2", "7", "10", "a3", "abcde1", ""]), min_size=4),
            st.sampled_from(["", " HTTP/1.1", "?q={} HTTP/2.0", "?{}", "\n{}", " HTTP/v{}/b"]),
        ),
        max_size=30,
    )
)
def test_remembered_by_their_shapes_routes_are_those_of_each_request(parts):
    texts = [
        (form + "/".join(values[2:]) + end).format(*values).encode() for form, values, end in parts
    ]
    routes = Routes(Minute)
    for _ in range(2):
        assert routes.of_requests(texts) == [of_request(text) for text in texts]


def test_the_digit_that_makes_a_kind_of_file_is_no_id():
    deep = b"GET /a/b/c/d/e/f/g/h/i/j/k.woff%d HTTP/1.1"
    routes = Routes(Minute)
    for digit in (3, 2, 4):
        assert routes.of_requests([deep % digit]) == [of_request(deep % digit)]
    assert of_request(deep % 2) == "GET *.woff2" != of_request(deep % 3)
