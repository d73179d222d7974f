"""Masked values in files of people: never stored in the place of a real one."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from core.access.vault import open_vault
from core.facts.importing import preview
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.own_fields.service import add_field
from core.facts.tables import Customer, Lead
from core.language import translate
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.results import counts, reasons

HEADER = ["客户编号", "客户名称", "手机号", "邮箱", "城市"]
ZHANG = ["A", "张晓明", "10000001234", "zhang@example.com", "杭州市"]
MASKED = ["A", "张**", "100****1234", "z***@example.com", "杭州市"]


def stored(store: Store) -> dict[str, tuple[str, str | None, str | None]]:
    """Code -> name, phone and e-mail."""
    vault, found = open_vault(store), {}
    for each in records(store, select(Customer)):
        opened = [
            sealed and vault.open(sealed, f"customers.{field}.{each.id}")
            for field, sealed in (("phone", each.phone_sealed), ("email", each.email_sealed))
        ]
        found[each.code] = (each.name, *opened)
    return found


@pytest.mark.parametrize("mode", ["add", "update", "both"])
def test_the_masks_of_what_is_stored_change_nothing_and_are_told(
    bring: Bring, store: Store, mode: str
) -> None:
    bring("customers", [HEADER, ZHANG])
    seen = bring("customers", [HEADER, MASKED], preview, mode=mode)
    assert [translate(note, "en") for note in seen.notes] == [
        "Masked values that stand for what is stored: 3. They change nothing."
    ]
    result = bring("customers", [HEADER, MASKED], mode=mode)
    assert counts(result) == (0, 0, 1, 0)
    assert stored(store) == {"A": ("张晓明", "10000001234", "zhang@example.com")}


def test_beside_masks_the_other_cells_of_a_row_are_taken(bring: Bring, store: Store) -> None:
    bring("customers", [HEADER, ZHANG])
    assert counts(bring("customers", [HEADER, [*MASKED[:4], "宁波市"]], mode="both")) == (0, 1, 0, 0)
    assert stored(store) == {"A": ("张晓明", "10000001234", "zhang@example.com")}
    (customer,) = records(store, select(Customer))
    assert customer.city == "宁波市"


@pytest.mark.parametrize(
    ("place", "cell", "named"),
    [
        (1, "李**", "Name"),
        (1, "张*", "Name"),
        (2, "100****9999", "Phone"),
        (2, "138****", "Phone"),
        (3, "y***@example.com", "E-mail"),
    ],
)
def test_the_mask_of_something_else_refuses_the_row(
    bring: Bring, store: Store, place: int, cell: str, named: str
) -> None:
    bring("customers", [HEADER, ZHANG])
    row = [*MASKED[:place], cell, *MASKED[place + 1 :]]
    result = bring("customers", [HEADER, row], mode="both")
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2] == (
        f"{named} is masked: stars stand for a part of it. Enter it in full, or leave the cell blank."
    )
    assert stored(store) == {"A": ("张晓明", "10000001234", "zhang@example.com")}


def test_of_a_new_customer_a_masked_phone_or_email_is_refused_and_a_name_of_stars_is_told(
    bring: Bring, store: Store
) -> None:
    rows = [HEADER, ["B", "张*", None, None, None], ["C", "李", "138****5678", None, None],
            ["D", "王", None, "w***@a.cn", None], [None, "赵*", "10000001236", None, None]]  # fmt: skip
    seen = bring("customers", rows, preview)
    assert ["Texts that look masked" in translate(note, "en") for note in seen.notes] == [True]
    assert counts(bring("customers", rows)) == (1, 0, 0, 3)
    assert stored(store) == {"B": ("张*", None, None)}
    assert counts(bring("customers", rows[:2], mode="both")) == (0, 0, 1, 0)


def test_a_masked_own_field_does_not_take_the_place_of_what_is_stored(
    bring: Bring, store: Store, actors: Actors, now: datetime
) -> None:
    add_field(
        actors.manager, store, "customers", code="card", kind="text", label=("证件", "ID card"), personal=True,
        now=now,
    )  # fmt: skip
    header = ["客户编号", "证件"]
    bring("customers", [header, ["A", "330102"], ["B", "440103"]])
    assert counts(bring("customers", [header, ["A", "3***"], ["B", "5***"]], mode="both")) == (0, 0, 1, 1)
    with store.read() as session:
        (field,) = catalogue(session)["customers"].own_fields
        held = [
            read_own([field], each.own, Holder(open_vault(store), "customers", each.id))
            for each in session.scalars(select(Customer).order_by(Customer.code))
        ]
    assert held == [{"own_card": "330102"}, {"own_card": "440103"}]


def test_masks_of_leads_are_known_as_well(bring: Bring, store: Store) -> None:
    header = ["线索编号", "姓名", "手机号", "进入时间"]
    lead = ["L1", "张晓明", "10000001234", "2026-10-01 10:00"]
    bring("leads", [header, lead])
    masked = ["L1", "张**", "100****1234", lead[3]]
    assert counts(bring("leads", [header, masked], mode="both")) == (0, 0, 1, 0)
    assert counts(bring("leads", [header, ["L1", "李**", *lead[2:]]], mode="both")) == (0, 0, 0, 1)
    (found,) = records(store, select(Lead))
    assert found.name == "张晓明"
