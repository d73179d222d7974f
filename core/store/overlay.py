"""A session that writes without changing anything: into temporary tables that lie over the stored ones.

Both databases look for a name among the temporary tables first. So a temporary view of a table's own name shows what
is stored together with what this session has written, and its triggers lead inserts, updates and deletions aside.
Code that reads and writes the tables needs to know nothing of it. Everything is gone when the session ends; the
database itself is opened for reading only, so that nobody else ever waits for this session, whatever it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote

import pysqlite3
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Identity,
    Index,
    MetaData,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from core.store.engine import BUSY_TIMEOUT_MS, Store
from core.store.records import Base

FIRST_ID = 2**40
"""Where the ids of what such a session adds begin; no stored record comes near."""
_NEXT_ID = "next_id"


@contextmanager
def overlaid(
    store: Store,
    over: Mapping[type[Base], Sequence[str]],
    *,
    copied: Sequence[type[Base]] = (),
    empty: Sequence[type[Base]] = (),
) -> Iterator[Session]:
    """A session on one snapshot in which some tables can be written, for itself alone.

    `over`: record -> columns by which its rows are looked for; their ids are given beforehand, see `take_ids`.
    `copied`: records of small tables, copied as a whole, which number their rows themselves. `empty`: records that
    are only added; those that are stored are not seen. Anything else that is written is refused by the database.
    """
    engine = _reader(store) if store.is_sqlite else store.engine
    with engine.connect() as connection, Session(connection) as session:
        session.info[_NEXT_ID] = FIRST_ID
        home = "main" if store.is_sqlite else session.scalar(text("SELECT quote_ident(current_schema())"))
        for record in (*copied, *empty):
            connection.execute(CreateTable(_like(record, record.__tablename__, numbered=True)))
        for record in copied:
            name = record.__tablename__
            columns = ", ".join(_columns(connection, record))
            _run(connection, f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {home}.{name}")
        for record, looked_for in over.items():
            _lay_over(connection, str(home), record, looked_for)
        if not store.is_sqlite:
            _run(connection, "SET TRANSACTION READ ONLY")
        yield session
        session.rollback()


def take_ids(session: Session, count: int) -> int | None:
    """The first of `count` ids that nobody else gets, in a session that is `overlaid`; None in any other."""
    first: int | None = session.info.get(_NEXT_ID)
    if first is not None:
        session.info[_NEXT_ID] = first + count
    return first


def _reader(store: Store) -> Engine:
    """A connection that can read the database and write temporary tables, which stay in memory."""
    address = f"file:{quote(str(store.engine.url.database))}?mode=ro"
    engine = create_engine(
        "sqlite://", module=pysqlite3, creator=partial(pysqlite3.connect, address, uri=True),
        poolclass=NullPool, hide_parameters=True,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the transaction is begun below, not by the driver
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        _run(connection, "BEGIN")

    return engine


def _like(record: type[Base], name: str, *, numbered: bool) -> Table:
    """A temporary table with the columns of a record; none of its rules, which were kept when it was stored."""

    def column(of: Column[Any]) -> Column[Any]:
        counted = (Identity(start=FIRST_ID),) if numbered and of.primary_key else ()
        return Column(of.name, of.type, *counted, primary_key=of.primary_key, autoincrement=numbered)

    columns = (column(each) for each in Base.metadata.tables[record.__tablename__].columns)
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


def _lay_over(connection: Connection, home: str, record: type[Base], looked_for: Sequence[str]) -> None:
    """`<name>_written` holds the rows as this session has written them, `<name>_hidden` the stored ones that it
    has changed or removed; `<name>` shows both."""
    name = record.__tablename__
    written = _like(record, f"{name}_written", numbered=False)
    connection.execute(CreateTable(written))
    for column in looked_for:
        connection.execute(CreateIndex(Index(f"ix_{name}_written_{column}", written.c[column])))
    columns = _columns(connection, record)
    listed, new = ", ".join(columns), ", ".join(f"NEW.{column}" for column in columns)
    _run(connection, f"CREATE TEMPORARY TABLE {name}_hidden (id BIGINT PRIMARY KEY)")
    _run(
        connection,
        f"CREATE TEMPORARY VIEW {name} AS SELECT {listed} FROM {home}.{name} AS stored "
        f"WHERE NOT EXISTS (SELECT 1 FROM {name}_hidden AS hidden WHERE hidden.id = stored.id) "
        f"UNION ALL SELECT {listed} FROM {name}_written",
    )
    insert = f"INSERT INTO {name}_written ({listed}) VALUES ({new});"
    remove = (
        f"DELETE FROM {name}_written WHERE id = OLD.id; "
        f"INSERT INTO {name}_hidden (id) SELECT OLD.id WHERE OLD.id < {FIRST_ID} "
        f"AND NOT EXISTS (SELECT 1 FROM {name}_hidden WHERE id = OLD.id);"
    )
    steps = {"INSERT": insert, "UPDATE": f"{remove} {insert}", "DELETE": remove}
    for what, statements in steps.items():
        for statement in _triggers(connection.dialect.name, name, what, statements):
            _run(connection, statement)


def _triggers(dialect: str, name: str, what: str, statements: str) -> Iterator[str]:
    """What makes the view of that name do these statements when it is written to."""
    trigger = f"{name}_{what.lower()}"
    if dialect == "sqlite":
        yield f"CREATE TEMPORARY TRIGGER {trigger} INSTEAD OF {what} ON {name} BEGIN {statements} END"
        return
    answer = "OLD" if what == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION pg_temp.{trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {statements} RETURN {answer}; END $$"
    )
    yield (
        f"CREATE TRIGGER {trigger} INSTEAD OF {what} ON {name} FOR EACH ROW EXECUTE FUNCTION pg_temp.{trigger}()"
    )


def _columns(connection: Connection, record: type[Base]) -> list[str]:
    quoted = connection.dialect.identifier_preparer.quote
    return [quoted(column.name) for column in Base.metadata.tables[record.__tablename__].columns]


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
