"""How the cells of a file are shown before it is imported: what is personal is masked, to everybody alike.

A preview lies beside a job that others may look at, so it is masked whoever asks; the first rows of a file follow the
same rule, so that one file looks the same at every step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.access.masking import mask_email, mask_phone
from core.facts.cleaning.masked import mask_of
from core.facts.matching.match import Matching

_MOBILE = re.compile(r"(?:\+?86[\s-]*)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_BETWEEN = re.compile(r"[\s-]")
Cells = Sequence[Sequence[str | None]]


def _mask_phone(text: str) -> str:
    return mask_phone(_BETWEEN.sub("", text))


def masked_rows(rows: Cells, matching: Matching) -> list[list[str | None]]:
    """Rows of a file with what is personal masked: by the fields that their columns stand for; in a column that stands
    for none, what looks like a mobile phone or an e-mail address."""
    fields = {each.column: matching.table.field(each.field) for each in matching.columns if each.field}
    masks = {c: _mask_phone if field.code == "phone" else mask_of(field) for c, field in fields.items()}
    return [
        [cell and masks.get(column, _mask_what_shows)(cell) for column, cell in enumerate(row)]
        for row in rows
    ]


def _mask_what_shows(cell: str) -> str:
    if _EMAIL.fullmatch(cell.strip()):
        return mask_email(cell.strip())
    return _mask_phone(cell) if _MOBILE.fullmatch(cell.strip()) else cell
