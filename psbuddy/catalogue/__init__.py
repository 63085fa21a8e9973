"""The catalogue: YAML files that say what is watched, kept in git by the team.

Costs an import of pydantic and ruamel.yaml: a window must not ask for it before it has painted.
"""

from psbuddy.catalogue.application import Application
from psbuddy.catalogue.edit import (
    add_application,
    add_host,
    remove_application,
    remove_host,
    watch_logs,
)
from psbuddy.catalogue.load import Catalogue, catalogue_files, check_texts, load_catalogue
from psbuddy.catalogue.problems import CatalogueError, Problem
from psbuddy.catalogue.schema import (
    LOCAL,
    ChangeSpec,
    CheckSpec,
    HostEntry,
    JobSpec,
    LogSpec,
    Schedule,
    SloSpec,
    StoreSpec,
    TransactionSpec,
    json_schema,
)
from psbuddy.catalogue.watch import CatalogueWatcher, Change

__all__ = [
    "LOCAL",
    "Application",
    "Catalogue",
    "CatalogueError",
    "CatalogueWatcher",
    "Change",
    "ChangeSpec",
    "CheckSpec",
    "HostEntry",
    "JobSpec",
    "LogSpec",
    "Problem",
    "Schedule",
    "SloSpec",
    "StoreSpec",
    "TransactionSpec",
    "add_application",
    "add_host",
    "catalogue_files",
    "check_texts",
    "json_schema",
    "load_catalogue",
    "remove_application",
    "remove_host",
    "watch_logs",
]
