"""Commands on leads: the first response."""

from __future__ import annotations

from datetime import datetime

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import Refused, StaleEdit
from core.facts.leads import SUBJECT, record_response, visible_lead
from core.language import mark
from core.store.engine import Store


def record_first_response(
    actor: Actor, store: Store, lead_id: int, expected_version: int, *, at: datetime, now: datetime
) -> None:
    """Note that the lead was first answered `at`, which meets what is owed for it.

    Refused before the lead came, in the future, and when it was answered already: the first answer counts. The
    stage stays as it is: to have answered is not to have spoken with somebody.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    with store.write() as session:
        lead = visible_lead(actor, session, lead_id, lock=True)
        if lead.first_response_at is not None:
            raise StaleEdit(
                mark("The first response to lead {code} has been recorded already."), code=lead.code
            )
        if lead.version != expected_version:
            raise StaleEdit(
                mark("Somebody changed this lead in between. Load it again and repeat your step.")
            )
        if not lead.arrived_at <= at <= now:
            raise Refused(mark("A first response lies between the arrival of the lead and now."))
        # No new data version: nothing is worked out from the mart's copy of an answer, the ledger holds it.
        record_response(session, lead, at)
        audit.record(session, actor, "lead.first_response", SUBJECT, lead.id, now=now)
        session.commit()
