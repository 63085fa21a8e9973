"""An application of the catalogue with what its entries inherit from it."""

from psbuddy.catalogue.schema import (
    ApplicationEntry,
    ChangeSpec,
    CheckSpec,
    JobSpec,
    LogSpec,
)
from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef


class Application(ApplicationEntry):
    """An application with its id and with what its entries inherit from it."""

    id: str

    @property
    def title(self) -> str:
        return self.name or self.id

    def log_specs(self, host: str | None = None) -> dict[str, LogSpec]:
        """Logs by id (those on `host`), each with the time zone that is in force for it.

        "{host}" in a path stands for the alias: logs that lie in one folder per host.
        """
        return {
            name: log.model_copy(
                update={
                    "timezone": log.timezone or self.timezone,
                    "path": log.path if host is None else log.path.replace("{host}", host),
                }
            )
            for name, log in self.logs.items()
            if host is None or not log.hosts or host in log.hosts
        }

    def host_checks(self, host: str) -> dict[str, CheckSpec]:
        """Checks that are made on a host; log checks are read from their log instead."""
        return {
            name: check
            for name, check in self.checks.items()
            if check.kind != "log" and (not check.hosts or host in check.hosts)
        }

    def log_checks(self, log: str) -> dict[str, CheckSpec]:
        return {name: check for name, check in self.checks.items() if check.log == log}

    def log_jobs(self, log: str) -> dict[str, JobSpec]:
        return {name: job for name, job in self.jobs.items() if job.log == log}

    def log_changes(self, log: str) -> dict[str, ChangeSpec]:
        return {name: change for name, change in self.changes.items() if change.log == log}

    def job_defs(self) -> tuple[JobDef, ...]:
        """The jobs as insight and the store know them."""
        return tuple(self._job_def(name, job) for name, job in self.jobs.items())

    def app_def(self) -> AppDef:
        """The application as insight and the store know it."""
        return AppDef(
            app=self.id,
            name=self.title,
            owner=self.owner or "",
            runbook=self.runbook or "",
            hosts=self.hosts,
            interval=self.every,
            logs=tuple(self.logs),
            checks=tuple(self.checks),
            jobs=self.job_defs(),
        )

    def _job_def(self, name: str, job: JobSpec) -> JobDef:
        schedule = job.schedule
        log = self.logs.get(job.log)
        zone = (schedule and schedule.timezone) or self.timezone or (log and log.timezone)
        return JobDef(
            app=self.id,
            job=name,
            log=job.log,
            period=job.period,
            rerun=job.rerun,
            timezone=zone or "",
            cron=schedule.cron if schedule else "",
            on=(schedule and schedule.on) or "",
            calendar=(schedule and schedule.calendar) or "",
            deadline=job.deadline or "",
            after=job.after,
        )
