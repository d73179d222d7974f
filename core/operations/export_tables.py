"""Tables of a page as workbooks: exactly what its reader sees, columns, order, words and masks.

A page offers what it shows; nothing is written until the reader asks. The offer lives as long as the tab that holds
it, in this process, and only for the person, role and scope that it was shown to.
"""

from __future__ import annotations

import secrets
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound
from core.facts.exporting import Stream, write_workbook
from core.language import mark, translate
from core.operations.export_about import Said, about
from core.operations.exports import export_folder
from core.policy.queries import policy_at
from core.store.engine import Store

_ROWS_AT_A_TIME = 5_000
_MISSING = mark("This table is no longer shown. Go back to its page and download it there.")


Rows: TypeAlias = pd.DataFrame | pa.Table | Mapping[str, Sequence[Any]]
"""Records by columns, in whatever form a page has them."""


@dataclass(frozen=True)
class Column:
    """A column as it is shown: its header, and what makes a workbook say the same as the screen."""

    title: str
    number_format: str | None = None
    words: str | None = None
    """What stands for every value, as where the value is the address behind a link."""


@dataclass(frozen=True)
class ShownTable:
    """What a reader sees. `rows`: the values by the columns' names, numbers as numbers, all else in words."""

    page: str
    """Its code, for the audit trail."""
    name: str
    columns: Mapping[str, Column]
    rows: Rows
    language: str
    said: Said
    """What the page says of it: page and table, what its figures stand on, the filters."""

    def __len__(self) -> int:
        if isinstance(self.rows, pd.DataFrame | pa.Table):
            return len(self.rows)
        return len(next(iter(self.rows.values()), ()))


@dataclass(frozen=True)
class Order:
    """A sorting by the column of that title."""

    title: str
    descending: bool


@dataclass(eq=False)
class Offer:
    """A table offered for download. Whoever holds it keeps it alive."""

    actor: Actor
    table: ShownTable
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))


_offers: weakref.WeakValueDictionary[str, Offer] = weakref.WeakValueDictionary()
_changing = threading.Lock()


def offer(actor: Actor, table: ShownTable, before: Offer | None = None) -> Offer | None:
    """Offer a table to who sees it; None for roles that may not export.

    `before`: what was offered in this place until now; its address then leads to the new table.
    """
    if not actor.may(Permission.EXPORT):
        return None
    if before is not None and before.actor == actor:
        before.table = table
        return before
    made = Offer(actor, table)
    with _changing:
        _offers[made.token] = made
    return made


def table_file(
    actor: Actor, store: Store, token: str, order: Order | None = None, *, now: datetime
) -> tuple[Path, str]:
    """The workbook of an offered table, and the name to save it under; the file is the caller's to remove.

    `order` is how the reader has sorted the table by a click on a header, which only the browser knows.

    NotFound for an offer that is gone, or that was made to somebody else, or to the same person in another role.
    """
    actor.require(Permission.EXPORT)
    with _changing:
        found = _offers.get(token)
    if found is None or found.actor != actor:
        raise NotFound(_MISSING)
    path = export_folder(store, now=now) / f"{secrets.token_urlsafe(16)}.xlsx"
    rows = write_table(actor, store, in_order(found.table, order), path, now=now)
    with store.write() as session:
        audit.record(session, actor, "export.table", "page", found.table.page, now=now, rows=rows)
        session.commit()
    zone = ZoneInfo(policy_at(store, now.date()).business.time_zone)
    return path, f"{_file_name(found.table.name)}-{now.astimezone(zone):%Y%m%d-%H%M}.xlsx"


def in_order(table: ShownTable, order: Order | None) -> ShownTable:
    """The table sorted as the grid of a page sorts it: texts by their characters, numbers by size, missing values
    first; downwards is the exact reverse. As it is for a title that it does not have."""
    names = [name for name, column in table.columns.items() if order and column.title == order.title]
    if order is None or not names:
        return table
    values = table.rows[names[0]]
    plain = values.to_pylist() if isinstance(values, pa.ChunkedArray) else list(values)
    places = sorted(range(len(plain)), key=lambda place: _key(plain[place]))
    if order.descending:
        places.reverse()
    if isinstance(table.rows, pd.DataFrame):
        return replace(table, rows=table.rows.iloc[places])
    if isinstance(table.rows, pa.Table):
        return replace(table, rows=table.rows.take(places))
    return replace(
        table, rows={name: [table.rows[name][place] for place in places] for name in table.columns}
    )


def _key(value: Any) -> tuple[int, Any]:
    if isinstance(value, list | tuple):
        return (1, ",".join(map(str, value)))
    return (0, 0) if pd.isna(value) else (1, value)


def write_table(actor: Actor, store: Store, table: ShownTable, path: Path, *, now: datetime) -> int:
    """Write the workbook of a table; the number of rows. Every string is written as a string, never as a formula."""
    zone = ZoneInfo(policy_at(store, now.date()).business.time_zone)

    def told(rows: int) -> dict[str, str]:
        return about(actor, store, table.said, rows, now=now, language=table.language)

    columns = table.columns
    stream = Stream(
        [column.title for column in columns.values()],
        _rows(table, zone),
        [column.number_format for column in columns.values()],
    )
    unfinished = path.with_name(f".{path.name}")
    try:
        rows = write_workbook(unfinished, {table.name: stream}, told, table.language)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _rows(table: ShownTable, zone: ZoneInfo) -> Iterator[tuple[Any, ...]]:
    comma = "、" if table.language.startswith("zh") else ", "
    yes_no = {truth: translate(word, table.language) for truth, word in ((True, _YES), (False, _NO))}

    def cell(value: Any) -> Any:
        if (
            isinstance(value, str) and not value
        ):  # a blank cell, where a sheet would count a text of no length
            return None
        if isinstance(value, bool):
            return yes_no[value]
        if isinstance(value, list | tuple):
            return comma.join(map(str, value)) or None
        if isinstance(value, datetime) and value.tzinfo is not None and not pd.isna(value):
            return value.astimezone(zone)
        return value

    def cells(name: str, start: int) -> Iterable[Any]:
        values, words = _values(table.rows, name, start), table.columns[name].words
        return (words if value else None for value in values) if words else map(cell, values)

    for start in range(0, len(table), _ROWS_AT_A_TIME):
        yield from zip(*(cells(name, start) for name in table.columns), strict=True)


_YES, _NO = mark("Yes"), mark("No")


def _values(rows: Any, name: str, start: int) -> Sequence[Any]:
    """The values of a column from `start` on, as many as are held at a time."""
    end = start + _ROWS_AT_A_TIME
    if isinstance(rows, pa.Table):
        return list(rows[name].slice(start, _ROWS_AT_A_TIME).to_pylist())
    if isinstance(rows, pd.DataFrame):
        return list(rows[name].iloc[start:end].tolist())
    values = rows[name][start:end]
    if isinstance(values, pa.Array):
        return list(values.to_pylist())
    return [value.item() if hasattr(value, "item") else value for value in values]


def _file_name(name: str) -> str:
    """A table's name as part of a file's; what no system takes is left out."""
    return (
        "".join(" " if each in '\\/:*?"<>|' or ord(each) < 32 else each for each in name).strip()[:60]
        or "table"
    )
