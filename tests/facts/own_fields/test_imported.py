"""Own fields in files: imported, checked, masked and undone like any other, under every name they had."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from core.errors import Refused
from core.facts.importing import preview
from core.facts.importing.undo import undo_import
from core.facts.matching.mappings import save_mapping, saved_mappings
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.service import change_field, retire_field, take_up_field
from core.facts.tables import Customer, Lead, Outlet, Product
from core.facts.templates import template_workbook
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import own_field
from tests.facts.conftest import Bring, records
from tests.facts.own_fields.fields_added import CELLS, HEADERS, VALUES, add, held


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


def test_files_may_go_on_saying_the_former_words(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    for label, words in (
        (("等级", "Level"), [("极高", "Top"), ("低", "Low")]),
        (("等级", "Level"), [("极高", "Top"), ("极低", "Lowest")]),
        (("客户等级", ""), [("低", "Bottom"), ("极低", "Lowest")]),
    ):
        rank = fields["rank"]
        change_field(
            actors.manager, store, rank, seen=own_field(store, rank), label=label, choices=words, now=now
        )
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


def test_a_field_that_was_retired_since_the_check_is_named(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    retire_field(actors.manager, store, fields["rank"], now=now)
    settled = {"Customer code": "customer_code", "Level": "own_rank"}
    with pytest.raises(Refused, match="The field Intent was retired meanwhile"):
        bring("customers", [["Customer code", "Level"], ["K1", "High"]], mapping=settled)


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
