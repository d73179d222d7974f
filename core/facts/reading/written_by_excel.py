"""Cells of text files as Excel writes and reads them: texts kept from becoming numbers, and errors.

Shops and ERP programs write ="00123" or '00123 so that Excel keeps the zeros. A person means 00123.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_KEPT = r"""^(?:="((?:[^"]|"")*)"|'(\d+))\s*$"""
_KEPT_IN_PYTHON = re.compile(_KEPT, re.ASCII)
_ERROR = r"^#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#{2,})$"
"""Errors of formulas, and what Excel writes of a number or a day for which its column was too narrow."""


def unwrapped(text: str | None) -> str | None:
    """The text that a cell keeps from becoming a number."""
    found = _KEPT_IN_PYTHON.match(text) if text else None
    return (found[1] or found[2] or "").replace('""', '"') or None if found else text


def unwrap(column: pa.Array) -> tuple[pa.Array, int]:
    """The column with such texts as they are meant, and how many there were."""
    if not _any(pc.or_(pc.starts_with(column, "="), pc.starts_with(column, "'"))):
        return column, 0
    found = pc.match_substring_regex(column, _KEPT).fill_null(False)
    texts = [unwrapped(text) for text in column.filter(found).to_pylist()]
    return pc.replace_with_mask(column, found, pa.array(texts, pa.string())), len(texts)


def errors(column: pa.Array) -> list[int]:
    """The positions of the cells that show an error."""
    if not _any(pc.starts_with(column, "#")):
        return []
    shown = pc.match_substring_regex(column, _ERROR)
    positions: list[int] = pc.indices_nonzero(shown.fill_null(False)).to_pylist()
    return positions


def _any(found: pa.Array) -> bool:
    return bool(pc.any(found).as_py())
