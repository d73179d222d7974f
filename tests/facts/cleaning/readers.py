"""Readers of fields as an import on a day in November has them."""

from __future__ import annotations

from datetime import date

from core.facts.cleaning.cells import Reader, reader
from core.facts.cleaning.dates import Reading
from core.facts.fields import TABLES

READING = Reading(date(2026, 11, 3), "Asia/Shanghai")


def reader_of(table: str, field: str) -> Reader:
    return reader(TABLES[table].field(field), READING)
