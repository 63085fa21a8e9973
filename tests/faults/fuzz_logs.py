"""The long fuzz: `python tests/faults/fuzz_logs.py SECONDS [SEED]`, hostile logs until then.

Each input is read in pieces and whole, by columns and line by line; records and sums must agree,
masks and traces must take it, and no input may cost more than 100 ms of CPU per MB (an input
counts as a tenth of a megabyte at least). A failure names its seed.
"""

import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "scripts")]

from psbhost import records  # noqa: E402 - the path is set first
from psbhost.masks import masked  # noqa: E402
from psbhost.traces import trace_of  # noqa: E402

from tests.support.logfuzz import Reading, check_reading, lines, regular  # noqa: E402

SECONDS_PER_MB = 0.1
LEAST_MB = 0.5


def one(seed: int) -> tuple[bytes, float]:
    """An input and the CPU seconds of one careful reading with masks and traces."""
    rng = random.Random(seed)
    mixed = seed % 16 != 8
    data = lines(rng, rng.randrange(1, 12)) if mixed else regular(rng, rng.randrange(5, 80))
    if seed % 8 == 0:
        check_reading(data, [rng.randrange(len(data) + 1) for _ in range(rng.randrange(6))])
    before = time.process_time()
    Reading(data, columns=False)
    text = data.decode("utf-8", "replace")
    masked(text[:8192])
    trace_of(text)
    return data, time.process_time() - before


def main(seconds: float, seed: int) -> int:
    """Print what was tried; 1 when anything failed."""
    records.WORTH_COLUMNS = 1
    end, inputs, rows, size, slow, failed = time.monotonic() + seconds, 0, 0, 0, [], []
    while time.monotonic() < end:
        try:
            data, used = one(seed)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is a finding
            failed.append(f"seed {seed}: {type(failure).__name__} {str(failure)[:200]}")
            data, used = b"", 0.0
        if used > SECONDS_PER_MB * max(LEAST_MB, len(data) / 1e6):
            slow.append(f"seed {seed}: {used * 1000:.0f} ms for {len(data)} bytes")
        inputs, rows, size, seed = inputs + 1, rows + data.count(b"\n"), size + len(data), seed + 1
    print(f"{inputs} inputs, {rows} lines, {size / 1e6:.1f} MB; next seed {seed}")
    print(f"{len(failed)} failed", *failed[:20], f"{len(slow)} slow", *slow[:20], sep="\n  ")
    return 1 if failed or slow else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
