"""What a page shows of a migration check, as JSON: all counts, and of each fate the first rows, always masked.

The answer of a job lies in the database as it is, so it holds no phone or name in full, whoever asked for it; the
workbook tells as much as the role may see.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.access.masking import mask_name, mask_phone
from core.facts.migration.check import FileCount, Finding

SHOWN_OF_A_FATE = 100
"""Rows of one fate of one sheet that are listed; the workbook has all."""


def shown_count(count: FileCount) -> dict[str, Any]:
    """`sheets`: each with its counts and the first of its findings; `complete`: whether everything arrived."""
    return {
        "rows_read": count.rows_read,
        "complete": count.complete,
        "sheets": [
            {
                "sheet": sheet.sheet,
                "table": sheet.table_code,
                "rows_read": sheet.rows_read,
                "rows": dict(sheet.rows),
                "phones": dict(sheet.phones),
                "has_phones": sheet.has_phones,
                "phones_compared": sheet.phones_compared,
                "findings": _first(sheet.findings),
            }
            for sheet in count.sheets
        ],
    }


def _first(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    taken: Counter[tuple[str, str]] = Counter()
    shown = []
    for each in findings:
        taken[each.what, each.fate] += 1
        if taken[each.what, each.fate] <= SHOWN_OF_A_FATE:
            shown.append(
                {
                    "row": each.row,
                    "what": each.what,
                    "fate": each.fate,
                    "record": each.record,
                    "name": mask_name(each.name),
                    "phone": mask_phone(each.phone) if each.phone else "",
                    "why": None if each.why is None else each.why.to_json(),
                }
            )
    return shown
