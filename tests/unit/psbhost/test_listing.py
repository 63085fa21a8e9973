"""Every line of a file belongs to exactly one row of the listing."""

from psbhost.main import handle

from tests.support.hostlog import Writer


def rows(path, **more):
    asked, found = {"offset": 0, "carry": "{}"}, []
    while True:
        reply = handle({"op": "assign", "path": str(path), "zone": [[0, 0]], **more, **asked})
        assert reply["op"] == "assign", reply
        found += reply["rows"]
        if reply["end"]:
            return found
        asked = {"offset": reply["next"], "carry": reply["carry"]}


def test_records_with_their_lines(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(
        "\n2026-11-24 10:00:00,1 ERROR [m] c.F - bad\n"
        "java.lang.X: y\n\tat com.shop.A.b(A.java:1)\n\n"
        "2026-11-24 10:00:01,1 INFO [m] c.F - fine password=canary"
    )
    blank, bad, fine = rows(path)
    assert blank[:2] == [1, None]
    assert bad == [4, 1795514400, 5, "bad", "java.lang.X", "com.shop.A.b"]
    assert fine == [1, 1795514401, 3, "fine password=***", "", ""]


def test_pages_cover_all_lines(tmp_path):
    writer = Writer(tmp_path / "a.log")
    writer.write(12_345)
    found = rows(writer.path)
    assert sum(row[0] for row in found) == len(found) == 12_345
    assert found[-1][3] == "n 12345"


def test_an_unknown_format_is_told(tmp_path):
    reply = handle({"op": "assign", "path": str(tmp_path), "format": "x"})
    assert (reply["op"], reply["code"]) == ("error", "bad request")
