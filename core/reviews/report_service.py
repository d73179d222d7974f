"""Commands on monthly reports: draft, publish, revise. What was published is never changed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission, Reach
from core.dates import months_before
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.language import mark
from core.reviews.document import Document, sha256, to_text
from core.reviews.report_compose import compose
from core.reviews.report_gathering import gather, ground, month_over
from core.reviews.report_seal import DRAFT, PUBLISHED, opened, seal
from core.reviews.tables import Report
from core.store.engine import Store

LONGEST_REASON = 500
_NO_REPORT = mark("There is no such report.")
_MEANWHILE = mark("Somebody else changed this report in the meantime. Nothing was changed; look at it again.")


@dataclass(frozen=True)
class _Seen:
    """A report as it was found, to notice whether it has changed since."""

    id: int
    month: date
    revision: int
    status: str
    reason: str
    version: int


def may_draft(actor: Actor) -> bool:
    """Whether the actor may work out a report: who sees the measures of the whole company."""
    return actor.may(Permission.SEE_MEASURES) and actor.reach is Reach.COMPANY


def draft(actor: Actor, store: Store, month: date, *, now: datetime) -> int:
    """Work out the report of the month that begins on `month` from the newest measures; its id.

    A draft of the month is replaced. A month that is not over gives a report that is marked so. Refused for a month
    without figures, and where the month is published: what follows then is a revision.
    """
    _require_drafting(actor)
    month = month.replace(day=1)
    with store.read() as session:
        latest = _latest(session, month)
    if latest is not None and latest.status == PUBLISHED:
        raise Refused(
            mark("The report of this month is published. Correct it by a revision, with the reason for it.")
        )
    document = _document(actor, store, month, latest.revision if latest else 1, now=now)
    return _keep(actor, store, document, latest, reason=latest.reason if latest else "", now=now)


def publish(actor: Actor, store: Store, report_id: int, expected_version: int, *, now: datetime) -> None:
    """Freeze a draft as the company's word. `expected_version`: the one that was looked at.

    Refused for a month that is not over, or was not when the draft was made, and for what is published already.
    """
    actor.require(Permission.PUBLISH)
    with store.write() as session:
        report = _report(session, report_id)
        if report.status == PUBLISHED:
            raise Refused(mark("This report is published already. Correct it by a revision."))
        if report.version != expected_version:
            raise StaleEdit(_MEANWHILE)
        document = opened(store, report)
        if not month_over(document.meta.month, document.meta.time_zone, now=now):
            raise Refused(
                mark("The month is not over. It can be published from {day} on."),
                day=months_before(document.meta.month, -1),
            )
        if not document.meta.complete:
            raise Refused(
                mark(
                    "This draft was made before the figures of the month were complete. Draft it again first."
                )
            )
        report.status, report.published_at, report.published_by = PUBLISHED, now, actor.account_id
        report.published_by_name = _name(actor)
        report.seal = seal(store, report)
        report.version += 1
        audit.record(session, actor, "report.published", "report", report.id, now=now, **_stamp(report))
        session.commit()


def revise(actor: Actor, store: Store, report_id: int, reason: str, *, now: datetime) -> int:
    """Begin the correction of a published report: its next revision, as a draft from the newest measures; the id.

    `reason` is told to every reader, 1 to 500 characters. The published revision stays as it is.
    """
    actor.require(Permission.PUBLISH)
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Refused(mark("Say in 1 to {most} characters why the report is revised."), most=LONGEST_REASON)
    with store.read() as session:
        report = _seen(_report(session, report_id))
        latest = _latest(session, report.month)
    if report.status != PUBLISHED:
        raise Refused(mark("Only a published report is corrected by a revision; a draft is drafted again."))
    if latest != report:
        raise Refused(mark("There is a later revision of this report. Go on from that one."))
    document = _document(actor, store, report.month, report.revision + 1, now=now)
    return _keep(actor, store, document, report, reason=reason, now=now)


def _require_drafting(actor: Actor) -> None:
    actor.require(Permission.SEE_MEASURES)
    if not may_draft(actor):
        raise NotAllowed(mark("A report is drafted by somebody who sees the whole company."))


def _document(actor: Actor, store: Store, month: date, revision: int, *, now: datetime) -> Document:
    on = ground(store)
    if on is None:
        raise Refused(
            mark(
                "The measures have not been worked out yet. Run the cycle once; then the report can be drafted."
            )
        )
    if month > on.stamp.as_of:
        raise Refused(mark("This month has not begun. Choose an earlier one."))
    return compose(gather(actor, store, on, month, revision, now=now))


def _keep(
    actor: Actor, store: Store, document: Document, latest: _Seen | None, *, reason: str, now: datetime
) -> int:
    """Save the draft: over `latest` where that is a draft of the same revision, else as a new one."""
    text = to_text(document)
    month, revision = document.meta.month, document.meta.revision
    with store.write() as session:
        if _latest(session, month) != latest:
            raise StaleEdit(_MEANWHILE)
        if latest is not None and latest.revision == revision:
            found = _report(session, latest.id)
        else:
            found = Report(month=month, revision=revision, version=0, reason=reason)
            session.add(found)
        found.status, found.document, found.sha256 = DRAFT, text, sha256(text)
        found.policy_version = document.meta.policy_version
        found.data_version = document.meta.data_version
        found.drafted_at, found.drafted_by = now, actor.account_id
        found.drafted_by_name = _name(actor)
        found.version += 1
        try:
            session.flush()
        except IntegrityError:
            _meanwhile()
        audit.record(session, actor, "report.drafted", "report", found.id, now=now, **_stamp(found))
        session.commit()
        return found.id


def _name(actor: Actor) -> str | None:
    """What the report calls its author for good, however the account is called later; None for the system."""
    return None if actor.account_id is None else actor.name


def _meanwhile() -> NoReturn:
    # PostgreSQL lets two begin the same revision; the second finds the place taken.
    raise StaleEdit(_MEANWHILE) from None


def _stamp(report: Report) -> dict[str, object]:
    return {"month": report.month.isoformat(), "revision": report.revision, "sha256": report.sha256}


def _report(session: Session, report_id: int) -> Report:
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound(_NO_REPORT)
    return report


def _latest(session: Session, month: date) -> _Seen | None:
    report = session.scalar(
        select(Report).where(Report.month == month).order_by(Report.revision.desc()).limit(1)
    )
    return None if report is None else _seen(report)


def _seen(report: Report) -> _Seen:
    return _Seen(report.id, report.month, report.revision, report.status, report.reason, report.version)
