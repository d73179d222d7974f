"""Templates open, say what they want, and can be imported once filled in."""

from __future__ import annotations

import io

import openpyxl
import pytest

from core.access.actor import SYSTEM
from core.facts.fields import TABLES
from core.facts.importing import ImportRequest, ImportResult, commit_import
from core.facts.templates import template_workbook


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
    offered = sum(1 for f in fields if f.choices or f.kind in ("yes_no", "score"))
    assert len(data.data_validations.dataValidation) == offered


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_a_filled_template_can_be_imported(table, language, store, now, tmp_path):
    def fill(name: str) -> ImportResult:
        workbook = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES[name], language)))
        data, example = workbook.worksheets[:2]
        data.append([cell.value for cell in example[2]])
        path = tmp_path / "filled.xlsx"
        workbook.save(path)
        request = ImportRequest(str(path), "filled.xlsx", name, create_customers=True)
        return commit_import(SYSTEM, store, request, now=now)

    if table == "deals":  # they say more about stored leads
        fill("leads")
    result = fill(table)
    taken = result.added + result.unchanged
    assert (result.rows_read, taken, result.ignored_columns) == (1, 1, ())
