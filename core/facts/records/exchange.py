"""How facts come in: imports, what they overwrote, kept matches, own fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key


class ImportBatch(Base):
    """One import: which file, read how, with what result. Every fact names its batch. One of which no row was taken is
    on record too, for its rejected rows."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    table_code: Mapped[str]
    """A key of `fields.TABLES`."""
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(index=True)
    sheet: Mapped[str | None]
    mapping: Mapped[dict[str, Any]]
    """Header -> field, as it was applied."""
    mode: Mapped[str]
    rows_read: Mapped[int]
    added: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    customers_created: Mapped[int] = mapped_column(default=0)
    suspected_duplicates: Mapped[int] = mapped_column(default=0)
    rejects_file: Mapped[str | None]
    """Path under the data folder of the workbook with the rejected rows."""
    together: Mapped[str | None] = mapped_column(index=True)
    """What the sheets of one file that were committed in one go share."""
    value_mapping: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Field code -> cell -> the value it was read as, or None for empty."""
    filled: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Field code -> how many of the rows that were added or updated say something in it; 0 where only others do."""
    cleaned_cells: Mapped[int] = mapped_column(default=0, server_default="0")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    """Account id."""
    committed_at: Mapped[datetime]
    committed_by: Mapped[int | None]

    @hybrid_property
    def took_rows(self) -> bool:
        """Whether any row of it was taken."""
        return self.rejected < self.rows_read


class ImportChange(Base):
    """What an import overwrote in one record, so that it can be undone. Records it added only bear its batch."""

    __tablename__ = "import_changes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
    table_name: Mapped[str]
    record_id: Mapped[int]
    before: Mapped[dict[str, Any]]
    """Column -> value before, as JSON holds it; sealed values stay sealed. Of an order: its lines."""
    version_after: Mapped[int | None]
    """The record's version right after, where it has one: another one now means somebody edited it since."""


class SavedMapping(Base):
    """A named match of headers to fields, kept for the next file of the same shape."""

    __tablename__ = "saved_mappings"
    __table_args__ = (UniqueConstraint("table_code", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    table_code: Mapped[str]
    name: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    value_mapping: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Field code -> cell -> the value it stands for, or None for empty."""
    saved_by: Mapped[int | None]


class OwnField(Base):
    """A field that the company added to a table."""

    __tablename__ = "own_fields"
    __table_args__ = (UniqueConstraint("table_code", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    table_code: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]
    """A key of `labels.FIELD_KINDS`."""
    label_zh: Mapped[str]
    label_en: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    """A key of `labels.FIELD_OWNERS`."""
    personal: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    """Of a choice: [code, Chinese, English] each, then the words that it had before."""
    former_labels: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """The names that it had before: files may still bear them."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    retired_at: Mapped[datetime | None]
    """From then on it is asked for no more; what was entered stays."""
