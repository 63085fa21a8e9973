"""`psbuddy doctor --compact`: at once what the engine does by and by."""

import time

from collectors.sealing import due
from psbuddy.catalogue import load_catalogue
from psbuddy.cli.output import progress
from psbuddy.cli.places import Places
from psbuddy.store import open_store
from psbuddy.words import size


def compacted(places: Places) -> str:
    """Seal and drop what is due, free the space; a sentence on what came of it.

    Raises CatalogueError and StoreError.
    """
    spec = load_catalogue(places.catalogue).store
    with open_store(places.db, create=False) as store, progress() as bar:
        before = store.path.stat().st_size
        steps = due(store, spec, int(time.time()))
        task = bar.add_task("Sealing", total=len(steps))
        for step in steps:
            while step():
                pass
            bar.advance(task)
        left = store.give_back()
        task = bar.add_task("Freeing space", total=left)
        while left and left != (left := store.give_back()):
            bar.advance(task, 1_000)
        path = store.path
    return f"The store was {size(before)} and is {size(path.stat().st_size)}."
