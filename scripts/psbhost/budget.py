"""What one visit may cost: wall seconds, CPU seconds, bytes read."""

import time


class Budget(object):
    """Counts bytes and watches two clocks."""

    def __init__(self, seconds: float = 20, size: int = 64 * 1024 * 1024):
        self._ends = time.monotonic() + seconds
        self._cpu_ends = time.process_time() + seconds
        self.bytes = 0
        self._size = size

    def spend(self, count: int) -> None:
        """These bytes were read."""
        self.bytes += count

    def end(self) -> None:
        """Nothing more may be read in this visit."""
        self._size = 0

    def left(self) -> bool:
        """Whether more may be read."""
        if self.bytes >= self._size or time.monotonic() >= self._ends:
            return False
        return time.process_time() < self._cpu_ends


def memory_used() -> int:
    """Peak resident memory in bytes, 0 where it cannot be known.

    The kernel's own mark first: `getrusage` starts with the peak of whatever started Python.
    """
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    except (ImportError, OSError):
        return 0
