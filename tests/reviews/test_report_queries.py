"""Reading reports: who sees what of them, and that a change from outside is noticed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from core.access.actor import Permission, Role
from core.access.vault import Vault, key_file
from core.errors import NotAllowed, Refused
from core.reviews import report_seal
from core.reviews.document import sha256, to_text
from core.reviews.report_queries import months_with_figures, report_document, reports
from core.reviews.report_service import draft, publish
from core.reviews.tables import Report
from tests.reportmaking import NOVEMBER, OCTOBER, SEPTEMBER


@pytest.fixture
def drafted(store, actors, october, now) -> int:
    return draft(actors.manager, store, OCTOBER, now=now)


def change(store, **values) -> None:
    """Change every report as somebody would who writes into the database."""
    with store.write() as session:
        session.execute(update(Report).values(**values))
        session.commit()


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_see_measures_read_reports(store, actors, drafted, role):
    actor = actors.of(role)
    if actor.may(Permission.SEE_MEASURES):
        assert reports(actor, store)
        assert report_document(actor, store, drafted).measures
        return
    for read in (reports, months_with_figures):
        with pytest.raises(NotAllowed):
            read(actor, store)
    with pytest.raises(NotAllowed):
        report_document(actor, store, drafted)


@pytest.mark.parametrize(
    ("who", "own", "other"), [("supervisor", "East", "West"), ("west_supervisor", "West", "East")]
)
def test_a_supervisor_reads_the_company_and_the_own_department_only(store, actors, drafted, who, own, other):
    document = report_document(getattr(actors, who), store, drafted)
    assert {row.department for line in document.measures for row in line.departments} == {own}
    assert {row.department for line in document.obligations for row in line.departments} == {own}
    assert document.measure("completeness").figure.n == 2000
    assert other not in to_text(document)


def test_a_report_names_who_drafted_it_and_is_listed_the_newest_first(store, actors, drafted, now):
    draft(actors.operations, store, SEPTEMBER, now=now)
    heads = reports(actors.manager, store)
    assert [(head.month, head.drafted_by, head.published_by) for head in heads] == [
        (OCTOBER, "Mai", None),
        (SEPTEMBER, "Olga", None),
    ]


def test_the_months_to_draft_are_those_with_figures(store, actors, drafted):
    months = months_with_figures(actors.manager, store)
    assert (months[0], len(months)) == (NOVEMBER, 13)


def test_read_again_a_report_gives_the_same_bytes(store, actors, drafted):
    first, again = (to_text(report_document(actors.manager, store, drafted)) for _ in range(2))
    with store.read() as session:
        assert first.encode() == again.encode() == session.get_one(Report, drafted).document.encode()


@pytest.mark.parametrize("changed", [{"document": "{}"}, {"sha256": "0" * 64}])
def test_what_was_changed_outside_the_product_is_said_and_not_shown(store, actors, drafted, changed):
    change(store, **changed)
    with pytest.raises(Refused, match="seal"):
        report_document(actors.manager, store, drafted)


@pytest.mark.parametrize(
    "changed",
    [
        {"document": "{}", "sha256": sha256("{}")},
        {"seal": None},
        {"seal": "0" * 64},
        {"month": SEPTEMBER},
        {"revision": 2},
        {"reason": "another"},
        {"data_version": 99},
        {"published_at": datetime(2026, 11, 9, tzinfo=UTC)},
        {"published_by_name": "Somebody else"},
        {"drafted_by_name": None},
        {"status": "draft"},
    ],
    ids="+".join,
)
def test_of_a_published_report_nothing_can_be_changed_with_its_digest_worked_out_anew(
    store, actors, drafted, now, changed
):
    publish(actors.manager, store, drafted, 1, now=now)
    assert report_document(actors.manager, store, drafted).measures
    change(store, **changed)
    with pytest.raises(Refused, match="seal"):
        report_document(actors.manager, store, drafted)


def test_a_seal_of_another_house_is_refused(store, actors, drafted, now):
    publish(actors.manager, store, drafted, 1, now=now)
    with store.read() as session:
        report = session.get_one(Report, drafted)
        other = Vault(key_file(store), b"another key of thirty-two bytes!")
        forged = other.sign(report_seal._sealed(report), "report")
    change(store, seal=forged)
    with pytest.raises(Refused, match="seal"):
        report_document(actors.manager, store, drafted)
