"""Facts of the host, held against what the standard library says."""

import os
import time

from psbhost.facts import host_facts


def test_facts_of_this_machine():
    facts = host_facts()
    assert facts["cpus"] == os.cpu_count()
    assert 0 < facts["boot_time"] < time.time()
    assert 0 < facts["memory_available"] <= facts["memory_total"]
    assert facts["system"].startswith(os.uname().sysname)
    for mount, total, free in facts["disks"]:
        assert os.path.ismount(mount)
        assert 0 <= free <= total
