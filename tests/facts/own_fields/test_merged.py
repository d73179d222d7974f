"""Own fields of two customers that become one, and two again."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.facts.duplicates.comparison import comparison
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.own_fields.service import retire_field
from core.facts.service import edit_customer
from core.facts.tables import Customer, DuplicatePair
from core.language import translate
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import Bring, records
from tests.facts.own_fields.fields_added import held


def test_own_fields_go_over_to_the_customer_that_stays_when_two_are_merged(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    with store.write() as session:
        kept, gone = (add_customer(session, code, **served_by(actors.staff)) for code in ("K1", "K2"))
        pair = DuplicatePair(
            first_id=kept, second_id=gone, reason="similar_name", likeness=90, found_on=now.date()
        )
        session.add(pair)
        session.commit()
        number = pair.id
    edit_customer(actors.staff, store, kept, {"own_rank": "c1"}, 1, now=now)
    edit_customer(actors.staff, store, gone, {"own_rank": "c2", "own_wechat": "wx_zhang"}, 1, now=now)
    shown = {
        each.field.code: (each.first, each.second)
        for each in comparison(actors.operations, store, number).fields
    }
    assert (shown["own_rank"], shown["own_wechat"]) == (("c1", "c2"), (None, "w***"))
    taken = {"own_rank": True, "own_wechat": True}
    done = merge(actors.manager, store, kept, gone, taken, expected_versions=(2, 2), now=now)
    assert held(store, Customer, "K1") == {"own_rank": "c2", "own_wechat": "wx_zhang"}
    undo_merge(actors.manager, store, done, now=now)
    assert held(store, Customer, "K1") == {"own_rank": "c1"}
    assert held(store, Customer, "K2") == {"own_rank": "c2", "own_wechat": "wx_zhang"}


@pytest.mark.parametrize(("retired", "named"), [(False, "员工人数"), (True, "自定义字段")])
def test_a_merge_is_not_undone_over_an_own_field_that_was_edited_since(
    store: Store,
    actors: Actors,
    fields: dict[str, int],
    bring: Bring,
    now: datetime,
    retired: bool,
    named: str,
) -> None:
    bring("customers", [["Customer code", "Staff count", "VIP"], ["K1", None, "是"], ["K2", "7", None]])
    first, second = (each.id for each in records(store, select(Customer).order_by(Customer.code)))
    done = merge(
        actors.manager, store, first, second, {"own_staff_count": True}, expected_versions=(1, 1), now=now
    )
    edit_customer(actors.manager, store, first, {"own_staff_count": 8}, 2, now=now)
    if retired:
        retire_field(actors.manager, store, fields["staff_count"], now=now)
    with pytest.raises(Refused) as refusal:
        undo_merge(actors.manager, store, done, now=now)
    assert named in translate(refusal.value.message, "zh_CN")
    (kept, _) = records(store, select(Customer).order_by(Customer.code))
    assert kept.own == {"staff_count": 8, "vip": True}
