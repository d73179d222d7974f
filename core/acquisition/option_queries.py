"""What can be chosen in the filters of the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import Department, StaffMember
from core.acquisition.selection import NOT_STATED, Seen, for_actor
from core.facts.leads import leads_in_reach
from core.facts.tables import Lead
from core.store.engine import Store


@dataclass(frozen=True)
class FunnelOptions:
    """The values among the leads in reach: texts, (id, name) of owners and departments, months of arrival."""

    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    owners: tuple[tuple[int, str], ...]
    departments: tuple[tuple[int, str], ...]
    months: tuple[date, ...]


def options(actor: Actor, store: Store, *, seen: Seen | None = None) -> FunnelOptions:
    """What can be chosen in the filters; NOT_STATED stands last where a text is missing."""
    seen = for_actor(actor, store, seen)
    if seen is None:
        return FunnelOptions((), (), (), (), (), (), ())
    walked = seen.leads
    with store.read() as session:

        def people(table: type[Department | StaffMember], column: Any) -> tuple[tuple[int, str], ...]:
            used = select(column).where(leads_in_reach(actor), column.is_not(None)).distinct()
            query = select(table.id, table.name).where(table.id.in_(used)).order_by(table.name)
            return tuple((each.id, each.name) for each in session.execute(query))

        return FunnelOptions(
            channels=_texts(walked["channel"]),
            campaigns=_texts(walked["campaign"]),
            regions=_texts(walked["region"]),
            industries=_texts(walked["industry"]),
            owners=people(StaffMember, Lead.owner_id),
            departments=people(Department, Lead.department_id),
            months=tuple(sorted(walked["entry_month"].unique().to_pylist())),
        )


def _texts(column: pa.ChunkedArray) -> tuple[str, ...]:
    values = column.unique().to_pylist()
    stated = sorted(value for value in values if value is not None)
    return (*stated, NOT_STATED) if len(stated) < len(values) else tuple(stated)
