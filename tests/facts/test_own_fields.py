"""Own fields: added in the app, then known to files, forms and views; personal ones sealed and masked."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry
from core.access.vault import open_vault
from core.errors import NotAllowed, NotFound, Refused
from core.facts.duplicates.comparison import comparison
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.importing import SheetResult, preview
from core.facts.importing.undo import undo_import
from core.facts.matching.mappings import save_mapping, saved_mappings
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.queries import field_catalogue
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.own_fields.service import (
    MOST_FIELDS,
    add_field,
    change_field,
    retire_field,
    take_up_field,
)
from core.facts.queries import customer
from core.facts.service import edit_customer
from core.facts.tables import Customer, DuplicatePair, Lead, Outlet, OwnField, Product
from core.facts.templates import template_workbook
from core.language import Message, translate
from core.store.engine import Store
from core.store.records import MART
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import records

Bring = Callable[..., SheetResult]
ALL = {
    "wechat": ("text", ("微信号", "WeChat ID"), {"personal": True}),
    "staff_count": ("integer", ("员工人数", "Staff count"), {"unit": "人"}),
    "credit": ("amount", ("授信额度", "Credit line"), {"unit": "元", "owner": "finance"}),
    "joined": ("date", ("入会日期", "Joined on"), {}),
    "vip": ("yes_no", ("贵宾", "VIP"), {}),
    "rank": ("choice", ("意向", "Intent"), {"choices": [("高", "High"), ("低", "Low")]}),
}
HEADERS = ["微信号", "Staff count", "Credit line", "Joined on", "VIP", "Intent"]
CELLS = ["wx_zhang", "12", "1,500.5", "2026-05-01", "是", "高"]
VALUES = {
    "own_wechat": "wx_zhang",
    "own_staff_count": 12,
    "own_credit": 15_005_000,
    "own_joined": date(2026, 5, 1),
    "own_vip": True,
    "own_rank": "c1",
}


def add(actor: Actor, store: Store, now: datetime, code: str, table: str = "customers", **given: Any) -> int:
    kind, label, rest = ALL.get(code, ("text", (code, code), {}))
    return add_field(
        actor, store, table, **{"code": code, "kind": kind, "label": label, **rest, **given}, now=now
    )


@pytest.fixture
def fields(store: Store, actors: Actors, now: datetime) -> dict[str, int]:
    """Own fields of every kind, of customers and of leads: code -> id of that of customers."""
    for code in ALL:
        add(actors.manager, store, now, code, "leads")
    return {code: add(actors.manager, store, now, code) for code in ALL}


def held(store: Store, record: Any, code: str) -> dict[str, Any]:
    """What the record says in its own fields, opened."""
    with store.read() as session:
        stored = session.scalars(select(record).where(record.code == code)).one()
        table = record.__tablename__
        own = catalogue(session)[table].own_fields
        return read_own(own, stored.own, Holder(open_vault(store), table, stored.id))


@pytest.mark.parametrize(
    ("table", "record", "headers", "cells"),
    [
        ("customers", Customer, ["Customer code", "Name"], ["K1", "Ada"]),
        ("leads", Lead, ["Lead code", "Name", "Arrived at"], ["K1", "Ada", "2026-10-01 10:00"]),
    ],
)
def test_own_fields_are_imported_like_any_other(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime,
    table: str, record: Any, headers: list[str], cells: list[str],
) -> None:  # fmt: skip
    file = [[*headers, *HEADERS], [*cells, *CELLS]]
    assert bring(table, file).added == 1
    assert held(store, record, "K1") == VALUES
    assert bring(table, file).unchanged == 1
    (stored,) = records(store, select(record))
    assert "wx_zhang" not in repr(stored.own)
    assert bring(table, [[*headers, "Intent"], [*cells, "Low"]]).rejected == 1
    changed = bring(table, [[*headers, "Intent", "VIP"], [*cells, "Low", None]], mode="both")
    assert changed.updated == 1
    assert held(store, record, "K1") == VALUES | {"own_rank": "c2"}
    undo_import(actors.manager, store, changed.batch or 0, now=now + timedelta(hours=1))
    assert held(store, record, "K1") == VALUES


def test_what_cannot_be_read_is_refused_by_the_kind_of_the_field(
    store: Store, fields: dict[str, int], bring: Bring
) -> None:
    file = [
        ["Customer code", "Staff count", "Intent"],
        ["K1", "many", "High"],
        ["K2", "3", "Maybe"],
        ["K3", "4", "低"],
    ]
    assert (bring("customers", file).rejected, held(store, Customer, "K3")) == (
        2,
        {"own_staff_count": 4, "own_rank": "c2"},
    )


def test_personal_own_fields_are_masked_in_the_check_of_a_file(
    store: Store, fields: dict[str, int], bring: Bring
) -> None:
    seen = bring("customers", [["Customer code", "WeChat ID"], ["K1", "wx_zhang"]], preview)
    assert "w***" in repr(seen)
    assert "wx_zhang" not in repr(seen)


@pytest.mark.parametrize(
    ("table", "headers", "cells"),
    [
        ("customers", ["Customer code"], ["K1"]),
        ("leads", ["Lead code", "Arrived at"], ["K1", "2026-10-01 10:00"]),
    ],
)
def test_the_check_shows_which_own_fields_a_file_would_overwrite(
    store: Store, fields: dict[str, int], bring: Bring, table: str, headers: list[str], cells: list[str]
) -> None:
    bring(table, [[*headers, *HEADERS], [*cells, *CELLS]])
    file = [[*headers, "WeChat ID", "Intent"], [*cells, "qq_zhang", "Low"]]
    seen: Any = bring(table, file, preview, mode="both")
    changes = {change.field: (change.old, change.new) for change in seen.changes}
    assert (changes, seen.changes_total) == ({"own_wechat": ("w***", "q***"), "own_rank": ("c1", "c2")}, 2)


@pytest.mark.parametrize(("table", "record"), [("products", Product), ("outlets", Outlet)])
def test_a_field_added_to_any_table_stands_in_its_template_and_is_imported_and_undone(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str, record: Any
) -> None:
    for code in ("rank", "joined"):
        add(actors.manager, store, now, code, table)
    with store.read() as session:
        spec = catalogue(session)[table]
    template = openpyxl.load_workbook(io.BytesIO(template_workbook(spec, "zh_CN"))).worksheets[0]
    headers = [cell.value for cell in template[1]]
    assert headers[-2:] == ["意向", "入会日期"]
    key = headers[0]
    bring(table, [[key, "意向", "入会日期"], ["K1", "高", "2026-05-01"]])
    changed = bring(table, [[key, "意向"], ["K1", "低"]], mode="both")
    assert held(store, record, "K1") == {"own_rank": "c2", "own_joined": date(2026, 5, 1)}
    undo_import(actors.manager, store, changed.batch or 0, now=now)
    assert held(store, record, "K1") == {"own_rank": "c1", "own_joined": date(2026, 5, 1)}


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


def test_a_form_sets_and_takes_away_values_of_own_fields(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    entered = VALUES | {"own_credit": "1,500.5", "own_staff_count": " 12 "}
    version = edit_customer(actors.staff, store, key, entered, 1, now=now)
    assert held(store, Customer, "K1") == VALUES
    assert edit_customer(actors.staff, store, key, entered, version, now=now) == version
    version = edit_customer(actors.staff, store, key, {"own_vip": None, "own_wechat": ""}, version, now=now)
    assert held(store, Customer, "K1").keys() == VALUES.keys() - {"own_vip", "own_wechat"}
    for code, value, sentence in (
        ("own_staff_count", "many", "Staff count: “many” is not a whole number"),
        ("own_wechat", "w***", "WeChat ID: It is masked"),
        ("own_gone", "x", "A field of the form was retired"),
    ):
        with pytest.raises(Refused, match=sentence.replace("*", r"\*")):
            edit_customer(actors.staff, store, key, {code: value}, version, now=now)
    (audited,) = records(store, select(AuditEntry).where(AuditEntry.action == "customer.edit").limit(1))
    assert audited.detail == {"fields": sorted(VALUES)}


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


def test_a_refusal_names_an_own_field_in_the_readers_language(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    with pytest.raises(Refused) as refusal:
        edit_customer(actors.staff, store, key, {"own_staff_count": "many"}, 1, now=now)
    stored = Message.from_json(refusal.value.message.to_json())
    assert translate(stored, "en").startswith("Staff count: ")
    assert translate(stored, "zh_CN").startswith("员工人数：")
    with pytest.raises(Refused) as refusal:
        add(actors.manager, store, now, "zone", label=("片区", "Credit line"))
    assert "授信额度" in translate(refusal.value.message, "zh_CN")


def test_an_own_field_worded_with_braces_is_shown_as_it_is(
    store: Store, actors: Actors, now: datetime
) -> None:
    add(actors.manager, store, now, "odd", label=("{0}{x}", "{1}{y}"))
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_odd")
    assert [translate(field.named, language) for language in ("zh_CN", "en")] == ["{0}{x}", "{1}{y}"]


def test_who_sees_masked_phones_sees_masked_personal_fields_and_interns_no_amounts(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    edit_customer(actors.staff, store, key, VALUES | {"own_credit": "1500.5"}, 1, now=now)

    def seen(actor: Actor) -> dict[str, Any]:
        return {each.field.code: each.value for each in customer(actor, store, key).own}

    assert seen(actors.staff) == VALUES
    assert seen(actors.operations) == VALUES | {"own_wechat": "w***"}
    without = {code: value for code, value in VALUES.items() if code != "own_credit"}
    assert seen(actors.intern) == without | {"own_wechat": "w***"}
    masked = {each.field.code for each in customer(actors.intern, store, key).own if each.masked}
    assert masked == {"own_wechat"}


def test_a_sealed_value_cannot_be_moved_to_another_record(
    store: Store, fields: dict[str, int], bring: Bring
) -> None:
    bring("customers", [["Customer code", "WeChat ID"], ["K1", "wx_zhang"], ["K2", None]])
    with store.write() as session:
        first, second = session.scalars(select(Customer).order_by(Customer.code))
        second.own = first.own
        session.commit()
    with pytest.raises(Refused, match="cannot be opened"):
        held(store, Customer, "K2")


def test_own_fields_never_reach_the_mart() -> None:
    assert not any(record.__table__.c.own.info == MART for record in (Customer, Lead))


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


def test_words_and_choices_change_and_values_stay(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    bring("customers", [["Customer code", "Intent"], ["K1", "High"]])
    rank = fields["rank"]
    change_field(
        actors.manager, store, rank, label=("购买意向", ""), owner="sales", now=now,
        choices=[("很高", "Very high"), ("低", "Low"), ("没有", "None")],
    )  # fmt: skip
    with pytest.raises(Refused, match="not taken away"):
        change_field(
            actors.manager, store, rank, label=("购买意向", ""), choices=[("高", "High")] * 2, now=now
        )
    with pytest.raises(Refused, match="name of the field VIP"):
        change_field(
            actors.manager, store, rank, label=("VIP", ""), choices=[("a", ""), ("b", ""), ("c", "")], now=now
        )
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_rank")
    assert (field.label, field.owner, [c.en for c in field.choices]) == (
        "购买意向",
        "sales",
        ["Very high", "Low", "None"],
    )
    assert held(store, Customer, "K1") == {"own_rank": "c1"}
    file = [["Customer code", "购买意向"], ["K2", "没有"]]
    assert bring("customers", file).added == 1


def test_files_may_go_on_saying_the_former_words(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    for label, words in (
        (("等级", "Level"), [("极高", "Top"), ("低", "Low")]),
        (("客户等级", ""), [("低", "Bottom"), ("极低", "Lowest")]),
    ):
        change_field(actors.manager, store, fields["rank"], label=label, choices=words, now=now)
    for number, (header, cell, code) in enumerate(
        [("Intent", "High", "c1"), ("等级", "极高", "c1"), ("客户等级", "低", "c1"), ("level", "Low", "c2")]
    ):
        file = [["Customer code", header], [f"K{number}", cell]]
        assert bring("customers", file).added == 1
        assert held(store, Customer, f"K{number}") == {"own_rank": code}
    with pytest.raises(Refused, match="“等级” is a name of the field 客户等级"):
        add(actors.manager, store, now, "level", label=("等级", ""))
    retire_field(actors.manager, store, fields["rank"], now=now)
    add(actors.manager, store, now, "level", label=("等级", ""))
    take_up_field(actors.manager, store, fields["rank"], now=now)
    with store.read() as session:
        assert catalogue(session)["customers"].field("own_rank").synonyms_zh == (
            "客户等级",
            "意向",
            "Intent",
            "Level",
        )


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
    for actor in (actors.supervisor, actors.operations, actors.staff, actors.intern):
        with pytest.raises(NotAllowed):
            add(actor, store, now, "zone")
        with pytest.raises(NotAllowed):
            change_field(actor, store, fields["vip"], label=("a", "b"), now=now)
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


def test_the_name_of_a_field_says_nothing_that_a_message_could_stumble_over(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    add(actors.manager, store, now, "odd", label=("{0}\n<b>*x*", ""), kind="integer")
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_odd")
    assert field.header("zh_CN") == "{0} <b>*x*"
    with store.write() as session:
        key = add_customer(session, "K1")
        session.commit()
    with pytest.raises(Refused) as refused:
        edit_customer(actors.manager, store, key, {"own_odd": "x"}, 1, now=now)
    assert translate(refused.value.message, "en").startswith("{0} <b>*x*: “x” is not a whole number")


def test_of_two_managers_who_add_the_same_code_at_once_the_second_is_refused_in_words(
    store: Store, actors: Actors, now: datetime
) -> None:
    words = ("行业细分", "Trade")
    with ThreadPoolExecutor(1) as other, store.write() as session:
        session.add(
            OwnField(
                table_code="customers",
                code="trade",
                kind="text",
                label_zh="业态",
                label_en="Format",
                created_at=now,
            )
        )
        session.flush()
        asked = other.submit(
            add_field, actors.manager, store, "customers", code="trade", kind="text", label=words, now=now
        )
        wait(
            [asked], timeout=0.5
        )  # it has read by then that the code is free, and waits for this transaction
        session.commit()
        with pytest.raises(Refused, match="belongs to another field"):
            asked.result()
    with store.read() as session:
        assert [field.label for field in catalogue(session)["customers"].own_fields] == ["Format"]


def test_a_kept_match_leaves_out_a_retired_field_until_it_is_taken_up_again(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    mapping = {"编号": "customer_code", "级别": "own_rank", "备注": None}
    values = {"own_rank": {"一级": "c1"}, "kind": {"店": "company"}}
    save_mapping(actors.manager, store, "customers", "旧系统", mapping, values=values, now=now)
    headers = ["编号", "级别", "备注"]
    retire_field(actors.manager, store, fields["rank"], now=now)
    (kept,) = saved_mappings(actors.manager, store, headers)
    assert kept.mapping == {"编号": "customer_code", "备注": None}
    assert kept.values == {"kind": {"店": "company"}}
    take_up_field(actors.manager, store, fields["rank"], now=now)
    (kept,) = saved_mappings(actors.manager, store, headers)
    assert (kept.mapping, kept.values) == (mapping, values)
