"""What came of an import: its counts, the rows it rejected with their reasons, and how much is stored."""

from __future__ import annotations

import openpyxl
from sqlalchemy import func, select

from core.facts.tables import Customer, ImportBatch, Lead, Order, OrderLine


def counts(result):
    assert result.rows_read == result.added + result.updated + result.unchanged + result.rejected
    return (result.added, result.updated, result.unchanged, result.rejected)


def rejected(store, result):
    """The rows of the workbook of rejected rows, its header first."""
    sheet = openpyxl.load_workbook(store.data_dir / result.rejects_file).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def reasons(store, result):
    """Row and reason, as the workbook of rejected rows tells them."""
    return {row[0]: row[2] for row in rejected(store, result)[1:]}


def stored_numbers(store) -> list[int]:
    """How many customers, orders, lines, leads and imports are stored."""
    with store.read() as session:
        kinds = (Customer, Order, OrderLine, Lead, ImportBatch)
        return [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]
