"""Work orders as a table, as the worklist and the home page show them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import pandas as pd

from core.grading.labels import VALUE_TIER_LABELS
from core.obligations.clock import State
from core.warning.labels import INDICATORS, OUTCOMES, STATUSES
from core.warning.states import Status
from pages.frame import tables
from pages.frame.formats import time_left
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label, listed

OVER = (str(Status.CLOSED), str(Status.WITHDRAWN))
COLUMNS = ("clock", "customer", "monetary", "value_tier", "status", "why", "assignee", "outcome")


def work_order_table(
    session: Session,
    orders: pd.DataFrame,
    now: datetime,
    *,
    key: str,
    columns: Collection[str],
    on_choose: Callable[[int], None],
    height: int,
) -> None:
    """Show `orders` (as `core.warning.queries.worklist` gives them) with those of COLUMNS named in `columns`."""
    stand = orders[["status", "obligation", "due_at"]].itertuples(index=False, name=None)
    signs = [_sign(status, owed, due_at, now) for status, owed, due_at in stand]
    labels = {"value_tier": VALUE_TIER_LABELS, "status": STATUSES, "outcome": OUTCOMES}
    kept = orders[["id", "monetary", *(name for name in labels if name in columns)]]
    shown = tables.labelled(kept, **{name: words for name, words in labels.items() if name in columns})
    names = zip(orders["name"], orders["customer_code"], strict=True)
    made = {
        "clock": [[words] for words, _color in signs],
        "customer": [name or code for name, code in names],
    }
    if "assignee" in columns:
        made["assignee"] = orders["assignee"].fillna(_("in the pool"))
    if "why" in columns:
        words = {code: label(INDICATORS, code) for codes in orders["indicators"] for code in codes}
        made["why"] = [listed(words[code] for code in codes) for codes in orders["indicators"]]
    every = _columns(business(session.store).currency, dict(signs))
    tables.records(
        tables.in_currency(shown, "monetary").assign(**made),
        {name: every[name] for name in COLUMNS if name in columns},
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
