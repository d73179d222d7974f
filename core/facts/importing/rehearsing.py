"""Where the check saves what one sheet brings, for the next one to see: over the stored records, never into them."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from core.access.tables import Department, StaffMember
from core.facts.tables import (
    BehaviourEvent,
    Campaign,
    ChannelCost,
    Contract,
    Customer,
    DisplayFeedback,
    ImportChange,
    Interaction,
    Lead,
    Order,
    OrderLine,
    Outlet,
    Payment,
    Product,
    ProductUsage,
    Satisfaction,
)
from core.store.engine import Store
from core.store.overlay import overlaid

NO_BATCH = 0
"""The import that a check saves under: there is none."""
_FACTS = {
    **dict.fromkeys((Campaign, Contract, Lead, Outlet, Payment, Product), ("code",)),
    **dict.fromkeys((BehaviourEvent, Interaction, Order, ProductUsage, Satisfaction), ("customer_id",)),
    ChannelCost: ("month",),
    Customer: ("code", "phone_index"),
    DisplayFeedback: ("outlet_id",),
    OrderLine: ("order_id",),
}
"""What the saving of a plan writes -> by what plans look for it."""


def rehearsal(store: Store) -> AbstractContextManager[Session]:
    """A session in which plans can be saved as in a commit, and only it sees them. It takes no lock that anybody
    could wait for, and is gone with all it saved when it ends."""
    return overlaid(store, _FACTS, copied=(Department, StaffMember), empty=(ImportChange,))
