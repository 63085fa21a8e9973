"""The tables, as SQLAlchemy Core metadata. `docs/database.md` explains each to an analyst.

Times are integer UTC epoch seconds; a minute, hour or day is the second at which it starts.
Facts are clustered by (source, time): WITHOUT ROWID, so that a chart reads neighbours.
Every constraint has a name, because migrations by table copy drop nameless ones.
"""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from psbuddy.store import columns

metadata = columns.metadata
_key, _id, _ref, _table = columns.key, columns.number_of, columns.ref, columns.table
_text, _int, _float = columns.words, columns.whole, columns.real

store_info = _table("store_info", Column("name", Text, primary_key=True), _text("value"))
level_name = _table("level_name", _key("level"), Column("name", Text, nullable=False))

# --- what is watched

application = _table(
    "application",
    _id("app_id"),
    _text("app", None),
    _text("name"),
    _text("owner"),
    _text("runbook"),
    _int("interval"),
    _int("hosts"),
    _int("active"),
    _text("definition"),
    UniqueConstraint("app"),
)
application_history = _table(
    "application_history",
    _ref("app_id", "application.app_id", key=True),
    _key("since"),
    _text("definition"),
    clustered=True,
)
host = _table(
    "host",
    _id("host_id"),
    _text("host", None),
    _text("state", "unknown"),
    _int("since"),
    _text("reason"),
    _int("last_good"),
    _int("last_try"),
    _int("boot_time"),
    _text("transport"),
    _text("notes", "[]"),  # of the way there, as the last connection told them
    UniqueConstraint("host"),
)
source = _table(
    "source",
    _id("source_id"),
    _ref("app_id", "application.app_id"),
    _ref("host_id", "host.host_id"),
    _text("log", None),
    _int("version"),
    _text("format"),
    _int("lines"),
    _int("records"),
    _int("unparsed_lines"),
    _int("unparsed_bytes"),
    _int("bytes_read"),
    _int("held_bytes"),
    _int("backlog_bytes"),
    _int("oversize_records"),
    _int("first_observed"),
    _int("read_until"),
    _int("read_at"),
    _text("problems", "[]"),
    UniqueConstraint("app_id", "host_id", "log"),
)
position = _table(
    "position",
    _ref("source_id", "source.source_id", key=True),
    Column("path", Text, primary_key=True),
    _text("device"),  # text: may exceed 63 bits
    _text("inode"),
    _int("byte_offset"),
    _int("size"),
    _int("modified"),
    _int("head_length"),
    _text("head_hash"),
    _text("tail_hash"),
    _text("carry"),
    clustered=True,
)

# --- levels


def _counted(span: str, what: str, *parts: Column[Any]) -> Table:
    """Counts of one source by minute, hour or day."""
    source = _ref("source_id", "source.source_id", key=True)
    return _table(f"{span}_{what}", source, _key(span), *parts, clustered=True)


def _levels(span: str) -> Table:
    return _counted(span, "level", _key("level"), _int("records"))


minute_level = _levels("minute")
hour_level = _levels("hour")
day_level = _levels("day")

# --- causes

CAUSE_MARKS = ("", "known", "muted", "resolved")

cause = _table(
    "cause",
    _id("cause_id"),
    _ref("app_id", "application.app_id"),
    _text("fingerprint", None),
    _int("level"),
    _text("title"),
    _text("template"),
    _text("exception"),
    _text("frame"),
    _int("first_seen"),
    _int("last_seen"),
    _int("silent_from"),
    _int("returned_at"),
    _int("records"),
    # What follows is worked out from cause_learned and cause_decision (see aliases.py).
    _text("shown_title"),
    _text("shown_template"),
    _text("mark"),
    _int("marked_at"),
    _int("mark_until"),
    _text("mark_note"),
    _int("rising_since"),
    UniqueConstraint("app_id", "fingerprint"),
    CheckConstraint(f"mark IN {CAUSE_MARKS}", name="mark"),
)
cause_learned = _table(
    "cause_learned",
    _ref("cause_id", "cause.cause_id", key=True),
    _ref("anchor_id", "cause.cause_id"),
    _text("title"),
    _text("template"),
    _text("why"),
    _int("since"),
)
cause_decision = _table(
    "cause_decision",
    _ref("cause_id", "cause.cause_id", key=True),
    Column("kind", Text, primary_key=True),
    _ref("target_id", "cause.cause_id", null=True),
    _text("word"),
    _text("note"),
    _int("since"),
    _int("until"),
    CheckConstraint("kind IN ('merge', 'apart', 'title', 'mark')", name="kind"),
    clustered=True,
)
cause_alias = _table(
    "cause_alias",
    _ref("cause_id", "cause.cause_id", key=True),
    _ref("survivor_id", "cause.cause_id"),
    _text("by"),
    _text("why"),
    _int("since"),
    Index("ix_cause_alias_survivor_id", "survivor_id"),
    CheckConstraint("\"by\" IN ('learned', 'person')", name="by"),
)
cause_message = _table(
    "cause_message",
    _id("message_id"),
    _ref("cause_id", "cause.cause_id"),
    _int("time"),
    _text("text"),
    Index("ix_cause_message_cause_id_time", "cause_id", "time"),
)
cause_example = _table(
    "cause_example",
    _id("example_id"),
    _ref("cause_id", "cause.cause_id"),
    _ref("source_id", "source.source_id"),
    _int("time"),
    _text("text"),
    Index("ix_cause_example_cause_id_time", "cause_id", "time"),
)


def _causes(span: str) -> Table:
    cause_id = _ref("cause_id", "cause.cause_id", key=True)
    return _counted(span, "cause", cause_id, _int("records"))


