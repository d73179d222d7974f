"""The mart: a disposable copy of the facts as Parquet, for analysis by Ibis on DuckDB inside the process.

What goes there is marked on the columns (`info=MART`), so the store knows no room above it. Every copy is a
folder of its own, complete from the moment it has its name. It can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, func, select
from sqlalchemy.orm import Session

from core.store.engine import Store
from core.store.migrate import import_all_tables
from core.store.records import Base, UtcDateTime
from core.store.versions import data_version

_KEPT = 2
_ABANDONED_AFTER_S = 3600
_ROWS_A_BATCH = 100_000


@dataclass(frozen=True)
class Mart:
    """One copy of the facts.

    `version` is the data version it was taken at, `path` its folder with one Parquet file a table. What a
    cycle works out from it (grades, indicators) is saved beside the facts and read the same way.
    """

    version: int
    path: Path

    def has(self, name: str) -> bool:
        """Whether the copy holds the table `name`."""
        return self._file(name).exists()

    def table(self, name: str) -> ir.Table:
        """The table `name` as an Ibis expression, to be executed in the thread that asked for it."""
        return _connection().read_parquet(self._file(name))

    def rows(self, name: str) -> pa.Table:
        """The whole table `name` in memory, kept until it is replaced: for pages, on tables of a row a customer."""
        return _read(self._file(name), self.saved_ns(name))

    def saved_ns(self, name: str) -> int:
        """When the table `name` was saved, as a number that changes with every save: a key for what is kept of it."""
        return self._file(name).stat().st_mtime_ns

    def save(self, name: str, rows: pa.Table) -> None:
        """Put `rows` beside the facts as the table `name`, replacing an earlier one in one step."""
        unfinished = self.path / f".{name}-{uuid.uuid4().hex}"
        pq.write_table(rows, unfinished)
        unfinished.replace(self._file(name))

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.parquet"


class _Connection(threading.local):
    """An Ibis connection for each thread, each a cursor of the one DuckDB of the process."""

    backend: Any = None


_of_thread = _Connection()


@lru_cache(maxsize=8)
def _read(file: Path, _written_ns: int) -> pa.Table:
    return pq.read_table(file)


@cache
def _duckdb() -> Any:
    return duckdb.connect()


def _connection() -> Any:
    if _of_thread.backend is None:
        _of_thread.backend = ibis.duckdb.from_connection(_duckdb().cursor())
    return _of_thread.backend


def mart_columns() -> dict[Table, list[Column[Any]]]:
    """Every table with marked columns -> those columns, in the order of their declaration."""
    import_all_tables()
    marked = {
        table: [column for column in table.columns if column.info.get("mart")]
        for table in Base.metadata.sorted_tables
    }
    return {table: columns for table, columns in marked.items() if columns}


def current_mart(store: Store, having: str | None = None) -> Mart | None:
    """The newest copy; with `having`, the newest that holds that table. None when there is none."""
    for mart in _marts(store):
        if having is None or mart.has(having):
            return mart
    return None


def refresh_mart(store: Store) -> Mart:
    """Copy the facts as they are now; when a copy of exactly these facts exists, give that one back.

    Two processes may do this at once: both get a complete copy. The two newest copies are kept, and the
    newest of those that hold each result, so that pages keep their figures until new ones are there.
    """
    tables = mart_columns()
    root = _root(store)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with store.read() as session:
        mart = Mart(data_version(session), root / _stamp(session, tables))
        if mart.path.exists():
            return mart
        unfinished = root / f".building-{uuid.uuid4().hex}"
        unfinished.mkdir()
        try:
            for table, columns in tables.items():
                _copy(session, columns, unfinished / f"{table.name}.parquet")
            _publish(unfinished, mart.path)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    _prune(store)
    return mart


def _root(store: Store) -> Path:
    """A folder for each database and each set of marked columns.

    Two databases that share a data folder never read each other's copy, and no version of the product one that
    lacks a column it asks for.
    """
    database = store.engine.url.render_as_string(hide_password=True)
    return store.data_dir / "mart" / hashlib.sha256(f"{database} {_layout()}".encode()).hexdigest()[:8]


@cache
def _layout() -> str:
    """The names of all marked columns."""
    return " ".join(str(column) for columns in mart_columns().values() for column in columns)


def _stamp(session: Session, tables: dict[Table, list[Column[Any]]]) -> str:
    """`<data version>-<sum of the highest ids>`: the second part tells facts logged without a new version."""
    highest = sum(session.scalar(select(func.max(table.c.id))) or 0 for table in tables if "id" in table.c)
    return f"{data_version(session)}-{highest}"


def _marts(store: Store) -> list[Mart]:
    """All complete copies, newest first."""
    stamped = []
    for folder in _root(store).glob("[0-9]*-[0-9]*"):
        version, _, highest = folder.name.partition("-")
        stamped.append(((int(version), int(highest)), Mart(int(version), folder)))
    return [mart for _, mart in sorted(stamped, key=lambda each: each[0], reverse=True)]


def _publish(unfinished: Path, path: Path) -> None:
    try:
        unfinished.rename(path)
    except OSError:
        if not path.exists():  # otherwise another process has just published the same facts
            raise


def _prune(store: Store) -> None:
    facts = {table.name for table in mart_columns()}
    marts = _marts(store)
    results = {file.stem for mart in marts for file in mart.path.glob("*.parquet")} - facts
    # One by one, because a cycle that was cut off has left some of them beside newer facts, and not the others.
    read = [next(mart for mart in marts if mart.has(name)) for name in results]
    for mart in marts:
        if mart not in marts[:_KEPT] and mart not in read:
            shutil.rmtree(mart.path, ignore_errors=True)
    for folder in _root(store).glob(".building-*"):
        with suppress(FileNotFoundError):  # its writer has just finished
            if marts and marts[0].path.stat().st_mtime - folder.stat().st_mtime > _ABANDONED_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)  # its writer was killed


def _copy(session: Session, columns: list[Column[Any]], file: Path) -> None:
    schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _raw_rows(session, columns):
            values = zip(*rows, strict=True)
            arrays = [_array(list(each), field.type) for each, field in zip(values, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _raw_rows(session: Session, columns: list[Column[Any]]) -> Iterator[Sequence[Any]]:
    """The rows as the driver gives them; SQLAlchemy's conversion would take most of the time of a copy."""
    table = columns[0].table
    kept = [column.is_(None) for column in table.c if column.info.get("mart_while_null")]
    query = select(*columns).where(*kept).order_by(*table.primary_key)
    sql = str(query.compile(session.get_bind()))
    result = session.connection().exec_driver_sql(sql, execution_options={"stream_results": True})
    yield from result.yield_per(_ROWS_A_BATCH).partitions()


def _arrow_type(column: Column[Any]) -> pa.DataType:
    kinds: list[tuple[type, pa.DataType]] = [
        (Boolean, pa.bool_()),
        (BigInteger, pa.int64()),
        (Integer, pa.int64()),
        (Date, pa.date32()),
        (UtcDateTime, pa.timestamp("us", "UTC")),
        (String, pa.string()),
    ]
    for kind, arrow_type in kinds:
        if isinstance(column.type, kind):
            return arrow_type
    raise TypeError(f"{column} has a type that the mart does not take")


def _array(values: list[Any], arrow_type: pa.DataType) -> pa.Array:
    """The driver's values as an arrow array; SQLite gives days and instants as ISO text, truth as 0 and 1."""
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, str) and not pa.types.is_string(arrow_type):
        text = pa.array(values, pa.string())
        if pa.types.is_timestamp(arrow_type):
            return pc.assume_timezone(text.cast(pa.timestamp("us")), "UTC")
        return text.cast(arrow_type)
    if isinstance(sample, int) and pa.types.is_boolean(arrow_type):
        return pa.array(values).cast(arrow_type)
    return pa.array(values, arrow_type)
