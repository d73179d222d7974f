"""Undoing an import: what it overwrote is put back, what it added goes, what has changed since stays and is listed.

Undone leads and customers count on in their version, so that whoever has one open notices; everything else of them is
as it was. Sheets that were committed together are undone together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused
from core.facts.importing.bulk import lock_imports
from core.facts.importing.request import Progress, silent
from core.facts.importing.undo_beside import settle_beside
from core.facts.importing.undo_reckoning import Reckoning, reckon
from core.facts.importing.undo_records import take_back
from core.facts.importing.undo_words import Kept, list_kept
from core.facts.tables import ImportBatch
from core.language import Message, mark
from core.store.engine import Store
from core.store.versions import raise_data_version

KEPT_SHOWN = 200
_UNDONE = mark("This import was undone already.")


@dataclass(frozen=True)
class UndoPlan:
    """What undoing an import would do, or has done.

    `batches`: the imports that go together; `removed`: table of the database -> how many of its records go;
    `restored`: how many records get back the values they had; `kept`: the first of the records that stay as they
    are, with the reason; `blocked`: why the import cannot be undone at all.
    """

    batches: tuple[int, ...]
    removed: Mapping[str, int]
    restored: int
    kept: tuple[Kept, ...]
    kept_total: int
    blocked: tuple[Message, ...] = ()

    @property
    def added(self) -> int:
        """How many records go that the import had added."""
        return sum(self.removed.values())

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold, for the result of a job."""
        return {
            "batches": list(self.batches),
            "removed": dict(self.removed),
            "added": self.added,
            "restored": self.restored,
            "kept": [each.to_json() for each in self.kept],
            "kept_total": self.kept_total,
        }


UndoResult = UndoPlan


def undo_plan(actor: Actor, store: Store, batch_id: int) -> UndoPlan:
    """What `undo_import` would do as things stand; changes nothing."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batches = _together(session, batch_id)
        if any(batch.undone_at for batch in batches):
            return UndoPlan(tuple(b.id for b in batches), {}, 0, (), 0, (Message(_UNDONE),))
        return _told(session, reckon(session, batches))


def undo_import(
    actor: Actor, store: Store, batch_id: int, *, now: datetime, progress: Progress = silent
) -> UndoResult:
    """Undo an import, with the sheets that were committed with it, in one transaction.

    Refused when it was undone already. The same file can be imported again afterwards. `progress` is never called
    while the write lock is held.
    """
    actor.require(Permission.IMPORT)
    progress(0.1, Message(mark("Undoing the import")))
    with store.write() as session:
        lock_imports(session)
        batches = _together(session, batch_id)
        if any(batch.undone_at for batch in batches):
            raise Refused(_UNDONE)
        found = reckon(session, batches)
        told = _told(session, found)
        take_back(session, found)
        settle_beside(session, found, now)
        for batch in batches:
            batch.undone_at, batch.undone_by = now, actor.account_id
        raise_data_version(session)
        audit.record(
            session, actor, "import.undone", "import_batch", batch_id, now=now, batches=list(found.batches),
            removed=dict(told.removed), restored=told.restored, kept=told.kept_total,
        )  # fmt: skip
        session.commit()
    progress(1.0, Message(mark("Done")))
    return told


def _together(session: Session, batch_id: int) -> Sequence[ImportBatch]:
    """The batch with those that were committed in one go with it."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(mark("There is no import {number}."), number=batch_id)
    if batch.together is None:
        return [batch]
    query = select(ImportBatch).where(ImportBatch.together == batch.together).order_by(ImportBatch.id)
    return session.scalars(query).all()


def _told(session: Session, found: Reckoning) -> UndoPlan:
    return UndoPlan(
        batches=found.batches,
        removed={table: number for table, number in found.going.items() if number},
        restored=len(found.restored),
        kept=list_kept(session, found.kept, KEPT_SHOWN),
        kept_total=len(found.kept),
    )
