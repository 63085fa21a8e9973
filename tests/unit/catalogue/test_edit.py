"""The wizard's writing: comments stay, wrong results are never written."""

from pathlib import Path

import pytest

from psbuddy.catalogue import (
    CatalogueError,
    add_application,
    add_host,
    load_catalogue,
    remove_application,
    remove_host,
    watch_logs,
)

KEPT = """\
# kept by the ledger team
hosts:
  lab-1: {address: 127.0.0.2, port: 2222}   # behind the bastion
applications:
  ledger:
    name: 'General Ledger'
    owner: no            # not a flag
    hosts: led-app-1
    every: 1m
    logs:
      app: {path: /var/log/ledger/app.log}   # the one that matters
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ledger.yaml").write_text(KEPT)
    return tmp_path


def test_the_first_log_of_all_makes_folder_and_file(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "catalogue"
    file = watch_logs(
        folder,
        host="shop-1",
        app_id="shop",
        app_name="Web shop: EU",
        paths=["/var/log/shop/app.log", "/srv/other/app.log", "/var/log/shop/app.log"],
        host_entry={"address": "192.0.2.1", "port": 2222, "user": None},
    )
    found = load_catalogue(folder)
    shop = found.applications["shop"]
    assert (file, shop.title, shop.hosts) == (folder / "shop.yaml", "Web shop: EU", ("shop-1",))
    assert {name: log.path for name, log in shop.logs.items()} == {
        "app": "/var/log/shop/app.log",
        "other-app": "/srv/other/app.log",
    }
    assert (found.hosts["shop-1"].port, found.hosts["shop-1"].user) == (2222, None)
    assert file.read_text().startswith("# Written by PS Buddy")


def test_logs_are_added_to_what_the_team_wrote(folder: Path) -> None:
    paths = ["/var/log/ledger/app.log", "/var/log/ledger/batch.log"]
    file = watch_logs(folder, host="led-app-2", app_id="ledger", app_name="x", paths=paths)
    text = file.read_text()
    for comment in ("# kept by", "# behind the", "# not a flag", "# the one that matters"):
        assert comment in text
    ledger = load_catalogue(folder).applications["ledger"]
    assert (ledger.name, ledger.owner) == ("General Ledger", "no")
    assert ledger.hosts == ("led-app-1", "led-app-2")
    assert list(ledger.logs) == ["app", "batch"]


def test_watching_the_same_again_changes_nothing(folder: Path) -> None:
    for _ in range(2):
        watch_logs(
            folder, host="local", app_id="me", app_name="Me", paths=["/var/log/syslog"],
            host_entry={"transport": "local"},
        )  # fmt: skip
        text = (folder / "me.yaml").read_text()
    assert text == (folder / "me.yaml").read_text()
    assert list(load_catalogue(folder).applications["me"].logs) == ["syslog"]
    assert "hosts:\n  local" not in text


def test_a_host_is_replaced_where_it_stands(folder: Path) -> None:
    assert add_host(folder, "lab-1", {"address": "127.0.0.9"}) == folder / "ledger.yaml"
    assert add_host(folder, "lab-2", {"port": 22}) == folder / "hosts.yaml"
    hosts = load_catalogue(folder).hosts
    assert (hosts["lab-1"].address, hosts["lab-1"].port) == ("127.0.0.9", None)
    assert hosts["lab-2"].port == 22
    file = watch_logs(folder, host="lab-1", app_id="till", app_name="Till", paths=["/x.log"],
                      host_entry={"port": 23})  # fmt: skip
    assert "lab-1:" not in file.read_text().split("applications:")[0]
    assert load_catalogue(folder).hosts["lab-1"].port == 23


def test_what_was_added_can_be_taken_out(folder: Path) -> None:
    add_application(folder, "till", {"name": "Till", "hosts": ["till-1"]})
    remove_application(folder, "till")
    remove_host(folder, "lab-1")
    found = load_catalogue(folder)
    assert (list(found.applications), found.hosts) == (["ledger"], {})
    assert "# kept by the ledger team" in (folder / "ledger.yaml").read_text()
    with pytest.raises(CatalogueError, match="is not there"):
        remove_application(folder, "till")


def test_an_application_is_not_added_twice(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="is there already"):
        add_application(folder, "ledger", {"hosts": ["a"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "-oProxyCommand=x"},
        {"host": "a b"},
        {"app_id": "Shop"},
        {"app_id": "../x"},
        {"app_name": "a\x1b[2Jb"},
        {"app_name": "gol\u202e"},
        {"paths": ["relative.log"]},
        {"paths": ["/var/../etc/shadow"]},
        {"host_entry": {"port": 99999}},
        {"host_entry": {"prt": 1}},
    ],
)
def test_what_would_be_wrong_is_not_written(folder: Path, wrong: dict[str, object]) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    good: dict[str, object] = {
        "host": "shop-1", "app_id": "shop", "app_name": "Shop", "paths": ["/x.log"],
    }  # fmt: skip
    with pytest.raises(CatalogueError):
        watch_logs(folder, **{**good, **wrong})
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    "name", ["no", "012", "22:22", "- a", "a: b", "#x", "'", '"', "{a}", "!t", "&a", "~", "%"]
)
def test_any_name_survives_writing_and_reading(tmp_path: Path, name: str) -> None:
    path = f"/var/log/{name}.log" if "/" not in name and "{" not in name else "/x"
    watch_logs(tmp_path, host="a", app_id="shop", app_name=name, paths=[path])
    shop = load_catalogue(tmp_path).applications["shop"]
    assert (shop.name, next(iter(shop.logs.values())).path) == (name, path)


def test_a_broken_file_is_left_alone(folder: Path) -> None:
    (folder / "shop.yaml").write_text("applications: [\n")
    with pytest.raises(CatalogueError, match="not valid YAML"):
        watch_logs(folder, host="a", app_id="shop", app_name="x", paths=["/x"])
    assert (folder / "shop.yaml").read_text() == "applications: [\n"


def test_a_problem_in_another_file_is_not_in_the_way(folder: Path) -> None:
    (folder / "other.yaml").write_text("applications: {x: {hosts: -a}}\n")
    watch_logs(folder, host="a", app_id="shop", app_name="x", paths=["/x"])
    assert "path: /x" in (folder / "shop.yaml").read_text()


def test_rights_of_a_file_stay_as_they_were(folder: Path) -> None:
    (folder / "ledger.yaml").chmod(0o640)
    add_host(folder, "lab-1", {"port": 1})
    assert (folder / "ledger.yaml").stat().st_mode & 0o777 == 0o640
    assert [file.name for file in folder.iterdir()] == ["ledger.yaml"]
