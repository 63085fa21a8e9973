"""What can go wrong with a store, one class for each thing a user can do about it.

StoreError
  StoreUrlError       the address is not one we can open
  StoreMissing        there is no store there yet
  StoreNotOurs        the file is something else
  StoreDamaged        the file is broken
  StoreNewer          written by a newer PS Buddy
  StoreOlder          written by an older one, and not brought up to date yet
  StoreNotWritable    the disk, the folder or the file refuses to be written, or is full
  StoreBusy           somebody else is writing
  StaleObservation    a log was read from a position that is no longer the stored one
  BadObservation      a value that cannot be stored
  UnknownCause        a decision names a cause that is not there, or several at once

Every message is whole: what happened, where, what to do next.
"""


class StoreError(Exception):
    """Anything that keeps us from reading or writing the store."""


class StoreUrlError(StoreError):
    """The address is not one we can open."""


class StoreMissing(StoreError):
    """There is no store at this address."""


class StoreNotOurs(StoreError):
    """The file is no store of PS Buddy."""


class StoreDamaged(StoreError):
    """SQLite found the file broken."""


class StoreNewer(StoreError):
    """The store was written by a newer version than this one."""


class StoreOlder(StoreError):
    """The store was written by an older version; the next writer brings it up to date."""


class StoreNotWritable(StoreError):
    """The disk, the folder or the file refuses to be written."""


class StoreBusy(StoreError):
    """Another program is writing to the store."""


class StaleObservation(StoreError):
    """A log was read from a position that is no longer the stored one: counting it would
    count lines twice. Nothing was written; read the log again from `Store.positions`."""

    def __init__(self, host: str, app: str, log: str) -> None:
        super().__init__(
            f"The log {log} of {app} on {host} was read from an old position, so its lines may "
            "be counted already. Nothing was stored; it is read again at the next visit."
        )
        self.host, self.app, self.log = host, app, log


class BadObservation(StoreError):
    """A value out of all range came in. Nothing was written."""


class UnknownCause(StoreError):
    """A decision names no cause, or several by one name. Nothing was written."""
