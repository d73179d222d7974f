"""Numbers that a sheet shows with leading zeros, read as they are shown.

To the file 00123 is the number 123 with a format; to a person it is a code. Which of them a field means is settled
where its kind is known, so the number is kept beside the text (flag `zeros`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.facts.reading.styles import Pattern, padded

_FEW = 50
"""Styles that are looked for by name; a file may have tens of thousands, of which any cell may then be one."""
_EXACT_DIGITS = 15
"""Excel keeps so many; of a longer number nobody knows the last ones."""


class PaddedCells:
    """Where cells with such formats stand. In arrays, for there may be millions."""

    def __init__(self, styles: Mapping[int, Pattern]) -> None:
        """`styles`: number of a style, as cells name it -> what its format shows."""
        self._styles = styles
        few = len(styles) <= _FEW
        numbers = b"|".join(b"%d" % number for number in styles) if few else rb"\d{1,7}"
        self._needles = (
            [b"s=%c%d%c" % (quote, number, quote) for number in styles for quote in b"\"'"]
            if few
            else [b" s="]
        )
        # Nearly every program writes cells like this; the second takes any order
        self._usual = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})" s="(' + numbers + rb')"[^>]*>')
        self._cell = re.compile(
            rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'])[^>]*?\bs=["']("""
            + numbers
            + rb""")["'][^>]*>"""
        )
        self._found: list[tuple[Any, Any, Any]] = []

    def look(self, window: bytes, seen: int) -> None:
        """Note the cells of a window of which the first `seen` bytes were in the window before."""
        if not any(needle in window for needle in self._needles):
            return
        last = window.rfind(b"<", 0, seen)
        start = last if last >= 0 and window.find(b">", last, seen) < 0 else seen
        found = self._usual.findall(window, start)
        if len(found) != sum(window.count(needle, start) for needle in self._needles):
            found = self._cell.findall(window, start)
        if found:
            letters, rows, used = map(np.array, zip(*found, strict=True))
            known = np.isin(used := used.astype(np.int64), list(self._styles))
            self._found.append((letters[known], rows[known].astype(np.int64), used[known]))

    def columns(self) -> Iterator[tuple[bytes, PaddedColumn]]:
        """The letters of each column that has such cells, and the cells."""
        if not self._found:
            return
        letters, rows, used = (np.concatenate(parts) for parts in zip(*self._found, strict=True))
        for each in np.unique(letters):
            within = letters == each
            yield bytes(each), PaddedColumn(rows[within], used[within], self._styles)


class PaddedColumn:
    """The cells of one column whose format pads them."""

    def __init__(self, rows: Any, used: Any, styles: Mapping[int, Pattern]) -> None:
        order = np.argsort(rows, kind="stable")
        self._rows, self._used = rows[order], used[order]
        self._patterns = {number: styles[number] for number in np.unique(used).tolist()}

    @property
    def is_told_only(self) -> bool:
        """Whether a format shows more than zeros, so that its cells are read without them."""
        return not all(self._patterns.values())

    def shown(
        self, values: Sequence[Any], texts: pa.Array, start: int
    ) -> tuple[pa.Array, list[int], list[str]]:
        """The texts of a block of rows, which begins with row `start`, as they are shown; the rows in which that says
        more than the number does, and the digits of the number there."""
        first, end = np.searchsorted(self._rows, (start, start + len(values)))
        if first == end:
            return texts, [], []
        number = np.fromiter((type(value) in (float, int) for value in values), bool, len(values))
        whole = pc.and_(pc.ascii_is_decimal(texts), pc.less_equal(pc.utf8_length(texts), _EXACT_DIGITS))
        number &= whole.fill_null(False).to_numpy(zero_copy_only=False)
        style = np.full(len(values), -1)
        style[self._rows[first:end] - start] = self._used[first:end]
        seen = texts
        for used, pattern in self._patterns.items():
            mask = number & (style == used)
            if pattern and mask.any():
                seen = _padded(seen, pattern, mask)
        changed = pc.not_equal(seen, texts).fill_null(False).to_numpy(zero_copy_only=False)
        return seen, (np.flatnonzero(changed) + start).tolist(), texts.filter(pa.array(changed)).to_pylist()


def _padded(texts: pa.Array, pattern: Pattern, mask: Any) -> pa.Array:
    """The texts, where `mask` is set as the pattern shows them."""
    where = pa.array(mask)
    if not pattern.strip("0"):
        return pc.if_else(where, pc.utf8_lpad(texts, width=len(pattern), padding="0"), texts)
    shown = [padded(digits, pattern) for digits in texts.filter(where).to_pylist()]
    return pc.replace_with_mask(texts, where, pa.array(shown, pa.string()))
