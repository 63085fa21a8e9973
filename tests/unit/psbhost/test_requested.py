"""Routes of access logs: what columns count is what is counted line by line, and adds up."""

import os
import random
import time
from collections import Counter

import pytest
from psbhost import records
from psbhost.main import handle
from psbhost.routes import of_request

NOW = 1_795_536_000
TARGETS = ("/", "/orders/{n}", "/api/v1/stock/{n}?w={k}", "/api/v2/stock/{k}", "/a.css", "/p/{h}")


def lines(seed, tail):
    rng = random.Random(seed)
    for n in range(3000):
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(NOW - 9000 + 2 * n))
        target = rng.choice(TARGETS).format(n=n, k=n % 10, h=f"{rng.randrange(2**40):x}")
        if rng.random() < 0.01:
            yield f'10.0.0.1 - - [{stamp}] "-" 408 0{tail(rng)}'
        else:
            status = rng.choice((200, 200, 404, 500))
            yield f'10.0.0.1 - - [{stamp}] "GET {target} HTTP/1.1" {status} 9{tail(rng)}'


def visited(path, data, **spec):
    path.write_bytes(data)
    os.utime(path, (NOW, NOW))
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0, **spec}
    request = {"op": "visit", "budget": {"hold": 0, "hold_partial": 0}, "logs": [log]}
    return handle(request)["logs"][0]


@pytest.mark.parametrize(
    "tail",
    [
        lambda rng: "",
        lambda rng: f' "-" "ua" {rng.random() * 3:.3f}',
        lambda rng: f' "-" "ua" {rng.random() * 30:.3f}' + rng.choice(("", "", " 0.1", " x")),
        lambda rng: ' "-" "ua" 0.000',
    ],
    ids=["bare", "timed", "irregular", "zero"],
)
def test_columns_count_as_lines_do(tmp_path, monkeypatch, tail):
    made = list(lines(1, tail))
    data = "\n".join([*made, ""]).encode()
    quick = visited(tmp_path / "a.log", data)
    monkeypatch.setattr(records.Splitter, "_columnar", lambda _self, _body: None)
    careful = visited(tmp_path / "a.log", data)
    assert quick["routes"] == careful["routes"]
    wanted = Counter(of_request(line.split('"')[1].encode()) for line in made)
    found = Counter()
    for row in quick["routes"]:
        found[row[1]] += row[2]
    assert found == wanted
    for column in (1, 2):
        told = sum(row[column] for row in quick["transactions"])
        assert sum(row[column + 1] for row in quick["routes"]) == told
    total = sum(row[3] for row in quick["transactions"])
    assert sum(row[4] for row in quick["routes"]) == pytest.approx(total, abs=0.01)


def test_routes_of_an_application_log(tmp_path):
    line = '{{"time":"2026-11-24T10:00:00Z","duration_ms":{0},"method":"GET","path":"/a/{0}"}}\n'
    data = "".join(line.format(n) for n in range(10, 15)).encode()
    rows = visited(tmp_path / "a.log", data)["routes"]
    assert [row[1:5] for row in rows] == [["GET /a/{id}", 5, 0, 60.0]]


def test_transactions_false_counts_no_route(tmp_path):
    data = "\n".join([*lines(1, lambda rng: ""), ""]).encode()
    reply = visited(tmp_path / "a.log", data, transactions=False)
    assert (reply["transactions"], reply["routes"], reply["records"]) == ([], [], 3000)
