"""What a preview shows of a file beside its counts and problems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from core.access.masking import mask_email, mask_name, mask_phone
from core.facts.checking import EPOCH, Checked, show
from core.facts.fields import Field
from core.facts.reading import StagedSheet
from core.language import Message, mark

ROWS_SHOWN = 20
_MASKS = {"name": mask_name, "phone": mask_phone, "email": mask_email}


def notes(staged: StagedSheet) -> list[Message]:
    """What of the file was not read, or might not be meant."""
    found = []
    if staged.other_sheets:
        found.append(
            Message(mark("These sheets were not read: {sheets}."), {"sheets": ", ".join(staged.other_sheets)})
        )
    if staged.hidden_rows:
        found.append(
            Message(mark("{rows} hidden rows were read like the others."), {"rows": staged.hidden_rows})
        )
    if staged.rows_above:
        found.append(
            Message(mark("{rows} rows above the header were left out."), {"rows": staged.rows_above})
        )
    return found


def sample(checked: Checked, zone: str) -> tuple[dict[str, str], ...]:
    """The first rows that would be taken, as they would be stored, in the business time zone; personal values
    masked."""
    fields = checked.table.fields
    # `ok` says what the cells are worth; comparing with what is stored has refused more rows since.
    refused = np.isin(checked.rows.column("row").to_numpy(), checked.problems.rows)
    rows = checked.rows.filter(~refused).slice(0, ROWS_SHOWN).to_pylist()
    return tuple(
        {
            field.code: _MASKS.get(field.code, str)(_shown(field, row[field.code], zone))
            for field in fields
            if row[field.code] is not None
        }
        for row in rows
    )


def _shown(field: Field, value: Any, zone: str) -> str:
    if field.kind != "datetime":
        return show(field, value)
    moment = EPOCH + timedelta(microseconds=value)
    return show(field, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
