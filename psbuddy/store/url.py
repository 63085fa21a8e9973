"""The address of a store: `sqlite:///path`, or simply a path."""

from pathlib import Path

from psbuddy.store.errors import StoreUrlError

_PREFIX = "sqlite:///"


def path_of(url: str) -> Path:
    """The file an address names.

    `sqlite:///relative.db`, `sqlite:////absolute.db` and plain paths are understood; `~` is
    the home folder. Raises StoreUrlError for anything else.
    """
    text = url.strip()
    if not text:
        raise StoreUrlError("No store was named. Give a file, for example --db ~/psbuddy.db.")
    if "\x00" in text or "\n" in text:
        raise StoreUrlError("The name of the store holds characters that no file name can have.")
    if text.startswith(_PREFIX):
        text = text.removeprefix(_PREFIX)
        if not text or text == ":memory:":
            raise StoreUrlError(
                f"'{url}' names no file. PS Buddy keeps its facts in a file: sqlite:///path/to.db."
            )
    elif "://" in text:
        kind = text.split("://", 1)[0]
        raise StoreUrlError(
            f"'{kind}' stores are not supported by this version. "
            "Use a local file: sqlite:///path/to.db, or only its path."
        )
    elif text == ":memory:":
        raise StoreUrlError("PS Buddy keeps its facts in a file. Give a path instead of :memory:.")
    return Path(text).expanduser().absolute()
