"""The order of the rows in a file decides nothing: the same rows are taken, and the same values stored."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core.access.tables import StaffMember
from core.facts.tables import ChannelCost, Customer, ImportBatch, ImportChange, Lead
from core.obligations.tables import Obligation
from tests.facts.conftest import records
from tests.facts.importing.results import counts

PEOPLE = ["客户编号", "客户名称", "手机号", "城市", "客户经理"]
LEADS = ["lead_code", "arrived_at", "name", "phone", "channel", "owner", "amount"]
DEALS = ["lead_code", "won_at", "amount"]
COSTS = ["月份", "渠道", "推广活动", "费用"]

PHONES = ["13800001234", "057187654321", None]
TABLES = {
    "customers": (
        PEOPLE,
        [["A", "甲", "13800001234", "杭州市", None], ["B", "乙", None, None, "王伟"]],
        [["A", "B", "C", "D", None], ["甲", "乙", None], PHONES, ["杭州市", None], ["王伟", None]],
    ),
    "leads": (
        LEADS,
        [["L1", "2026-10-01 09:00", "甲", "13800001234", None, None, None]],
        [["L1", "L2", "L3"], ["2026-10-01 09:00", "2026-10-02"], ["甲", None], PHONES, ["抖音", None], ["王伟", None],
         [None, "5"]],
    ),
    "deals": (DEALS, [], [["L1", "L2"], ["2026-10-05", None], ["5", "6", None]]),
    "channel_costs": (
        COSTS,
        [["2026-09", "抖音", None, 100]],
        [["2026-09", "2026-10"], ["抖音", "门店"], ["品牌日", None], ["100", "1百", "120"]],
    ),
}  # fmt: skip
"""Table -> header, what is stored before, and what may stand in each column."""


def state(store):
    """All that is stored of them, whatever its number."""
    names = {person.id: person.name for person in records(store, select(StaffMember))}
    made = {c.id for c in records(store, select(Customer)) if c.code == f"N{c.id:08d}"}
    customers = [
        (
            "" if c.id in made else c.code,
            c.name,
            c.phone_index,
            c.region,
            c.city,
            names.get(c.account_manager_id),
        )
        for c in records(store, select(Customer))
    ]
    leads = [
        (x.code, x.arrived_at, x.name, x.phone_index, x.channel, x.amount, x.won_on, names.get(x.owner_id))
        for x in records(store, select(Lead))
    ]
    costs = [(c.month, c.channel, c.campaign, c.amount) for c in records(store, select(ChannelCost))]
    return [sorted(rows, key=repr) for rows in (customers, leads, costs)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_in_any_order_give_the_same(bring, store, table, data):
    header, before, cells = TABLES[table]
    row = st.tuples(*(st.sampled_from(each) for each in cells)).map(list)
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    mode = data.draw(st.sampled_from(["add", "both"]))

    def outcome(body):
        with store.write() as session:
            for record in (ImportChange, Obligation, Lead, Customer, ChannelCost, ImportBatch):
                session.execute(delete(record))
            session.commit()
        if table == "deals":
            bring("leads", [LEADS, *TABLES["leads"][1]])
        if before:
            bring(table, [header, *before])
        return counts(bring(table, [header, *body], mode=mode)), state(store)

    shuffled = list(rows)
    random.Random(data.draw(st.integers(0, 9))).shuffle(shuffled)
    assert outcome(shuffled) == outcome(rows)
