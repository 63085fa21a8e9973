"""What a valid catalogue says that this version cannot honour yet."""

from collections.abc import Iterator

from psbuddy.catalogue.load import Catalogue


def notes(catalogue: Catalogue) -> Iterator[str]:
    """Sentences that `catalogue check` tells besides: valid, and yet not what one may think."""
    for app in catalogue.applications.values():
        for name, job in app.jobs.items():
            if job.schedule is not None and job.schedule.calendar:
                yield (
                    f"{app.id}/{name}: public holidays are not known yet, so calendar: "
                    f"{job.schedule.calendar} leaves no day out. Business days are Monday to "
                    "Friday."
                )
