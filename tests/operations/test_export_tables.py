"""A table of a page as a workbook: values as they are shown, texts as texts, and a sheet that says what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from core.access.actor import Permission
from core.access.tables import AuditEntry
from core.errors import NotAllowed, NotFound
from core.operations.export_tables import Column, ShownTable, offer, table_file

TITLES = {
    "name": Column("=Name"),
    "sum": Column("Sum", '"¥"#,##0'),
    "at": Column("At"),
    "signs": Column("Signs"),
    "yes": Column("Yes"),
    "file": Column("File", words="Download"),
}
ROWS = {
    "name": ["=cmd|' /C calc'!A0", "张*", ""],
    "sum": [Decimal("1234.5"), 0, float("nan")],
    "at": [datetime(2026, 11, 3, 17, 30, tzinfo=UTC), date(2026, 11, 3), None],
    "signs": [["▲ late", "new"], [], ["●"]],
    "yes": [True, False, None],
    "file": ["/exports/rejects/1", None, "/exports/rejects/3"],
}


def shown(language: str = "en") -> ShownTable:
    said = [("Page", "=Home"), ("Filters", "none")]
    return ShownTable("home", "A/B: late?", TITLES, ROWS, language, said)


def test_each_value_is_written_as_it_is_shown(store, actors, now):
    made = offer(actors.staff, shown())
    path, name = table_file(actors.staff, store, made.token, now=now)
    assert name == "A B  late-20261103-1000.xlsx"
    book = openpyxl.load_workbook(path)
    header, *rows = book.worksheets[0].iter_rows()
    assert [(cell.value, cell.data_type) for cell in header[:2]] == [("=Name", "s"), ("Sum", "s")]
    assert [tuple(str(c.value) if c.is_date else c.value for c in row) for row in rows] == [
        ("=cmd|' /C calc'!A0", 1234.5, "2026-11-04 01:30:00", "▲ late, new", "Yes", "Download"),
        ("张*", 0, "2026-11-03 00:00:00", None, "No", None),
        (None, None, None, "●", None, "Download"),
    ]
    assert (rows[0][0].data_type, rows[0][1].number_format) == ("s", '"¥"#,##0')
    about = [tuple(cell.value for cell in row) for row in book.worksheets[1].iter_rows(min_row=2)]
    assert about == [
        ("Page", "=Home"),
        ("Filters", "none"),
        ("Written at", "2026-11-03 10:00 (Asia/Shanghai)"),
        ("Written by", "Emil"),
        ("Rules version in force", "1"),
        ("Facts version", "0 (counts the changes of the stored data so far)"),
        ("Rows", "3"),
    ]


def test_lists_are_joined_as_the_language_does(store, actors, now):
    made = offer(actors.staff, shown("zh_CN"))
    path, _name = table_file(actors.staff, store, made.token, now=now)
    assert openpyxl.load_workbook(path).worksheets[0]["D2"].value == "▲ late、new"


def test_a_saved_table_is_in_the_audit_trail_without_what_it_holds(store, actors, now):
    made = offer(actors.staff, shown())
    table_file(actors.staff, store, made.token, now=now)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject_kind, entry.subject_id, entry.detail) == (
            "export.table", "page", "home", {"rows": 3},
        )  # fmt: skip


def test_who_may_not_export_is_offered_nothing_and_gets_nothing(store, actors, now):
    assert not actors.intern.may(Permission.EXPORT)
    assert offer(actors.intern, shown()) is None
    made = offer(actors.staff, shown())
    with pytest.raises(NotAllowed):
        table_file(actors.intern, store, made.token, now=now)
    for stranger in (actors.manager, actors.administrator, actors.west_staff):
        with pytest.raises(NotFound):
            table_file(stranger, store, made.token, now=now)


def test_an_offer_goes_with_who_holds_it_and_follows_what_is_shown_next(store, actors, now):
    made = offer(actors.staff, shown())
    token = made.token
    assert offer(actors.staff, shown("zh_CN"), made) is made
    assert offer(actors.manager, shown(), made) is not made
    assert made.table.language == "zh_CN"
    del made
    with pytest.raises(NotFound):
        table_file(actors.staff, store, token, now=now)
