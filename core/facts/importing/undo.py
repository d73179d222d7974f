"""Undoing an import: what it overwrote is put back, what it added goes, what has changed since stays and is listed.

Undone leads and customers count on in their version, so that whoever has one open notices; everything else of them is
as it was. Sheets that were committed together are undone together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused, StaleEdit
from core.facts.importing.bulk import lock_imports
from core.facts.importing.request import Progress, silent
from core.facts.importing.undo_beside import is_anything_beside, settle_beside
from core.facts.importing.undo_found import Reckoning
from core.facts.importing.undo_reckoning import reckon
from core.facts.importing.undo_records import take_back
from core.facts.importing.undo_words import Kept, list_kept
from core.facts.tables import ImportBatch
from core.language import Message, mark
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import raise_data_version

KEPT_SHOWN = 200
_STILL_NAMED = "23503"
"""SQL state of a record that cannot go, or be named, because of another: a foreign key does not hold."""
_UNDONE = mark("This import was undone already.")
_TOOK_NOTHING = mark("This import added and changed nothing, so there is nothing to undo.")
_ALL_STAYS = mark(
    "Undoing this import would take nothing back: all it brought has been changed since, or something that came later "
    "belongs to it."
)
_ADDED_BESIDE = mark(
    "Somebody has just added something that belongs to a record of this import. Nothing was undone; look again at "
    "what undoing would do."
)


@dataclass(frozen=True)
class UndoPlan:
    """What undoing an import would do, or has done.

    `batches`: the imports that go together; `removed`: table of the database -> how many of its records go;
    `restored`: how many records get back the values they had; `kept`: the first of the records that stay as they
    are, with the reason; `differing`: the first of the restored ones that do not come back quite as they were, with
    the reason; `blocked`: why the import cannot be undone at all.
    """

    batches: tuple[int, ...]
    removed: Mapping[str, int]
    restored: int
    kept: tuple[Kept, ...]
    kept_total: int
    differing: tuple[Kept, ...] = ()
    differing_total: int = 0
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
            "differing": [each.to_json() for each in self.differing],
            "differing_total": self.differing_total,
            "blocked": [each.to_json() for each in self.blocked],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> UndoPlan:
        """What `to_json` gave."""
        return cls(
            batches=tuple(stored["batches"]),
            removed=stored["removed"],
            restored=stored["restored"],
            kept=tuple(Kept.from_json(each) for each in stored["kept"]),
            kept_total=stored["kept_total"],
            # What an earlier version found has neither.
            differing=tuple(Kept.from_json(each) for each in stored.get("differing", ())),
            differing_total=stored.get("differing_total", 0),
            blocked=tuple(Message.from_json(each) for each in stored["blocked"]),
        )


UndoResult = UndoPlan


def undo_plan(actor: Actor, store: Store, batch_id: int, *, progress: Progress = silent) -> UndoPlan:
    """What `undo_import` would do as things stand; changes nothing. Takes seconds where much was overwritten."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batches = _together(session, batch_id)
        if any(batch.undone_at for batch in batches):
            return UndoPlan(tuple(b.id for b in batches), {}, 0, (), 0, blocked=(Message(_UNDONE),))
        found = reckon(session, batches, progress)
        told = _told(session, found)
        return told if _takes_back(session, found, told) else replace(told, blocked=(_nothing(told),))


def undo_import(
    actor: Actor, store: Store, batch_id: int, *, now: datetime, progress: Progress = silent
) -> UndoResult:
    """Undo an import, with the sheets that were committed with it, in one transaction.

    Refused when it was undone already, when nothing would be taken back (it can be tried again when what came later
    is gone), and when somebody adds something to one of its records at the same moment. The same file can be imported
    again afterwards. `progress` is never called while the write lock is held.
    """
    actor.require(Permission.IMPORT)
    progress(0.1, Message(mark("Undoing the import")))
    policy = policy_at(store, now.date())
    try:
        with store.write() as session:
            told = _undo(session, policy, actor, batch_id, now)
            session.commit()
    except IntegrityError as error:
        # PostgreSQL lets others write beside it; what they refer to by now cannot go. SQLite lets nobody.
        if getattr(error.orig, "sqlstate", None) != _STILL_NAMED:
            raise
        raise StaleEdit(_ADDED_BESIDE) from error
    progress(1.0, Message(mark("Done")))
    return told


def _undo(session: Session, policy: Policy, actor: Actor, batch_id: int, now: datetime) -> UndoResult:
    """Undo it in the running transaction."""
    lock_imports(session)
    batches = _together(session, batch_id)
    if any(batch.undone_at for batch in batches):
        raise Refused(_UNDONE)
    found = reckon(session, batches)
    told = _told(session, found)
    if not _takes_back(session, found, told):
        raise Refused(_nothing(told).sentence)
    take_back(session, found)
    settle_beside(session, found, policy, now)
    for batch in batches:
        batch.undone_at, batch.undone_by = now, actor.account_id
    raise_data_version(session)
    audit.record(
        session, actor, "import.undone", "import_batch", batch_id, now=now, batches=list(found.batches),
        removed=dict(told.removed), restored=told.restored, kept=told.kept_total,
    )  # fmt: skip
    return told


def _takes_back(session: Session, found: Reckoning, told: UndoPlan) -> bool:
    """Whether undoing changes anything: a record, what a later import would put back, or, where no record stays, what
    stands beside them. An import of which all records stay can be undone later, and what stands beside them then."""
    if told.removed or told.restored or found.overtaken:
        return True
    return not told.kept_total and is_anything_beside(session, found)


def _nothing(told: UndoPlan) -> Message:
    return Message(_ALL_STAYS if told.kept_total else _TOOK_NOTHING)


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
        differing=list_kept(session, found.differing, KEPT_SHOWN),
        differing_total=len(found.differing),
    )
