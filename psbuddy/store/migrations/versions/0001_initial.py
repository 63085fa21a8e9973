"""The first schema: everything needed from logs on a host to a dashboard.

A picture of `psbuddy.store.tables` as it was then; a test compares both. Never changed
afterwards: a change of the schema is a new file.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLOAT: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
ZERO = sa.text("0")
EMPTY = sa.text("''")
ROWS = {"sqlite_strict": True, "sqlite_with_rowid": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
LEVELS = ("none", "trace", "debug", "info", "warning", "error", "critical")


def upgrade() -> None:
    """Create all tables, and name the levels."""
    _create_others()
    for time in ("minute", "hour", "day"):
        _create_facts(time)
    op.bulk_insert(
        sa.table("level_name", sa.column("level", INT), sa.column("name", sa.Text)),
        [{"level": number, "name": name} for number, name in enumerate(LEVELS)],
    )


def _create_others() -> None:
    op.create_table(
        "app_status",
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'unknown'"), nullable=False),
        sa.Column("since", INT, server_default=ZERO, nullable=False),
        sa.Column("sentence", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("headline", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("errors_per_minute", FLOAT, nullable=True),
        sa.Column("normal_per_minute", FLOAT, nullable=True),
        sa.Column("spark", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("worst_job", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("worst_job_note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("availability", FLOAT, nullable=True),
        sa.Column("coverage", FLOAT, nullable=True),
        sa.Column("hosts_seen", INT, server_default=ZERO, nullable=False),
        sa.Column("hosts_total", INT, server_default=ZERO, nullable=False),
        sa.Column("last_collection", INT, server_default=ZERO, nullable=False),
        sa.Column("as_of", INT, server_default=ZERO, nullable=False),
        sa.CheckConstraint(
            "state IN ('up', 'watch', 'down', 'unknown', 'paused')",
            name=op.f("ck_app_status_state"),
        ),
        sa.PrimaryKeyConstraint("app", name="pk_app_status"),
        **ROWS,
    )
    op.create_table(
        "application",
        sa.Column("app_id", INT, nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("owner", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("runbook", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("interval", INT, server_default=ZERO, nullable=False),
        sa.Column("hosts", INT, server_default=ZERO, nullable=False),
        sa.Column("active", INT, server_default=ZERO, nullable=False),
        sa.Column("definition", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("app_id", name="pk_application"),
        sa.UniqueConstraint("app", name="uq_application_app"),
        **ROWS,
    )
    op.create_table(
        "host",
        sa.Column("host_id", INT, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'unknown'"), nullable=False),
        sa.Column("since", INT, server_default=ZERO, nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("last_good", INT, server_default=ZERO, nullable=False),
        sa.Column("last_try", INT, server_default=ZERO, nullable=False),
        sa.Column("boot_time", INT, server_default=ZERO, nullable=False),
        sa.Column("transport", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("host_id", name="pk_host"),
        sa.UniqueConstraint("host", name="uq_host_host"),
        **ROWS,
    )
    op.create_table(
        "level_name",
        sa.Column("level", INT, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("level", name="pk_level_name"),
        **ROWS,
    )
    op.create_table(
        "store_info",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_store_info"),
        **ROWS,
    )
    op.create_table(
        "application_history",
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("since", INT, autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id"], ["application.app_id"], name="fk_application_history_app_id"
        ),
        sa.PrimaryKeyConstraint("app_id", "since", name="pk_application_history"),
        **CLUSTERED,
    )
    op.create_table(
        "cause",
        sa.Column("cause_id", INT, nullable=False),
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("level", INT, server_default=ZERO, nullable=False),
        sa.Column("title", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("template", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("exception", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("frame", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("first_seen", INT, server_default=ZERO, nullable=False),
        sa.Column("last_seen", INT, server_default=ZERO, nullable=False),
        sa.Column("returned_at", INT, server_default=ZERO, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.Column("mark", sa.Text(), server_default=EMPTY, nullable=False),
        sa.CheckConstraint("mark IN ('', 'known', 'muted')", name=op.f("ck_cause_mark")),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_cause_app_id"),
        sa.PrimaryKeyConstraint("cause_id", name="pk_cause"),
        sa.UniqueConstraint("app_id", "fingerprint", name="uq_cause_app_id_fingerprint"),
        **ROWS,
    )
    op.create_table(
        "change",
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("time", INT, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_change_app_id"),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_change_host_id"),
        sa.PrimaryKeyConstraint("app_id", "time", "kind", "label", "host_id", name="pk_change"),
        **CLUSTERED,
    )
    op.create_table(
        "collection",
        sa.Column("collection_id", INT, nullable=False),
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("started", INT, server_default=ZERO, nullable=False),
        sa.Column("seconds", FLOAT, nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("bytes_read", INT, server_default=ZERO, nullable=False),
        sa.Column("bytes_sent", INT, server_default=ZERO, nullable=False),
        sa.Column("bytes_received", INT, server_default=ZERO, nullable=False),
        sa.Column("cpu_seconds", FLOAT, nullable=True),
        sa.Column("memory_bytes", INT, nullable=True),
        sa.Column("transport", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("program", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_collection_host_id"),
        sa.PrimaryKeyConstraint("collection_id", name="pk_collection"),
        **ROWS,
    )
    op.create_index(
        "ix_collection_host_id_started", "collection", ["host_id", "started"], unique=False
    )
    op.create_table(
        "host_fact",
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("time", INT, autoincrement=False, nullable=False),
        sa.Column("clock_offset_s", FLOAT, nullable=True),
        sa.Column("boot_time", INT, server_default=ZERO, nullable=False),
        sa.Column("cpus", INT, server_default=ZERO, nullable=False),
        sa.Column("load_1m", FLOAT, nullable=True),
        sa.Column("memory_total", INT, server_default=ZERO, nullable=False),
        sa.Column("memory_available", INT, server_default=ZERO, nullable=False),
        sa.Column("disks", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("system", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_host_fact_host_id"),
        sa.PrimaryKeyConstraint("host_id", "time", name="pk_host_fact"),
        **CLUSTERED,
    )
    op.create_table(
        "host_state",
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("since", INT, autoincrement=False, nullable=False),
        sa.Column("until", INT, server_default=ZERO, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.CheckConstraint(
            "state IN ('up', 'watch', 'down', 'unknown', 'paused')",
            name=op.f("ck_host_state_state"),
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_host_state_host_id"),
        sa.PrimaryKeyConstraint("host_id", "since", name="pk_host_state"),
        **CLUSTERED,
    )
    op.create_table(
        "run",
        sa.Column("run_id", INT, nullable=False),
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("at", INT, server_default=ZERO, nullable=False),
        sa.Column("started", INT, nullable=True),
        sa.Column("ended", INT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("volume", INT, nullable=True),
        sa.Column("verdict", sa.Text(), server_default=sa.text("'unknown'"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("actor", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("start_text", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("end_text", sa.Text(), server_default=EMPTY, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('ok', 'failed', 'aborted', 'running', 'unknown')",
            name=op.f("ck_run_outcome"),
        ),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_run_app_id"),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_run_host_id"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
        **ROWS,
    )
    op.create_index("ix_run_app_id_job_at", "run", ["app_id", "job", "at"], unique=False)
    op.create_index(
        "ix_run_open",
        "run",
        ["app_id", "job", "host_id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
    )
    op.create_table(
        "source",
        sa.Column("source_id", INT, nullable=False),
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("version", INT, server_default=ZERO, nullable=False),
        sa.Column("format", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("lines", INT, server_default=ZERO, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.Column("unparsed_lines", INT, server_default=ZERO, nullable=False),
        sa.Column("unparsed_bytes", INT, server_default=ZERO, nullable=False),
        sa.Column("bytes_read", INT, server_default=ZERO, nullable=False),
        sa.Column("held_bytes", INT, server_default=ZERO, nullable=False),
        sa.Column("backlog_bytes", INT, server_default=ZERO, nullable=False),
        sa.Column("oversize_records", INT, server_default=ZERO, nullable=False),
        sa.Column("first_observed", INT, server_default=ZERO, nullable=False),
        sa.Column("read_until", INT, server_default=ZERO, nullable=False),
        sa.Column("read_at", INT, server_default=ZERO, nullable=False),
        sa.Column("problems", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_source_app_id"),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_source_host_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_source"),
        sa.UniqueConstraint("app_id", "host_id", "log", name="uq_source_app_id_host_id_log"),
        **ROWS,
    )
    op.create_table(
        "app_check",
        sa.Column("check_id", INT, nullable=False),
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("host_id", INT, autoincrement=False, nullable=False),
        sa.Column("check_name", sa.Text(), nullable=False),
        sa.Column("source_id", INT, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_app_check_app_id"),
        sa.ForeignKeyConstraint(["host_id"], ["host.host_id"], name="fk_app_check_host_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_app_check_source_id"),
        sa.PrimaryKeyConstraint("check_id", name="pk_app_check"),
        sa.UniqueConstraint(
            "app_id", "host_id", "check_name", name="uq_app_check_app_id_host_id_check_name"
        ),
        **ROWS,
    )
    op.create_index("ix_app_check_source_id", "app_check", ["source_id"], unique=False)
    op.create_table(
        "cause_example",
        sa.Column("example_id", INT, nullable=False),
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column("time", INT, server_default=ZERO, nullable=False),
        sa.Column("text", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.cause_id"], name="fk_cause_example_cause_id"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name="fk_cause_example_source_id"
        ),
        sa.PrimaryKeyConstraint("example_id", name="pk_cause_example"),
        **ROWS,
    )
    op.create_index(
        "ix_cause_example_cause_id_time", "cause_example", ["cause_id", "time"], unique=False
    )
    op.create_table(
        "gap",
        sa.Column("gap_id", INT, nullable=False),
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column("from_time", INT, server_default=ZERO, nullable=False),
        sa.Column("to_time", INT, server_default=ZERO, nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("bytes", INT, server_default=ZERO, nullable=False),
        sa.Column("noticed", INT, server_default=ZERO, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_gap_source_id"),
        sa.PrimaryKeyConstraint("gap_id", name="pk_gap"),
        **ROWS,
    )
    op.create_index("ix_gap_source_id_from_time", "gap", ["source_id", "from_time"], unique=False)
    op.create_table(
        "position",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("inode", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("byte_offset", INT, server_default=ZERO, nullable=False),
        sa.Column("size", INT, server_default=ZERO, nullable=False),
        sa.Column("modified", INT, server_default=ZERO, nullable=False),
        sa.Column("head_length", INT, server_default=ZERO, nullable=False),
        sa.Column("head_hash", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("tail_hash", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("carry", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_position_source_id"),
        sa.PrimaryKeyConstraint("source_id", "path", name="pk_position"),
        **CLUSTERED,
    )
    op.create_table(
        "check_state",
        sa.Column("check_id", INT, autoincrement=False, nullable=False),
        sa.Column("since", INT, autoincrement=False, nullable=False),
        sa.Column("until", INT, server_default=ZERO, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=EMPTY, nullable=False),
        sa.CheckConstraint(
            "state IN ('up', 'watch', 'down', 'unknown', 'paused')",
            name=op.f("ck_check_state_state"),
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["app_check.check_id"], name="fk_check_state_check_id"
        ),
        sa.PrimaryKeyConstraint("check_id", "since", name="pk_check_state"),
        **CLUSTERED,
    )


def _create_facts(time: str) -> None:
    op.create_table(
        f"{time}_cause",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column(time, INT, autoincrement=False, nullable=False),
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.cause_id"], name=f"fk_{time}_cause_cause_id"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name=f"fk_{time}_cause_source_id"
        ),
        sa.PrimaryKeyConstraint("source_id", time, "cause_id", name=f"pk_{time}_cause"),
        **CLUSTERED,
    )
    op.create_table(
        f"{time}_level",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column(time, INT, autoincrement=False, nullable=False),
        sa.Column("level", INT, autoincrement=False, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name=f"fk_{time}_level_source_id"
        ),
        sa.PrimaryKeyConstraint("source_id", time, "level", name=f"pk_{time}_level"),
        **CLUSTERED,
    )
    op.create_table(
        f"{time}_transaction",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column(time, INT, autoincrement=False, nullable=False),
        sa.Column("transactions", INT, server_default=ZERO, nullable=False),
        sa.Column("failed", INT, server_default=ZERO, nullable=False),
        sa.Column("total_ms", FLOAT, nullable=True),
        sa.Column("max_ms", FLOAT, nullable=True),
        sa.Column("p50_ms", FLOAT, nullable=True),
        sa.Column("p95_ms", FLOAT, nullable=True),
        sa.Column("buckets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name=f"fk_{time}_transaction_source_id"
        ),
        sa.PrimaryKeyConstraint("source_id", time, name=f"pk_{time}_transaction"),
        **CLUSTERED,
    )
