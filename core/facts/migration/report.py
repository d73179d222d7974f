"""The result of a migration check as a workbook: the counts of every sheet, and every row that did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pandas as pd

from core.facts.exporting import ROWS_OF_A_SHEET, Sheet, Stream, write_workbook
from core.facts.importing import ImportRequest
from core.facts.labels import TABLES
from core.facts.migration.check import PHONE_FATES, ROW_FATES, FileCount
from core.language import mark, translate

WHAT = {"row": mark("Row"), "phone": mark("Phone")}
NO_PHONES = mark("Not compared: no column is matched to the phone")
_FATES = {"row": ROW_FATES, "phone": PHONE_FATES}
_SUMMARY = (mark("Sheet"), mark("Kind of data"), mark("Counted"), mark("What became of it"), mark("Number"))
_DIFFERENCES = (
    mark("Sheet"), mark("Kind of data"), mark("Row in the file"), mark("Record"), mark("Name"), mark("Phone"),
    mark("Counted"), mark("What became of it"), mark("Reason"),
)  # fmt: skip


def write_report(target: Path, count: FileCount, request: ImportRequest) -> None:
    """Write the workbook, in the language of the request."""
    language = request.language
    summary = pd.DataFrame(list(_summary(count, language)), columns=_said(_SUMMARY, language))
    sheets: dict[str, Sheet] = {translate(mark("Migration check"), language): summary}
    name = translate(mark("Differences"), language)
    rows = _differences(count, language)
    # A workbook's sheet has room for so many; what is more goes on in another one.
    for number in range(1, max(1, -(-count.findings // ROWS_OF_A_SHEET)) + 1):
        title = name if number == 1 else f"{name} {number}"
        sheets[title] = Stream(_said(_DIFFERENCES, language), islice(rows, ROWS_OF_A_SHEET))
    about = {
        translate(mark("File"), language): request.file_name,
        translate(mark("Rows read"), language): str(count.rows_read),
    }
    write_workbook(target, sheets, about, language)


def _said(sentences: tuple[str, ...], language: str) -> list[str]:
    return [translate(each, language) for each in sentences]


def _summary(count: FileCount, language: str) -> Iterator[tuple[str, str, str, str, int]]:
    for sheet in count.sheets:
        for what, fates in (("row", sheet.rows), ("phone", sheet.phones)):
            for fate, number in fates.items():
                words = _said((TABLES[sheet.table_code], WHAT[what], _FATES[what][fate]), language)
                yield sheet.sheet, words[0], words[1], words[2], number
        if sheet.has_phones and not sheet.phones_compared:
            words = _said((TABLES[sheet.table_code], WHAT["phone"], NO_PHONES), language)
            yield sheet.sheet, words[0], words[1], words[2], 0


def _differences(count: FileCount, language: str) -> Iterator[tuple[str | int | None, ...]]:
    for sheet in count.sheets:
        table = translate(TABLES[sheet.table_code], language)
        for each in sheet.findings:
            fate = translate(_FATES[each.what][each.fate], language)
            why = None if each.why is None else translate(each.why, language)
            what = translate(WHAT[each.what], language)
            yield sheet.sheet, table, each.row, each.record, each.name, each.phone, what, fate, why
