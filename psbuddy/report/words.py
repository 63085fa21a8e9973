"""Words that every report shares: the counting rules, and what is noteworthy of a run."""

from psbuddy.model.runs import Run

#: Printed on every report that carries percentages: a reader must know what was counted.
COUNTING_RULES: tuple[str, ...] = (
    "Times of records are those written in the logs. A record is one log entry with its "
    "continuation lines; a stack trace belongs to its record and is counted once.",
    "Errors are records of level error or critical. A level is never guessed: a record without "
    "one counts as a record and not as an error.",
    "Up is the time a host answered and all its checks were good, divided by the time that was "
    "observed. Down is a failed check. A host that cannot be reached is unknown, not down.",
    "The time observed of an application is that in which at least one of its logs was read, or, "
    "without logs, a check answered; of a host, that in which it was seen.",
    "Unknown time is in neither of up and down; the share observed says how much there was of it.",
    "Normal is what the same hour of the week had over the four weeks before, learnt only from "
    "what came before the moment it is compared with. Nothing is normal before 24 observed hours.",
    "While no normal is known for an hour, errors are on watch when they rose to three times the "
    "rate of the observed hours before, two at least, or to any from none: for ten minutes and "
    "twenty errors, and by more than chance allows two Poisson counts that scatter as these did.",
    "Usual run times are a 95 % band from the runs that had ended well before a run started, at "
    "least five of them.",
    "Run time is held against the volume that the job tells. Where it tells none, against the "
    "application's transactions between start and end of the run, minutes at both ends in "
    "proportion; a run whose transactions were not observed throughout is left out.",
    "A job is started twice if its rerun policy forbids the second start for a business period. "
    "A start is missing only if the log was read beyond the due time and shows none.",
)


def run_note(run: Run) -> str:
    """Who started it and why it ended as it did, as far as the log says so."""
    parts = [f"by {run.actor}"] if run.actor else []
    if run.reason:
        parts.append(run.reason)
    return ", ".join(parts)
