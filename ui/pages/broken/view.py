"""The words of every broken state, no Qt."""

from dataclasses import dataclass

from psbuddy.store.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreNewer,
    StoreNotOurs,
    StoreNotWritable,
    StoreOlder,
    StoreUrlError,
)

RETRY, OPEN_OTHER = "retry", "open"


@dataclass(frozen=True, slots=True)
class BrokenView:
    """One message: `action` is what the button does."""

    title: str
    sentence: str
    note: str
    button: str
    action: str


_OTHER = ("Open another store", OPEN_OTHER)
_AGAIN = ("Try again", RETRY)
_STORES: tuple[tuple[type[StoreError], str, str, tuple[str, str]], ...] = (
    (StoreNewer, "This store was written by a newer PS Buddy", "", _OTHER),
    (
        StoreOlder,
        "This store is being brought up to date",
        "It was written by an older PS Buddy. The engine does it now; this page goes by itself.",
        _AGAIN,
    ),
    (StoreNotOurs, "This file is not a store of PS Buddy", "", _OTHER),
    (StoreUrlError, "This address is not one of a store", "", _OTHER),
    (
        StoreDamaged,
        "The store is damaged",
        "Logs are still on their hosts: a new store reads them again from there.",
        _OTHER,
    ),
    (StoreNotWritable, "The store cannot be opened here", "", _AGAIN),
    (StoreBusy, "The store is locked", "", _AGAIN),
)


def store_view(error: Exception) -> BrokenView:
    """What to show when the store cannot be read at all."""
    for kind, title, note, (button, action) in _STORES:
        if isinstance(error, kind):
            return BrokenView(title, str(error), note, button, action)
    return BrokenView("The store could not be read", str(error), "", *_AGAIN)
