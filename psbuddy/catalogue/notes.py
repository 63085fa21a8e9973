"""What a valid catalogue says that has no effect, or not the one that may be meant."""

from collections.abc import Iterator

from psbuddy.calendars import codes
from psbuddy.catalogue.load import Catalogue


def notes(catalogue: Catalogue) -> Iterator[str]:
    """Sentences that `catalogue check` tells besides: valid, and yet not what one may think."""
    for app in catalogue.applications.values():
        if app.slos:
            yield (
                f"{app.id}: slos ({', '.join(app.slos)}) are checked and kept; "
                "nothing measures them yet."
            )
        for name, job in app.jobs.items():
            wanted = (job.schedule and job.schedule.calendar) or ""
            if wanted and not codes():
                yield (
                    f"{app.id}/{name}: the Python package holidays is not installed, so calendar: "
                    f"{wanted} leaves no day out. Business days are Monday to Friday."
                )
            elif wanted and job.schedule and not (job.schedule.on or "").endswith("business-day"):
                yield (
                    f"{app.id}/{name}: calendar: {wanted} leaves no day out without "
                    "on: business-day or on: last-business-day."
                )
