"""Contacts with customers, logged by the people who had them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import Refused
from core.facts import labels, update_clock
from core.facts.tables import Interaction
from core.facts.visibility import visible_customer
from core.facts.written import written
from core.language import mark
from core.policy.queries import policy_at
from core.store.engine import Store

WIN_BACK = "win_back"
"""Purpose of a contact about a warning."""

_CLOCK_SKEW = timedelta(minutes=5)
"""How far a browser's clock may run ahead before a contact counts as in the future."""


def log_contact(
    actor: Actor,
    store: Store,
    customer_id: int,
    *,
    occurred_at: datetime,
    kind: str,
    direction: str | None,
    content: str,
    now: datetime,
    purpose: str | None = None,
) -> int:
    """Log a contact with a customer in reach, without a work order; the new interaction's id.

    `kind` and `direction` are codes of `core.facts.labels`; `purpose` is None or `win_back`.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        customer = visible_customer(actor, session, customer_id)
        logged = add_interaction(
            session,
            actor,
            customer.id,
            occurred_at=occurred_at,
            kind=kind,
            direction=direction,
            content=content,
            purpose=purpose,
            time_zone=policy.business.time_zone,
            now=now,
        )
        update_clock.after_contact(session, policy, customer.id, now=now)
        audit.record(session, actor, "customer.contact", "customer", customer.id, now=now, kind=kind)
        session.commit()
        return logged.id


def add_interaction(
    session: Session,
    actor: Actor,
    customer_id: int,
    *,
    occurred_at: datetime,
    kind: str,
    direction: str | None,
    content: str | None,
    purpose: str | None,
    time_zone: str,
    now: datetime,
) -> Interaction:
    """Add a contact of the actor to the running transaction. `time_zone` is the business time zone."""
    if kind not in labels.INTERACTION_KINDS or direction not in (None, *labels.DIRECTIONS):
        raise ValueError(f"unknown kind or direction of contact: {kind!r}, {direction!r}")
    if purpose not in (None, WIN_BACK):
        raise ValueError(f"unknown purpose of a contact: {purpose!r}")
    if occurred_at > now + _CLOCK_SKEW:
        raise Refused(mark("A contact cannot lie in the future. Enter when it took place."))
    interaction = Interaction(
        customer_id=customer_id,
        occurred_at=occurred_at,
        occurred_on=business_date(occurred_at, time_zone),
        kind=kind,
        direction=direction,
        purpose=purpose,
        staff_id=actor.staff_id,
        content=written(content) or None,
        logged_by=actor.account_id,
        logged_at=now,
    )
    session.add(interaction)
    session.flush()
    return interaction
