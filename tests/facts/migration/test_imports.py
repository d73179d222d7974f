"""The imports so far, counted against what the database holds now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from core.errors import NotAllowed
from core.facts.fields import TABLES
from core.facts.migration.imports import import_checks, import_fields
from core.facts.own_fields.service import add_field
from core.facts.service import edit_customer
from core.facts.tables import Customer, Interaction
from tests.conftest import NOW
from tests.facts.conftest import records
from tests.facts.migration.workbooks import HEADER, ROWS, SHEETS

LATER = NOW + timedelta(hours=1)


def test_an_import_of_every_table_is_complete_until_something_of_it_is_gone(store, actors, imported):
    imported({name: rows[:2] for name, rows in SHEETS.items()})
    found = {each.table_code: each for each in import_checks(actors.operations, store)}
    assert set(found) == set(TABLES)
    # The deal changed the lead that was imported with it: the lead bears the later import.
    assert {name for name, each in found.items() if not each.complete} == {"leads"}
    assert found["leads"].later
    assert all(each.left == each.there == 1 for name, each in found.items() if name != "leads")
    assert (found["customers"].phones_in_file, found["customers"].phones_there) == (1, 1)
    assert found["contracts"].phones_in_file is None
    with store.write() as session:
        session.execute(delete(Interaction))
        session.commit()
    found = {each.table_code: each for each in import_checks(actors.operations, store)}
    assert not found["interactions"].complete
    assert (found["interactions"].left, found["interactions"].there) == (1, 0)


def test_an_edit_since_explains_what_differs(store, actors, imported):
    imported({"customers": [*ROWS, ("C6", "孙武", "12")]})
    stored = {each.code: each for each in records(store, select(Customer))}
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": None}, 1, now=LATER)
    (line,) = import_checks(actors.operations, store)
    assert (line.rows_read, line.left, line.rejected) == (5, 4, 1)
    assert (line.there, line.phones_in_file, line.phones_there) == (4, 3, 2)
    assert (line.edited, line.merged, line.complete) == (1, 0, False)
    with pytest.raises(NotAllowed):
        import_checks(actors.supervisor, store)


def test_the_same_file_again_leaves_nothing_and_lacks_nothing(store, actors, imported):
    imported({"customers": ROWS})
    imported({"customers": ROWS})
    again, first = import_checks(actors.operations, store)
    assert (again.unchanged, again.left, again.there, again.complete) == (4, 0, 0, True)
    assert (again.phones_in_file, again.phones_there) == (0, 0)
    assert {(each.in_file, each.there) for each in import_fields(actors.operations, store, again.id)} == {
        (0, 0)
    }
    assert first.complete


def test_equal_rows_of_a_file_are_one_record_and_one_phone(store, actors, imported):
    done = imported({"customers": [*ROWS, ROWS[1]]})
    (line,) = import_checks(actors.operations, store)
    assert (line.rows_read, line.left, line.there, line.unchanged) == (5, 4, 4, 1)
    assert (line.phones_in_file, line.phones_there, line.complete) == (3, 3, True)
    assert [(each.in_file, each.there) for each in import_fields(actors.operations, store, *done.batches)] == [
        (4, 4), (4, 4), (3, 3)
    ]  # fmt: skip


def test_a_phone_that_a_changed_customer_had_before_hides_no_lost_one_of_its_import(store, actors, imported):
    imported({"customers": ROWS})
    imported({"customers": [("客户编号", "姓名", "手机号", "城市"), ("C1", "张晓明", None, "杭州市")]})
    changed, _first = import_checks(actors.operations, store)
    assert (changed.left, changed.there, changed.phones_in_file, changed.phones_there) == (1, 1, 0, 1)
    assert changed.complete


def test_own_fields_of_an_import_are_counted_as_well(store, actors, imported):
    words = {"code": "card", "kind": "text", "label": ("门禁卡号", "Card number"), "personal": True}
    add_field(actors.administrator, store, "customers", **words, now=NOW)
    header = (*HEADER, "门禁卡号")
    done = imported({"customers": [header, ("C1", "张晓明", None, "A-1"), ("C2", "李华", None, None)]})
    counted = import_fields(actors.operations, store, *done.batches)
    assert [(each.field.code, each.in_file, each.there) for each in counted][-1] == ("own_card", 1, 1)


def test_each_field_of_an_import_is_counted_in_the_file_and_in_the_database(store, actors, imported):
    done = imported(
        {"customers": ROWS, "payments": SHEETS["payments"][:2], "contracts": SHEETS["contracts"][:2]}
    )
    stored = {each.code: each for each in records(store, select(Customer))}
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": None}, 1, now=LATER)
    customers, _contracts, payments = (
        [
            (each.field.code, each.in_file, each.there)
            for each in import_fields(actors.operations, store, batch)
        ]
        for batch in done.batches
    )
    assert customers == [("customer_code", 4, 4), ("name", 4, 4), ("phone", 3, 2)]
    assert payments == [
        ("payment_code", 1, 1), ("customer_code", 1, 1), ("contract_code", 1, 1), ("due_on", 1, 1), ("amount", 1, 1),
    ]  # fmt: skip
    assert import_fields(actors.operations, store, max(done.batches) + 1) == []
