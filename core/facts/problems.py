"""What is wrong with the rows of a file, kept in columns: half a million refused rows must fit as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.language import Message


@dataclass(frozen=True)
class RowProblem:
    """One cell (or row, when `column` is None) that cannot be taken. `row` counts from 1 as in the sheet."""

    row: int
    column: str | None
    """Letter and header, such as `F (Price)`."""
    message: Message

    def to_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "message": self.message.to_json()}


_FEW = 16


class Problems:
    """A growing list of problems; read in the order of the rows."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._columns: list[str | None] = []
        self._parts: list[Any] = []
        self._settled: set[int] = set()

    def settle(self, row: int, message: Message) -> None:
        """The one problem of a row that is no record at all; what its cells hold is no further reason."""
        self._append(np.array([row]), None, [message], np.array([0]))
        self._settled.add(row)

    def add(self, rows: Any, column: str | None, messages: Sequence[Message], which: Any) -> None:
        """Problems of one column: `messages[which[i]]` says what is wrong in `rows[i]`."""
        rows, which = np.asarray(rows, dtype=np.int64), np.asarray(which, dtype=np.int64)
        if self._settled:
            open_ones = self._are_open(rows)
            rows, which = rows[open_ones], which[open_ones]
        if len(rows):
            self._append(rows, column, messages, which)

    def _are_open(self, rows: Any) -> Any:
        if len(rows) <= _FEW:  # one by one, for cells are often refused singly
            return np.array([row not in self._settled for row in rows.tolist()], dtype=bool)
        return ~np.isin(rows, np.fromiter(self._settled, dtype=np.int64))

    def _append(self, rows: Any, column: str | None, messages: Sequence[Message], which: Any) -> None:
        part = np.empty((len(rows), 3), dtype=np.int64)
        part[:, 0] = rows
        part[:, 1] = len(self._columns)
        part[:, 2] = which + len(self._messages)
        self._columns.append(column)
        self._messages.extend(messages)
        self._parts.append(part)

    def add_one(self, rows: Any, column: str | None, message: Message) -> None:
        """The same problem in each of `rows`."""
        self.add(rows, column, [message], [0] * len(rows))

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    @property
    def rows(self) -> Any:
        """The numbers of the rows with a problem, ascending, each once (int64)."""
        if not self._parts:
            return np.empty(0, dtype=np.int64)
        return np.unique(np.concatenate([part[:, 0] for part in self._parts]))

    def __iter__(self) -> Iterator[RowProblem]:
        if not self._parts:
            return
        every = np.concatenate(self._parts)
        every = every[np.lexsort((every[:, 1], every[:, 0]))]
        for start in range(0, len(every), 10_000):
            for row, column, message in every[start : start + 10_000].tolist():
                yield RowProblem(row, self._columns[column], self._messages[message])

    def first(self, count: int) -> tuple[RowProblem, ...]:
        """The problems of the first rows."""
        return tuple(problem for problem, _ in zip(self, range(count), strict=False))
