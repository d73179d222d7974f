"""The CDNOW sample (Fader and Hardie) as it ships in the `lifetimes` wheel: 6,919 rows, 2,357 customers, 1997-98."""

from __future__ import annotations

import csv
import importlib.util
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.amounts import to_units


def dataset(name: str) -> Path:
    """A file of the wheel's data, without importing the package."""
    spec = importlib.util.find_spec("lifetimes")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "datasets" / name


@cache
def sample_lines() -> tuple[tuple[int, int, date, int], ...]:
    """(customer, order, day, amount in ten-thousandths); a customer's day is one order, as the file has no numbers."""
    orders: dict[tuple[int, date], int] = {}
    lines = []
    for row in dataset("CDNOW_sample.txt").read_text().splitlines():
        customer, _, day, _, amount = row.split()
        on = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        order = orders.setdefault((int(customer), on), len(orders))
        lines.append((int(customer), order, on, to_units(Decimal(amount))))
    return tuple(lines)


@cache
def repeat_counts() -> tuple[int, ...]:
    """Repeat purchases of each of 2,357 customers."""
    with dataset("cdnow_customers_summary.csv").open() as file:
        return tuple(int(row["frequency"]) for row in csv.DictReader(file))
