"""Everything behind one cause: why its records are one, its values, where it came from."""

import sqlite3
from dataclasses import dataclass

from psbuddy.insight.variables import Variables, variables
from psbuddy.model.causes import CauseAlias
from psbuddy.model.series import ChangeMark
from psbuddy.model.status import FoundExample
from psbuddy.store.read import cause_story, causes
from psbuddy.store.read.cause_story import CauseWords

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class CauseStory:
    words: CauseWords
    evidence: str  # a sentence: what makes these records one cause
    aliases: tuple[CauseAlias, ...]  # every fingerprint, the surviving one first
    variables: Variables
    examples: tuple[FoundExample, ...]  # newest first
    deployment: ChangeMark | None  # the newest one when the cause was first seen


def load_story(conn: sqlite3.Connection, app: str, cause: str) -> CauseStory | None:
    """The story of the cause that a fingerprint counts as; None when it is not known."""
    words = cause_story.cause_words(conn, app, cause)
    if words is None:
        return None
    messages = cause_story.cause_messages(conn, app, cause)
    return CauseStory(
        words=words,
        evidence=evidence(words),
        aliases=cause_story.cause_aliases(conn, app, cause),
        variables=variables(words.template, messages),
        examples=causes.cause_examples(conn, app, cause, _EXAMPLES),
        deployment=cause_story.last_deployment(conn, app, words.first_seen),
    )


def evidence(words: CauseWords) -> str:
    """What the records of one fingerprint have in common, see `psbuddy.insight.causes`."""
    if words.exception and words.frame:
        return (
            f"The innermost exception is {words.exception} and the first frame of the "
            f"application {words.frame}; line numbers never count."
        )
    if words.exception:
        return (
            f"The innermost exception is {words.exception}, the message is the same but for values."
        )
    return "The message is the same but for its values."
