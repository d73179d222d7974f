"""Bring a database to the newest schema, in one transaction, losing no row."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.store.engine import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def import_all_tables() -> None:
    """Import every room's `tables.py`, found by its name, so that `Base.metadata` is complete."""
    for module in sorted(MIGRATIONS.parents[1].glob("*/tables.py")):
        importlib.import_module(f"core.{module.parent.name}.tables")


def is_current(store: Store) -> bool:
    """Whether the database has the newest schema."""
    with store.engine.connect() as connection:
        head = ScriptDirectory.from_config(_config()).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == head


def migrate(store: Store) -> None:
    """Apply the migrations that are missing. Any failure leaves the database as it was."""
    with store.engine.execution_options(writes=True).connect() as connection:
        driver: Any = connection.connection.driver_connection
        if store.is_sqlite:
            # Batch mode rebuilds tables; with foreign keys on, dropping the old parent empties its children.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                command.upgrade(_config(connection), "head")
                if store.is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RuntimeError(f"a migration broke foreign keys: {broken[:5]}")
        finally:
            if store.is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def write_migration(store: Store, message: str) -> None:
    """For developers: write the migration that brings a current database to the tables as they are declared."""
    import_all_tables()
    with store.engine.execution_options(writes=True).connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
