"""The counts of quality month by month: this month's are replaced at each count, past months stay."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import delete, insert

from core.access.actor import Actor, Permission
from core.facts.quality import reminders as quality_reminders
from core.facts.quality.counting import BY_FIELD, TABLE, last_count
from core.facts.tables import QualityCount
from core.store.engine import Store
from core.store.mart import Mart

COUNTED = ("department_id", "field", "expected", "filled", "checked", "passed", "fresh")


def keep_counts(actor: Actor, store: Store, mart: Mart, as_of: date, *, now: datetime) -> int:
    """Keep what `save_quality` has counted in `mart` as the counts of the month of `as_of`, and see which reminders
    are done; the number of these.

    A count for a day before the last one changes nothing: what is past stays as it was found then.
    """
    actor.require(Permission.RUN_CYCLE)
    last = last_count(store)
    if last is not None and as_of < last:
        return 0
    month = as_of.replace(day=1)
    rows = mart.rows(BY_FIELD).select(COUNTED).to_pylist()
    with store.write() as session:
        session.execute(delete(QualityCount).where(QualityCount.month == month))
        if rows:
            session.execute(
                insert(QualityCount), [{**row, "month": month, "counted_on": as_of} for row in rows]
            )
        judged = mart.rows(TABLE)
        done = quality_reminders.settle(
            session, _faultless(judged), judged["customer_id"].to_pylist(), at=now
        )
        session.commit()
    return done


def _faultless(judged: pa.Table) -> list[int]:
    right = pc.and_(pc.equal(judged["missing"], 0), pc.equal(judged["wrong"], 0))
    ids: list[int] = judged.filter(right)["customer_id"].to_pylist()
    return ids
