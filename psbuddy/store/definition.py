"""An application's definition as JSON and back. Readers ignore keys they do not know."""

import json
from dataclasses import asdict, fields
from typing import Any

from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import PeriodKind, Rerun


def to_json(definition: AppDef) -> str:
    """JSON of a definition, the same text for the same definition."""
    return json.dumps(asdict(definition), sort_keys=True)


def from_json(text: str) -> AppDef:
    """The definition a store holds. Raises ValueError or TypeError for anything else."""
    data = json.loads(text)
    jobs = tuple(_job(job) for job in data.pop("jobs", ()))
    return AppDef(**_known(AppDef, data), jobs=jobs)


def _job(data: dict[str, Any]) -> JobDef:
    values = _known(JobDef, data)
    values["period"] = PeriodKind(values["period"]) if values.get("period") else None
    values["rerun"] = Rerun(values.get("rerun") or Rerun.ALWAYS)
    return JobDef(**values)


def _known(cls: type[AppDef] | type[JobDef], data: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
        if key in names
    }
