"""The file of the leads behind a band: exactly those, with phones as the role sees them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from core.access.actor import SYSTEM
from core.access.vault import open_vault
from core.errors import NotAllowed, Refused
from core.operations.cycle import run_cycle
from core.operations.export_facts import Wanted
from core.operations.exports import EXPORTS, write_export
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.kept import Kept
from tests.leadmaking import add_lead


@pytest.fixture
def two_lost(store: Store, actors: Actors, kept: Kept) -> None:
    """Two leads that were contacted and given up, and one that was won."""
    kept.once("two lost", lambda: lose_two(store))


def lose_two(store: Store) -> None:
    vault = open_vault(store)
    with store.write() as session:
        known = {"channel": "expo", "phone": "13812345678", "vault": vault}
        add_lead(session, "L1", date(2026, 5, 4), contacted=1, lost=3, name="=1+1", **known)
        add_lead(session, "L2", date(2026, 5, 5), contacted=1, lost=3, channel="web")
        add_lead(session, "L3", date(2026, 5, 6), contacted=1, won=3)
        session.commit()
    run_cycle(SYSTEM, store, date(2026, 11, 3), now=NOW)


def test_the_file_holds_exactly_the_leads_of_the_band(
    store: Store, actors: Actors, two_lost: None, tmp_path: Path
) -> None:
    filters = {"stage": "contacted", "band": "lost"}
    path = tmp_path / "leads.csv"
    assert write_export(actors.manager, store, "funnel_leads", path, now=NOW, filters=filters) == 2
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["code"] for row in rows] == ["L2", "L1"]
    assert (rows[1]["furthest"], rows[1]["standing"], rows[1]["arrived_at"]) == (
        "contacted",
        "lost",
        "2026-05-04 12:00",
    )
    narrowed = {**filters, "channels": ["web"]}
    assert write_export(actors.manager, store, "funnel_leads", path, now=NOW, filters=narrowed) == 1


def test_phones_are_masked_for_roles_that_do_not_see_them_and_names_are_no_formulas(
    store: Store, actors: Actors, two_lost: None, tmp_path: Path
) -> None:
    path = tmp_path / "leads.xlsx"
    filters = {"stage": "contacted", "band": "lost", "channels": ["expo"]}
    write_export(actors.operations, store, "funnel_leads", path, now=NOW, language="en", filters=filters)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header, row = (next(sheet.iter_rows(min_row=at, max_row=at)) for at in (1, 2))
    cells = {title.value: cell for title, cell in zip(header, row, strict=True)}
    assert cells["Phone"].value == "138****5678"
    assert (cells["Name"].value, cells["Name"].data_type) == ("=1+1", "s")
    assert cells["Furthest stage"].value == "Contacted"


def test_who_may_not_export_gets_no_file(
    store: Store, actors: Actors, two_lost: None, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        write_export(actors.intern, store, "funnel_leads", tmp_path / "leads.csv", now=NOW)


def test_the_tables_of_the_page_are_sheets_of_one_workbook(
    store: Store, actors: Actors, two_lost: None, tmp_path: Path
) -> None:
    path, filters = tmp_path / "funnel.xlsx", {"channels": ["web", "~"], "by": "region"}
    write_export(actors.manager, store, "funnel", path, now=NOW, language="en", filters=filters)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:4] == ["Stages", "Who converts", "Channels", "By month of arrival"]
    stages, breakdown, channels, months = (
        list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets[:4]
    )
    assert [row[:6] for row in stages[1:4]] == [
        ("Arrived", 2, 2, 0, 0, 2),
        ("Contacted", 2, 1, 1, 0, 2),
        ("Qualified", 1, 1, 0, 0, 1),
    ]
    assert breakdown[1][:5] == ("not stated", 2, 2, 1, 0.5)
    assert [(row[0], row[1], row[2]) for row in channels[1:]] == [
        ("not stated", "Too few cases", 1),
        ("web", "Too few cases", 1),
    ]
    assert [row[:5] for row in months[1:]] == [("2026-05", 2, 2, 1, 0.5)]


def test_the_tables_hold_only_what_is_in_reach_and_need_a_workbook(
    store: Store, actors: Actors, two_lost: None, tmp_path: Path
) -> None:
    sheets = EXPORTS["funnel"](actors.staff, store, Wanted(NOW, None, {}))
    assert list(sheets["stages"]["reached"]) == [0, 0, 0, 0, 0]
    assert len(sheets["channels"]) == 0
    with pytest.raises(Refused, match="cannot be exported"):
        write_export(actors.manager, store, "funnel", tmp_path / "funnel.csv", now=NOW)
    with pytest.raises(NotAllowed):
        write_export(actors.intern, store, "funnel", tmp_path / "funnel.xlsx", now=NOW)
    assert list(tmp_path.glob("*.csv")) == []
