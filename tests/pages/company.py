"""A company of four customers, small enough to check by hand, graded and warned as of the tests' day.

=====  ==========  =======  ==========================================================
code   department  manager  what happened
=====  ==========  =======  ==========================================================
K1     East        Emil     two orders long ago, none in two quarters: warned
K2     East        Emil     an order ten days ago, unhappy: warned; a name with markup
K3     West        Walt     an order five days ago: nothing to warn of
K4     East        nobody   as K1, so it lies in the pool
=====  ==========  =======  ==========================================================
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access.actor import SYSTEM
from core.access.vault import open_vault
from core.dates import business_date
from core.facts import identity
from core.facts.tables import Customer
from core.operations.cycle import run_cycle
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.factmaking import add_customer, add_order, add_satisfaction, served_by
from tests.kept import Kept

AS_OF = business_date(NOW, "Asia/Shanghai")
PHONE = "13812345678"


@pytest.fixture
def company(store: Store, actors: Actors, kept: Kept) -> dict[str, int]:
    """Code -> id of the four customers; their work orders have been raised."""
    return kept.once(
        "pages company", lambda: settle(store, served_by(actors.staff), served_by(actors.west_staff))
    )


def settle(store: Store, emil: dict[str, int | None], walt: dict[str, int | None]) -> dict[str, int]:
    """Store, grade and warn the company; `emil` and `walt` are the customers' fields that name who serves them."""
    with store.write() as session:
        ids = {
            "K1": add_customer(session, "K1", name="张伟", region="华东", **emil),
            "K2": add_customer(session, "K2", name="李*娜*", region="华东", **emil),
            "K3": add_customer(session, "K3", name="王芳", region="华南", **walt),
            "K4": add_customer(
                session, "K4", name="赵强", region="华东", department_id=emil["department_id"]
            ),
        }
        identity.put(open_vault(store), session.get_one(Customer, ids["K1"]), "phone", PHONE)
        for code, days, amount in (
            ("K1", (300, 250), 800_0000),
            ("K2", (40, 10), 600_0000),
            ("K3", (30, 5), 900_0000),
            ("K4", (320, 260), 100_0000),
        ):
            for number, day in enumerate(days):
                add_order(session, ids[code], f"no:{code}{number}", [(AS_OF - timedelta(days=day), amount)])
        add_satisfaction(session, ids["K2"], AS_OF - timedelta(days=8), 2)
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    return ids
