"""The database: one engine a process and URL, read and write transactions, and the folder beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from core.errors import StaleEdit
from core.language import mark

PROJECT = Path(__file__).resolve().parents[2]
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another; under the drivers' defaults concurrent increments were lost."""
_BROKEN_OFF = {"40001", "40P01"}
"""SQL states of a transaction that PostgreSQL ended because of another: serialisation failure, deadlock."""


@dataclass(frozen=True)
class Store:
    """Where everything is kept: the SQL database (the only truth) and the data folder.

    `data_dir` holds the keys, the mart, uploads, exports and backups; all but keys and uploads can be rebuilt.
    """

    engine: Engine
    data_dir: Path

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent snapshot; it cannot be committed into."""
        with Session(self.engine) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock from its first statement. Without `commit()` nothing is saved.

        SQLite lets one writer in at a time. PostgreSQL lets both in and breaks off the one that comes too late
        to a row: StaleEdit.
        """
        with Session(self.engine.execution_options(writes=True), expire_on_commit=False) as session:
            try:
                yield session
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _BROKEN_OFF:
                    raise
                raise StaleEdit(
                    mark(
                        "Somebody else saved the same record at this moment. Nothing was changed; try again."
                    )
                ) from error

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def open_store(url: str | None = None, data_dir: Path | str | None = None) -> Store:
    """The store at `url` and `data_dir`, by default those of DATABASE_URL and APP_DATA_DIR, else under data/."""
    folder = Path(data_dir or os.environ.get("APP_DATA_DIR") or PROJECT / "data").resolve()
    address = url or os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'customers.db'}"
    folder.mkdir(parents=True, exist_ok=True)
    return _store(address, folder)


@cache
def _store(url: str, data_dir: Path) -> Store:
    return Store(_engine(url), data_dir)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        # `postgres://` and a bare `postgresql://` both mean the driver that is pinned here.
        scheme, _, rest = url.partition("://")
        if scheme.partition("+")[0] not in ("postgres", "postgresql"):
            raise ArgumentError(f"{scheme.partition(':')[0]} is neither sqlite nor postgresql")
        driver = scheme if "+" in scheme else "postgresql+psycopg"
        address = f"{driver}://{rest}"
        return create_engine(
            address, pool_pre_ping=True, isolation_level="REPEATABLE READ", hide_parameters=True
        )
    database = make_url(url).database
    if database and Path(database).parent.is_dir():
        # Names and trade data are for this account alone; SQLite gives its WAL files the same mode.
        Path(database).touch(mode=0o600)
    # The interpreter's own SQLite may lie in the range of a known WAL fault; pysqlite3 brings a newer one.
    # Parameters are values of records; hidden, no error message can carry personal data into a log.
    engine = create_engine(url, module=pysqlite3, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
