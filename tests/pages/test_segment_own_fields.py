"""Own fields in the segment explorer: asked in their kind, kept in the address, told in what leaves the page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.facts.own_fields.service import add_field, change_field, retire_field
from core.facts.service import edit_customer
from core.facts.tables import OwnField
from core.operations.exports import write_export
from core.store.engine import Store
from core.store.tables import Job
from tests.conftest import Actors
from tests.factmaking import own_field
from tests.pages.conftest import Open, words

PAGE = "segment_explorer"
FIELDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "size": ("choice", "Store *size*", {"choices": [("大", "Large"), ("小", "Small")]}),
    "joined": ("date", "Joined on", {}),
    "credit": ("amount", "Credit line", {"unit": "CNY"}),
    "note": ("text", "Delivery note", {}),
    "wechat": ("text", "WeChat ID", {"personal": True}),
}


@pytest.fixture
def filled(store: Store, actors: Actors, company: dict[str, int], now: datetime) -> dict[str, int]:
    """The company with own fields: K1 is large and K2 small, and they joined one after the other."""
    for code, (kind, label, more) in FIELDS.items():
        add_field(
            actors.manager, store, "customers", code=code, kind=kind, label=("", label), now=now, **more
        )
    for code, size, day, credit in (("K1", "大", 1, "1000.5"), ("K2", "小", 2, "50")):
        values = {
            "own_size": size,
            "own_joined": date(2026, 5, day),
            "own_credit": credit,
            "own_note": f"door {day}",
        }
        edit_customer(actors.manager, store, company[code], values, 1, now=now)
    return company


def codes(app: AppTest) -> list[str]:
    assert not app.exception
    return sorted(app.dataframe[0].value["code"]) if app.dataframe else []


def pick(app: AppTest, *fields: str) -> AppTest:
    return app.button_group(key="segment.own").set_value([f"own_{each}" for each in fields]).run()


def stored_field(store: Store, code: str) -> int:
    with store.read() as session:
        return session.scalars(select(OwnField.id).where(OwnField.code == code)).one()


def test_a_choice_narrows_the_list_stands_in_it_and_lives_in_the_address(
    open_page: Open, actors: Actors, filled: dict[str, int]
) -> None:
    app = pick(open_page(actors.manager, PAGE), "size")
    assert codes(app) == ["K1", "K2", "K3", "K4"]
    app.multiselect(key="segment.own_size.value").set_value(["c1"]).run()
    assert codes(app) == ["K1"]
    assert app.query_params["own_size"] == "c1"
    assert list(app.dataframe[0].value["own_size"]) == ["Large"]
    again = open_page(actors.manager, PAGE, language="zh_CN", own_size=["c2", "~"])
    assert codes(again) == ["K2", "K3", "K4"]
    assert [each.proto.popover.label for each in again.get("popover")][:1] == ["更多筛选（1）"]


def test_days_and_amounts_are_asked_from_and_to(
    open_page: Open, actors: Actors, filled: dict[str, int]
) -> None:
    app = pick(open_page(actors.manager, PAGE), "joined", "credit")
    app.date_input(key="segment.own_joined.from").set_value(date(2026, 5, 2)).run()
    assert codes(app) == ["K2"]
    assert app.query_params["own_joined"] == "2026-05-02.."
    app.date_input(key="segment.own_joined.from").set_value(None).run()
    app.number_input(key="segment.own_credit.to").set_value(1000.5).run()
    assert codes(app) == ["K1", "K2"]
    assert (app.query_params.get("own_joined"), app.query_params["own_credit"]) == (None, "..1000.5")
    app.number_input(key="segment.own_credit.from").set_value(1000.25).run()
    assert codes(app) == ["K1"]
    assert codes(open_page(actors.manager, PAGE, own_credit="1000.25..1000.5")) == ["K1"]
    app.number_input(key="segment.own_credit.from").set_value(2000.0).run()
    assert "the first end lies behind the second" in words(app)


@pytest.mark.parametrize("asked", ["2026-13-40..", "..x", "1e9..", "nothing", "٣..", "..-5.12345"])
def test_what_the_address_says_wrongly_is_left_out(
    open_page: Open, actors: Actors, filled: dict[str, int], asked: str
) -> None:
    app = open_page(actors.manager, PAGE, own_joined=asked, own_credit=asked, own_size=asked)
    assert codes(app) == ["K1", "K2", "K3", "K4"]
    assert not {"own_joined", "own_credit", "own_size"} & dict(app.query_params).keys()


def test_words_that_were_searched_for_are_kept_nowhere(
    open_page: Open, store: Store, actors: Actors, filled: dict[str, int], tmp_path: Path, now: datetime
) -> None:
    app = pick(open_page(actors.manager, PAGE), "note", "size")
    app.text_input(key="segment.own_note.value").set_value("DOOR").run()
    app.multiselect(key="segment.own_size.value").set_value(["c2"]).run()
    assert codes(app) == ["K2"]
    assert "DOOR" not in str(dict(app.query_params))
    app.button(key="segment.export.ask").click().run()
    with store.read() as session:
        asked = session.scalars(select(Job)).one().payload["filters"]
    assert asked == {
        "customers": [filled["K2"]],
        "own": [{"field": "own_size", "values": ["c2"]}, {"field": "own_note"}],
    }
    path = tmp_path / "grades.xlsx"
    write_export(actors.manager, store, "grades", path, now=now, language="en", filters=asked)
    sheets = openpyxl.load_workbook(path).worksheets
    (row,) = [
        dict(zip([cell.value for cell in sheets[0][1]], values, strict=True))
        for values in sheets[0].iter_rows(min_row=2, values_only=True)
    ]
    assert (row["Customer code"], row["Delivery note"], row["Store *size*"]) == ("K2", "door 2", "Small")
    about = dict(sheets[-1].iter_rows(min_row=2, values_only=True))
    assert about["Filter: Store *size*"] == "Small"
    assert about["Filter: Delivery note"] == "contains words that are not kept"
    assert "DOOR" not in str(about)


def test_the_sheet_of_an_export_says_ranges_with_their_unit_in_the_readers_language(
    store: Store, actors: Actors, filled: dict[str, int], tmp_path: Path, now: datetime
) -> None:
    asked = [
        {"field": "own_joined", "least": "2026-05-01"},
        {"field": "own_credit", "least": 500_000, "most": 10_005_000},
    ]
    said = {}
    for language in ("en", "zh_CN"):
        path = tmp_path / f"{language}.xlsx"
        n = write_export(
            actors.manager, store, "grades", path, now=now, language=language, filters={"own": asked}
        )
        about = dict(openpyxl.load_workbook(path).worksheets[-1].iter_rows(min_row=2, values_only=True))
        said[language] = (n, list(about.values())[:2])
    assert said == {
        "en": (2, ["from 2026-05-01", "50 CNY to 1,000.5 CNY"]),
        "zh_CN": (2, ["2026-05-01 起", "50 CNY 至 1,000.5 CNY"]),
    }


def test_personal_fields_are_no_filter_and_amounts_none_for_an_intern(
    open_page: Open, actors: Actors, filled: dict[str, int]
) -> None:
    offered = open_page(actors.manager, PAGE).button_group(key="segment.own").options
    assert offered == [r"Store \*size\*", "Joined on", "Credit line", "Delivery note"]
    app = open_page(actors.intern, PAGE, own_credit="1000..")
    assert app.button_group(key="segment.own").options == [r"Store \*size\*", "Joined on", "Delivery note"]
    assert codes(app) == ["K1", "K2", "K4"]
    assert app.query_params.get("own_credit") is None


def test_a_field_reworded_or_retired_meanwhile_neither_breaks_nor_lies(
    open_page: Open, store: Store, actors: Actors, filled: dict[str, int], now: datetime
) -> None:
    app = open_page(actors.manager, PAGE, own_size="c1")
    field_id = stored_field(store, "size")
    new, seen = [("特大", "Huge"), ("小", "Small")], own_field(store, field_id)
    change_field(actors.manager, store, field_id, seen=seen, label=("", "Shop"), choices=new, now=now)
    app.run()
    assert codes(app) == ["K1"]
    assert list(app.dataframe[0].value["own_size"]) == ["Huge"]
    retire_field(actors.manager, store, field_id, now=now)
    app.run()
    assert codes(app) == ["K1", "K2", "K3", "K4"]
    assert app.query_params.get("own_size") is None


def test_show_everybody_takes_own_filters_away_too(
    open_page: Open, actors: Actors, filled: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, own_size="c1", own_joined="2026-05-01..")
    assert codes(app) == ["K1"]
    next(each for each in app.button if each.label == "Show everybody").click().run()
    assert codes(app) == ["K1", "K2", "K3", "K4"]
    assert not [name for name in dict(app.query_params) if name.startswith("own_")]
    assert pick(app, "size").multiselect(key="segment.own_size.value").value == []


def test_a_company_without_own_fields_is_asked_nothing(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE)
    assert not [each for each in app.get("button_group") if each.key == "segment.own"]
