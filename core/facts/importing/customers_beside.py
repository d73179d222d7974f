"""The customers that other sheets of the same file bring: why a row may name one that nobody knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.facts.checking.results import Checked
from core.language import Message, mark


@dataclass(frozen=True)
class CustomersBeside:
    """What the sheets of customers of a file leave unknown.

    `without_codes`: the first that has no column of codes, so that nothing can name its customers; `refused`: code ->
    sheet and row of a customer that is not taken.
    """

    without_codes: str | None = None
    refused: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def why_unknown(self, code: str) -> Message:
        """Why a row that names this code is refused, and what to do."""
        if code in self.refused:
            sheet, row = self.refused[code]
            sentence = mark(
                "No customer has the code {code}: row {row} of the sheet {sheet}, which brings it, is rejected. "
                "Correct that row."
            )
            return Message(sentence, {"code": code, "row": row, "sheet": sheet})
        if self.without_codes is not None:
            sentence = mark(
                "No customer has the code {code}. The sheet {sheet} of this file brings customers without codes: "
                "choose the column there that stands for the customer code."
            )
            return Message(sentence, {"code": code, "sheet": self.without_codes})
        sentence = mark(
            "No customer has the code {code}. Import the customers first, or have new customers created from this file."
        )
        return Message(sentence, {"code": code})

    def twice(self) -> Message:
        """The note where customers are created from a sheet whose codes those of the other sheet have not."""
        sentence = mark(
            "The customers created from this sheet stand beside those of the sheet {sheet}, which brings them without "
            "codes: the same people may be stored twice."
        )
        return Message(sentence, {"sheet": self.without_codes})


NOBODY_BESIDE = CustomersBeside()


def customers_beside(sheets: Iterable[tuple[str, Checked]]) -> CustomersBeside:
    """What is left unknown by the sheets (name, rows) that were planned so far."""
    brought = [(name, checked) for name, checked in sheets if checked.table_code == "customers"]
    without = [name for name, checked in brought if "customer_code" not in checked.places]
    refused: dict[str, tuple[str, int]] = {}
    for name, checked in brought:
        rows = checked.rows.select(["row", "customer_code"])
        lost = rows.filter(np.isin(rows.column("row").to_numpy(), checked.problems.rows))
        for row, code in zip(*(column.to_pylist() for column in lost.columns), strict=True):
            refused.setdefault(code, (name, row))
    return CustomersBeside(next(iter(without), None), refused)
