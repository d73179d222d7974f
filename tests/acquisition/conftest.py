"""A company whose leads can be counted by hand, as of the tests' day: 2026-11-03, with a window of 90 days.

=====  ==========  =======  ========  ======  ====================================================
code   arrived     channel  region    owner   what became of it
=====  ==========  =======  ========  ======  ====================================================
A1     2026-05-04  expo     华东      Emil    won after 20 days, a customer of high value
A2     2026-05-10  expo     华东      Emil    quoted, then given up
A3     2026-06-02  web      华南      Walt    contacted, then silence: its window is over
A4     2026-06-05  web      -         Walt    never contacted
A5     2026-10-01  web      华南      Walt    qualified, still within its window
A6     2026-10-02  expo     华东      Emil    given up after two days
A7     2026-11-02  -        -         nobody  came yesterday
=====  ==========  =======  ========  ======  ====================================================

Costs: expo 6,000 in May and 4,000 in June; web 500 in June; radio, which brought nobody, 900 in June; expo 7,000
in October, a month whose leads are still within their window.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.access.actor import SYSTEM
from core.access.vault import open_vault
from core.operations.cycle import run_cycle
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.factmaking import add_customer, add_order
from tests.kept import Kept
from tests.leadmaking import add_cost, add_lead

AS_OF = date(2026, 11, 3)


@pytest.fixture
def company(store: Store, actors: Actors, kept: Kept) -> dict[str, int]:
    """Code -> id of the seven leads, after the day's cycle."""
    return kept.once("acquisition", lambda: _make(store, actors))


def _make(store: Store, actors: Actors) -> dict[str, int]:
    emil = {"owner_id": actors.staff.staff_id, "department_id": actors.east}
    walt = {"owner_id": actors.west_staff.staff_id, "department_id": actors.west}
    expo, web = {"channel": "expo", "region": "华东"}, {"channel": "web", "region": "华南"}
    vault = open_vault(store)
    with store.write() as session:
        customer = add_customer(session, "C1", name="张伟")
        for number in (28, 30):
            add_order(session, customer, f"no:{number}", [(date(2026, 10, number), 900_0000)])
        add_order(session, add_customer(session, "C2"), "no:1", [(date(2026, 3, 1), 10_0000)])
        known = {"name": "张晓明", "phone": "13812345678", "vault": vault, "industry": "教育"}
        won = {"contacted": 1, "qualified": 3, "quoted": 10, "won": 20, "customer_id": customer}
        ids = {
            "A1": add_lead(session, "A1", date(2026, 5, 4), **emil, **expo, **won, **known),
            "A2": add_lead(session, "A2", date(2026, 5, 10), **emil, **expo, contacted=2, quoted=9, lost=30),
            "A3": add_lead(session, "A3", date(2026, 6, 2), **walt, **web, contacted=4),
            "A4": add_lead(session, "A4", date(2026, 6, 5), **walt, channel="web"),
            "A5": add_lead(session, "A5", date(2026, 10, 1), **walt, **web, contacted=1, qualified=2),
            "A6": add_lead(session, "A6", date(2026, 10, 2), **emil, **expo, lost=2),
            "A7": add_lead(session, "A7", date(2026, 11, 2)),
        }
        add_cost(session, date(2026, 5, 1), "expo", 6_000)
        add_cost(session, date(2026, 6, 1), "expo", 1_000)
        add_cost(session, date(2026, 6, 1), "expo", 3_000, campaign="spring")
        add_cost(session, date(2026, 6, 1), "web", 500)
        add_cost(session, date(2026, 6, 1), "radio", 900)
        add_cost(session, date(2026, 10, 1), "expo", 7_000)
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    return ids
