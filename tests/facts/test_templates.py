"""Templates open, say what they want, and can be imported once filled in."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from core.access.actor import SYSTEM
from core.facts.field_docs import FILE, fields_document
from core.facts.fields import TABLES, Choice, Field
from core.facts.importing import ImportRequest, SheetResult, commit_import
from core.facts.templates import explains, offered, template_workbook


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_a_template_marks_offers_and_explains(table, language):
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES[table], language)))
    data, example, instructions = workbook.worksheets
    fields = TABLES[table].fields
    assert [c.value for c in data[1]] == [f.header(language) + (" *" if f.required else "") for f in fields]
    assert data.max_row == 1
    assert [c.value for c in example[2]] == [f.example(language) for f in fields]
    assert [row[0] for row in instructions.iter_rows(min_row=2, values_only=True)] == [
        f.header(language) for f in fields
    ]
    assert len(data.data_validations.dataValidation) == sum(1 for f in fields if offered(f, language))
    told = list(instructions.iter_rows(min_row=2, values_only=True))
    assert [bool(row[3]) for row in told] == [bool(f.unit) for f in fields]
    assert all(row[5] for row in told)
    assert [bool(row[6]) for row in told] == [f.personal for f in fields]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_several_tables_share_one_workbook_a_sheet_each(language):
    tables = [TABLES[code] for code in ("contracts", "payments", "outlets")]
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(tables, language)))
    assert len(workbook.sheetnames) == 4
    for table, page in zip(tables, workbook.worksheets, strict=False):
        assert [c.value.removesuffix(" *") for c in page[1]] == [f.header(language) for f in table.fields]
        assert page.max_row == 1
    told = list(workbook.worksheets[3].iter_rows(min_row=2, values_only=True))
    assert len(told) == sum(len(table.fields) for table in tables)
    if language == "en":
        assert workbook.sheetnames == ["Contracts", "Payments", "Outlets", "Instructions"]
        form = "Text that identifies, at most 64 characters"
        asked = ("Payments", "Customer code", "Yes, or Contract code", form, "", "C0001", "Sales", "")
        assert asked in [tuple(cell or "" for cell in row) for row in told]


def test_own_fields_stand_in_the_template_with_their_own_words():
    own = Field("own_rank", "integer", "Rank", ("等级",), unit="分", owner="finance", own=True)
    table = replace(TABLES["contracts"], fields=(*TABLES["contracts"].fields, own))
    *_, instructions = openpyxl.load_workbook(io.BytesIO(template_workbook(table, "zh_CN"))).worksheets
    assert [cell.value for cell in instructions[instructions.max_row]][0::3] == ["等级", "分", ""]


@pytest.mark.parametrize("word", ["Gold, VIP", 'Gold "VIP"', "金牌，贵宾"])
def test_a_choice_with_a_sign_that_parts_choices_is_told_and_not_offered_in_pieces(word):
    choices = (Choice("c1", word, word), Choice("c2", "普通", "Plain"))
    own = Field("own_rank", "choice", "Rank", ("等级",), choices=choices, own=True)
    table = replace(TABLES["products"], fields=(own,))
    data, _example, instructions = openpyxl.load_workbook(
        io.BytesIO(template_workbook(table, "en"))
    ).worksheets
    dropdowns = [each.formula1 for each in data.data_validations.dataValidation]
    assert dropdowns == ([f'"{word},Plain"'] if word == "金牌，贵宾" else [])
    assert word in instructions.cell(instructions.max_row, 3).value


def test_the_documentation_of_the_fields_is_current():
    """When this fails: python -m core.facts.field_docs."""
    assert FILE.read_text(encoding="utf-8") == fields_document()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_a_filled_template_can_be_imported(table, language, store, now, tmp_path):
    def fill(name: str) -> SheetResult:
        workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES[name], language)))
        data, example = workbook.worksheets[:2]
        data.append([cell.value for cell in example[2]])
        path = tmp_path / "filled.xlsx"
        workbook.save(path)
        request = ImportRequest.of(str(path), "filled.xlsx", name, create_customers=True)
        return commit_import(SYSTEM, store, request, now=now).sheets[0]

    for named in {"deals": ["leads"], "payments": ["contracts"], "displays": ["outlets"]}.get(table, ()):
        fill(named)
    result = fill(table)
    taken = result.added + result.unchanged
    assert (result.rows_read, taken, result.ignored_columns) == (1, 1, ())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_what_only_explains_a_template_is_known_by_name_and_when_renamed_by_its_example(
    table, language, tmp_path
):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook(TABLES[table], language))
    data, example, instructions = openpyxl.load_workbook(path).worksheets
    rows = [tuple(cell.value for cell in row) for row in example.iter_rows(min_row=2)]
    assert explains(example.title)
    assert explains(instructions.title)
    assert not explains(data.title, rows)
    assert explains("Sheet1", rows)
    assert not explains("Sheet1", [*rows, rows[0]])
    assert not explains("Sheet1", [("somebody", *rows[0][1:])])
