"""What imported transactions, interactions and behaviour events make owed: that customers' records are completed."""

from __future__ import annotations

from datetime import datetime

from core.access.directory import known_staff
from core.facts import update_clock
from core.facts.importing.workspace import Workspace
from core.policy.queries import policy_at
from core.store.engine import Store


def enter(work: Workspace, store: Store, now: datetime) -> None:
    """Enter what is owed after the rows of `saving`, once their customers are recorded."""
    policy, table = policy_at(store, now.date()), work.checked.table_code
    rules = policy.update_clock
    owing = {
        "transactions": rules.transactions,
        "interactions": rules.interactions,
        "behaviour": rules.behaviour,
    }
    if not owing.get(table):
        return
    day = "ordered_on" if table == "transactions" else "occurred_on"
    staff = "NULL"
    if (
        table == "interactions"
    ):  # the last contact's; of two at one instant it must not depend on the order of rows
        staff = "last(staff ORDER BY occurred_at, staff) FILTER (WHERE staff IS NOT NULL)"
    since = update_clock.first_day(policy, now).isoformat()
    found = work.db.execute(
        f"SELECT customer_id, {staff} FROM saving WHERE {day} >= DATE '{since}' GROUP BY customer_id"
    ).fetchall()
    if not found:
        return
    if table == "behaviour":
        facts = update_clock.in_operations(work.session, [customer for customer, _ in found])
    else:
        people = known_staff(work.session)
        facts = {customer: people.get(name or "") for customer, name in found}
    update_clock.owe(work.session, policy, facts, now=now)
