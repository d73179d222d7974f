"""What is asked of an import and what it answers; both survive storage in a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from core.facts.checking.results import CleanedField
from core.facts.problems import RowProblem
from core.language import Message
from core.store.engine import Store

MODES = ("add", "update", "both")

Progress = Callable[[float, Message], None]
"""Called with the share done (0 to 1) and what is being done now."""


def silent(_fraction: float, _step: Message) -> None:
    """The progress of whoever does not watch."""


@dataclass(frozen=True)
class SheetImport:
    """One sheet to import, and as what.

    `sheet`: its name, None for the first visible one; `mapping`: headers corrected by hand, header -> field code
    or None to ignore the column; `values`: field code -> cell -> the text to read in its place, None for empty;
    `headless`: it has no header, its first row is data, and its columns are called by their letters.
    """

    table_code: str
    sheet: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    headless: bool = False


@dataclass(frozen=True)
class ImportRequest:
    """One file to import: some of its sheets, in one go.

    `path`: an absolute path, or the token of an upload under `data_dir/uploads`; `file_name`: as the person
    knows it; `mode`: one of MODES; `all_or_nothing`: one refused row in any sheet and nothing is taken;
    `clear_blanks`: a blank cell empties the stored value, see `Workspace.clearing`, instead of keeping it;
    `codes_may_lack`: whether customers may come without codes though a column looks like them, because a person saw it;
    `language`: of the reasons in the workbook of rejected rows; `encoding` and `delimiter`: of a text file, where
    a person knows them better.
    """

    path: str
    file_name: str
    sheets: tuple[SheetImport, ...]
    mode: str = "add"
    create_customers: bool = False
    all_or_nothing: bool = False
    clear_blanks: bool = False
    codes_may_lack: bool = True
    language: str = "en"
    encoding: str | None = None
    delimiter: str | None = None

    @classmethod
    def of(
        cls,
        path: str,
        file_name: str,
        table_code: str,
        *,
        sheet: str | None = None,
        mapping: Mapping[str, str | None] | None = None,
        values: Mapping[str, Mapping[str, str | None]] | None = None,
        **options: Any,
    ) -> ImportRequest:
        """The request for a single sheet."""
        return cls(path, file_name, (SheetImport(table_code, sheet, mapping or {}, values or {}),), **options)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "sheets": [asdict(sheet) for sheet in self.sheets]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ImportRequest:
        """The request that `to_json` gave; also of a job that asked for one sheet, when there was no other way."""
        sheets = stored.get("sheets") or [stored]
        known = _named(cls, stored) | {"sheets": tuple(SheetImport(**_named(SheetImport, s)) for s in sheets)}
        return cls(**known)

    def file(self, store: Store) -> Path:
        """Where the file lies."""
        path = Path(self.path)
        return path if path.is_absolute() else store.data_dir / "uploads" / path.name


def _named(kind: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {f.name: stored[f.name] for f in fields(kind) if f.name in stored}


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

    @property
    def accepted(self) -> int:
        return self.rows_read - self.rejected

    @property
    def figures(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(ImportCounts)}

    @staticmethod
    def total(parts: Iterable[ImportCounts]) -> ImportCounts:
        rows = [part.figures.values() for part in parts]
        return ImportCounts(*(sum(column) for column in zip(*rows, strict=True)))


@dataclass(frozen=True)
class Change:
    """One cell that overwrites what is stored, both values as a person reads them, personal ones masked.

    `record` names what is changed by its code; `field` is a field code, or `labels.LINES` where the lines of an
    order cannot be told apart one by one.
    """

    row: int
    record: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class SheetPreview:
    """What the import of one sheet would do; nothing was saved.

    `problems`, `changes` and the samples are cut to the first rows; `notes` say what was decided without refusing
    a row. Sampled rows are field code -> value as it would be stored, personal fields masked; `samples` has them by
    fate: new, unchanged, suspected_duplicate.
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
    samples: Mapping[str, tuple[dict[str, str], ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    changes_total: int = 0
    unread: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Field code -> word in its cells that stands for no value -> how many cells say it."""

    def to_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "problems": [problem.to_json() for problem in self.problems],
            "notes": [note.to_json() for note in self.notes],
        }


@dataclass(frozen=True)
class ImportPreview:
    """What the import would do, sheet by sheet in the order they would be saved. `notes` are on the file as a whole."""

    sheets: tuple[SheetPreview, ...]
    notes: tuple[Message, ...] = ()

    @property
    def counts(self) -> ImportCounts:
        return ImportCounts.total(sheet.counts for sheet in self.sheets)

    @property
    def rejects_file(self) -> str | None:
        """The workbook of the rejected rows of all sheets: a path under the data folder."""
        return next((sheet.rejects_file for sheet in self.sheets if sheet.rejects_file), None)

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold, for the result of a job."""
        return {
            "counts": self.counts.figures,
            "sheets": [sheet.to_json() for sheet in self.sheets],
            "notes": [note.to_json() for note in self.notes],
        }


@dataclass(frozen=True, kw_only=True)
class SheetResult(ImportCounts):
    """What the import did with one sheet. `batch` is None when nothing of it was accepted.

    When all or nothing was asked and a row of any sheet was refused, every row counts as rejected.
    """

    table_code: str
    sheet: str
    batch: int | None
    ignored_columns: tuple[str, ...]
    rejects_file: str | None
    cleaned: Mapping[str, int] = field(default_factory=dict)
    """Field code -> how many cells were tidied or filled in."""
    notes: tuple[Message, ...] = ()
    """What was decided without refusing a row."""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "notes": [note.to_json() for note in self.notes]}


@dataclass(frozen=True)
class ImportResult:
    """What the import did, sheet by sheet in the order they were saved. `notes` are on the file as a whole."""

    sheets: tuple[SheetResult, ...]
    notes: tuple[Message, ...] = ()

    @property
    def counts(self) -> ImportCounts:
        return ImportCounts.total(self.sheets)

    @property
    def batches(self) -> tuple[int, ...]:
        """The numbers of the imports; none when nothing was saved."""
        return tuple(sheet.batch for sheet in self.sheets if sheet.batch is not None)

    @property
    def rejects_file(self) -> str | None:
        """The workbook of the rejected rows of all sheets: a path under the data folder."""
        return next((sheet.rejects_file for sheet in self.sheets if sheet.rejects_file), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": self.counts.figures,
            "sheets": [sheet.to_json() for sheet in self.sheets],
            "notes": [note.to_json() for note in self.notes],
        }
