"""The links to all hosts, and who is being worked with: one piece of work per host at a time.

Belongs to the conductor's thread; only the steps of the work itself run elsewhere.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from collectors.link import HostLink
from collectors.secret import Asker
from collectors.session import Session
from collectors.steps import Runner, Steps
from psbuddy.catalogue import HostEntry

T = TypeVar("T")

#: Seconds without a word after which a kept session is asked whether it still lives.
PING_AFTER = 60.0


class Links:
    """`post` has a message run on the conductor's thread; `connect` makes a session that is not
    started; `entry` is what the catalogue says of an alias; `fell_silent` hears of a host whose
    heart stopped, `let_in` of one that has just let us in."""

    def __init__(
        self,
        runner: Runner,
        post: Callable[[Callable[[], None]], None],
        connect: Callable[[str, HostEntry, Asker | None], Session],
        entry: Callable[[str], HostEntry],
        fell_silent: Callable[[str], object],
        *,
        let_in: Callable[[str], None] = lambda host: None,
    ) -> None:
        self._runner = runner
        self._post = post
        self._connect = connect
        self._entry = entry
        self._fell_silent = fell_silent
        self._let_in = let_in
        self._links: dict[str, HostLink] = {}
        self._entries: dict[str, HostEntry] = {}  # by which each link was made
        self._untold: dict[str, int] = {}  # logins over links that were dropped since
        self._busy: set[str] = set()
        self._stale: set[str] = set()

    @property
    def any_busy(self) -> bool:
        return bool(self._busy)

    def is_free(self, host: str) -> bool:
        return host not in self._busy

    def notes(self, host: str) -> tuple[str, ...]:
        link = self._links.get(host)
        return link.notes if link is not None else ()

    def work(
        self,
        host: str,
        call: Callable[[HostLink], Steps[T]],
        done: Callable[[T | None, Exception | None], None],
    ) -> None:
        """Do the steps of `call(link)`, then `done(result, error)` on the conductor's thread.

        The host is busy until `release`, which `done` must see to.
        """
        link = self._links.get(host)
        if link is None:
            entry = self._entries[host] = self._entry(host)
            connect = partial(self._connect, host, entry)
            let_in = partial(self._post, partial(self._let_in, host))
            untold = self._untold.pop(host, 0)
            link = self._links[host] = HostLink(host, connect, untold, let_in)
        self._busy.add(host)
        self._runner.run(
            call(link), lambda result, failure: self._post(partial(done, result, failure))
        )

    def release(self, host: str) -> None:
        """The work with this host is over."""
        self._busy.discard(host)
        if host in self._stale:
            self.drop(host)

    def drop(self, host: str) -> None:
        """Forget the way to a host: it may be another one now. Waits while it is busy."""
        if host in self._busy:
            self._stale.add(host)
            return
        self._stale.discard(host)
        link = self._links.pop(host, None)
        if link is not None:
            link.close()
            self._untold[host] = link.untold

    def drop_changed(self, entry: Callable[[str], HostEntry]) -> None:
        """Another catalogue is in force: forget the ways that it describes differently."""
        self._entry = entry
        for host in tuple(self._links):
            if entry(host) != self._entries[host]:
                self.drop(host)

    def hang_up(self, host: str) -> None:
        """Close the kept session of one host until its next visit, which is far."""
        link = self._links.get(host)
        if link is not None:
            link.rest()

    def hang_up_all(self) -> None:
        for link in self._links.values():
            link.close_session()

    def close(self) -> None:
        """For good: everything under way ends with an error."""
        for link in self._links.values():
            link.close()

    def keep_alive(self, now: float, after: float | None = None) -> None:
        """Ask sessions that were silent for long, or for `after` seconds; `now` is monotonic."""
        after = PING_AFTER if after is None else after
        for host, link in tuple(self._links.items()):
            since = link.idle_since
            if since is not None and now - since > after and host not in self._busy:
                self.work(host, HostLink.ping, partial(self._pinged, host))

    def is_kept(self, host: str) -> bool:
        """Whether there is a session with the host."""
        link = self._links.get(host)
        return link is not None and link.idle_since is not None

    def _pinged(self, host: str, _nothing: None, error: Exception | None) -> None:
        self.release(host)
        if error is not None:  # its session is closed; a visit says what is wrong, and stores it
            self._fell_silent(host)
