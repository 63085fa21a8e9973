"""No traceback reaches a user: what is known is said, what is not is written to a file."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from psbuddy import __version__
from psbuddy.cli.places import log_folder

OK, WRONG, USAGE, INTERRUPTED = 0, 1, 2, 130
_LOG_CAP = 1024 * 1024


class CliError(Exception):
    """Something to tell the user as it is."""

    def __init__(self, message: str, code: int = WRONG) -> None:
        self.code = code
        super().__init__(message)


def wants_json(arguments: Sequence[str]) -> bool:
    """Is the answer of this command line to be one JSON document?"""
    words = list(arguments)
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def guarded(work: Callable[[], int], *, as_json: bool = False) -> int:
    """Exit code of `work`, whatever it raises. `as_json`: what is wrong as a document, too."""
    try:
        return work()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else OK if error.code is None else WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        return nobody_reads()
    except Exception as error:  # noqa: BLE001 - the last door: told below, never swallowed
        known = known_error(error)
        if known is None:
            known = CliError(_unexpected(error))
        return refused(known, as_json=as_json)


def refused(error: CliError, *, as_json: bool) -> int:
    """Say what is wrong on stderr, and on stdout where a program waits for a document."""
    if as_json:
        document = {"error": str(error), "exit_code": error.code}
        sys.stdout.write(f"{json.dumps(document, ensure_ascii=False, indent=2)}\n")
    sys.stderr.write(f"{error}\n")
    return error.code


def nobody_reads() -> int:
    """Let what is still buffered go nowhere: whoever closed the pipe has what they wanted."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def known_error(error: Exception) -> CliError | None:
    """The error in our words if it is one of ours, None if nobody expected it."""
    from psbuddy.store.errors import StoreError, StoreUrlError  # noqa: PLC0415 - error path

    if isinstance(error, CliError):
        return error
    if isinstance(error, StoreError):
        return CliError(str(error), USAGE if isinstance(error, StoreUrlError) else WRONG)
    if _is_named(error, "psbuddy.catalogue.problems", "CatalogueError"):
        return CliError(str(error))
    if _is_named(error, "collectors.errors", "CollectError"):
        return CliError(str(error))
    return None


def _is_named(error: Exception, module: str, name: str) -> bool:
    """Is it that class? Whoever raised it has imported it; we need not."""
    found = sys.modules.get(module)
    kind = getattr(found, name, None)
    return isinstance(kind, type) and isinstance(error, kind)


def _unexpected(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    try:
        file = write_report(log_folder(), error)
    except OSError as trouble:
        return f"Something unexpected happened ({what}). It could not be written down: {trouble}."
    return f"Something unexpected happened ({what}). The details are in {file}; please report them."


def write_report(folder: Path, error: BaseException) -> Path:
    """Append what happened to a log file of one megabyte at most."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "errors.log"
    if file.exists() and file.stat().st_size > _LOG_CAP:
        file.replace(folder / "errors.log.1")
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    system = f"psbuddy {__version__}, Python {sys.version.split()[0]}, {sys.platform}"
    text = "".join(traceback.format_exception(error))
    with file.open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"--- {stamp} {system}\n{text}\n")
    return file
