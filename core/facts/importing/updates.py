"""What imported transactions, interactions and behaviour events make owed: that customers' records are completed."""

from __future__ import annotations

from datetime import datetime

from core.facts import update_clock
from core.facts.importing.workspace import Workspace
from core.facts.update_clock_facts import first_day
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
    since = first_day(policy, now).isoformat()
    found = work.db.execute(
        f"SELECT DISTINCT customer_id FROM saving WHERE {day} >= DATE '{since}'"
    ).fetchall()
    update_clock.bring_in_line(work.session, policy, [customer for (customer,) in found], now=now)
