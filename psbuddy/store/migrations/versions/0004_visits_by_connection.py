"""Visits know their connection: since when, how it began, and what is noted of the way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLOAT: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Add the columns; earlier visits know nothing of it."""
    for name in ("connected", "logins"):
        op.add_column(
            "collection", sa.Column(name, INT, server_default=sa.text("0"), nullable=False)
        )
    for name in ("login_seconds", "start_seconds"):
        op.add_column("collection", sa.Column(name, FLOAT, nullable=True))
    op.add_column("host", sa.Column("notes", sa.Text(), server_default="[]", nullable=False))
