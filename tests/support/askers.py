"""Somebody who answers what a login asks, and remembers what was asked."""

from collections.abc import Callable

from collectors.held import Held, PersonAsker
from collectors.secret import Answer, Keep, Secret, SecretQuestion


class Person(PersonAsker):
    """Types `answers` one after the other, each a text for every prompt or a tuple of them."""

    def __init__(
        self, *answers: str | tuple[str, ...], held: Held | None = None, keep: Keep = Keep.NO
    ) -> None:
        self.held = held or Held()
        self.asked: list[SecretQuestion] = []
        self.told_sentences: list[str] = []
        self._left = list(answers)
        self._keep = keep
        super().__init__(self.held, self._type, self.told_sentences.append)

    def _type(
        self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
    ) -> Answer | None:
        self.asked.append(question)
        if not self._left:
            return None
        typed = self._left.pop(0)
        values = (typed,) if isinstance(typed, str) else typed
        return Answer(tuple(Secret(value) for value in values), self._keep)
