"""What undoing imports comes to: records that go, get their values back, or stay, and why they stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.facts.duplicates.merging_versions import Steps, unedited
from core.facts.importing.undo_tables import has_batch
from core.facts.importing.undo_values import Record
from core.facts.stand_ins import StandIns
from core.facts.tables import Customer
from core.language import Message, mark

OVERWRITTEN = Message(mark("A later import changed it."))
EDITED = Message(mark("It was edited since."))
MERGED = Message(mark("Its customer was merged with another since."))


@dataclass(frozen=True)
class Change:
    """What became of one record that the imports found stored. `change_ids` are in the order of the imports."""

    change_ids: tuple[int, ...]
    there: bool
    """Whether it is to remain: it was there before, and not only because an import was undone around it."""
    version_after: int | None


@dataclass
class Reckoning:
    """What undoing `batches` (ids, together one import) comes to."""

    batches: tuple[int, ...]
    since: datetime
    """When they were committed."""
    changes: dict[Record, Change] = field(default_factory=dict)
    kept: dict[Record, Message] = field(default_factory=dict)
    overtaken: dict[int, Record] = field(default_factory=dict)
    """Changes of later imports that follow directly on what these imports left: change id -> record."""
    going: dict[str, int] = field(default_factory=dict)
    """Table -> how many of its records go."""
    merge_steps: Steps = field(default_factory=dict)
    stand_ins: StandIns = field(default_factory=lambda: StandIns({}, {}))
    """Who gets instead what cannot go back as it was."""
    differing: dict[Record, Message] = field(default_factory=dict)
    """Records that do not come back quite as they were, and why."""

    def unedited(self, record: Record, before: int | None, after: int | None) -> bool:
        """Whether nobody edited a record between these versions of it; merging it and taking that back is no edit."""
        table, key = record
        if before is None or after is None or table != Customer.__tablename__:
            return before == after
        return unedited(self.merge_steps, key, before, after)

    @property
    def restored(self) -> list[Record]:
        """The records that get their values back."""
        return [
            record
            for record, change in self.changes.items()
            if change.there and record not in self.kept and has_batch(record[0])
        ]

    def kept_of(self, table: str) -> list[int]:
        return [key for name, key in self.kept if name == table]

    def stays(self, table: str) -> list[int]:
        """Records of a table that bear these batches and do not go: what is kept, and what is only put back."""
        put_back = [key for (name, key), change in self.changes.items() if name == table and change.there]
        return sorted({*self.kept_of(table), *put_back})
