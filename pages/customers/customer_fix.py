"""What reminders of data quality ask for: the reader's own list of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core import clock
from core.access.actor import Permission
from core.facts.quality.asked import asked_of_me
from pages.customers.customer_owed import needs
from pages.frame import tables
from pages.frame.formats import moment, time_left
from pages.frame.parts import section
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, ngettext


def fixes_asked(session: Session, choose: Callable[[int], None]) -> bool:
    """List the customers whose data the reader is asked to correct; False where there are none."""
    if not session.actor.may(Permission.SEE_DETAILS):
        return False
    found = asked_of_me(session.actor, session.store)
    if not found:
        return False
    section(
        ngettext("Correct the data of {n} customer", "Correct the data of {n} customers", len(found)),
        _("You were reminded of these. A click opens the customer; what you save there settles it."),
    )
    zone, now = business(session.store).time_zone, clock.now()
    rows: dict[str, list[Any]] = {
        "id": [each.customer_id for each in found],
        "left": [time_left(each.due_at, now) for each in found],
        "code": [each.code for each in found],
        "name": [each.name or NOTHING for each in found],
        "faults": [" · ".join(needs(each.missing, each.wrong)) for each in found],
        "due": [moment(each.due_at, zone) for each in found],
    }
    columns = {
        "name": tables.text(_("Name"), width=220),
        "faults": tables.text(_("To correct"), width="large"),
        "left": tables.text(_("Time left")),
        "due": tables.text(_("Due")),
        "code": tables.text(_("Code")),
    }
    tables.records(
        rows, columns, key="customer.fixes", alt=_("Customers whose data are to be corrected"), on_choose=choose,
        height=tables.height_of(len(found)),
    )  # fmt: skip
    return True
