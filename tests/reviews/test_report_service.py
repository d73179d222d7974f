"""Drafting, publishing and revising a report: what is refused, what is kept, and that nothing published changes."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from core.access.actor import Permission, Role
from core.access.tables import AuditEntry
from core.errors import NotAllowed, NotFound, ProductError, Refused, StaleEdit
from core.reviews.document import from_text, sha256
from core.reviews.report_queries import report_document, reports
from core.reviews.report_service import LONGEST_REASON, draft, publish, revise
from core.reviews.tables import Report
from tests.reportmaking import NOVEMBER, OCTOBER, SEPTEMBER, save_october

LATER = timedelta(days=1)


@pytest.fixture
def drafted(store, actors, october, now) -> int:
    return draft(actors.manager, store, OCTOBER, now=now)


@pytest.fixture
def published(store, actors, drafted, now) -> int:
    publish(actors.manager, store, drafted, 1, now=now)
    return drafted


def record(store, report_id) -> Report:
    with store.read() as session:
        report = session.get_one(Report, report_id)
        session.expunge(report)
    return report


def test_a_draft_is_kept_with_its_seal_and_what_it_rests_on(store, actors, drafted, now):
    report = record(store, drafted)
    assert (report.month, report.revision, report.status, report.version) == (OCTOBER, 1, "draft", 1)
    assert report.sha256 == sha256(report.document)
    assert (report.policy_version, report.drafted_at, report.drafted_by) == (
        1,
        now,
        actors.manager.account_id,
    )
    assert from_text(report.document).meta.data_version == report.data_version


def test_a_draft_of_any_day_of_the_month_replaces_the_draft_before(store, actors, drafted, now):
    again = draft(actors.operations, store, date(2026, 10, 17), now=now + LATER)
    report = record(store, again)
    assert (again, report.version, report.revision) == (drafted, 2, 1)
    assert (report.drafted_at, report.drafted_by) == (now + LATER, actors.operations.account_id)
    with store.read() as session:
        assert len(session.scalars(select(Report)).all()) == 1


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_the_whole_company_drafts(store, actors, october, now, role):
    actor = actors.of(role)
    if role in (Role.ADMINISTRATOR, Role.MANAGER, Role.OPERATIONS):
        assert draft(actor, store, OCTOBER, now=now)
    else:
        with pytest.raises(NotAllowed):
            draft(actor, store, OCTOBER, now=now)


@pytest.mark.parametrize("role", Role)
def test_only_who_holds_the_right_publishes_and_revises(store, actors, drafted, now, role):
    actor = actors.of(role)
    if actor.may(Permission.PUBLISH):
        publish(actor, store, drafted, 1, now=now)
        assert revise(actor, store, drafted, "a file came late", now=now)
        return
    with pytest.raises(NotAllowed):
        publish(actor, store, drafted, 1, now=now)
    publish(actors.manager, store, drafted, 1, now=now)
    with pytest.raises(NotAllowed):
        revise(actor, store, drafted, "a file came late", now=now)


def test_publishing_freezes_the_draft_as_it_was_looked_at(store, actors, drafted, now):
    before = record(store, drafted)
    publish(actors.manager, store, drafted, 1, now=now + LATER)
    report = record(store, drafted)
    assert (report.status, report.published_by) == ("published", actors.manager.account_id)
    assert report.published_at == now + LATER
    assert (report.document, report.sha256) == (before.document, before.sha256)


def test_a_published_report_is_byte_identical_whatever_is_measured_later(store, actors, published, now):
    before = record(store, published)
    save_october(
        store, actors, more=[{"measure": "win_back", "start": OCTOBER, "numerator": 5, "denominator": 9}]
    )
    with pytest.raises(Refused, match="revision"):
        draft(actors.manager, store, OCTOBER, now=now + LATER)
    after = record(store, published)
    assert (after.document.encode(), after.sha256) == (before.document.encode(), before.sha256)
    assert after.sha256 == sha256(after.document)


def test_publishing_twice_is_refused(store, actors, published, now):
    with pytest.raises(Refused, match="already"):
        publish(actors.manager, store, published, 2, now=now)


def test_a_draft_that_was_replaced_meanwhile_is_not_published_unseen(store, actors, drafted, now):
    draft(actors.operations, store, OCTOBER, now=now + LATER)
    with pytest.raises(StaleEdit):
        publish(actors.manager, store, drafted, 1, now=now + LATER)
    assert record(store, drafted).status == "draft"


def test_a_month_that_is_not_over_can_be_drafted_but_not_published(store, actors, october, now):
    running = draft(actors.manager, store, NOVEMBER, now=now)
    with pytest.raises(Refused, match="not over"):
        publish(actors.manager, store, running, 1, now=now)


def test_a_draft_made_while_the_month_ran_is_not_published_after_its_end(store, actors, october, now):
    running = draft(actors.manager, store, NOVEMBER, now=now)
    with pytest.raises(Refused, match="Draft it again"):
        publish(actors.manager, store, running, 1, now=now + timedelta(days=40))


def test_a_draft_whose_content_was_changed_outside_is_not_published(store, actors, drafted, now):
    with store.write() as session:
        session.execute(update(Report).values(document=Report.document + " "))
        session.commit()
    with pytest.raises(Refused, match="seal"):
        publish(actors.manager, store, drafted, 1, now=now)


def test_a_correction_is_the_next_revision_with_its_reason_and_the_first_stays(store, actors, published, now):
    before = record(store, published)
    second = revise(actors.manager, store, published, "  a file  came late ", now=now + LATER)
    report = record(store, second)
    assert (report.revision, report.status, report.reason) == (2, "draft", "a file came late")
    assert from_text(report.document).meta.revision == 2
    assert draft(actors.operations, store, OCTOBER, now=now + LATER) == second
    assert record(store, second).reason == "a file came late"
    publish(actors.manager, store, second, 2, now=now + LATER)
    assert record(store, published).document == before.document
    assert [(head.revision, head.status) for head in reports(actors.manager, store)] == [
        (2, "published"),
        (1, "published"),
    ]


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * (LONGEST_REASON + 1)])
def test_a_revision_needs_a_reason_of_some_words(store, actors, published, now, reason):
    with pytest.raises(Refused, match="500"):
        revise(actors.manager, store, published, reason, now=now)


def test_a_draft_is_not_revised_and_only_the_last_revision_is(store, actors, drafted, now):
    with pytest.raises(Refused):
        revise(actors.manager, store, drafted, "too early", now=now)
    publish(actors.manager, store, drafted, 1, now=now)
    revise(actors.manager, store, drafted, "a file came late", now=now)
    with pytest.raises(Refused, match="later revision"):
        revise(actors.manager, store, drafted, "another file", now=now)


def test_a_report_that_is_not_there_is_a_sentence(store, actors, october, now):
    for command in (
        lambda: publish(actors.manager, store, 99, 1, now=now),
        lambda: revise(actors.manager, store, 99, "why", now=now),
        lambda: report_document(actors.manager, store, 99),
    ):
        with pytest.raises(NotFound):
            command()


def test_before_measures_were_worked_out_a_draft_is_refused(store, actors, now):
    with pytest.raises(Refused, match="worked out"):
        draft(actors.manager, store, OCTOBER, now=now)


def test_of_two_who_draft_the_same_month_at_once_one_draft_is_left(store, actors, october, now):
    barrier, ended = Barrier(2), []

    def work() -> None:
        barrier.wait()
        try:
            ended.append(draft(actors.manager, store, SEPTEMBER, now=now))
        except ProductError as error:
            ended.append(type(error))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        (kept,) = session.scalars(select(Report.id)).all()
    assert kept in ended
    assert {each for each in ended if each != kept} <= {StaleEdit}


def test_every_step_leaves_its_line_in_the_audit_trail(store, actors, published, now):
    revise(actors.manager, store, published, "a file came late", now=now)
    with store.read() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "report")).all()
        assert [line.action for line in lines] == ["report.drafted", "report.published", "report.drafted"]
        assert [line.detail["revision"] for line in lines] == [1, 1, 2]
        assert not any("late" in str(line.detail) for line in lines)
