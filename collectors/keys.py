"""Open questions about host keys: who waits for which, and what a person answered."""

from dataclasses import dataclass, field

from collectors.errors import HostKeyQuestion
from collectors.known_hosts import KnownHostsFiles


@dataclass(slots=True)
class KeyQuestions:
    """Owned by the engine's thread. A jump host's key may hold up many hosts at once."""

    files: KnownHostsFiles
    _open: dict[tuple[str, str], tuple[HostKeyQuestion, set[str]]] = field(default_factory=dict)
    _accepted: set[tuple[str, str]] = field(default_factory=set)
    _told: dict[str, str] = field(default_factory=dict)  # host -> refused fingerprint

    def ask(self, question: HostKeyQuestion, waiting: str) -> bool:
        """`waiting` cannot be visited before this is answered; True when it is a new question."""
        key = (question.host, question.sha256)
        known = self._open.setdefault(key, (question, set()))
        new = not known[1]
        known[1].add(waiting)
        return new

    def refused(self, question: HostKeyQuestion) -> bool:
        """A changed key was seen; True when nobody was told of this one yet."""
        new = self._told.get(question.host) != question.sha256
        self._told[question.host] = question.sha256
        return new

    def good(self, host: str) -> None:
        """The host was reached: what was said of its key is over."""
        self._told.pop(host, None)

    def answer(self, host: str, fingerprint: str, accept: bool) -> tuple[str, ...] | None:
        """Hosts that can go on (or must give up); None when there is no such question.

        Raises OSError when the accepted key cannot be written.
        """
        found = self._open.pop((host, fingerprint), None)
        if found is None:
            return None
        question, waiting = found
        if accept and not self.was_accepted(question):
            self.files.accept(question)
            self._accepted.add((question.name, question.key))
        return tuple(sorted(waiting))

    def was_accepted(self, question: HostKeyQuestion) -> bool:
        """A person accepted this very key since the program began (for another host's way)."""
        return (question.name, question.key) in self._accepted

    def forget(self, waiting: str) -> None:
        """A person wants this host again: its question may be put again."""
        for key, (_, hosts) in list(self._open.items()):
            hosts.discard(waiting)
            if not hosts:
                del self._open[key]
        self._told.pop(waiting, None)

    def pending(self) -> tuple[HostKeyQuestion, ...]:
        return tuple(question for question, _ in self._open.values())
