"""A report file appears whole or not at all: written beside its place, then put there."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class UnwritableError(Exception):
    """A file could not be written; the text is one sentence for the user."""


@contextmanager
def in_one_step(file: Path) -> Iterator[Callable[[bytes], None]]:
    """Give a function that takes the contents piece by piece; at the end they are `file`.

    Opened before anything is computed, so that a place that cannot be written is told at once.
    When the block raises, `file` is as it was before. Raises UnwritableError.
    """
    place = Path(os.path.realpath(file))
    partial = place.with_name(f".psbuddy-{secrets.token_hex(6)}.part")
    try:
        if place.is_dir():
            raise IsADirectoryError(0, "It is a folder")
        stream = partial.open("xb")
    except OSError as error:
        raise _unwritable(file, error) from None

    def write(data: bytes) -> None:
        try:
            stream.write(data)
        except OSError as error:
            raise _unwritable(file, error) from None

    try:
        yield write
        _put(stream.close, partial, place, file)
    finally:
        with suppress(OSError):  # what could not be flushed was told already
            stream.close()
        partial.unlink(missing_ok=True)


def _put(close: Callable[[], None], partial: Path, place: Path, file: Path) -> None:
    try:
        close()
        partial.replace(place)
    except OSError as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> UnwritableError:
    return UnwritableError(f"{file} cannot be written: {error.strerror or error}.")
