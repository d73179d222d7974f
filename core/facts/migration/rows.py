"""Which rows of a file are stored, by the reckoning of the import itself: nothing of it is saved.

A record with a name of its own is there when its name is; a line or an entry, which has no name but its values, when
these values are. What the import would add is not there, what it would change is there with other values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts.checking.results import Checked
from core.facts.importing import ImportRequest
from core.facts.importing.bulk import chunks
from core.facts.importing.files import Sheet
from core.facts.importing.planning import plan
from core.facts.importing.record_kinds import RECORD_KINDS
from core.facts.importing.workspace import Workspace, open_workspace
from core.facts.tables import Customer
from core.store.engine import Store

_VERDICTS = {
    "unchanged": "there",
    "updated": "changed",
    "added": "missing",
    "unknown": "missing",
    "backwards": "unreadable",
}
"""What the import would do with a row -> what that says of it; a deal of an `unknown` lead has nowhere to be."""
_LINES = "SELECT row, CASE WHEN hit THEN 'unchanged' WHEN stored THEN 'updated' ELSE 'added' END FROM hits"
_ENTRIES = "SELECT row, fate FROM verdicts"
_RECORDS = "SELECT row, verdict FROM judged"


def fates_of_rows(
    session: Session, store: Store, sheet: Sheet, request: ImportRequest, *, zone: str, now: datetime
) -> dict[int, str]:
    """Row -> its fate, for every row of the sheet. Problems that only the comparison finds join the sheet's."""
    checked = sheet.checked
    numbers = checked.rows.column("row").to_numpy()
    refused = set(checked.problems.rows.tolist())
    fates = {row: "unreadable" if row in refused else "" for row in numbers.tolist()}
    gone = _merged(session, checked)
    fates |= dict.fromkeys(gone, "merged")
    left = replace(checked, rows=checked.rows.filter(~np.isin(numbers, gone))) if gone else checked
    # Unknown customers are let pass: a row that names one is simply not there.
    asked = replace(request, mode="both", create_customers=True, all_or_nothing=False)
    with open_workspace(session, left, sheet.folder, asked) as work:
        plan(work, store, zone, now)
        for row, verdict in work.db.execute(_verdicts_of(checked.table_code)).fetchall():
            fates[row] = _VERDICTS[verdict]
        open_rows = [row for row, fate in fates.items() if not fate]
        fates |= _unjudged(work, open_rows)
    return fates


def _verdicts_of(table_code: str) -> str:
    if table_code == "transactions":
        return _LINES
    named = table_code in RECORD_KINDS or table_code in ("customers", "leads", "deals")
    return _RECORDS if named else _ENTRIES


def _merged(session: Session, checked: Checked) -> list[int]:
    """The readable rows of customers who were merged into others: their values went into another record."""
    if checked.table_code != "customers":
        return []
    rows = checked.rows.filter(checked.rows.column("ok")).select(["row", "customer_code"]).to_pydict()
    codes = set(rows["customer_code"]) - {None}
    found: set[str] = set()
    for some in chunks(codes):
        found |= set(
            session.scalars(
                select(Customer.code).where(Customer.code.in_(some), Customer.merged_into_id.is_not(None))
            )
        )
    pairs = zip(rows["row"], rows["customer_code"], strict=True)
    return [row for row, code in pairs if code in found]


def _unjudged(work: Workspace, rows: list[int]) -> Mapping[int, str]:
    """Rows that the comparison refuses for what they name: an entry of an unknown outlet is not there; a record is
    there if its own name is. Customers who cannot be told apart would be rejected."""
    table = work.checked.table_code
    if table == "customers":
        return dict.fromkeys(rows, "unreadable")
    if table not in RECORD_KINDS:
        return dict.fromkeys(rows, "missing")
    kind = RECORD_KINDS[table]
    field, column = next(iter(kind.key.items()))
    names = _names(work.checked, field, rows)
    stored: set[Any] = set()
    for some in chunks(set(names.values())):
        name = getattr(kind.record, column)
        stored |= set(work.session.scalars(select(name).where(name.in_(some))))
    return {row: "changed" if name in stored else "missing" for row, name in names.items()}


def _names(checked: Checked, field: str, rows: Iterable[int]) -> dict[int, Any]:
    found = checked.rows.filter(np.isin(checked.rows.column("row").to_numpy(), list(rows)))
    return dict(zip(found.column("row").to_pylist(), found.column(field).to_pylist(), strict=True))
