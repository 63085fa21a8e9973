"""Bringing the schema up to date. Imported only for a new file or one that is behind."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from psbuddy.store import views


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run every migration up to `revision` inside the transaction of `connection`.

    Views are made anew around them: SQLite refuses to rename what a view reads.
    """
    config = Config()
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    views.drop(connection.exec_driver_sql)
    command.upgrade(config, revision)
    views.create(connection.exec_driver_sql)
