"""What a reminder of data quality asks for: the reader's own list of customers, and the line on a customer's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core import clock
from core.access.actor import Permission
from core.facts.fields import CUSTOMERS
from core.facts.quality.asked import Asked, asked_about, asked_of_me
from core.facts.quality.reminders import nothing_more
from core.facts.queries import CustomerView
from pages.customers.customer_owed import owed_line
from pages.customers.customer_panels import saved
from pages.frame import tables
from pages.frame.formats import moment, time_left
from pages.frame.parts import section
from pages.frame.session import Session, business, current
from pages.frame.words import NOTHING, _, listed, ngettext


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
        "faults": [" · ".join(_faults(each)) for each in found],
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


def fix_asked(session: Session, view: CustomerView) -> None:
    """The line that says what is to be corrected of a customer, and by when; nothing where nothing is asked."""
    found = asked_about(session.actor, session.store, view.id)
    if found is None:
        return
    due = moment(found.due_at, business(session.store).time_zone)
    owed_line(
        view,
        "fix",
        due_at=found.due_at,
        owner=found.owner,
        says=(_("Data to be corrected by {moment}", moment=due), *_faults(found)),
        ways=(_("Correct the data"), _("Checked, nothing can be corrected")),
        confirm=_confirm,
    )


def _faults(found: Asked) -> list[str]:
    """What is to be corrected, in words."""
    faults = []
    if found.missing:
        faults.append(_("missing: {fields}", fields=_named(found.missing)))
    if found.wrong:
        faults.append(_("not valid: {fields}", fields=_named(found.wrong)))
    return faults or [_("nothing is missing any more")]


def _named(fields: tuple[str, ...]) -> str:
    return listed(_(CUSTOMERS.field(field).label) for field in fields)


def _confirm(customer_id: int) -> None:
    with saved(customer_id, "fix", _("Confirmed.")):
        session = current()
        nothing_more(session.actor, session.store, customer_id, now=clock.now())
