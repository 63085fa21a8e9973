"""Everything Qt: reads the store, talks to the engine's process, never to the network.

Once PySide6 is loaded it reads the source of each module that is imported after it, to look for
its own `__feature__` switch: 5 ms of the first paint. So what needs no Qt is imported before it.
"""

import psbuddy.store.read.fleet  # noqa: F401
import ui.pages.fleet.columns
import ui.pages.fleet.view  # noqa: F401
