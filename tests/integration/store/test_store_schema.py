"""The schema as the migrations build it, the views as other programs rely on them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import psbuddy.store
from psbuddy.store import connect_readonly, open_store, sqlite
from psbuddy.store.schema import SCHEMA
from psbuddy.store.tables import metadata
from psbuddy.store.views import VIEWS

COLUMNS = {
    "v_minute": "app, host, log, minute, level, records",
    "v_transaction_minute": (
        "app, host, log, minute, transactions, failed, p50_ms, p95_ms, max_ms"
    ),
    "v_route_hour": ("app, host, log, hour, route, transactions, failed, p50_ms, p95_ms, max_ms"),
    "v_cause": "app, cause, level, template, first_seen, last_seen, records, state",
    "v_cause_hour": "app, cause, hour, records",
    "v_cause_alias": "app, fingerprint, cause, by, why, since",
    "v_run": "app, job, host, period, started, ended, outcome, volume, verdict",
    "v_check": "app, host, check_name, state, since, until",
    "v_collection": "host, started, seconds, stage, outcome, bytes_read, bytes_received, detail",
    "v_gap": "host, log, from_time, to_time, reason, bytes",
    "v_dropped": "app, host, log, tier, from_time, to_time, noticed",
}
DOCS = Path(psbuddy.store.__file__).parents[2] / "docs" / "database.md"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "store.db"
    open_store(str(path)).close()
    return path


@pytest.mark.parametrize("view", COLUMNS)
def test_views_have_the_promised_columns_in_order(path: Path, view: str) -> None:
    conn = connect_readonly(str(path))
    cursor = conn.execute(f"SELECT * FROM {view}")
    conn.close()
    assert ", ".join(column[0] for column in cursor.description) == COLUMNS[view]


def test_there_are_no_other_views() -> None:
    assert set(VIEWS) == set(COLUMNS)


def test_the_migrations_build_what_the_tables_say(path: Path) -> None:
    built = create_engine(f"sqlite:///{path}", module=sqlite.DRIVER)
    fresh = create_engine("sqlite://", module=sqlite.DRIVER)
    with built.connect() as migrated, fresh.connect() as described:
        assert compare_metadata(MigrationContext.configure(migrated), metadata) == []
        metadata.create_all(described)
        sql = "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql <> ''"
        found = [
            {
                name: sorted(re.findall(r"[^\s,()\"]+", ddl))
                for name, ddl in connection.exec_driver_sql(sql)
                if name != "alembic_version"
            }
            for connection in (migrated, described)
        ]
    assert found[0] == found[1]
    built.dispose()
    fresh.dispose()


def test_every_table_is_strict(path: Path) -> None:
    conn = connect_readonly(str(path))
    loose = conn.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
        "AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    conn.close()
    assert loose == [("alembic_version",)]


def test_the_schema_number_is_that_of_the_newest_migration() -> None:
    folder = Path(psbuddy.store.__file__).with_name("migrations")
    head = ScriptDirectory(str(folder)).get_current_head()
    assert head is not None and int(head) == SCHEMA
    assert len(list(folder.glob("versions/0*.py"))) == SCHEMA


def test_a_killed_migration_leaves_an_empty_file_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    code = f"""
import os, signal
from psbuddy.store import migrate, open_store, views
def die(execute):
    os.kill(os.getpid(), signal.SIGKILL)
views.create = die
open_store({str(path)!r})
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=DOCS.parents[1], check=False)
    assert done.returncode == -9
    open_store(str(path)).close()
    conn = connect_readonly(str(path))
    assert conn.execute("SELECT count(*) FROM v_run").fetchone() == (0,)
    conn.close()


def test_alembic_is_not_imported_for_a_store_that_is_up_to_date(path: Path) -> None:
    code = f"""
import sys
from psbuddy.store import open_store
open_store({str(path)!r}).close()
sys.exit("alembic" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], cwd=DOCS.parents[1], check=True)


def test_the_first_page_needs_neither_numpy_nor_sqlalchemy(path: Path) -> None:
    code = f"""
import sys
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses, host_lines
conn = connect_readonly({str(path)!r})
assert app_statuses(conn) == host_lines(conn) == ()
sys.exit(bool({{"numpy", "sqlalchemy", "alembic", "pydantic"}} & set(sys.modules)))
"""
    subprocess.run([sys.executable, "-c", code], cwd=DOCS.parents[1], check=True)


def test_every_table_view_and_column_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^#|\Z)", text, re.S | re.M))
    assert set(sections) == {*metadata.tables, *VIEWS, "alembic_version"}
    for table in metadata.tables.values():
        missing = [c.name for c in table.columns if f"`{c.name}`" not in sections[table.name]]
        assert missing == [], table.name
    for view, columns in COLUMNS.items():
        missing = [c for c in columns.split(", ") if f"`{c}`" not in sections[view]]
        assert missing == [], view


def test_every_example_in_the_documentation_runs(path: Path) -> None:
    examples = re.findall(r"```sql\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    assert len(examples) >= 8
    conn = connect_readonly(str(path))
    for example in examples:
        assert conn.execute(example).description is not None
    conn.close()