minute_cause = _causes("minute")
hour_cause = _causes("hour")
day_cause = _causes("day")

# --- transactions


def _measures() -> tuple[Column[Any], ...]:
    return (
        _int("transactions"),
        _int("failed"),
        _float("total_ms"),  # latencies are NULL where no duration was told
        _float("max_ms"),
        _float("p50_ms"),
        _float("p95_ms"),
        Column("buckets", LargeBinary, nullable=False),
    )


def _transactions(span: str) -> Table:
    return _counted(span, "transaction", *_measures())


minute_transaction = _transactions("minute")
hour_transaction = _transactions("hour")
day_transaction = _transactions("day")

route = _table(
    "route",
    _id("route_id"),
    _ref("app_id", "application.app_id"),
    _text("route", None),
    UniqueConstraint("app_id", "route"),
)


def _routes(span: str) -> Table:
    route_id = _ref("route_id", "route.route_id", key=True)
    return _counted(span, "route", route_id, *_measures())


hour_route = _routes("hour")
day_route = _routes("day")

# --- sealed days

minute_page = _table(
    "minute_page",  # with rowid: a clustered table would put most of a page elsewhere
    _ref("source_id", "source.source_id", key=True),
    _key("day"),
    _int("records"),
    _int("transactions"),
    _int("failed"),
    Column("data", LargeBinary, nullable=False),  # see page.py
)
TIERS = ("minute", "hour")
dropped = _table(
    "dropped",
    _ref("source_id", "source.source_id", key=True),
    Column("tier", Text, primary_key=True),
    _int("from_time"),
    _int("to_time"),
    _int("noticed"),
    CheckConstraint(f"tier IN {TIERS}", name="tier"),
    clustered=True,
)

# --- jobs, changes

run = _table(
    "run",
    _id("run_id"),
    _ref("app_id", "application.app_id"),
    _ref("host_id", "host.host_id"),
    _text("job", None),
    _text("period"),
    _int("at"),  # started, or ended where the start was not seen
    _int("started", null=True),
    _int("ended", null=True),
    _text("outcome", None),
    _int("volume", null=True),
    _text("verdict", "unknown"),
    _text("reason"),
    _text("actor"),
    _text("start_text"),
    _text("end_text"),
    Index("ix_run_app_id_job_at", "app_id", "job", "at"),
    Index("ix_run_open", "app_id", "job", "host_id", sqlite_where=text("ended IS NULL")),
    CheckConstraint("outcome IN ('ok', 'failed', 'aborted', 'running', 'unknown')", name="outcome"),
)
change = _table(
    "change",
    _ref("app_id", "application.app_id", key=True),
    _key("time"),
    Column("kind", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    _ref("host_id", "host.host_id", key=True),
    clustered=True,
)

# --- states

_STATES = "state IN ('up', 'watch', 'down', 'unknown', 'paused')"

host_state = _table(
    "host_state",
    _ref("host_id", "host.host_id", key=True),
    _key("since"),
    _int("until"),
    _text("state", None),
    _text("reason"),
    CheckConstraint(_STATES, name="state"),
    clustered=True,
)
app_check = _table(
    "app_check",
    _id("check_id"),
    _ref("app_id", "application.app_id"),
    _ref("host_id", "host.host_id"),
    _text("check_name", None),
    _ref("source_id", "source.source_id", null=True),
    UniqueConstraint("app_id", "host_id", "check_name"),
    Index("ix_app_check_source_id", "source_id"),
)
check_state = _table(
    "check_state",
    _ref("check_id", "app_check.check_id", key=True),
    _key("since"),
    _int("until"),
    _text("state", None),
    _text("detail"),
    CheckConstraint(_STATES, name="state"),
    clustered=True,
)
app_status = _table(
    "app_status",
    Column("app", Text, primary_key=True),
    _text("state", "unknown"),
    _int("since"),
    _text("sentence"),
    _text("headline"),
    _float("errors_per_minute"),
    _float("normal_per_minute"),
    _text("spark", "[]"),
    _text("worst_job"),
    _text("worst_job_note"),
    _float("availability"),
    _float("coverage"),
    _int("hosts_seen"),
    _int("hosts_total"),
    _int("last_collection"),
    _int("as_of"),
    CheckConstraint(_STATES, name="state"),
)

# --- visits

collection = _table(
    "collection",
    _id("collection_id"),
    _ref("host_id", "host.host_id"),
    _int("started"),
    _float("seconds"),
    _text("stage", None),
    _text("outcome", None),
    _text("detail"),
    _int("bytes_read"),
    _int("bytes_sent"),
    _int("bytes_received"),
    _float("cpu_seconds"),
    _int("memory_bytes", null=True),
    _text("transport"),
    _text("program"),
    _int("connected"),  # when the connection began; 0 where there was none
    _int("logins"),  # let in since the visit before
    _float("login_seconds"),  # until it was let in; NULL where no login was needed
    _float("start_seconds"),  # from the command to our program's first word
    Index("ix_collection_host_id_started", "host_id", "started"),
)
host_fact = _table(
    "host_fact",
    _ref("host_id", "host.host_id", key=True),
    _key("time"),
    _float("clock_offset_s"),
    _int("boot_time"),
    _int("cpus"),
    _float("load_1m"),
    _int("memory_total"),
    _int("memory_available"),
    _text("disks", "[]"),
    _text("system"),
    clustered=True,
)
gap = _table(
    "gap",
    _id("gap_id"),
    _ref("source_id", "source.source_id"),
    _int("from_time"),
    _int("to_time"),
    _text("reason"),
    _int("bytes"),
    _int("noticed"),
    Index("ix_gap_source_id_from_time", "source_id", "from_time"),
)
