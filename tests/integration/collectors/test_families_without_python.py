"""Lines of many families among many alike: the twin gives what the host program gives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.session import Session
from tests.support import families
from tests.support.bare import bare_session, old, tools, visit
from tests.support.hosts import local_session, soon

MANY = {
    "log4j": "2026-11-24 10:{:02d}:{:02d},123 INFO  [main] com.acme.Shop - order {} placed",
    "iso, no level": "2026-11-24 10:{:02d}:{:02d} step {} of the load ended",
    "syslog": "Nov 24 10:{:02d}:{:02d} web01 sshd[{}]: Failed password for bob",
    "short": "26/11/24 10:{:02d}:{:02d} INFO storage.BlockManager: block {} added",
    "android": "11-24 10:{:02d}:{:02d}.123  1702  {} D Cart: drawn",
}


@pytest.fixture(scope="module")
def python() -> Iterator[Session]:
    with local_session() as session:
        session.start(soon())
        yield session


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with bare_session(tools(tmp_path_factory.mktemp("path") / "bin")) as session:
        yield session


@pytest.mark.parametrize("kind", MANY)
def test_strangers_among_many_alike(
    kind: str, shell: Session, python: Session, tmp_path: Path
) -> None:
    alike = [MANY[kind].format(n // 60 % 60, n % 60, 1000 + n) for n in range(3000)]
    lines = list(alike)
    for at, record in enumerate(families.load()):
        lines += record.lines
        lines += alike[at * 5 : at * 5 + 3]
    log = tmp_path / "a.log"
    log.write_text("\n".join([*lines, *alike, ""]), encoding="utf-8")
    old(log)
    wanted, found = visit(python, log), visit(shell, log)
    assert wanted["records"] > 6000
    assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def test_traces_with_a_head_on_every_line(shell: Session, python: Session, tmp_path: Path) -> None:
    head = "2026-11-24 10:{:02d}:{:02d},{:03d} ERROR [stderr] (task-9) {}"
    trace = ["java.lang.IllegalStateException: {}", "\tat com.acme.A.b(A.java:{})", "\t... 9 more"]
    lines = []
    for n in range(4000):
        minute, second = n // 60 % 60, n % 60
        lines.append(MANY["log4j"].format(minute, second, n))
        if n > 2000 and n % 7 == 0:
            lines += [head.format(minute, second, 200, line.format(n)) for line in trace]
    log = tmp_path / "a.log"
    log.write_text("\n".join([*lines, ""]))
    old(log)
    wanted, found = visit(python, log), visit(shell, log)
    assert sum(row[2] for row in wanted["levels"] if row[1] == 5) == 286
    assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)
