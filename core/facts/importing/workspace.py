"""Where an import is planned: the checked rows beside what is stored, in a DuckDB of their own.

Ids of what does not exist yet are provisional and negative until something is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.facts.checking.results import Checked, CleanedField
from core.facts.duplicates.merged import customers_meant
from core.facts.importing.bulk import allocate_ids
from core.facts.importing.customers_beside import NOBODY_BESIDE, CustomersBeside
from core.facts.importing.request import ImportCounts, ImportRequest
from core.facts.problems import Problems
from core.facts.tables import Customer
from core.language import Message

MEMORY = "700MB"
NO_ROW = "SELECT 0"
"""Rows are numbered from 1."""


@dataclass
class Workspace:
    """One import while it is planned and saved. The table `checked` holds the rows of `Checked.rows`."""

    db: Any
    session: Session
    checked: Checked
    mode: str
    create_customers: bool
    clearing: frozenset[str] = frozenset()
    """Fields in which a blank cell empties the stored value. Never what names a record, nor personal data: an export
    leaves these blank for who may not see them."""
    notes: list[Message] = field(default_factory=list)
    """What the comparison with the stored facts decided without refusing a row."""
    cleaned: list[CleanedField] = field(default_factory=list)
    """Cells that it filled."""
    beside: CustomersBeside = NOBODY_BESIDE

    @property
    def problems(self) -> Problems:
        return self.checked.problems

    def one(self, query: str) -> int:
        """The single number that a query answers."""
        ((answer,),) = self.db.execute(query).fetchall()
        return int(answer)

    def put(self, name: str, columns: dict[str, tuple[Any, Any]]) -> None:
        """Make a table of columns: name -> (Arrow type, values)."""
        arrays = {column: pa.array(values, kind) for column, (kind, values) in columns.items()}
        self.db.register("incoming", pa.table(arrays))
        self.db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
        self.db.unregister("incoming")

    def put_rows(self, name: str, types: dict[str, Any], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table of rows whose columns are those of `types`, in that order."""
        columns = list(zip(*rows, strict=True)) or [()] * len(types)
        self.put(name, {c: (t, v) for (c, t), v in zip(types.items(), columns, strict=True)})

    def refuse(self, query: str, make: Any, field: str | None = None) -> None:
        """Refuse rows: `query` answers (row, ...); `make` turns the rest of the columns into the message.

        `field`: the one whose cell is at fault, where it is one cell's.
        """
        messages: dict[tuple[Any, ...], int] = {}
        rows, which = [], []
        for row, *values in self.db.execute(query).fetchall():
            rows.append(row)
            which.append(messages.setdefault(tuple(values), len(messages)))
        column = self.checked.places.get(field or "")
        self.problems.add(rows, column, [make(*values) for values in messages], which)

    def name_customers(self) -> None:
        """Make `base`: the accepted rows with `customer_id`, NULL where they name no customer, and `marks`, see
        `merged.Meant`; rows of unknown customers are refused, unless customers are to be created."""
        named = "FROM checked WHERE ok AND customer_code IS NOT NULL"
        codes = self.db.execute(f"SELECT DISTINCT customer_code {named}").fetchall()
        stored = customers_meant(self.session, (code for (code,) in codes))
        self.put_rows(
            "known",
            {"code": pa.string(), "id": pa.int64(), "marks": pa.string()},
            [(code, meant.customer_id, meant.marks) for code, meant in stored.items()],
        )
        unknown = (
            f"SELECT DISTINCT customer_code AS code {named} AND customer_code NOT IN (SELECT code FROM known)"
        )
        if self.create_customers:
            if self.beside.without_codes is not None and self.one(f"SELECT count(*) FROM ({unknown})"):
                self.notes.append(self.beside.twice())
            self.db.execute(
                f"INSERT INTO known SELECT code, -row_number() OVER (ORDER BY code), '' FROM ({unknown})"
            )
        else:
            self.refuse(
                f"SELECT row, customer_code FROM checked WHERE ok AND customer_code IN ({unknown}) ORDER BY row",
                self.beside.why_unknown,
                "customer_code",
            )
        self.db.execute(
            "CREATE TABLE base AS SELECT checked.*, known.id AS customer_id, known.marks "
            "FROM checked LEFT JOIN known ON customer_code = code "
            "WHERE ok AND (customer_code IS NULL OR known.id IS NOT NULL)"
        )

    def customer_ids(self) -> list[int]:
        """The stored customers of `base`."""
        query = "SELECT DISTINCT customer_id FROM base WHERE customer_id > 0"
        return [key for (key,) in self.db.execute(query).fetchall()]

    def settle_customers(self) -> int:
        """Drop from `new_customers` those that nothing of `saving` needs; how many are left."""
        self.db.execute(
            "CREATE TABLE new_customers AS SELECT code, id AS ref FROM known "
            "WHERE id < 0 AND id IN (SELECT customer_id FROM saving) ORDER BY code"
        )
        return self.one("SELECT count(*) FROM new_customers")

    def save_customers(self, batch_id: int, now: datetime) -> None:
        """Record the customers that only their code is known of, and put their ids into `saving`."""
        codes = [
            code for (code,) in self.db.execute("SELECT code FROM new_customers ORDER BY code").fetchall()
        ]
        ids = allocate_ids(self.session, "customers", len(codes)).tolist()
        rows = [
            {"id": key, "code": code, "batch_id": batch_id, "created_at": now, "updated_at": now}
            for key, code in zip(ids, codes, strict=True)
        ]
        if rows:
            self.session.execute(insert(Customer), rows)
        self.put("created", {"code": (pa.string(), codes), "id": (pa.int64(), ids)})
        self.db.execute(
            "UPDATE saving SET customer_id = created.id FROM created JOIN new_customers USING (code) "
            "WHERE saving.customer_id = ref"
        )

    def left(self) -> list[int]:
        """The rows that leave a record, once `fate` is known: of equal rows one, and none of what was stored."""
        query = "SELECT row FROM fate WHERE fate IN ('added', 'updated')"
        return [row for (row,) in self.db.execute(query).fetchall()]

    def fates(self, suspected: str, created: int) -> ImportCounts:
        """Count the rows by the table `fate` (row, fate); what has none is refused.

        `suspected`: SQL of the numbers of the accepted rows that may be duplicates; the table of that name then
        holds them.
        """
        self.db.execute(
            f"CREATE TABLE suspected AS SELECT row FROM fate SEMI JOIN ({suspected}) q(row) USING (row)"
        )
        counted = dict(self.db.execute("SELECT fate, count(*) FROM fate GROUP BY fate").fetchall())
        added, updated, unchanged = (counted.get(name, 0) for name in ("added", "updated", "unchanged"))
        return ImportCounts(
            rows_read=self.checked.rows_read,
            added=added,
            updated=updated,
            unchanged=unchanged,
            rejected=self.checked.rows_read - added - updated - unchanged,
            customers_created=created,
            suspected_duplicates=self.one("SELECT count(*) FROM suspected"),
        )


@contextmanager
def open_workspace(
    session: Session,
    checked: Checked,
    folder: Path,
    request: ImportRequest,
    given: Iterable[str] = (),
    *,
    beside: CustomersBeside = NOBODY_BESIDE,
) -> Iterator[Workspace]:
    """A workspace that spills into `folder` and is gone afterwards. `given`: the fields that the sheet has."""
    with duckdb.connect() as db:
        db.execute(f"SET memory_limit = '{MEMORY}'")
        db.execute("SET threads = 2")
        db.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
        db.register("checked_rows", checked.rows)
        db.execute("CREATE VIEW checked AS SELECT * FROM checked_rows")
        fields = (checked.table.field(code) for code in given if request.clear_blanks)
        clearing = frozenset(f.code for f in fields if not f.required and not f.personal)
        yield Workspace(db, session, checked, request.mode, request.create_customers, clearing, beside=beside)
