"""The store: one SQLite file, one writer, many readers.

This package imports neither SQLAlchemy nor numpy by itself: the window paints its first page
from `connect_readonly` and `psbuddy.store.read.fleet` alone.
"""

from typing import TYPE_CHECKING

from psbuddy.store.connect import connect_readonly
from psbuddy.store.errors import (
    BadObservation,
    StaleObservation,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreNewer,
    StoreNotOurs,
    StoreNotWritable,
    StoreOlder,
    StoreUrlError,
    UnknownCause,
)

if TYPE_CHECKING:
    from psbuddy.store.store import Store

__all__ = [
    "BadObservation",
    "StaleObservation",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreMissing",
    "StoreNewer",
    "StoreNotOurs",
    "StoreNotWritable",
    "StoreOlder",
    "StoreUrlError",
    "UnknownCause",
    "connect_readonly",
    "open_store",
]


def open_store(url: str, *, create: bool = True, busy_seconds: float = 5.0) -> "Store":
    """Open the store for writing. See `psbuddy.store.open.open_store`."""
    from psbuddy.store.open import open_store as opened  # noqa: PLC0415 - brings SQLAlchemy

    return opened(url, create=create, busy_seconds=busy_seconds)
