"""What the undoing of an import did, for whoever looks at the import later."""

from __future__ import annotations

from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.facts.importing.undo import UndoResult
from core.store.engine import Store
from core.store.tables import Job


def told_of_undoing(actor: Actor, store: Store, batch_id: int) -> UndoResult | None:
    """What the job told that undid this import, alone or with the sheets beside it; None where no job did."""
    actor.require(Permission.IMPORT)
    query = select(Job.result).where(Job.kind == "import_undo", Job.status == "done").order_by(Job.id.desc())
    with store.read() as session:
        told = (UndoResult.from_json(each) for each in session.scalars(query) if each)
        return next((each for each in told if batch_id in each.batches), None)
