"""Keeps what people ask of hosts until the host is free, and answers each of them once."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from collectors import events
from collectors.errands import Errand, explained
from collectors.errors import CollectError
from collectors.link import HostLink
from collectors.links import Links
from collectors.steps import Steps


class ErrandDesk:
    """Belongs to the conductor's thread.

    `key_question(host, error)`: True when a person is asked about a key first; the errand then
    waits for `resume` or `refuse`.
    """

    def __init__(
        self,
        links: Links,
        emit: Callable[[events.Event], None],
        key_question: Callable[[str, CollectError], bool],
    ) -> None:
        self._links = links
        self._emit = emit
        self._key_question = key_question
        self._waiting: dict[str, list[Errand]] = {}
        self._held: set[str] = set()

    def add(self, errand: Errand) -> None:
        self._held.discard(errand.host)
        self._waiting.setdefault(errand.host, []).append(errand)

    def dispatch(self) -> None:
        """Begin what can begin."""
        for host in tuple(self._waiting):
            if host not in self._held and self._links.is_free(host):
                errand = self._waiting[host][0]
                self._links.work(host, partial(_run, errand), partial(self._ran, errand))

    def resume(self, host: str) -> None:
        """The key was accepted."""
        self._held.discard(host)

    def refuse(self, host: str, message: str) -> None:
        """The key was not accepted."""
        self._held.discard(host)
        for errand in self._waiting.pop(host, ()):
            self._emit(events.refusal(errand.request_id, host, message))

    def _ran(self, errand: Errand, reply: dict[str, Any] | None, failure: Exception | None) -> None:
        host = errand.host
        self._links.release(host)
        if isinstance(failure, CollectError) and self._key_question(host, failure):
            self._held.add(host)
            return
        rest = self._waiting.pop(host, [])[1:]
        if rest:
            self._waiting[host] = rest
        if reply is None:
            self._emit(events.refusal(errand.request_id, host, str(failure)))
        else:
            self._emit(events.answer(errand.request_id, host, reply))


def _run(errand: Errand, link: HostLink) -> Steps[dict[str, Any]]:
    reply: dict[str, Any] = {}
    for payload in errand.payloads:
        reply = yield from link.ask(payload, errand.seconds)
        if reply.get("lines") or reply.get("logs"):
            break
        reply = explained(reply, payload, link.host, int(time.time()))
    return reply
