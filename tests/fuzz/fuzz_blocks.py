"""Coverage-guided fuzz of the host program's block reading: `make fuzz`, which sets atheris up.

`fuzz_blocks.py [--quick] [-runs=N] [CORPUS]`: every input is a log and where it is cut. Nothing may
be raised, every line is in exactly one sum, a reading in two pieces counts as one in one piece, and
reading costs at most 100 ms of CPU a megabyte and 40 us a line. Some inputs are repeated to a whole
block, so that what is slow only by its length shows too. libFuzzer prints and keeps a finding.
"""

import os
import sys
import time
from itertools import count
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "scripts")]

import atheris  # noqa: E402 - the path is set first

#: `--quick` watches the branches of two modules alone: more inputs, made from what is known.
QUICK = "--quick" in sys.argv
WATCHED_MODULES = ["psbhost.records", "psbhost.assembly"] if QUICK else ["psbhost"]

with atheris.instrument_imports(include=WATCHED_MODULES):
    from psbhost import records
    from psbhost.formats import Recogniser
    from psbhost.records import Splitter
    from psbhost.stamps import StampReader
    from psbhost.zones import UTC

from tests.support import families  # noqa: E402
from tests.support.logfuzz import HEADS, JUNK, NOW  # noqa: E402

SECONDS_PER_MB, SECONDS_PER_LINE = 0.1, 40e-6
#: Reading that is watched for its branches costs this many times as much.
WATCHED = 10
LEAST_MB = 0.2
#: One input of so many is read in two pieces too; one of so many is repeated to so many bytes.
CUT_EVERY, REPEAT_EVERY, REPEATED = 16, 4096, 200_000
_tried = count(1)


def read(data: bytes, cuts: tuple[int, ...]) -> tuple[int, ...]:
    """The sums of a log that is handed over in pieces."""
    splitter = Splitter(Recogniser(StampReader(UTC, NOW)), {}, NOW)
    rest, start, records_ = b"", 0, 0
    for cut in (*cuts, len(data)):
        batch, rest = splitter.split(rest + data[start:cut])
        records_ += len(batch.times)
        start = cut
    if rest:
        records_ += len(splitter.finish(rest).times)
    formats = splitter.formats
    assert splitter.lines == data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    assert splitter.records == records_ == sum(formats.values())
    assert splitter.unparsed_lines == formats.get("none", 0)
    assert splitter.unparsed_bytes <= len(data) + 1
    return splitter.lines, records_, splitter.unparsed_lines, splitter.unparsed_bytes


def check(data: bytes) -> None:
    """What must hold of one input; its first byte says where it is cut."""
    tried = next(_tried)
    cut, data = (data[0] if data else 0), data[1:]
    found = quickly(data)
    if tried % CUT_EVERY == 0:
        assert read(data, (min(cut, len(data)),)) == found
    if tried % REPEAT_EVERY == 0 and data:
        quickly(data * (REPEATED // len(data)))


def quickly(data: bytes) -> tuple[int, ...]:
    """The sums; slow is what is slow each time, whatever else ran then."""
    limit = SECONDS_PER_MB * max(LEAST_MB, len(data) / 1e6)
    limit = WATCHED * (limit + SECONDS_PER_LINE * data.count(b"\n"))
    used = []
    for _ in range(5):
        before = time.process_time()
        found = read(data, ())
        used.append(time.process_time() - before)
        if used[-1] <= limit:
            return found
    raise AssertionError(f"{min(used) * 1000:.0f} ms for {len(data)} bytes")


def seeds(folder: Path) -> None:
    """A line of each family and each hostile piece, to begin with."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        return
    own = ["\n".join(record.lines).encode() for record in families.load()]
    for at, text in enumerate(own + HEADS + JUNK):
        (folder / f"seed{at:04}").write_bytes(b"\x20" + text + b"\n")


def main(arguments: list[str]) -> None:
    records.WORTH_COLUMNS = 64  # columns too, for small inputs
    corpus = next((each for each in arguments[1:] if not each.startswith("-")), "build/fuzz")
    seeds(Path(corpus))
    os.environ.setdefault("LC_ALL", "C")
    atheris.Setup([arg for arg in arguments if arg not in (corpus, "--quick")] + [corpus], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
