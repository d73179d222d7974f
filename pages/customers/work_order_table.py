"""Work orders as a table, as the worklist and the home page show them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from core.amounts import SCALE
from core.grading.labels import VALUE_TIER_LABELS
from core.obligations.clock import State
from core.warning.labels import INDICATORS, OUTCOMES, STATUSES
from core.warning.states import Status
from pages.frame import tables
from pages.frame.formats import time_left
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label, listed, worded

Orders = Sequence[Mapping[str, Any]]
OVER = (str(Status.CLOSED), str(Status.WITHDRAWN))
COLUMNS = ("clock", "customer", "monetary", "value_tier", "status", "why", "assignee", "outcome")


def work_order_table(
    session: Session,
    orders: Orders,
    now: datetime,
    *,
    key: str,
    columns: Collection[str],
    on_choose: Callable[[int], None],
    height: int | Literal["content"],
) -> None:
    """Show `orders` (as `core.warning.queries.worklist_rows` gives them) with those of COLUMNS named in `columns`."""
    signs = [_sign(each["status"], each["obligation"], each["due_at"], now) for each in orders]
    pool = _("in the pool")
    indicators = {code: label(INDICATORS, code) for each in orders for code in each["indicators"]}
    made: dict[str, list[Any]] = {
        "clock": [[words] for words, _color in signs],
        "customer": [each["name"] or each["customer_code"] for each in orders],
        "monetary": [each["monetary"] / SCALE for each in orders],
        "value_tier": worded(VALUE_TIER_LABELS, [each["value_tier"] for each in orders]),
        "status": worded(STATUSES, [each["status"] for each in orders]),
        "why": [listed(indicators[code] for code in each["indicators"]) for each in orders],
        "assignee": [each["assignee"] or pool for each in orders],
        "outcome": worded(OUTCOMES, [each["outcome"] for each in orders]),
    }
    shown = [name for name in COLUMNS if name in columns]
    every = _columns(business(session.store).currency, dict(signs))
    tables.records(
        {"id": [each["id"] for each in orders], **{name: made[name] for name in shown}},
        {name: every[name] for name in shown},
        key=key,
        alt=_("Work orders, the most urgent first"),
        on_choose=on_choose,
        height=height,
    )


def _columns(currency: str, colors: dict[str, str]) -> dict[str, Any]:
    return {
        "clock": tables.signals(
            _("First contact"), list(colors), list(colors.values()), pinned=True, width=150
        ),
        "customer": tables.text(_("Customer"), width=190),
        "monetary": tables.money(_("Spending"), currency, help=_("12 months, when the order was raised")),
        "value_tier": tables.text(_("Value tier")),
        "status": tables.text(_("Status")),
        "why": tables.text(_("Raised for")),
        "assignee": tables.text(_("Account manager")),
        "outcome": tables.text(_("Outcome")),
    }


def _sign(status: str, obligation: str | None, due_at: datetime, now: datetime) -> tuple[str, str]:
    """The state of the clock as a sign with words, and its colour; signs differ by shape."""
    if status in OVER:
        return ("✓ " + label(STATUSES, status), "gray")
    if status == Status.BACKLOG:
        return ("○ " + _("No clock"), "gray")
    if obligation == State.LATE:
        return (f"▲ {time_left(due_at, now)}", "red")
    if obligation == State.PENDING:
        return (f"◆ {time_left(due_at, now)}", "orange")
    return ("● " + _("Contacted"), "green") if obligation else (NOTHING, "gray")
