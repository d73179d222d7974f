"""The reports of the demo company: the last full month drafted, the month before published by its manager."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.access.actor import Actor, Role
from core.access.tables import Account
from core.dates import business_date, business_midnight, months_before
from core.reviews.report_queries import reports
from core.reviews.report_service import draft, publish
from core.store.engine import Store

_DRAFTED_AFTER, _PUBLISHED_AFTER = (
    timedelta(days=1, hours=9, minutes=30),
    timedelta(days=3, hours=15, minutes=10),
)
"""From the end of the month: the second working morning, the afternoon of the fourth day."""


def write_reports(store: Store, *, now: datetime, zone: str) -> None:
    """Draft and publish as the manager, when a manager would have. Months that are reported stay as they are."""
    manager = _manager(store)
    full = months_before(business_date(now, zone).replace(day=1), 1)
    before = months_before(full, 1)
    reported = {head.month for head in reports(manager, store)}
    if before not in reported:
        end = _end(before, zone)
        report_id = draft(manager, store, before, now=end + _DRAFTED_AFTER)
        publish(manager, store, report_id, 1, now=end + _PUBLISHED_AFTER)
    if full not in reported:
        draft(manager, store, full, now=min(_end(full, zone) + _DRAFTED_AFTER, now))


def _end(month: date, zone: str) -> datetime:
    return business_midnight(months_before(month, -1), zone)


def _manager(store: Store) -> Actor:
    with store.read() as session:
        account = session.scalars(select(Account).where(Account.username == Role.MANAGER.value)).one()
        return Actor(account.id, account.display_name, Role.MANAGER)
