"""The dated business examples beside this file: each must come out as it is written.

A case names the day, the facts and what should follow. Tables are words apart by blanks, `-` is nothing;
amounts are in the currency unit. Only the columns that a case names are compared.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from core.amounts import from_units, to_units
from core.grading.rfm import grade
from core.policy.service import default_policy
from core.warning.indicators import evaluate

CASES = sorted(Path(__file__).parent.glob("*.toml"))
Row = dict[str, str | None]


def rows(text: str) -> list[Row]:
    """The rows of a table in a case file, by its header."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    return [
        dict(zip(header, (None if word == "-" else word for word in line), strict=True)) for line in lines
    ]


class Case:
    """A case file as the tables that the rules take."""

    def __init__(self, path: Path) -> None:
        self.values = tomllib.loads(path.read_text(encoding="utf-8"))
        assert self.values["policy"] == "default"
        self.policy = default_policy()
        self.as_of: date = self.values["as_of"]
        tables = ("orders", "interactions", "satisfaction", "grades", "indicators")
        named = [row["customer"] for table in tables for row in self.rows(table)]
        self.names = list(dict.fromkeys(named))

    def rows(self, table: str) -> list[Row]:
        return rows(self.values[table]) if table in self.values else []

    def customers(self) -> ir.Table:
        return ibis.memtable(pa.table({"id": pa.array(range(len(self.names)), pa.int64())}))

    def facts(self, table: str, columns: dict[str, tuple[pa.DataType, Any]]) -> ir.Table:
        """`table` with customer_id and `columns`: name in the rules -> type, and how a row gives the value."""
        some = self.rows(table)
        ids = pa.array([self.names.index(row["customer"]) for row in some], pa.int64())
        rest = {name: pa.array([give(row) for row in some], kind) for name, (kind, give) in columns.items()}
        return ibis.memtable(pa.table({"customer_id": ids} | rest))

    def lines(self) -> ir.Table:
        numbers: dict[str | None, int] = {}
        return self.facts(
            "orders",
            {
                "order_id": (pa.int64(), lambda row: numbers.setdefault(row["order"], len(numbers))),
                "ordered_on": (pa.date32(), day),
                "amount": (pa.int64(), lambda row: to_units(Decimal(row["amount"]))),
            },
        )

    def by_name(self, table: ir.Table) -> Iterable[dict[str, Any]]:
        for row in table.to_pyarrow().to_pylist():
            yield row | {"customer": self.names[row["customer_id"]]}


def day(row: Row) -> date:
    return date.fromisoformat(str(row["day"]))


def as_written(value: object, column: str) -> object:
    if column == "monetary":
        return from_units(int(str(value)))
    return None if value is None else str(value)


def compare(expected: list[Row], found: Iterable[dict[str, Any]], key: tuple[str, ...]) -> None:
    by_key = {tuple(row[name] for name in key): row for row in found}
    for row in expected:
        actual = by_key[tuple(row[name] for name in key)]
        wanted = {name: Decimal(str(v)) if name == "monetary" else v for name, v in row.items()}
        assert {name: as_written(actual[name], name) for name in row} == wanted


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_case_comes_out_as_written(path: Path) -> None:
    case = Case(path)
    assert case.rows("grades") or case.rows("indicators")
    if case.rows("grades"):
        graded = grade(case.lines(), case.customers(), case.policy, case.as_of)
        compare(case.rows("grades"), case.by_name(graded), ("customer",))
    if case.rows("indicators"):
        interactions = case.facts(
            "interactions",
            {"occurred_on": (pa.date32(), day), "purpose": (pa.string(), lambda row: row["purpose"])},
        )
        satisfaction = case.facts(
            "satisfaction",
            {
                "scored_at": (pa.timestamp("us"), lambda row: datetime.combine(day(row), time())),
                "scored_on": (pa.date32(), day),
                "score": (pa.int64(), lambda row: int(row["score"])),
            },
        )
        states = evaluate(case.customers(), case.lines(), interactions, satisfaction, case.policy, case.as_of)
        compare(case.rows("indicators"), case.by_name(states), ("customer", "indicator"))
