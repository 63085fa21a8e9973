"""A folder of good files becomes one catalogue."""

from pathlib import Path

import pytest

from psbuddy.catalogue import Application, CatalogueError, HostEntry, load_catalogue
from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import PeriodKind, Rerun

SAMPLES = Path(__file__).parents[3] / "resources" / "catalogue"


@pytest.fixture(scope="module")
def ledger() -> Application:
    return load_catalogue(SAMPLES).applications["ledger"]


def test_every_sample_is_valid_and_read() -> None:
    catalogue = load_catalogue(SAMPLES)
    assert catalogue.files == ("ledger.yaml", "own-format.yaml", "this-machine.yaml")
    assert sorted(catalogue.applications) == ["ledger", "merchandising", "this-machine"]


def test_a_folder_that_is_not_there_is_an_empty_catalogue(tmp_path: Path) -> None:
    catalogue = load_catalogue(tmp_path / "none")
    assert (catalogue.files, catalogue.applications, catalogue.aliases()) == ((), {}, ())


def test_an_application_tells_what_insight_needs(ledger: Application) -> None:
    definition = ledger.app_def()
    assert isinstance(definition, AppDef)
    assert (definition.app, definition.name, definition.interval) == (
        "ledger",
        "General Ledger",
        60,
    )
    assert definition.hosts == ("led-app-1", "led-app-2")
    assert definition.logs == ("app", "access", "batch")
    assert definition.checks == ("web", "queue", "db", "mirror", "posting")
    assert definition.jobs == ledger.job_defs()


def test_a_job_inherits_the_time_zone(ledger: Application) -> None:
    assert ledger.job_defs()[1] == JobDef(
        app="ledger",
        job="month-close",
        log="batch",
        period=PeriodKind.MONTH,
        rerun=Rerun.NEVER,
        timezone="Europe/London",
        cron="0 22 * * *",
        on="last-business-day",
        calendar="GB",
        deadline="03:00",
        after=("week-close",),
    )


def test_logs_inherit_the_time_zone_and_know_their_hosts(ledger: Application) -> None:
    assert [log.timezone for log in ledger.log_specs().values()] == ["Europe/London"] * 3
    assert list(ledger.log_specs("led-app-1")) == ["app", "access", "batch"]
    assert list(ledger.log_specs("led-app-2")) == ["app", "access"]


def test_a_path_names_the_folder_of_the_host() -> None:
    merchandising = load_catalogue(SAMPLES).applications["merchandising"]
    assert merchandising.log_specs("mer-2")["stock"].path == "/srv/merch/mer-2/stock*.log"


def test_transactions_on_off_and_by_pattern(ledger: Application) -> None:
    assert ledger.logs["app"].transactions is not None
    assert ledger.logs["batch"].transactions is None
    access = ledger.logs["access"].transactions
    assert access is not None
    assert (access.duration, access.unit) == ("request_time", "s")


def test_checks_know_their_kind_and_what_is_expected(ledger: Application) -> None:
    kinds = {name: (check.kind, check.timeout_s) for name, check in ledger.checks.items()}
    assert kinds == {
        "web": ("http", 5),
        "queue": ("process", 5),
        "db": ("port", 3),
        "mirror": ("command", 10),
        "posting": ("log", 5),
    }
    assert (ledger.checks["web"].expected, ledger.checks["mirror"].expected) == (200, 0)
    assert list(ledger.host_checks("led-app-1")) == ["web", "queue", "db", "mirror"]
    assert list(ledger.log_checks("app")) == ["posting"]
    assert list(ledger.log_jobs("batch")) == ["week-close", "month-close"]
    assert list(ledger.log_changes("app")) == ["deployment"]


def test_hosts_say_how_they_are_reached() -> None:
    catalogue = load_catalogue(SAMPLES)
    assert catalogue.host("mer-1").port == 2222
    assert catalogue.host("led-app-1") == HostEntry()
    assert catalogue.host("local").transport == "local"
    assert catalogue.aliases() == ("led-app-1", "led-app-2", "mer-1", "mer-2", "local")


def test_the_smallest_application_has_defaults(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("applications: {a: {hosts: b, logs: {x: {path: /x}}, jobs: }}")
    found = load_catalogue(tmp_path).applications["a"]
    assert (found.title, found.every, found.jobs, found.hosts) == ("a", 60, {}, ("b",))
    assert found.logs["x"].history == 30 * 86400


def test_the_digest_changes_with_the_files(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("applications: {a: {hosts: b}}")
    first = load_catalogue(tmp_path).digest
    assert first == load_catalogue(tmp_path).digest
    file.write_text("applications: {a: {hosts: c}}")
    assert load_catalogue(tmp_path).digest != first


def test_hidden_and_other_files_are_not_read(tmp_path: Path) -> None:
    for name in (".a.yaml", "b.yaml~", "c.txt", "README"):
        (tmp_path / name).write_text("nonsense: [")
    assert load_catalogue(tmp_path).files == ()


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "b.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert [(each.file, "cannot be read" in each.message) for each in caught.value.problems] == [
        ("a.yaml", True),
        ("b.yaml", True),
    ]
