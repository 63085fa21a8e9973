"""Old minutes as one page per log and day; what retention dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ZERO = sa.text("0")
ROWS = {"sqlite_strict": True, "sqlite_with_rowid": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Make both tables; minutes stay rows until they are sealed."""
    op.create_table(
        "minute_page",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column("day", INT, autoincrement=False, nullable=False),
        sa.Column("records", INT, server_default=ZERO, nullable=False),
        sa.Column("transactions", INT, server_default=ZERO, nullable=False),
        sa.Column("failed", INT, server_default=ZERO, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name="fk_minute_page_source_id"
        ),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_minute_page"),
        **ROWS,
    )
    op.create_table(
        "dropped",
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("from_time", INT, server_default=ZERO, nullable=False),
        sa.Column("to_time", INT, server_default=ZERO, nullable=False),
        sa.Column("noticed", INT, server_default=ZERO, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name="fk_dropped_source_id"),
        sa.PrimaryKeyConstraint("source_id", "tier", name="pk_dropped"),
        sa.CheckConstraint("tier IN ('minute', 'hour')", name=op.f("ck_dropped_tier")),
        **CLUSTERED,
    )
