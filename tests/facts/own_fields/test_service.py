"""The catalogue of own fields: who may add, word, retire and take up, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from core.access.tables import AuditEntry
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.queries import field_catalogue, records_by_choice
from core.facts.own_fields.service import MOST_FIELDS, add_field, change_field, retire_field, take_up_field
from core.facts.own_fields.words import Words
from core.facts.queries import customer
from core.facts.tables import Customer, OwnField
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_own_field, own_field
from tests.facts.conftest import Bring, records
from tests.facts.own_fields.fields_added import ALL, add, held

BOTH = [("高", "High"), ("低", "Low")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "Region 2"}, "A code has 2 to 30 small letters"),
        ({"code": "region"}, "The code region belongs to another field"),
        ({"code": "vip"}, "The code vip belongs to another field"),
        ({"label": ("大区", "Zone")}, "“大区” is a name of the field Region already"),
        ({"label": ("片区", "E-mail address")}, "“E-mail address” is a name of the field E-mail already"),
        ({"label": ("片区", "v i p")}, "“v i p” is a name of the field VIP already"),
        ({"label": (" ", "")}, "A name has 1 to 40 characters"),
        ({"label": ("片" * 41, "")}, "A name has 1 to 40 characters"),
        ({"kind": "choice"}, "A field of choices has 2 to 50 of them"),
        ({"kind": "choice", "choices": [("高", "High"), ("高", "Low")]}, "Two choices have the same name"),
        ({"kind": "date", "personal": True}, "Only texts of customers and leads"),
        ({"unit": "x" * 13}, "A unit has at most 12 characters"),
    ],
)
def test_a_field_that_could_not_be_told_from_another_is_refused(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add(actors.manager, store, now, **{"code": "zone", "label": ("片区", "Zone"), **given})
    assert len(records(store, select(OwnField))) == 2 * len(ALL)


def test_a_table_takes_so_many_own_fields_and_no_more(store: Store, actors: Actors, now: datetime) -> None:
    ids = [add(actors.manager, store, now, f"field_{n}") for n in range(MOST_FIELDS)]
    with pytest.raises(Refused, match="Customers has 40 own fields already"):
        add(actors.manager, store, now, "one_more")
    retire_field(actors.manager, store, ids[0], now=now)
    add(actors.manager, store, now, "one_more")
    with pytest.raises(Refused, match="40 own fields"):
        take_up_field(actors.manager, store, ids[0], now=now)


def test_words_change_and_values_stay(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    bring("customers", [["Customer code", "Intent"], ["K1", "High"]])
    seen = own_field(store, fields["rank"])
    change = partial(change_field, actors.manager, store, fields["rank"], seen=seen, now=now)
    with pytest.raises(Refused, match="name of the field VIP"):
        change(label=("VIP", ""), choices=[("高", "High"), ("低", "Low")])
    change(label=("购买意向", ""), owner="sales", choices=[("很高", "Very high"), ("低", "Low")])
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_rank")
    assert (field.label, field.owner) == ("购买意向", "sales")
    assert [c.en for c in field.choices] == ["Very high", "Low"]
    assert held(store, Customer, "K1") == {"own_rank": "c1"}
    file = [["Customer code", "购买意向"], ["K2", "很高"]]
    assert bring("customers", file).added == 1


def test_nobody_saves_over_what_another_changed_or_retired_meanwhile(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    seen = own_field(store, fields["rank"])
    change = partial(change_field, store=store, field_id=fields["rank"], label=("意向", "Intent"), now=now)
    change(actors.administrator, seen=seen, choices=[*BOTH, ("金", "Gold")])
    bring("customers", [["Customer code", "Intent"], ["K1", "Gold"]])
    with pytest.raises(StaleEdit, match="Somebody changed this field"):
        change(actors.manager, seen=seen, choices=[*BOTH, ("银", "Silver")])
    assert worded(store, "K1") == "Gold"
    seen = own_field(store, fields["rank"])
    change(actors.manager, seen=seen, choices=[*BOTH, ("金", "Gold"), ("银", "Silver")])
    seen = own_field(store, fields["rank"])
    retire_field(actors.administrator, store, fields["rank"], now=now)
    with pytest.raises(StaleEdit):
        change(actors.manager, seen=seen, choices=[(c.zh, c.en) for c in seen.choices])


def test_choices_in_another_order_say_the_same_of_every_record(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    file = [["Customer code", "Intent"], ["K1", "Low"], ["K2", "High"]]
    bring("customers", file)
    change = partial(change_field, actors.manager, store, fields["rank"], label=("意向", "Intent"), now=now)
    change(seen=own_field(store, fields["rank"]), choices=[("低", "Low"), ("中", "Middle"), ("高", "High")])
    assert [worded(store, code) for code in ("K1", "K2")] == ["Low", "High"]
    field = own_field(store, fields["rank"])
    assert [(c.code, c.en) for c in field.choices] == [("c2", "Low"), ("c3", "Middle"), ("c1", "High")]
    assert bring("customers", file, mode="both").unchanged == 2
    assert records_by_choice(actors.manager, store, "customers", field) == {"c1": 1, "c2": 1}


def worded(store: Store, code: str) -> str:
    """What the customer's own field of choices says, in words."""
    with store.read() as session:
        choices = catalogue(session)["customers"].field("own_rank").choices
    return next(each.en for each in choices if each.code == held(store, Customer, code)["own_rank"])


