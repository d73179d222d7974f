"""The imports that were made, and the rows that they rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.access.actor import Actor, Permission
from core.access.tables import Account
from core.errors import NotFound
from core.facts.tables import ImportBatch
from core.language import mark
from core.store.engine import Store


def import_batches(actor: Actor, store: Store, *, limit: int = 200) -> pd.DataFrame:
    """The imports, newest first, also those of which no row was taken: the columns of `ImportBatch` without the
    mapping, and `committed_by_name` and `undone_by_name` (missing for the system)."""
    actor.require(Permission.IMPORT)
    columns = [each for each in ImportBatch.__table__.columns if each.name != "mapping"]
    undoer = aliased(Account)
    columns.append(Account.display_name.label("committed_by_name"))
    columns.append(undoer.display_name.label("undone_by_name"))
    query = (
        select(*columns)
        .outerjoin(Account, Account.id == ImportBatch.committed_by)
        .outerjoin(undoer, undoer.id == ImportBatch.undone_by)
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        rows = [tuple(each) for each in session.execute(query)]
    return pd.DataFrame(rows, columns=[each.name for each in columns])


@dataclass(frozen=True)
class Undoing:
    """When an import was undone and by whom; None for the system."""

    at: datetime
    by: str | None


def undoing_of(actor: Actor, store: Store, batch_id: int) -> Undoing | None:
    """The undoing of an import; None while it stands."""
    actor.require(Permission.IMPORT)
    query = (
        select(ImportBatch.undone_at, Account.display_name)
        .outerjoin(Account, Account.id == ImportBatch.undone_by)
        .where(ImportBatch.id == batch_id)
    )
    with store.read() as session:
        for at, by in session.execute(query):
            return None if at is None else Undoing(at, by)
    return None


def last_import(actor: Actor, store: Store) -> datetime | None:
    """When something was imported last."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        query = select(ImportBatch.committed_at).where(ImportBatch.took_rows)
        return session.scalar(query.order_by(ImportBatch.id.desc()).limit(1))


def rejected_rows(actor: Actor, store: Store, batch_id: int) -> tuple[Path, str]:
    """The workbook with the rejected rows of an import, and the name to save it under.

    It holds the rows as the file had them, phones and e-mails among them: for whoever made the import, and for
    those who see contact data.
    """
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batch = session.get(ImportBatch, batch_id)
        relative = batch.rejects_file if batch else None
        may_read = batch is not None and (
            actor.may(Permission.SEE_CONTACT_DATA)
            or (actor.account_id is not None and batch.committed_by == actor.account_id)
        )
        name = f"{Path(batch.file_name).stem}-rejected.xlsx" if batch else ""
    path = store.data_dir / (relative or "")
    if not relative or not may_read or not path.is_file():
        raise NotFound(
            mark("There are no rejected rows to read here. Check the file again to get them anew.")
        )
    return path, name
