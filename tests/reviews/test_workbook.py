"""The workbook of a report, opened again: its values are the document's, its charts are there, its texts are texts."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from core.language import LANGUAGES
from core.reviews import workbook
from core.reviews.words import Speaker
from tests.reportmaking import drafted_october

HOSTILE = '=HYPERLINK("http://x","East")'


@pytest.fixture
def database_url(sqlite_url):
    """What a file looks like does not depend on the database."""
    return sqlite_url


@pytest.fixture
def report(store, actors, now):
    """The document and head of October; the east calls itself by a formula."""
    return drafted_october(store, actors, now, east=HOSTILE)


def written(report, language="en") -> bytes:
    document, head = report
    target = BytesIO()
    workbook.write(target, document, head, Speaker(language, "CNY", "Asia/Shanghai"))
    return target.getvalue()


def opened(report, language="en"):
    return openpyxl.load_workbook(BytesIO(written(report, language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_sheet_for_each_chapter_in_the_readers_language(report, language):
    names = opened(report, language).sheetnames
    assert len(names) == 6
    english = ["Summary", "Measures", "Departments", "Grade movement", "Obligations", "Notes"]
    assert (names == english) == (language == "en")


def test_the_measures_are_the_documents_figures_as_numbers_in_their_units(report):
    document, _ = report
    sheet = opened(report)["Measures"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2, max_row=1 + len(document.measures))}
    completeness, orders = rows["Completeness"], rows["Average order value"]
    assert [cell.value for cell in completeness[1:8]] == [
        0.8,
        "share",
        2000,
        0.7819,
        0.8169,
        0.9,
        "Off target",
    ]
    assert completeness[1].number_format == "0.0%"
    assert [cell.value for cell in completeness[8:10]] == [0.85, -0.05]
    assert completeness[12].value == "real"
    assert (orders[1].value, orders[2].value, orders[1].number_format) == (1500, "CNY", '"¥"#,##0')
    assert orders[13].value == 150_000
    assert rows["Satisfaction"][1].value is None
    assert "Lead conversion (entered in July 2026)" in rows


def test_every_value_of_the_document_stands_in_its_row(report):
    document, _ = report
    sheet = opened(report)["Departments"]
    found = {
        (row[0].value, row[1].value): (row[2].value, row[4].value, row[7].value)
        for row in sheet.iter_rows(min_row=2)
        if row[1].value
    }
    assert found["Completeness", HOSTILE] == (0.9, 1000, "Really better")
    assert found["Completeness", "West"] == (0.7, 1000, "Really worse")
    assert found["Completeness", "Whole company"][0] == 0.8
    assert len(found) == sum(len(line.departments) + 1 for line in document.measures if line.departments)


def test_each_chapter_with_figures_has_native_charts(report):
    charts = {sheet.title: len(sheet._charts) for sheet in opened(report).worksheets}
    assert charts["Measures"] == 4  # completeness, win-back, first response, order value: what has any month
    assert charts["Departments"] == 4
    assert (charts["Grade movement"], charts["Obligations"]) == (1, 1)


def test_no_text_becomes_a_formula_or_a_link(report):
    book = opened(report)
    texts = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == HOSTILE for cell in texts)
    assert not [cell for cell in texts if cell.data_type == "f" or cell.hyperlink]


def test_the_same_report_gives_the_same_bytes_and_its_date_is_the_documents(report, now):
    assert written(report) == written(report)
    assert opened(report).properties.created == now.replace(tzinfo=None)


def test_a_report_of_a_department_alone_names_no_other(report):
    document, head = report
    book = opened((document.of_department(None), head))
    cells = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [value for value in cells if value in (HOSTILE, "West")]


def test_an_empty_report_is_still_a_workbook(report):
    document, head = report
    bare = replace(document, findings=(), measures=(), movement=(), stages=(), obligations=())
    assert len(opened((bare, head)).sheetnames) == 6
