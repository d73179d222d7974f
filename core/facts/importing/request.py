"""What is asked of an import and what it answers; both survive storage in a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from core.facts.checking import CleanedField
from core.facts.problems import RowProblem
from core.language import Message
from core.store.engine import Store

MODES = ("add", "update", "both")

Progress = Callable[[float, Message], None]
"""Called with the share done (0 to 1) and what is being done now."""


def silent(_fraction: float, _step: Message) -> None:
    """The progress of whoever does not watch."""


@dataclass(frozen=True)
class ImportRequest:
    """One file to import.

    `path`: an absolute path, or the token of an upload under `data_dir/uploads`; `file_name`: as the person
    knows it; `mapping`: headers corrected by hand, header -> field code or None to ignore the column;
    `mode`: one of MODES; `language`: of the reasons in the workbook of rejected rows.
    """

    path: str
    file_name: str
    table_code: str
    sheet: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    mode: str = "add"
    create_customers: bool = False
    all_or_nothing: bool = False
    language: str = "en"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "mapping": dict(self.mapping)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ImportRequest:
        names = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})

    def file(self, store: Store) -> Path:
        """Where the file lies."""
        path = Path(self.path)
        return path if path.is_absolute() else store.data_dir / "uploads" / path.name


@dataclass(frozen=True)
class ImportCounts:
    """What became, or would become, of the rows: rows_read = added + updated + unchanged + rejected."""

    rows_read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    customers_created: int = 0
    suspected_duplicates: int = 0


@dataclass(frozen=True)
class ImportPreview:
    """What the import would do; nothing was saved.

    `problems` and `sample` are cut to the first rows; `notes` say what was decided without refusing a row.
    `sample` rows are field code -> value as it would be stored, personal fields masked.
    """

    table_code: str
    sheet: str
    columns: tuple[tuple[str, str | None, str], ...]
    """Header, field code or None, how it was matched (a key of `labels.MATCHES`)."""
    counts: ImportCounts
    problems: tuple[RowProblem, ...]
    problems_total: int
    cleaned: tuple[CleanedField, ...]
    notes: tuple[Message, ...]
    sample: tuple[dict[str, str], ...]
    ignored_columns: tuple[str, ...]
    rejects_file: str | None

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold, for the result of a job."""
        return {
            **asdict(self),
            "problems": [problem.to_json() for problem in self.problems],
            "notes": [note.to_json() for note in self.notes],
        }


@dataclass(frozen=True)
class ImportResult:
    """What the import did. `batch` is None when nothing was accepted, and then nothing was saved.

    rows_read = added + updated + unchanged + rejected. When all or nothing was asked and a row was refused,
    every row counts as rejected. `rejects_file` is a path under the data folder.
    """

    batch: int | None
    rows_read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    customers_created: int
    suspected_duplicates: int
    ignored_columns: tuple[str, ...]
    rejects_file: str | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ignored_columns": list(self.ignored_columns)}
