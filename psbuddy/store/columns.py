"""What the tables are made of: kinds of columns, named constraints, STRICT and clustered tables."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import REAL

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite's STRICT tables know INTEGER and REAL only; elsewhere these are 8 bytes wide.
INT = BigInteger().with_variant(Integer(), "sqlite")
FLOAT: Double[float] = Double().with_variant(REAL(), "sqlite")


def key(name: str) -> Column[Any]:
    return Column(name, INT, primary_key=True, autoincrement=False)


def number_of(name: str) -> Column[Any]:
    return Column(name, INT, primary_key=True)


def ref(name: str, target: str, *, key: bool = False, null: bool = False) -> Column[Any]:
    return Column(
        name, INT, ForeignKey(target), primary_key=key, nullable=null, autoincrement=False
    )


def words(name: str, default: str | None = "") -> Column[Any]:
    given = None if default is None else text(f"'{default}'")
    return Column(name, Text, nullable=False, server_default=given)


def whole(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, INT, nullable=null, server_default=None if null else text("0"))


def real(name: str) -> Column[Any]:
    return Column(name, FLOAT, nullable=True)


def table(name: str, *parts: Any, clustered: bool = False) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not clustered)
