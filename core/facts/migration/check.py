"""Whether everything of a file arrived: what became of its rows and phones, held against the database.

Every row of a file ends in exactly one of `ROW_FATES`, and every phone of it in exactly one of `PHONE_FATES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.language import Message, mark

ROW_FATES: dict[str, str] = {
    "there": mark("Found in the database"),
    "changed": mark("Found, with other values there now"),
    "merged": mark("Found, since merged into another customer"),
    "missing": mark("Not there"),
    "undone": mark("Not there: its import was undone"),
    "unreadable": mark("Would be rejected by the import"),
}
PHONE_FATES: dict[str, str] = {
    "same": mark("Found with the same record"),
    "edited": mark("Other phone there: edited after its import"),
    "other": mark("Other phone there"),
    "no_phone": mark("Record there without a phone"),
    "no_record": mark("Record not there"),
    "rejected": mark("In a row that the import would reject"),
}
ARRIVED = ("there", "changed", "merged")
"""Fates of rows whose record is there."""
PHONE_ARRIVED = ("same",)
PHONE_REJECTED = ("rejected",)
UNTOLD = ("there", "merged", "same", "no_record", "rejected")
"""Fates of which the rows are counted only: nobody has to look at them. A phone without its record, or in a rejected
row, is told with the row."""


@dataclass(frozen=True)
class Finding:
    """A row, or the phone of one, that is not there as the file has it; `fate` of ROW_FATES or PHONE_FATES.

    `record`: what the row names, in words; `name` and `phone` stand apart, because they are personal.
    """

    row: int
    what: str
    """row, phone"""
    fate: str
    record: str = ""
    name: str = ""
    phone: str = ""
    why: Message | None = None
    """Why the import would reject the row."""


@dataclass(frozen=True)
class SheetCount:
    """One sheet. `rows` and `phones`: fate -> number; they sum to the rows read and to the phones in them."""

    sheet: str
    table_code: str
    rows: Mapping[str, int]
    phones: Mapping[str, int]
    has_phones: bool
    """Whether records of this kind have a phone at all."""
    phones_compared: bool
    """Whether a column of the sheet is read as phones: else nothing is known of them."""
    findings: tuple[Finding, ...]

    @property
    def rows_read(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True)
class FileCount:
    """The sheets of a file, in the order in which they were asked for."""

    sheets: tuple[SheetCount, ...]

    @property
    def rows_read(self) -> int:
        return sum(sheet.rows_read for sheet in self.sheets)

    @property
    def findings(self) -> int:
        return sum(len(sheet.findings) for sheet in self.sheets)

    @property
    def complete(self) -> bool:
        """Whether every row and every phone arrived."""
        return all(
            fate in ARRIVED + PHONE_ARRIVED for sheet in self.sheets for fate in (*sheet.rows, *sheet.phones)
        )


def counted(fates: Iterable[str], every: Mapping[str, str]) -> dict[str, int]:
    """Fate -> number, in the order of `every`; those that nothing has are left out."""
    counts = Counter(fates)
    return {fate: counts[fate] for fate in every if counts[fate]}
