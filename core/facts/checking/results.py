"""What the check of a sheet comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from core.facts.fields import TableSpec
from core.facts.problems import Problems
from core.language import Message


@dataclass(frozen=True)
class CleanedField:
    """How many cells of a field were tidied, with some of the spellings before and after.

    Samples of personal fields are left out. `kind`: `tidied`, `filled` where the cell was blank and its value follows
    from others, `shown` where it is a number that its format shows with leading zeros, which were kept.
    """

    field: str
    cells: int
    samples: tuple[tuple[str, str], ...] = ()
    kind: str = "tidied"


@dataclass(frozen=True)
class Checked:
    """The rows of a sheet as typed values, and what is wrong with them.

    `rows` (Arrow): `row` int64, the number in the sheet; `ok` bool, false where a problem refuses the row;
    every field of the table under its code, all NULL where the file has no such column: amounts, prices and
    quantities in ten-thousandths (int64), instants as microseconds since 1970 UTC (int64) with the business
    day beside them (`ordered_at` → `ordered_on`, date32), choices as codes, the rest as text.
    """

    table: TableSpec
    rows: Any
    problems: Problems
    cleaned: tuple[CleanedField, ...]
    notes: tuple[Message, ...]
    unread: Mapping[str, Mapping[str, int]]
    """Of fields that take certain values only: field code -> word that stands for none -> how many cells say it."""
    places: Mapping[str, str]
    """Field code -> how problems name its column; only of fields that the sheet has."""

    @property
    def table_code(self) -> str:
        return self.table.code

    @property
    def rows_read(self) -> int:
        return int(self.rows.num_rows)

    def with_verdicts(self) -> Any:
        """The rows, refused where there is a problem by now."""
        accepted = ~np.isin(self.rows.column("row").to_numpy(), self.problems.rows)
        return self.rows.set_column(self.rows.column_names.index("ok"), "ok", pa.array(accepted))

    def filled(self, left: Collection[int]) -> dict[str, int]:
        """Field code -> how many of the rows `left` (by number) say something in it; fields in which no accepted row
        says anything are left out."""
        numbers = self.rows.column("row").to_numpy()
        taken, leaving = ~np.isin(numbers, self.problems.rows), np.isin(numbers, list(left))
        said = {code: self.rows.column(code).is_valid().to_numpy() for code in self.table.codes}
        return {
            code: int((leaving & given).sum()) for code, given in said.items() if bool((taken & given).any())
        }
