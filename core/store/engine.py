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
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

PROJECT = Path(__file__).resolve().parents[2]
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another; under the drivers' defaults concurrent increments were lost."""


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
        """A session that holds the write lock from its first statement. Without `commit()` nothing is saved."""
        with Session(self.engine.execution_options(writes=True), expire_on_commit=False) as session:
            yield session

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
        driver = scheme if "+" in scheme else "postgresql+psycopg"
        return create_engine(f"{driver}://{rest}", pool_pre_ping=True, isolation_level="REPEATABLE READ")
    # The interpreter's own SQLite may lie in the range of a known WAL fault; pysqlite3 brings a newer one.
    engine = create_engine(url, module=pysqlite3)

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
