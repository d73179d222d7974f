"""The demo company's reports: written by its manager, when a manager would have written them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from core.access.tables import Account
from core.operations.demo.report import write_reports
from core.reviews.report_queries import reports
from tests.reportmaking import OCTOBER, SEPTEMBER, save_october

ZONE = "Asia/Shanghai"


@pytest.fixture
def manager(store, actors):
    """The manager, by the user name of the demo company's."""
    with store.write() as session:
        session.execute(
            update(Account).where(Account.id == actors.manager.account_id).values(username="manager")
        )
        session.commit()
    save_october(store, actors)
    return actors.manager


def test_the_last_full_month_is_drafted_and_the_one_before_published(store, manager, now):
    write_reports(store, now=now, zone=ZONE)
    october, september = reports(manager, store)
    assert (october.month, october.status, october.drafted_by) == (OCTOBER, "draft", "Mai")
    assert october.drafted_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert (september.month, september.status, september.published_by) == (SEPTEMBER, "published", "Mai")
    assert september.drafted_at == datetime(2026, 10, 2, 1, 30, tzinfo=UTC)
    assert september.published_at == datetime(2026, 10, 4, 7, 10, tzinfo=UTC)


def test_nothing_is_drafted_at_a_time_that_has_not_come(store, manager, actors):
    early = datetime(2026, 10, 31, 20, tzinfo=UTC)  # four in the morning of the first of November
    write_reports(store, now=early, zone=ZONE)
    assert reports(manager, store)[0].drafted_at == early


def test_run_again_it_leaves_the_reports_as_they_are(store, manager, now):
    write_reports(store, now=now, zone=ZONE)
    before = reports(manager, store)
    write_reports(store, now=now, zone=ZONE)
    assert reports(manager, store) == before
