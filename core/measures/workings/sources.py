"""What the workings read, and how cases become cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.acquisition.funnel import progress
from core.measures.cells import SCHEMA
from core.measures.periods import Grain, Period, last_periods
from core.policy.model import Policy

WHERE = ("department_id", "region")
"""What cells are told apart by, beside measure and period."""

_TRUNCATE = {"month": "M", "week": "W"}  # weeks begin on Monday


@dataclass(frozen=True)
class Sources:
    """Facts of the mart, entries of the ledger, policy, and the day as of whose end measures are worked out.

    `customers`, `lines`, `interactions`, `satisfaction`, `leads` and `costs` are the mart's tables of facts;
    `quality` is its `customer_quality`, `month_ends` its table of that name. Of the ledger: CASES of
    `core.measures.workings.ledger`, by the day they were due or closed.
    """

    policy: Policy
    as_of: date
    customers: ir.Table
    lines: ir.Table
    interactions: ir.Table
    satisfaction: ir.Table
    leads: ir.Table
    costs: ir.Table
    quality: ir.Table
    month_ends: ir.Table
    first_responses: pa.Table
    warning_responses: pa.Table
    closed_orders: pa.Table

    def periods(self, grain: Grain) -> tuple[Period, ...]:
        return last_periods(grain, self.as_of)

    def within(self, table: ir.Table, day: str, grain: Grain) -> ir.Table:
        """The rows of `table` whose `day` lies in a period that is worked out, with its `start`."""
        on = table[day]
        seen = table.filter(on >= self.periods(grain)[0].start, on <= self.as_of)
        return seen.mutate(start=seen[day].truncate(_TRUNCATE[grain]))

    def of_customers(self, table: ir.Table) -> ir.Table:
        """The rows of `table` with the department and region their customer has now."""
        places = self.customers.select("department_id", "region", customer_id=self.customers.id)
        return table.join(places, "customer_id")

    @cached_property
    def order_days(self) -> ir.Table:
        """What each order came to on each of its days: customer_id, order_id, on, net, department_id, region.

        An order counts in a window where the net of its lines inside is positive. So the lines are cut to the
        window first, as in grading: what is returned later changes no figure of the past.
        """
        lines = self.lines.filter(self.lines.ordered_on <= self.as_of)
        days = lines.group_by(["customer_id", "order_id"], on=lines.ordered_on).aggregate(
            net=lines.amount.sum().cast("!int64")
        )
        return ibis.memtable(self.of_customers(days).to_pyarrow())

    @cached_property
    def matured_leads(self) -> ir.Table:
        """The leads whose window has passed: arrived_on, won (within the window), department_id, region."""
        rule, zone = self.policy.funnel, self.policy.business.time_zone
        walked = progress(self.leads, rule.window_days, self.as_of, zone=zone)
        return ibis.memtable(walked.filter(walked.matured).select("arrived_on", "won", *WHERE).to_pyarrow())

    @cached_property
    def first_order_on(self) -> date | None:
        """The day of the first line there is: what lies before is not known."""
        day: date | None = (
            self.lines.aggregate(day=self.lines.ordered_on.min()).to_pyarrow()["day"][0].as_py()
        )
        return day


def cells(code: str, grain: Grain, counted: ir.Table) -> pa.Table:
    """`counted`, a row for each period and place with numerator, denominator and what else SCHEMA has, as cells."""
    rows = counted.to_pyarrow()
    n = len(rows)
    columns = {"measure": pa.array([code] * n), "grain": pa.array([grain] * n)}
    columns |= {name: rows[name] for name in SCHEMA.names if name in rows.column_names}
    for name in SCHEMA.names:
        columns.setdefault(name, pa.nulls(n))
    return pa.table([columns[name] for name in SCHEMA.names], SCHEMA.names).cast(SCHEMA)
