"""The text behind the chosen cause, once its story is read. Pure."""

from dataclasses import dataclass

from psbuddy import words
from psbuddy.insight.variables import Variables
from psbuddy.model.causes import CauseAlias
from psbuddy.model.status import FoundExample
from psbuddy.model.template import WILDCARD
from psbuddy.report.story import CauseStory

#: Fingerprints told of one cause.
_MOST_ALIASES = 20
_SHORT = 10  # letters of a fingerprint that a person needs
_DAY = 86_400
_MARKS = {"muted": "Muted", "known": "Known error", "resolved": "Resolved"}


@dataclass(frozen=True, slots=True)
class StoryText:
    """`template`: the texts around its variable parts, which the screen numbers and marks."""

    template: tuple[str, ...]
    rest: str


def marker(number: int) -> str:
    """How the variable part with a number, from 1, stands in the text: told by its shape."""
    return f"‹{number}›"


def marked(template: str) -> str:
    """A template as one text with its variable parts numbered."""
    first, *others = template.split(WILDCARD)
    return first + "".join(f"{marker(n)}{part}" for n, part in enumerate(others, 1))


def story_text(story: CauseStory, now: int, zone: str = "") -> StoryText:
    """Values, marks, where it came from, why it is one, its fingerprints, its examples."""
    said = story.words
    lines = [
        *_values(story.variables),
        *_mark(story, now, zone),
        _born(story, now, zone),
        f"One cause: {story.evidence}",
        *_aliases(story.aliases, now, zone),
    ]
    for example in story.examples:
        lines += ["", example_head(example, now, zone), example.text]
    if not story.examples:
        lines += ["", "No example record is kept for this cause."]
    template = tuple((said.template or said.title).split(WILDCARD))
    return StoryText(template, "\n".join(lines))


def example_head(example: FoundExample, now: int, zone: str) -> str:
    """The line above an example: when and where."""
    place = f" on {example.host}" if example.host else ""
    source = f", log {example.log}" if example.log else ""
    return f"── {words.clock(example.time, now, zone)}{place}{source} ──"


def _values(found: Variables) -> list[str]:
    if not found.parts:
        return []
    if not found.fitting:
        return ["Values: no message of this template is kept yet."]
    lines = []
    for number, part in enumerate(found.parts, 1):
        told = [f"{value or '(empty)'} {count}×" for value, count in part.values]
        more = part.different - len(part.values)
        if more > 0:
            told.append(f"{more} more")
        lines.append(f"{marker(number)} {', '.join(told)}")
    others = found.kept - found.fitting
    kept = f"; {others} more read otherwise" if others else ""
    return [*lines, f"Of the {words.quantity(found.fitting, 'message')} kept{kept}."]


def _mark(story: CauseStory, now: int, zone: str) -> list[str]:
    said = story.words
    if not said.mark:
        return []
    reference = f": {said.note}" if said.note else ""
    until = f", until {words.clock(said.mark_until, now, zone)}" if said.mark_until else ""
    since = words.clock(said.marked_at, now, zone)
    return [f"{_MARKS[said.mark]}{reference}, said {since}{until}."]


def _born(story: CauseStory, now: int, zone: str) -> str:
    first, deployment = story.words.first_seen, story.deployment
    seen = f"First seen {words.when(first, now, zone)}"
    if deployment is None:
        return f"{seen}; no deployment before that is known."
    after = first - deployment.time
    if after < _DAY:
        return f"{seen}, {words.span(after)} after deployment {deployment.label}."
    return f"{seen}, in {deployment.label}, deployed {words.clock(deployment.time, now, zone)}."


def _aliases(aliases: tuple[CauseAlias, ...], now: int, zone: str) -> list[str]:
    """Fingerprints below the reason that made them part of the cause."""
    others = aliases[1:]
    lines = []
    for why in dict.fromkeys(_how(alias, now, zone) for alias in others):
        group = [alias for alias in others if _how(alias, now, zone) == why]
        lines.append(f"Also {words.quantity(len(group), 'fingerprint')}, {why}:")
        for alias in group[:_MOST_ALIASES]:
            lines.append(f"  {_name(alias)} {marked(alias.template)}")
        if len(group) > _MOST_ALIASES:
            lines.append(f"  and {len(group) - _MOST_ALIASES} more")
    return lines


def _name(alias: CauseAlias) -> str:
    return f"{alias.fingerprint[:_SHORT]} ({words.quantity(alias.records, 'record')})"


def _how(alias: CauseAlias, now: int, zone: str) -> str:
    when = f" {words.clock(alias.since, now, zone)}" if alias.since else ""
    return f"learned{when}: {alias.why}" if alias.by == "learned" else f"{alias.why}{when}"


def alias_line(alias: CauseAlias, now: int, zone: str) -> str:
    """A fingerprint, how much it counts, who made it part of the cause and why."""
    how = _how(alias, now, zone) if alias.by else "it names the cause"
    return f"{_name(alias)}: {how}"
