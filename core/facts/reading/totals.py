"""Rows of sums, which are no records: 合计, 小计, Total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.facts.cleaning.text import plain

_CHINESE = "合总小共累"
_SURE = rf"[{_CHINESE}]\s*计|本\s*[页月日]\s*[合小]\s*计|grand total|sub-?\s?total"
"""No customer, product or channel is called so."""
_LIKELY = "totals?|sum|汇总|总和"
"""May be a name, so they count only where a row begins with them."""
_WORD = rf"(?i)^\s*({_SURE}|{_LIKELY})\s*[:：]?\s*$"
_IN_ARROW = _WORD.replace(r"\s", r"[\s\x{3000}]")
_MAY_BE_ONE, _IS_ONE = re.compile(_WORD), re.compile(rf"(?i)^\s*({_SURE})\s*[:：]?\s*$")
_NUMBER = re.compile(
    r"^[-+(]?[¥$]?\s*[-+]?\d[\d.,]*\s*[)%元件个万亿]?$|^[-—–/]+$|^\d{4}[-/.年]\d{1,2}([-/.月]\d{0,2}日?)?$"
)


def total_rows(columns: Sequence[pa.Array]) -> Iterator[tuple[int, str]]:
    """Positions of the rows that hold nothing but a word for a sum and numbers or days, and the word."""
    found: set[int] = set()
    for column in columns:
        found.update(
            pc.indices_nonzero(pc.match_substring_regex(column, _IN_ARROW).fill_null(False)).to_pylist()
        )
    for at in sorted(found):
        cells = [text for column in columns if (text := column[at].as_py()) is not None]
        word = next(cell for cell in cells if _MAY_BE_ONE.match(cell))
        others = (cell for cell in cells if not _MAY_BE_ONE.match(cell))
        sure = word is cells[0] or _IS_ONE.match(word)
        if sure and all(_NUMBER.match(plain(cell)) for cell in others):
            yield at, " ".join(word.split())