def test_a_retired_field_is_asked_for_nowhere_and_keeps_its_values(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    bring("customers", [["Customer code", "VIP"], ["K1", "是"]])
    (stored,) = records(store, select(Customer))
    retire_field(actors.manager, store, fields["vip"], now=now)
    assert "own_vip" not in [each.field.code for each in customer(actors.manager, store, stored.id).own]
    assert bring(
        "customers", [["Customer code", "VIP", "Intent"], ["K1", "否", "High"]], mode="both"
    ).ignored_columns == ("VIP",)
    (table,) = (t for t in field_catalogue(actors.manager, store) if t.code == "customers")
    assert [each.field.code for each in table.fields if each.retired] == ["own_vip"]
    take_up_field(actors.manager, store, fields["vip"], now=now)
    assert held(store, Customer, "K1") == {"own_vip": True, "own_rank": "c1"}


def test_managers_and_administrators_change_the_catalogue_and_it_is_on_record(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    seen = own_field(store, fields["vip"])
    for actor in (actors.supervisor, actors.operations, actors.staff, actors.intern):
        with pytest.raises(NotAllowed):
            add(actor, store, now, "zone")
        with pytest.raises(NotAllowed):
            change_field(actor, store, fields["vip"], seen=seen, label=("a", "b"), now=now)
        with pytest.raises(NotAllowed):
            retire_field(actor, store, fields["vip"], now=now)
        with pytest.raises(NotAllowed):
            take_up_field(actor, store, fields["vip"], now=now)
    add(actors.administrator, store, now, "zone")
    with pytest.raises(NotFound):
        retire_field(actors.manager, store, 999, now=now)
    entries = records(store, select(AuditEntry).where(AuditEntry.action == "own_field.added"))
    assert entries[-1].detail == {"table": "customers", "code": "zone", "kind": "text"}
    with pytest.raises(NotAllowed):
        field_catalogue(actors.intern, store)
    tables = {table.code: table for table in field_catalogue(actors.operations, store)}
    assert (tables["customers"].open, tables["transactions"].open) == (True, False)


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("trade", ("行业细分", "Trade"), "belongs to another field"),
        ("form", ("业态", "Form"), "is a name of the field"),
    ],
)
def test_of_two_managers_who_add_the_same_code_or_name_at_once_the_second_is_refused_in_words(
    store: Store, actors: Actors, now: datetime, code: str, words: Words, sentence: str
) -> None:
    with ThreadPoolExecutor(1) as other, store.write() as session:
        add_own_field(session, "customers", "trade", zh="业态", en="Format")
        session.flush()
        asked = other.submit(
            add_field, actors.manager, store, "customers", code=code, kind="text", label=words, now=now
        )
        wait([asked], timeout=0.5)  # it waits for this transaction by then
        session.commit()
        with pytest.raises(Refused, match=sentence):
            asked.result()
    with store.read() as session:
        assert [field.label for field in catalogue(session)["customers"].own_fields] == ["Format"]
