"""The line on a customer's page that says by when its record has to be completed, and what is missing."""

from __future__ import annotations

from core import clock
from core.facts import update_clock
from core.facts.fields import CUSTOMERS
from core.facts.queries import CustomerView
from core.facts.update_clock_queries import owed
from pages.customers.customer_owed import owed_line
from pages.customers.customer_panels import saved
from pages.frame.formats import moment
from pages.frame.session import Session, business, current
from pages.frame.words import _, listed


def update_owed(session: Session, view: CustomerView) -> None:
    """Show what is owed; nothing where nothing is."""
    found = owed(session.actor, session.store, view.id)
    if found is None:
        return
    due = moment(found.due_at, business(session.store).time_zone)
    owed_line(
        view,
        "update",
        due_at=found.due_at,
        owner=found.owner,
        says=(_("Record to be completed by {moment}", moment=due), missing(found.fields)),
        ways=(_("Complete it"), _("Checked, nothing more is known")),
        confirm=_confirm,
    )


def missing(fields: tuple[str, ...]) -> str:
    """What a record lacks, in words."""
    if not fields:
        return _("nothing is missing any more")
    return _("missing: {fields}", fields=named(fields))


def named(fields: tuple[str, ...]) -> str:
    """Fields of customers, as a reader calls them."""
    return listed(_(CUSTOMERS.field(field).label) for field in fields)


def _confirm(customer_id: int) -> None:
    with saved(customer_id, "update", _("Confirmed.")):
        session = current()
        update_clock.confirm(session.actor, session.store, customer_id, now=clock.now())
