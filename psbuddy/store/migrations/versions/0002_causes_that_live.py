"""A cause's life: aliases that learning or a person made, marks with their time, messages kept.

`cause` is copied, because SQLite cannot change a constraint in place; every row stays, and
every mark becomes a person's decision. Never changed afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ZERO = sa.text("0")
EMPTY = sa.text("''")
ROWS = {"sqlite_strict": True, "sqlite_with_rowid": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
KEPT = (
    "cause_id, app_id, fingerprint, level, title, template, exception, frame, first_seen, "
    "last_seen, returned_at, records, mark"
)


def upgrade() -> None:
    """Copy the causes into the wider table, then make the tables around it."""
    _create_cause()
    op.execute(f"INSERT INTO _cause ({KEPT}) SELECT {KEPT} FROM cause")
    op.drop_table("cause")
    op.rename_table("_cause", "cause")
    _create_others()
    op.execute("UPDATE cause SET marked_at = last_seen WHERE mark <> ''")
    op.execute(
        "INSERT INTO cause_decision (cause_id, kind, word, since) "
        "SELECT cause_id, 'mark', mark, last_seen FROM cause WHERE mark <> ''"
    )


def _create_cause() -> None:
    op.create_table(
        "_cause",
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
        sa.Column("silent_from", INT, server_default=ZERO, nullable=False),
        sa.Column("returned_at", INT, server_default=ZERO, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.Column("shown_title", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("shown_template", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("mark", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("marked_at", INT, server_default=ZERO, nullable=False),
        sa.Column("mark_until", INT, server_default=ZERO, nullable=False),
        sa.Column("mark_note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("rising_since", INT, server_default=ZERO, nullable=False),
        sa.CheckConstraint(
            "mark IN ('', 'known', 'muted', 'resolved')", name=op.f("ck_cause_mark")
        ),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_cause_app_id"),
        sa.PrimaryKeyConstraint("cause_id", name="pk_cause"),
        sa.UniqueConstraint("app_id", "fingerprint", name="uq_cause_app_id_fingerprint"),
        **ROWS,
    )


def _create_others() -> None:
    op.create_table(
        "cause_learned",
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("anchor_id", INT, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("template", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("why", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("since", INT, server_default=ZERO, nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.cause_id"], name="fk_cause_learned_cause_id"),
        sa.ForeignKeyConstraint(
            ["anchor_id"], ["cause.cause_id"], name="fk_cause_learned_anchor_id"
        ),
        sa.PrimaryKeyConstraint("cause_id", name="pk_cause_learned"),
        **ROWS,
    )
    op.create_table(
        "cause_decision",
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", INT, autoincrement=False, nullable=True),
        sa.Column("word", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("since", INT, server_default=ZERO, nullable=False),
        sa.Column("until", INT, server_default=ZERO, nullable=False),
        sa.CheckConstraint(
            "kind IN ('merge', 'apart', 'title', 'mark')", name=op.f("ck_cause_decision_kind")
        ),
        sa.ForeignKeyConstraint(
            ["cause_id"], ["cause.cause_id"], name="fk_cause_decision_cause_id"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["cause.cause_id"], name="fk_cause_decision_target_id"
        ),
        sa.PrimaryKeyConstraint("cause_id", "kind", name="pk_cause_decision"),
        **CLUSTERED,
    )
    op.create_table(
        "cause_alias",
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("survivor_id", INT, autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("why", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("since", INT, server_default=ZERO, nullable=False),
        sa.CheckConstraint("\"by\" IN ('learned', 'person')", name=op.f("ck_cause_alias_by")),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.cause_id"], name="fk_cause_alias_cause_id"),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["cause.cause_id"], name="fk_cause_alias_survivor_id"
        ),
        sa.PrimaryKeyConstraint("cause_id", name="pk_cause_alias"),
        **ROWS,
    )
    op.create_index("ix_cause_alias_survivor_id", "cause_alias", ["survivor_id"], unique=False)
    op.create_table(
        "cause_message",
        sa.Column("message_id", INT, nullable=False),
        sa.Column("cause_id", INT, autoincrement=False, nullable=False),
        sa.Column("time", INT, server_default=ZERO, nullable=False),
        sa.Column("text", sa.Text(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.cause_id"], name="fk_cause_message_cause_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_cause_message"),
        **ROWS,
    )
    op.create_index(
        "ix_cause_message_cause_id_time", "cause_message", ["cause_id", "time"], unique=False
    )
