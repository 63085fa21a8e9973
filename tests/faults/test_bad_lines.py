"""Bad lines (F05, F06, F07): packets are lost, late, doubled, overtaken, or squeeze through slowly.

Real sshd, real program, real TCP of two networks; between them a wire of ours (badwire.py).
"""

from pathlib import Path

import pytest

from collectors.link import OPEN_SECONDS
from tests.support.badwire import Faults, over, unavailable

_WHY_NOT = unavailable()
pytestmark = [
    pytest.mark.skipif(bool(_WHY_NOT), reason=f"no bad line can be made here: {_WHY_NOT}"),
    pytest.mark.timeout(300),
]


def test_f05_a_fifth_of_all_packets_is_lost(tmp_path: Path) -> None:
    saw = over(tmp_path, Faults(loss=0.2, delay=0.005))
    print(saw)
    assert saw.get("same"), saw
    assert saw["lost"] >= 0.1 * saw["passed"], saw


@pytest.mark.parametrize("delay", [0.05, 0.4])
def test_f06_packets_are_late_doubled_and_overtaken(tmp_path: Path, delay: float) -> None:
    saw = over(tmp_path, Faults(delay=delay, jitter=delay / 2, twice=0.05))
    print(saw)
    assert saw.get("same"), saw
    assert saw["twice"] > 0 and saw["overtaken"] > 0, saw


@pytest.mark.parametrize("rate", [1_000_000, 8_000])  # 8 Mbit, 64 kbit
def test_f07_a_narrow_line(tmp_path: Path, rate: float) -> None:
    saw = over(tmp_path, Faults(rate=rate, delay=0.02))
    print(saw)
    assert saw.get("same"), saw


def test_f07_a_line_too_narrow_for_our_program_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    saw = over(tmp_path, Faults(rate=1_000, delay=0.02))
    print(saw)
    assert saw["stage"] == "first frame"
    assert "the line to it is too slow" in saw["error"], saw
    assert saw["seconds"] <= OPEN_SECONDS * 1.1 + 2, saw
