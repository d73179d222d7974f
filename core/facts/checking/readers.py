"""How the cells of one column are read: by its field, its header, and what all its cells show. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.facts.cleaning.cells import reader, refusing_moments
from core.facts.cleaning.commas import decimal_commas, minding_commas
from core.facts.cleaning.currencies import code_of
from core.facts.cleaning.dates import Reading, day_order
from core.facts.cleaning.header_units import header_unit
from core.facts.cleaning.header_units_told import unit_notes
from core.facts.cleaning.masked import sparing_masks
from core.facts.cleaning.numbers import SCALED, number_reader, reader_in
from core.facts.cleaning.text import Reader
from core.facts.fields import Field
from core.facts.matching.match import ColumnMatch
from core.language import Message


def column_reader(
    field: Field, column: ColumnMatch, texts: Sequence[str], reading: Reading, *, from_1904: bool, typed: bool
) -> tuple[Reader, list[Message]]:
    """The reader of the cells of a field, whose different texts are these, and notes on what its header asks for.

    `typed`: whether the cells are those of a workbook, which knows dates from texts.
    """
    if field.kind in ("date", "datetime", "month"):
        order = day_order(list(texts))
        return reader(field, replace(reading, day_order=order, days_from_1904=from_1904)), []
    unit = header_unit(field, column.header, reading.currency)
    if unit and unit.currency:  # its amounts are taken, so its sign may stand beside them
        reading = replace(reading, currency=code_of(unit.currency))
    read = reader(field, reading)
    if typed and field.kind in ("code", "phone"):
        read = refusing_moments(read)
    if field.kind == "phone":
        return sparing_masks(read), []
    notes = unit_notes(unit, column.place) if unit else []
    if field.kind not in SCALED:
        return read, notes
    if unit and unit.factor != 1:
        read = reader_in(unit, number_reader(field, reading.currency))
    commas = decimal_commas(texts)
    return (read if commas is False else minding_commas(read, commas)), notes
