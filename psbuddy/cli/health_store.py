"""The places: store, catalogue and their folders."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from psbuddy.catalogue import CatalogueError, load_catalogue
from psbuddy.cli.health import Finding, fine, note, wrong
from psbuddy.cli.output import progress
from psbuddy.cli.places import Places, log_folder
from psbuddy.store import StoreError, StoreMissing, connect_readonly, verify
from psbuddy.store.folder import folder_note
from psbuddy.store.sqlite import Error
from psbuddy.store.url import path_of
from psbuddy.store.verify import Looked
from psbuddy.words import quantity, size


def store_findings(places: Places) -> Iterator[Finding]:
    """Is the store whole, can it grow, and is the catalogue valid?"""
    try:
        path = path_of(places.db)
    except StoreError as error:
        yield wrong("Store", places.db, str(error))
    else:
        yield from _store(places.db, path)
        yield _folder("Folder of the store", path.parent)
    yield from _catalogue(places.catalogue)
    yield _folder("Folder of the catalogue", places.catalogue)
    yield _folder("Folder of the log", log_folder())


def _store(url: str, path: Path) -> Iterator[Finding]:
    try:
        with closing(connect_readonly(url)) as connection:
            said = connection.execute("PRAGMA quick_check(5)").fetchall()
            info = dict(connection.execute("SELECT name, value FROM store_info").fetchall())
    except StoreMissing:
        yield note("Store", f"none at {path} yet", "It is made by the first collection.")
        return
    except (StoreError, Error) as error:
        yield wrong("Store", str(path), str(error))
        return
    if said != [("ok",)]:
        found = "; ".join(str(row[0]) for row in said)[:300]
        yield wrong(
            "Store", f"{path} is damaged: {found}", "Put a copy from a backup in its place."
        )
        return
    details = ", ".join(f"{name} {value}" for name, value in sorted(info.items()))[:200]
    yield fine(
        "Store", f"{path}, {size(path.stat().st_size)}, whole{', ' if details else ''}{details}"
    )
    yield from _counts(url)
    remark = folder_note(path)
    if remark:
        yield note("Disk of the store", str(path), remark)


def _counts(url: str) -> Iterator[Finding]:
    """Every page and every sum; what retention dropped."""
    looked: list[Looked] = []
    with closing(connect_readonly(url)) as connection, progress() as bar:
        names = verify.sources(connection)
        task = bar.add_task("Looking at what is counted", total=len(names))
        for source in names:
            looked.append(verify.look(connection, source))
            bar.advance(task)
        dropped = connection.execute(
            "SELECT tier, count(*), min(from_time), max(to_time) FROM dropped GROUP BY 1"
        ).fetchall()
    faults = [fault for each in looked for fault in each.faults]
    if faults:
        told = [f"{_date(each.day)} of {names[each.source]}: {each.why}" for each in faults[:5]]
        more = f"\nand {len(faults) - 5:,} more" if len(faults) > 5 else ""
        yield wrong(
            "Counts",
            f"{quantity(len(faults), 'day')} of a log not as written:\n" + "\n".join(told) + more,
            "Damaged minutes are shown as not observed. Put a copy from a backup in the store's "
            "place if you need them; look at the disk.",
        )
    else:
        pages = sum(each.pages for each in looked)
        yield fine(
            "Counts",
            f"{quantity(len(names), 'log')}, {quantity(pages, 'sealed day')}: all sums are right",
        )
    for tier, logs, since, until in dropped:
        yield fine(
            "Retention",
            f"{tier}s of {quantity(logs, 'log')} were dropped, "
            f"from {_date(since)} to {_date(until)}; what is coarser is kept",
        )


def _date(moment: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(moment))


def _folder(what: str, folder: Path) -> Finding:
    """Can files be made there, or in the nearest folder above that is there?"""
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not nearest.is_dir():
        return wrong(what, f"{nearest} is no folder", "Name another place.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        return wrong(
            what, f"{nearest} cannot be written", "Change its rights or name another place."
        )
    suffix = "" if nearest == folder else ", made when it is needed"
    return fine(what, f"{folder}{suffix}")


def _catalogue(folder: Path) -> Iterator[Finding]:
    try:
        found = load_catalogue(folder)
    except CatalogueError as error:
        shown = "\n".join(str(problem) for problem in error.problems[:5])
        more = len(error.problems) - 5
        todo = shown + (f"\nand {more} more: psbuddy catalogue check" if more > 0 else "")
        many = quantity(len(error.problems), "problem")
        yield wrong("Catalogue", f"{many} in {folder}; what was last good stays in use", todo)
        return
    if not found.files:
        yield note("Catalogue", f"none in {folder} yet", "Choose logs in the window, or write one.")
        return
    counted = quantity(len(found.applications), "application")
    yield fine("Catalogue", f"{counted} in {quantity(len(found.files), 'file')}, valid")
