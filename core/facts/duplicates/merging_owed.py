"""How what is owed about a customer goes over to another one with a merge, and back.

By whom it is owed, and whether the facts still make it owed, is worked out afterwards by `update_clock.bring_in_line`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.facts.update_clock import SUBJECT, open_about
from core.obligations.tables import Obligation


def move_owed(session: Session, kept: int, gone: int, *, now: datetime) -> tuple[list[int], list[int]]:
    """What is owed about the one is owed about the other; the same thing is owed once, by the earlier due time: what
    is late stays late. Which entries went over, and which ended."""
    earliest = (Obligation.due_at, Obligation.subject_id != kept, Obligation.id)
    went, ended, kinds = [], [], set[str]()
    for entry in session.scalars(select(Obligation).where(open_about((kept, gone))).order_by(*earliest)):
        if entry.kind in kinds:
            ended.append(entry)
        elif entry.subject_id == gone:
            went.append(entry)
        kinds.add(entry.kind)
    for entry in ended:
        entry.cancelled_at = now
    session.flush()  # one of a kind at every moment
    for entry in went:
        entry.subject_id = kept
    session.flush()
    return [entry.id for entry in went], [entry.id for entry in ended]


def move_owed_back(
    session: Session,
    kept: int,
    gone: int,
    went: Iterable[int],
    ended: Iterable[int],
    *,
    merged_at: datetime,
    now: datetime,
) -> None:
    """What was owed about either when they became one is owed again. What has been done since was done to the record
    of the kept one, and says nothing of the other."""
    for entry in _those(session, Obligation.id.in_(went)):
        if entry.done_at is None or entry.done_at == merged_at:
            entry.subject_id, entry.done_at, entry.cancelled_at = gone, None, None
        else:
            session.add(_again(entry, gone))
    session.flush()
    since = _those(session, (Obligation.subject_id == kept) & (Obligation.done_at >= merged_at))
    answered = {entry.kind for entry in since if entry.done_at != merged_at}
    before = _those(session, Obligation.id.in_(ended))
    back = [entry for entry in since if entry.done_at == merged_at]  # the merge had completed the record
    back += [entry for entry in before if entry.subject_id == gone or entry.kind not in answered]
    kinds = {entry.kind for entry in back if entry.subject_id == kept}
    for entry in _those(session, open_about([kept]) & Obligation.kind.in_(kinds)):
        entry.cancelled_at = now  # its facts join what was owed before
    session.flush()
    for entry in back:
        entry.done_at = entry.cancelled_at = None
    session.flush()


def _those(session: Session, condition: ColumnElement[bool]) -> list[Obligation]:
    about = Obligation.subject_kind == SUBJECT
    return list(session.scalars(select(Obligation).where(about, condition).order_by(Obligation.id)))


def _again(entry: Obligation, subject: int) -> Obligation:
    """The same thing, owed by the same time about another customer."""
    return Obligation(
        kind=entry.kind,
        subject_kind=SUBJECT,
        subject_id=subject,
        owner_id=entry.owner_id,
        department_id=entry.department_id,
        triggered_at=entry.triggered_at,
        due_at=entry.due_at,
        policy_version=entry.policy_version,
    )
