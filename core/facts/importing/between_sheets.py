"""Rules between sheets of one kind: what two of them say of one record depends on no order, so neither is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb

from core.facts.checking.results import Checked
from core.facts.checking.rules import KEYS, said_of
from core.facts.importing.lines import ORDER_KEY
from core.language import Message, mark


def settle(sheets: Sequence[Checked]) -> list[Checked]:
    """The sheets, with the rows refused that name one record in several sheets of one kind and differ; lines of one
    order in several sheets are refused anyhow, because an order is only taken as a whole."""
    kinds: dict[str, list[Checked]] = defaultdict(list)
    for sheet in sheets:
        kinds[sheet.table_code].append(sheet)
    for alike in kinds.values():
        if len(alike) > 1:
            _refuse(alike)
    return [replace(sheet, rows=sheet.with_verdicts()) for sheet in sheets]


def _refuse(alike: Sequence[Checked]) -> None:
    with duckdb.connect() as db:
        for number, sheet in enumerate(alike):
            db.register(f"rows{number}", sheet.rows)
        rows = " UNION ALL BY NAME ".join(
            f"SELECT {n} AS sheet, * FROM rows{n} WHERE ok" for n in range(len(alike))
        )
        said = said_of(alike[0].rows)
        for key, condition, differs, sentence in _rules(alike[0].table_code):
            found = db.sql(f"""
                SELECT sheet, row FROM (
                    SELECT sheet, row, min(sheet) OVER w <> max(sheet) OVER w AND {differs} AS refused
                    FROM (SELECT *, {said} AS said FROM ({rows}) WHERE {condition}) WINDOW w AS (PARTITION BY {key})
                ) WHERE refused ORDER BY sheet, row
            """).fetchall()
            for number, sheet in enumerate(alike):
                sheet.problems.add_one(
                    [row for place, row in found if place == number], None, Message(sentence)
                )


def _rules(table_code: str) -> Iterator[tuple[str, str, str, str]]:
    """What names a record and in which rows, when it is refused, and the reason."""
    for key, condition in KEYS.get(table_code, ()):
        yield (
            key, condition, "min(said) OVER w <> max(said) OVER w",
            mark("Another sheet of the file names the same record with different values. Keep one."),
        )  # fmt: skip
    if table_code == "transactions":
        yield (
            f"customer_code, {ORDER_KEY}", "true", "true",
            mark("Another sheet of the file has lines of the same order. Put all its lines into one sheet."),
        )  # fmt: skip
