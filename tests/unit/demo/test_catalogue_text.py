from pathlib import Path

from psbuddy.catalogue import load_catalogue
from psbuddy.demo.catalogue_text import catalogue_text

VALUES = {"DAYS": 30, "BATCH_DAYS": 400, "PORT": 8080, "CLOSE_DAY": 23, "IMPORT_MINUTE": 2}
ALIASES = ("led-app-1", "led-app-2", "led-db-1", "shop-app-1", "shop-app-2", "shop-app-3",
           "ord-app-1", "ord-app-2", "mer-app-1")  # fmt: skip


def load(folder: Path, entries: dict[str, dict[str, object]], root: Path = Path("/demo/hosts")):
    (folder / "demo.yaml").write_text(catalogue_text(entries, root, VALUES))
    return load_catalogue(folder)


def test_it_is_a_valid_catalogue_with_hosts_behind_ssh(tmp_path: Path) -> None:
    entry = {"address": "127.0.0.9", "port": 2222, "user": "ops",
             "identity_file": Path("/k e'y"), "known_hosts": Path("/k")}  # fmt: skip
    catalogue = load(tmp_path, dict.fromkeys(ALIASES, entry))
    assert set(catalogue.applications) == {"ledger", "shop", "orders", "merch"}
    assert catalogue.hosts["led-db-1"].port == 2222
    assert catalogue.hosts["led-db-1"].identity_file == "/k e'y"
    ledger = catalogue.applications["ledger"]
    assert ledger.log_specs("led-db-1")["batch"].path == "/demo/hosts/led-db-1/ledger/batch.log"
    assert [job.job for job in ledger.job_defs()] == ["day-close", "week-close", "month-close"]
    assert ledger.jobs["month-close"].rerun == "never"
    assert "remote-access" in ledger.checks


def test_without_ssh_the_hosts_are_this_machine_and_no_sshd_is_looked_for(tmp_path: Path) -> None:
    entries: dict[str, dict[str, object]] = {alias: {"transport": "local"} for alias in ALIASES}
    catalogue = load(tmp_path, entries, Path("/it's here"))
    assert {entry.transport for entry in catalogue.hosts.values()} == {"local"}
    assert "remote-access" not in catalogue.applications["ledger"].checks
    spec = catalogue.applications["merch"].log_specs("mer-app-1")["app"]
    assert spec.path == "/it's here/mer-app-1/merch/merch.log"
    assert not any("@" in str(app) for app in catalogue.applications.values())


def test_the_last_day_of_a_month_is_a_schedule_too(tmp_path: Path) -> None:
    text = catalogue_text(
        {alias: {"transport": "local"} for alias in ALIASES},
        Path("/x"),
        VALUES | {"CLOSE_DAY": "L"},
    )
    (tmp_path / "demo.yaml").write_text(text)
    jobs = load_catalogue(tmp_path).applications["ledger"].job_defs()
    assert jobs[2].cron == "4 22 L * *"
