"""What a file brought is what people find, see and correct."""

from __future__ import annotations

from datetime import datetime

from core.facts.queries import customer, find_customers
from core.facts.service import edit_customer
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring

HEADER = ("Customer code", "Name", "Phone", "E-mail")


def test_an_imported_customer_is_found_by_phone_shown_and_corrected(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [HEADER, ("C1", "张晓明", "10000001234", "zhang@example.com")])
    (found,) = find_customers(actors.manager, store, "100 0000 1234").to_dict("records")
    assert (found["code"], found["phone"]) == ("C1", "10000001234")
    assert customer(actors.manager, store, found["id"]).email == "zhang@example.com"
    assert edit_customer(actors.manager, store, found["id"], {"phone": "10000005678"}, 1, now=now) == 2


def test_a_file_that_brings_what_a_person_corrected_changes_nothing(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [HEADER, ("C1", "张晓明", "10000001234", "zhang@example.com")])
    (key,) = find_customers(actors.manager, store, "C1")["id"]
    edit_customer(actors.manager, store, key, {"phone": "10000005678", "name": "张小明"}, 1, now=now)
    result = bring("customers", [HEADER, ("C1", "张小明", "10000005678", "zhang@example.com")], mode="both")
    assert (result.unchanged, result.updated) == (1, 0)
