"""A published file of real orders, from a CSV to grades and warnings, held against a computation of its own."""

from __future__ import annotations

import csv
import importlib.util
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from core.facts.tables import Customer
from core.store.mart import current_mart
from core.warning.tables import WorkOrder, WorkOrderHit

COLUMNS = (
    *("customer_code", "recency_days", "frequency", "monetary", "r_score", "f_score", "m_score"),
    *("rfm_cell", "value_tier", "lifecycle_stage", "as_of", "policy_version"),
)


def cdnow_lines():
    """(customer, day, amount) of every line of the sample; nothing of the product is used."""
    (folder,) = importlib.util.find_spec("lifetimes").submodule_search_locations
    for line in (Path(folder) / "datasets" / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, _, amount = line.split()
        yield f"C{customer}", date(int(day[:4]), int(day[4:6]), int(day[6:])), Decimal(amount)


def months_back(day: date, months: int) -> date:
    """The first day of the months that end with `day`: the day after the same day so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    after_it = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day), after_it)


def positions(values: dict[str, object]) -> dict[str, int]:
    """How many are strictly less."""
    ordered = sorted(values.values())
    first = {}
    for index, value in enumerate(ordered):
        first.setdefault(value, index)
    return {key: first[value] for key, value in values.items()}


def expected_grades(as_of: date) -> dict[str, dict[str, object]]:
    """Customer -> column -> text (monetary: number), worked out with dictionaries alone."""
    lines = [line for line in cdnow_lines() if line[1] <= as_of]
    start = months_back(as_of, 12)
    orders: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for customer, day, amount in lines:
        orders[customer][day] += amount
        if day >= start:
            spent[customer] += amount
    positive = {c: sorted(day for day, net in days.items() if net > 0) for c, days in orders.items()}
    inside = {c: [day for day in days if day >= start] for c, days in positive.items()}
    graded = [customer for customer, days in inside.items() if days]
    top = len(graded) - 1

    recency = {c: (as_of - inside[c][-1]).days for c in graded}
    rank = {
        "r": positions({c: -recency[c] for c in graded}),
        "f": positions({c: len(inside[c]) for c in graded}),
        "m": positions({c: spent[c] for c in graded}),
    }
    score = {name: {c: min(5 * place // top + 1, 5) for c, place in of.items()} for name, of in rank.items()}
    worth = positions({c: (sum(of[c] for of in score.values()), spent[c]) for c in graded})

    def stage(days: list[date]) -> str:
        if not days:
            return "prospect"
        first, last = (as_of - days[0]).days, (as_of - days[-1]).days
        return "new" if first <= 90 else "active" if last <= 90 else "dormant" if last <= 180 else "lost"

    def tier(c: str) -> str:
        r, f, m = (score[name][c] for name in "rfm")
        if 10 * worth[c] >= 8 * top:
            return "high"
        if r >= 4 and (f >= 4 or m >= 4):
            return "potential"
        return "low" if 10 * worth[c] < 3 * top else "mid"

    unscored = dict.fromkeys(COLUMNS[1:], "") | {"value_tier": "low"}
    found = {}
    for customer, days in positive.items():
        row = unscored | {"frequency": str(len(inside[customer])), "monetary": spent[customer]}
        if customer in recency:
            row["recency_days"] = str(recency[customer])
            row |= {f"{name}_score": str(score[name][customer]) for name in "rfm"}
            row["rfm_cell"] = "".join(str(int(2 * rank[name][customer] >= top)) for name in "rfm")
            row["value_tier"] = tier(customer)
        row |= {"lifecycle_stage": stage(days), "as_of": as_of.isoformat(), "policy_version": "1"}
        found[customer] = row
    return found


def expected_hits(as_of: date) -> tuple[set[str], int]:
    """Customers without an order in the last two quarters after two before; and how many could be judged."""
    start = months_back(as_of, 6)
    nets: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for customer, day, amount in cdnow_lines():
        if day <= as_of:
            nets[customer][day] += amount
    before = {c: sum(net > 0 and day < start for day, net in days.items()) for c, days in nets.items()}
    recent = {c: sum(net > 0 and day >= start for day, net in days.items()) for c, days in nets.items()}
    judged = sum(before[c] + recent[c] >= 2 for c in nets)
    return {c for c in nets if before[c] >= 2 and not recent[c]}, judged


@pytest.fixture
def orders_file(tmp_path):
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Customer ID", "Date", "Amount"])
        writer.writerows(cdnow_lines())
    return path


@pytest.mark.parametrize(
    ("as_of", "graded", "hits"), [(date(1997, 12, 31), None, 421), (date(1997, 9, 30), 2349, None)]
)
def test_every_grade_and_every_warning_is_as_computed_by_hand(
    as_of, graded, hits, store, kept, command, orders_file, tmp_path
):
    orders = ("import", str(orders_file), "--as", "transactions", "--create-customers")
    imported = kept.once("cdnow", lambda: command(*orders))
    assert (imported["rows_read"], imported["added"], imported["rejected"]) == (6919, 6919, 0)
    assert imported["customers_created"] == 2357

    cycle = command("cycle", "--as-of", as_of.isoformat())
    wanted = expected_grades(as_of)
    wanted_hits, _ = expected_hits(as_of)
    assert cycle["graded"] == sum(row["r_score"] != "" for row in wanted.values())
    assert graded in (None, cycle["graded"])
    assert cycle["grades_changed"] == 2357
    assert cycle["warnings"] == cycle["backlog"] == len(wanted_hits)
    assert hits in (None, len(wanted_hits))
    assert cycle["work_orders_opened"] == 0

    out = tmp_path / "grades.csv"
    assert command("export", "grades", "--out", str(out))["rows"] == 2357
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    found = {row.pop("customer_code"): row for row in rows}
    for row in found.values():
        row["monetary"] = Decimal(row["monetary"])
    assert found == wanted

    with store.read() as session:
        raised = session.scalars(
            select(Customer.code)
            .join(WorkOrder, WorkOrder.customer_id == Customer.id)
            .join(WorkOrderHit, WorkOrderHit.work_order_id == WorkOrder.id)
        ).all()
        codes = {customer.id: customer.code for customer in session.scalars(select(Customer))}
    assert len(raised) == len(wanted_hits)
    assert set(raised) == wanted_hits
    states = current_mart(store).table("indicators").to_pyarrow().to_pylist()
    assert {codes[s["customer_id"]] for s in states if s["state"] == "hit"} == wanted_hits
    assert len(states) == 3 * 2357
    assert {s["state"] for s in states if s["indicator"] != "no_purchase"} == {"no_data"}

    again = command("cycle", "--as-of", as_of.isoformat())
    assert again == cycle | {"grades_changed": 0}
    repeated = command(*orders)
    assert (repeated["added"], repeated["unchanged"]) == (0, 6919)


def test_the_published_number_of_customers_that_could_be_judged_is_reproduced():
    hits, judged = expected_hits(date(1997, 12, 31))
    assert (len(hits), judged) == (421, 1040)
