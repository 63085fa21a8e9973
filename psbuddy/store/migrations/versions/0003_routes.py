"""Transactions by route, per hour and day. Never changed afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLOAT: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
ZERO = sa.text("0")
ROWS = {"sqlite_strict": True, "sqlite_with_rowid": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Make the names of routes and their counts."""
    op.create_table(
        "route",
        sa.Column("route_id", INT, nullable=False),
        sa.Column("app_id", INT, autoincrement=False, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["application.app_id"], name="fk_route_app_id"),
        sa.PrimaryKeyConstraint("route_id", name="pk_route"),
        sa.UniqueConstraint("app_id", "route", name="uq_route_app_id_route"),
        **ROWS,
    )
    for time in ("hour", "day"):
        _create_counts(f"{time}_route", time)


def _create_counts(name: str, time: str) -> None:
    op.create_table(
        name,
        sa.Column("source_id", INT, autoincrement=False, nullable=False),
        sa.Column(time, INT, autoincrement=False, nullable=False),
        sa.Column("route_id", INT, autoincrement=False, nullable=False),
        sa.Column("transactions", INT, server_default=ZERO, nullable=False),
        sa.Column("failed", INT, server_default=ZERO, nullable=False),
        sa.Column("total_ms", FLOAT, nullable=True),
        sa.Column("max_ms", FLOAT, nullable=True),
        sa.Column("p50_ms", FLOAT, nullable=True),
        sa.Column("p95_ms", FLOAT, nullable=True),
        sa.Column("buckets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.source_id"], name=f"fk_{name}_source_id"),
        sa.ForeignKeyConstraint(["route_id"], ["route.route_id"], name=f"fk_{name}_route_id"),
        sa.PrimaryKeyConstraint("source_id", time, "route_id", name=f"pk_{name}"),
        **CLUSTERED,
    )
