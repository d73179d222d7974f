"""Reports as long work and as files: brought up to date first, within the reach of who asks, each file recorded."""

from __future__ import annotations

import os
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from core.access.actor import Permission, Role
from core.access.tables import Account, AuditEntry
from core.errors import NotAllowed, NotFound
from core.operations import jobs as operations
from core.operations import worker
from core.operations.reporting import FORMS, report_file
from core.reviews.report_queries import report_document, reports
from core.reviews.report_service import draft, publish
from core.store import jobs
from core.store.presence import present
from tests.factmaking import add_customer, add_order
from tests.reportmaking import OCTOBER, save_obligations, save_october

PAYLOAD = {"month": OCTOBER.isoformat()}


@pytest.fixture(autouse=True)
def today(monkeypatch, now):
    """The worker's clock stands at the tests' day."""
    monkeypatch.setattr("core.clock.now", lambda: now)


@pytest.fixture
def drafted(store, actors, now, kept) -> int:
    def make() -> int:
        save_october(store, actors)
        save_obligations(store, actors)
        return draft(actors.manager, store, OCTOBER, now=now)

    return kept.once("october drafted", make)


def done(store, job_id):
    """The job once the worker has run it."""
    with present(store) as name:
        assert worker.run_one(store, name)
    return jobs.job(store, job_id)


def cycles(store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == "cycle.run")) or 0


def test_a_draft_first_brings_the_measures_up_to_date(store, actors, now):
    with store.write() as session:
        for code in ("A", "B"):
            customer = add_customer(session, code, department_id=actors.east)
            add_order(session, customer, f"no:{code}", [(date(2026, 10, 20), 100_0000)])
        session.commit()
    job_id = operations.ask(actors.operations, store, "report_draft", PAYLOAD, now=now)
    finished = done(store, job_id)
    assert (finished.status, cycles(store)) == ("done", 1)
    (head,) = reports(actors.manager, store)
    assert finished.result == {"report": head.id}
    assert report_document(actors.manager, store, head.id).measure("average_order_value").figure.n == 2

    again = done(store, operations.ask(actors.operations, store, "report_draft", PAYLOAD, now=now))
    assert (again.status, cycles(store)) == ("done", 1)  # nothing has changed since

    with store.write() as session:
        add_order(session, add_customer(session, "C"), "no:C", [(date(2026, 10, 21), 100_0000)])
        session.commit()
    done(store, operations.ask(actors.operations, store, "report_draft", PAYLOAD, now=now))
    assert cycles(store) == 2
    assert report_document(actors.manager, store, head.id).measure("average_order_value").figure.n == 3


def test_a_draft_that_is_refused_leaves_its_sentence_with_the_job(store, actors, drafted, now):
    job_id = operations.ask(actors.manager, store, "report_draft", {"month": "2031-01-01"}, now=now)
    failed = done(store, job_id)
    assert failed.status == "failed"
    assert "has not begun" in failed.error.sentence


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.INTERN])
def test_who_does_not_see_the_whole_company_cannot_ask_for_a_draft(store, actors, now, role):
    with pytest.raises(NotAllowed):
        operations.ask(actors.of(role), store, "report_draft", PAYLOAD, now=now)


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_written_as_a_file_whose_name_tells_month_and_revision(store, actors, drafted, now, form):
    path, name = report_file(actors.manager, store, drafted, form, "en", now=now)
    assert name == f"monthly-report-2026-10-r1.{FORMS[form]}"
    assert path.stat().st_size > 5_000
    with store.read() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.written")).one()
        assert (line.subject_kind, line.subject_id, line.detail) == ("report", str(drafted), {"form": form})


@pytest.mark.parametrize("role", Role)
def test_only_who_reads_reports_and_may_export_gets_a_file(store, actors, drafted, now, role):
    actor = actors.of(role)
    if actor.may(Permission.EXPORT) and actor.may(Permission.SEE_MEASURES):
        assert report_file(actor, store, drafted, "page", "zh_CN", now=now)
        return
    with pytest.raises(NotAllowed):
        report_file(actor, store, drafted, "page", "zh_CN", now=now)


@pytest.mark.parametrize("form", FORMS)
def test_a_supervisors_file_names_no_other_department(store, actors, drafted, now, form):
    path, _ = report_file(actors.supervisor, store, drafted, form, "en", now=now)
    if form == "page":
        text = path.read_text(encoding="utf-8")
    else:
        sheets = openpyxl.load_workbook(path).worksheets
        text = str([row for sheet in sheets for row in sheet.iter_rows(values_only=True)])
    assert "East" in text
    assert "West" not in text


@pytest.mark.parametrize(("report_id", "form"), [(99, "page"), (1, "pdf"), (1, "../page")])
def test_a_report_or_form_that_is_not_there_is_a_sentence(store, actors, drafted, now, report_id, form):
    with pytest.raises(NotFound):
        report_file(actors.manager, store, report_id, form, "en", now=now)
    assert not list((store.data_dir / "exports").glob("*"))


def test_files_of_reports_are_gone_after_a_day(store, actors, drafted, now):
    path, _ = report_file(actors.manager, store, drafted, "page", "en", now=now)
    yesterday = (now - timedelta(days=1, minutes=1)).timestamp()
    os.utime(path, (yesterday, yesterday))
    report_file(actors.manager, store, drafted, "page", "en", now=now)
    assert not path.exists()


@pytest.mark.parametrize("form", FORMS)
def test_a_published_file_is_the_same_to_the_byte_when_its_authors_are_called_otherwise(
    store, actors, drafted, now, form
):
    publish(actors.administrator, store, drafted, 1, now=now)

    def fetched(on) -> bytes:
        return report_file(actors.manager, store, drafted, form, "en", now=on)[0].read_bytes()

    before = fetched(now)
    with store.write() as session:
        session.execute(update(Account).values(display_name=Account.display_name + " (married)"))
        session.commit()
    assert fetched(now + timedelta(hours=3)) == before
