"""What a visit tells of its connection: one login, kept, with what its beginning cost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.held import Held, PersonAsker
from collectors.known_hosts import KnownHostsFiles
from collectors.link import HostLink
from collectors.requests import Budget
from collectors.session import Session
from collectors.ssh_config import Route
from collectors.steps import finish
from collectors.transport.ssh import SshTransport
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.observation import Connection
from psbuddy.model.terms import Outcome
from tests.support.hosts import route

LinkTo = Callable[[Route], HostLink]


@pytest.fixture
def link_to(tmp_path: Path) -> Iterator[LinkTo]:
    watchdog, own = Watchdog(), KnownHostsFiles(tmp_path / "known_hosts")
    links: list[HostLink] = []

    def made(way: Route) -> HostLink:
        link = HostLink(
            way.alias, lambda _asker: Session(way.alias, SshTransport(way, own, watchdog))
        )
        links.append(link)
        return link

    yield made
    for link in links:
        link.close()
    watchdog.stop()


def connection_of(link: HostLink) -> Connection:
    observation, _ = finish(link.visit((), lambda *_: (0, ()), Budget()))
    assert observation.connection is not None
    return observation.connection


def test_the_first_visit_logs_in_and_the_next_uses_that(
    sshd: LoopbackSshd, link_to: LinkTo
) -> None:
    link = link_to(route(sshd, unapplied=("Compression yes",)))
    before = int(time.time())
    first = connection_of(link)
    assert before <= first.since <= time.time()
    assert first.logins == 1
    assert first.login_seconds is not None and first.login_seconds > 0
    assert first.start_seconds is not None and first.start_seconds > 0
    assert first.notes == ("Options of ssh_config without effect here: Compression yes.",)
    second = connection_of(link)
    assert second == Connection(first.since, 0, None, None, first.notes)
    link.close_session()
    assert connection_of(link).logins == 1


def test_a_look_or_a_person_that_logged_in_counts_with_the_next_visit(
    sshd: LoopbackSshd, link_to: LinkTo
) -> None:
    link = link_to(route(sshd))
    before = sshd.log_text().count("Accepted publickey")
    finish(link.ask({"op": "discover"}, 20.0))
    finish(link.login(PersonAsker(Held(), lambda *_: None, pytest.fail)))
    first = connection_of(link)
    assert first.logins == 2
    assert sshd.log_text().count("Accepted publickey") == before + 2
    assert first.login_seconds is not None
    assert connection_of(link).logins == 0


def test_a_visit_that_reached_nobody_has_no_connection(sshd: LoopbackSshd, link_to: LinkTo) -> None:
    link = link_to(route(sshd, port=1))
    assert connection_of(link) == Connection(0)
    observation, error = finish(link.visit((), lambda *_: (0, ()), Budget()))
    assert observation.outcome is Outcome.FAILED
    assert error is not None
