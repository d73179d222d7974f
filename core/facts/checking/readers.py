"""How the cells of one column are read: by its field, its header, and what all its cells show. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.facts.cleaning.cells import reader
from core.facts.cleaning.commas import decimal_commas, minding_commas
from core.facts.cleaning.dates import Reading, day_order
from core.facts.cleaning.header_units import header_unit, unit_notes
from core.facts.cleaning.masked import sparing_masks
from core.facts.cleaning.numbers import read_amount, read_cost, reader_in
from core.facts.cleaning.text import Reader
from core.facts.fields import Field
from core.facts.matching.match import ColumnMatch
from core.language import Message


def column_reader(
    field: Field, column: ColumnMatch, texts: Sequence[str], reading: Reading, *, from_1904: bool
) -> tuple[Reader, list[Message]]:
    """The reader of the cells of a field, whose different texts are these, and notes on what its header asks for."""
    if field.kind in ("date", "datetime", "month"):
        order = day_order(list(texts))
        return reader(field, replace(reading, day_order=order, days_from_1904=from_1904)), []
    read = reader(field, reading)
    if field.kind == "phone":
        return sparing_masks(read), []
    if field.kind not in ("amount", "cost", "quantity", "integer"):
        return read, []
    unit, notes = header_unit(field, column.header), []
    if unit is not None:
        notes = unit_notes(unit, column.place)
        if unit.factor > 1:
            read = reader_in(unit, read_cost if field.kind == "cost" else read_amount)
    commas = decimal_commas(texts)
    return (read if commas is False else minding_commas(read, commas)), notes
