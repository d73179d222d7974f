"""Numbers that the sheet shows with leading zeros: codes and texts keep them, numbers and days never had them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.facts.fields import Field

SEEN_AS_SHOWN = ("code", "text", "phone", "email", "choice")
"""Kinds of fields whose value is what a person sees, 00123; to the others it is the number, 123."""


def keeps_zeros(field: Field) -> bool:
    """Whether 00123 is another value than 123 to a field."""
    return field.kind in SEEN_AS_SHOWN


def as_numbers(encoded: Any, row_numbers: Any, zeros: Mapping[int, str]) -> Any:
    """A dictionary-encoded column of texts with the numbers (row -> digits) in place of what is shown."""
    rows = np.fromiter(zeros, dtype=np.int64)
    mask = np.isin(row_numbers, rows)
    numbers = [zeros[row] for row in row_numbers[mask].tolist()]
    texts = encoded.dictionary_decode()
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(numbers, pa.string())).dictionary_encode()


def as_shown(
    encoded: Any, row_numbers: Any, zeros: Mapping[int, str], most: int
) -> tuple[tuple[str, str], ...]:
    """Some of the cells of such a column: the number, and what is shown of it."""
    some = list(zeros.items())[:most]
    places = np.searchsorted(row_numbers, [row for row, _ in some])
    return tuple(
        (digits, encoded[place].as_py()) for (_, digits), place in zip(some, places.tolist(), strict=True)
    )
