"""Which leads a page asks for: what the last cycle copied, narrowed by the filter and the actor's reach.

How far a lead came is read from the mart; who may see it from the database, so that a hand-over counts at once.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, select

from core.access.actor import Actor, Permission, Reach
from core.acquisition.funnel import progress
from core.facts.leads import leads_in_reach
from core.facts.tables import Lead
from core.grading.tables import GradingRun
from core.policy.model import Policy
from core.policy.queries import policy_version
from core.store.engine import Store
from core.store.mart import Mart, current_mart
from core.store.versions import data_version

NOT_STATED = "~"
"""Stands in a filter for leads that have no value there."""
_MIX = 1_009
"""A prime: ids weighted by their rest tell apart sets of ids of one size and sum."""


@dataclass(frozen=True)
class FunnelFilter:
    """Which leads are meant; an empty part means all.

    Texts as the files have them, or NOT_STATED; owners and departments by id. Months are first days, both
    included; None leaves that end open.
    """

    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    owners: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    first_month: date | None = None
    last_month: date | None = None

    @property
    def whole_channels(self) -> bool:
        """Whether a channel is meant with all its leads, so that its cost can be held against them."""
        return not (self.regions or self.industries or self.owners or self.departments)

    def of_all_channels(self) -> FunnelFilter:
        """The same leads' months and places, whatever the channel."""
        return replace(self, channels=(), campaigns=())

    @classmethod
    def from_json(cls, stored: dict[str, object]) -> FunnelFilter:
        """The filter that `to_json` gave; what it does not know is left out."""
        given: dict[str, object] = {}
        for name in {each.name for each in fields(cls)} & stored.keys():
            value = stored[name]
            if isinstance(value, list):
                given[name] = tuple(value)
            elif isinstance(value, str):
                given[name] = date.fromisoformat(value)
        return cls(**given)  # type: ignore[arg-type] # as to_json wrote it

    def to_json(self) -> dict[str, object]:
        """The parts that are not empty, in a form that JSON can hold: codes and ids only."""
        return {
            each.name: value.isoformat() if isinstance(value, date) else list(value)
            for each in fields(self)
            if (value := getattr(self, each.name))
        }


EVERY_LEAD = FunnelFilter()

_COLUMN_OF = {
    "channels": "channel",
    "campaigns": "campaign",
    "regions": "region",
    "industries": "industry",
    "owners": "owner_id",
    "departments": "department_id",
}


@dataclass(frozen=True)
class Basis:
    """What the figures stand on: the copy of the facts that the last cycle looked at, its day and its rules."""

    mart: Mart
    as_of: date
    finished_at: datetime
    policy: Policy
    facts_version: int

    @property
    def stale(self) -> bool:
        """Whether facts have changed since that copy."""
        return self.mart.version != self.facts_version

    @property
    def walked(self) -> pa.Table:
        """The rows of `progress` for all leads; kept until the next copy, for a filter takes no time then."""
        return _walked(*self._key)

    @property
    def _key(self) -> tuple[Mart, int, int, date, str]:
        funnel, zone = self.policy.funnel, self.policy.business.time_zone
        return self.mart, self.mart.saved_ns("leads"), funnel.window_days, self.as_of, zone


def basis(store: Store) -> Basis | None:
    """What there is to read; None before the first cycle."""
    mart = current_mart(store, having="grades")
    with store.read() as session:
        run = session.scalar(select(GradingRun).order_by(GradingRun.id.desc()).limit(1))
        facts = data_version(session)
        session.expunge_all()
    if mart is None or run is None:
        return None
    return Basis(mart, run.as_of, run.finished_at, policy_version(store, run.policy_version), facts)


@lru_cache(maxsize=4)
def _walked(mart: Mart, _saved_ns: int, window_days: int, as_of: date, zone: str) -> pa.Table:
    return progress(mart.table("leads"), window_days, as_of, zone=zone).order_by("id").to_pyarrow()


@dataclass(frozen=True)
class Seen:
    """The leads that one person reaches at one moment: resolved once, for all questions of one run of a page."""

    actor: Actor
    found: Basis
    stamp: tuple[Hashable, ...]
    """Other figures or other leads in reach have another one: with the actor the key of what may be kept."""
    leads: pa.Table
    """The rows of `progress` of these leads."""
    _matched: dict[FunnelFilter, pa.Table] = field(default_factory=dict)

    def matching(self, filters: FunnelFilter) -> pa.Table:
        """Those of the leads that match."""
        if filters not in self._matched:
            self._matched[filters] = _matching(self.leads, filters)
        return self._matched[filters]


def seen(actor: Actor, store: Store) -> Seen | None:
    """What the actor sees now; None before the first cycle.

    Who reaches which lead is read from the database, so that a hand-over counts at once; the leads themselves are
    looked up again only when it changed.
    """
    actor.require(Permission.SEE_DETAILS)
    found = basis(store)
    if found is None:
        return None
    figures = (*found._key, found.finished_at, found.policy.version, found.facts_version)
    if actor.reach is Reach.COMPANY:
        return Seen(actor, found, figures, found.walked)
    reach = _reach(actor, store)
    return Seen(actor, found, (*figures, *reach), _reached(actor, store, found._key, reach))


def for_actor(actor: Actor, store: Store, given: Seen | None) -> Seen | None:
    """What `given` holds, which has to be the actor's own; without it, what the actor sees now."""
    actor.require(Permission.SEE_DETAILS)
    if given is None:
        return seen(actor, store)
    if given.actor != actor:
        raise ValueError("What one person sees cannot be asked for another.")
    return given


def _reach(actor: Actor, store: Store) -> tuple[Hashable, ...]:
    """A checksum of the ids of the leads in reach, with the newest change among them: one cheap query."""
    mixed = Lead.id * (Lead.id % _MIX)
    query = select(func.count(), func.sum(Lead.id), func.sum(mixed), func.max(Lead.updated_at))
    with store.read() as session:
        return tuple(session.execute(query.where(leads_in_reach(actor))).one())


@lru_cache(maxsize=16)
def _reached(
    actor: Actor, store: Store, key: tuple[Mart, int, int, date, str], _reach: tuple[Hashable, ...]
) -> pa.Table:
    with store.read() as session:
        ids = session.scalars(select(Lead.id).where(leads_in_reach(actor))).all()
    walked = _walked(*key)
    return walked.filter(pc.is_in(walked["id"], pa.array(ids, pa.int64())))


def _matching(walked: pa.Table, filters: FunnelFilter) -> pa.Table:
    for name, column in _COLUMN_OF.items():
        chosen = getattr(filters, name)
        if chosen:
            walked = walked.filter(is_one_of(walked[column], chosen))
    if filters.first_month:
        walked = walked.filter(pc.greater_equal(walked["entry_month"], pa.scalar(filters.first_month)))
    if filters.last_month:
        walked = walked.filter(pc.less_equal(walked["entry_month"], pa.scalar(filters.last_month)))
    return walked


def is_one_of(column: pa.ChunkedArray, chosen: tuple[object, ...]) -> pa.ChunkedArray:
    """Which values of `column` are among `chosen`, of which NOT_STATED stands for none."""
    stated = [each for each in chosen if each != NOT_STATED]
    kept = pc.is_in(column, pa.array(stated, column.type))
    return pc.or_(kept, pc.is_null(column)) if len(stated) < len(chosen) else kept
