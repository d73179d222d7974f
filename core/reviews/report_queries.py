"""Reads of monthly reports: which there are, and what one says within the reader's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from core.access.actor import Actor, Permission, Reach
from core.errors import NotFound
from core.language import mark
from core.reviews.document import Document
from core.reviews.report_gathering import ground
from core.reviews.report_seal import DRAFT, opened
from core.reviews.tables import Report
from core.store.engine import Store
from core.store.versions import data_version


@dataclass(frozen=True)
class ReportHead:
    """A report without its content. People are the names they had then, None for the system."""

    id: int
    month: date
    revision: int
    status: str
    version: int
    sha256: str
    seal: str | None
    reason: str
    policy_version: int
    drafted_at: datetime
    drafted_by: str | None
    published_at: datetime | None
    published_by: str | None

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT


def reports(actor: Actor, store: Store) -> tuple[ReportHead, ...]:
    """Every report, the newest month and revision first."""
    actor.require(Permission.SEE_MEASURES)
    query = select(
        Report.id,
        Report.month,
        Report.revision,
        Report.status,
        Report.version,
        Report.sha256,
        Report.seal,
        Report.reason,
        Report.policy_version,
        Report.drafted_at,
        Report.drafted_by_name.label("drafted_by"),
        Report.published_at,
        Report.published_by_name.label("published_by"),
    ).order_by(Report.month.desc(), Report.revision.desc())
    with store.read() as session:
        return tuple(ReportHead(**row) for row in session.execute(query).mappings())


def report_document(actor: Actor, store: Store, report_id: int) -> Document:
    """What the report says within the actor's reach: bound to a department, of departments only the own one.

    Refused where the content no longer matches its seal.
    """
    actor.require(Permission.SEE_MEASURES)
    with store.read() as session:
        report = session.get(Report, report_id)
        if report is None:
            raise NotFound(mark("There is no such report."))
        document = opened(store, report)
    return document if actor.reach is Reach.COMPANY else document.of_department(actor.department_id)


class Newer(StrEnum):
    """What has come since a report was drafted."""

    FIGURES = "figures"
    """Figures worked out from newer facts, or up to a later day of a month that was not over."""
    FACTS = "facts"
    """Facts that no figures hold yet."""


def newer_than(actor: Actor, store: Store, document: Document) -> Newer | None:
    """What a new draft would hold that this one does not; None where it would say the same."""
    actor.require(Permission.SEE_MEASURES)
    on, meta = ground(store), document.meta
    if on is not None and (
        on.mart.version > meta.data_version or (not meta.complete and on.stamp.as_of > meta.as_of)
    ):
        return Newer.FIGURES
    with store.read() as session:
        return Newer.FACTS if data_version(session) > meta.data_version else None


def months_with_figures(actor: Actor, store: Store) -> tuple[date, ...]:
    """The first days of the months of which a report can be drafted, the newest first."""
    actor.require(Permission.SEE_MEASURES)
    on = ground(store)
    return () if on is None else tuple(reversed(on.months))
