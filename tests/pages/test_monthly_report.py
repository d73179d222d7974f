"""Monthly report: who sees what of it, and what becomes of a draft."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from core.access.actor import Permission, Role
from core.operations.reporting import FORMS
from core.reviews.report_queries import reports
from core.reviews.report_service import draft, publish, revise
from core.reviews.tables import Report
from core.store.engine import Store
from core.store.tables import Job
from core.store.versions import raise_data_version
from tests.conftest import NOW, Actors
from tests.kept import Kept
from tests.pages.conftest import LOCALES, Open, words
from tests.reportmaking import NOVEMBER, OCTOBER, SEPTEMBER, save_obligations, save_october

PAGE = "monthly_report"
OVER = NOW + timedelta(minutes=5)


@pytest.fixture
def october(store: Store, actors: Actors, kept: Kept) -> int:
    """The report of October, drafted by the manager; its id."""

    def make() -> int:
        save_october(store, actors)
        save_obligations(store, actors)
        return draft(actors.manager, store, OCTOBER, now=NOW)

    return kept.once("pages october", make)


def keys(app: AppTest) -> set[str]:
    """The buttons on the page."""
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LOCALES)
def test_before_anything_was_measured_the_page_says_what_to_do(
    open_page: Open, actors: Actors, role: Role, language: str
) -> None:
    actor = actors.of(role)
    app = open_page(actor, PAGE, language)
    assert not app.exception
    if actor.may(Permission.SEE_MEASURES):
        assert {"zh_CN": "还没有可出报告的月份", "en": "No month to report yet"}[language] in words(app)
    else:
        assert "No month to report yet" not in words(app)


@pytest.mark.parametrize("language", LOCALES)
def test_a_month_without_a_report_offers_to_draft_it(
    open_page: Open, actors: Actors, store: Store, language: str
) -> None:
    save_october(store, actors)
    app = open_page(actors.operations, PAGE, language)
    assert not app.exception
    assert app.query_params["month"] == "2026-10"  # the last one that is over
    app.button(key="report.draft.ask").click().run()
    with store.read() as session:
        job = session.scalars(select(Job).where(Job.kind == "report_draft")).one()
        assert job.payload == {"month": "2026-10-01"}


def test_who_sees_a_department_alone_waits_for_the_first_report(
    open_page: Open, actors: Actors, store: Store
) -> None:
    save_october(store, actors)
    app = open_page(actors.supervisor, PAGE)
    assert "No month to report yet" in words(app)
    assert "report.draft.ask" not in keys(app)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.STAFF, Role.INTERN)])
@pytest.mark.parametrize("language", LOCALES)
def test_a_report_shows_its_findings_measures_and_what_was_owed(
    open_page: Open, actors: Actors, october: int, role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language)
    assert not app.exception
    measures = app.dataframe[0].value
    completeness = measures.iloc[0]
    assert completeness["value"] == "80.0%"
    assert completeness["standing"].startswith("▲")
    assert completeness["change"].startswith("−5.0")
    entered = {"zh_CN": "2026年7月", "en": "entered in July 2026"}[language]
    assert [entered in name for name in measures["measure"]].count(True) == 1  # of lead conversion alone
    owed = [element.proto.body for element in app.get("html") if "<table>" in element.proto.body][-1]
    figures = re.findall(r"<td[^>]*>([^<]*)</td>", owed)
    assert figures[1:7] == ["4", "2", "1", "1", "0", "50.0%"]
    assert len(figures) == 7 * (2 if role is Role.SUPERVISOR else 3)


def test_a_supervisor_sees_no_other_department_anywhere_on_the_page(
    open_page: Open, actors: Actors, october: int
) -> None:
    app = open_page(actors.supervisor, PAGE)
    everything = words(app) + str([element.proto for element in app.get("bidi_component")])
    assert "East" in everything
    assert "West" not in everything


def test_drawings_are_those_of_the_measure_in_the_address(
    open_page: Open, actors: Actors, october: int
) -> None:
    app = open_page(actors.manager, PAGE, measure="win_back")
    assert app.selectbox(key="report.measure").value == "win_back"
    app = open_page(actors.manager, PAGE, measure="no-such")
    assert app.selectbox(key="report.measure").value == "completeness"  # departments really differ in it
    assert app.query_params["measure"] == "completeness"


def test_what_may_be_done_follows_the_role(open_page: Open, actors: Actors, october: int) -> None:
    publish_key = f"report.publish.{october}.ask"
    offered = {
        role: keys(open_page(actors.of(role), PAGE))
        for role in (Role.MANAGER, Role.OPERATIONS, Role.SUPERVISOR)
    }
    assert {"report.draft.ask", publish_key} <= offered[Role.MANAGER]
    assert "report.draft.ask" in offered[Role.OPERATIONS]
    assert publish_key not in offered[Role.OPERATIONS]
    assert {"report.draft.ask", publish_key}.isdisjoint(offered[Role.SUPERVISOR])


def test_publishing_asks_once_more_and_then_freezes(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    app = open_page(actors.manager, PAGE)
    app.button(key=f"report.publish.{october}.ask").click().run()
    assert "not taken back" in words(app)
    assert reports(actors.manager, store)[0].is_draft
    app.button(key=f"report.publish.{october}.do").click().run()
    assert not app.exception
    head = reports(actors.manager, store)[0]
    assert (head.status, head.published_by) == ("published", "Mai")
    assert "Published" in words(app)
    assert "report.draft.ask" not in keys(app)


def test_a_running_month_cannot_be_published_and_says_why(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    running = draft(actors.manager, store, NOVEMBER, now=NOW)
    app = open_page(actors.manager, PAGE, month="2026-11")
    assert app.button(key=f"report.publish.{running}.ask").disabled
    assert "the month is not over" in words(app)


def test_a_draft_older_than_facts_or_figures_says_so_until_it_is_published(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    figures, facts = "Figures have been worked out again since", "Facts have changed since this draft"
    spoken = words(open_page(actors.manager, PAGE))
    assert figures not in spoken
    assert facts not in spoken
    with store.write() as session:
        raise_data_version(session)
        session.commit()
    assert facts in words(open_page(actors.manager, PAGE))
    save_october(store, actors)
    assert figures in words(open_page(actors.manager, PAGE))
    publish(actors.manager, store, october, 1, now=NOW)
    assert figures not in words(open_page(actors.manager, PAGE))


def test_a_correction_needs_a_reason_and_keeps_the_first_revision_readable(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    publish(actors.manager, store, october, 1, now=NOW)
    app = open_page(actors.manager, PAGE)
    app.button(key="report.revise").click().run()
    assert "characters why" in words(app)
    app.text_area(key="report.reason").input("a *late* file").run()
    app.button(key="report.revise").click().run()
    assert not app.exception
    assert reports(actors.manager, store)[0].reason == "a *late* file"
    assert "a \\*late\\* file" in words(app)  # shown as it is, not as markup
    app.segmented_control(key="report.revision").set_value("1").run()
    assert app.query_params["revision"] == "1"
    assert "Published" in words(app)
    assert "report.revise" not in keys(app)  # only the newest is corrected


def test_month_and_revision_come_from_the_address_and_unknown_ones_are_left_out(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    draft(actors.manager, store, SEPTEMBER, now=NOW)
    assert "As of Sep 30, 2026" in words(open_page(actors.manager, PAGE, month="2026-09"))
    app = open_page(actors.manager, PAGE, month="1999-01", revision="7")
    assert not app.exception
    assert app.query_params["month"] == "2026-10"
    assert app.query_params.get("revision") is None


def test_both_files_are_offered_to_who_may_export(open_page: Open, actors: Actors, october: int) -> None:
    app = open_page(actors.supervisor, PAGE)
    links = [link.url for link in app.get("link_button") if "/exports/" in link.url]
    assert links == [f"/exports/reports/{october}/{form}?lang=en" for form in FORMS]


def test_a_report_changed_outside_the_product_is_not_shown(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    with store.write() as session:
        session.execute(update(Report).values(sha256="0" * 64))
        session.commit()
    app = open_page(actors.manager, PAGE)
    assert "does not match its seal" in words(app)
    assert not app.dataframe


def test_the_language_changes_and_the_choices_stay(
    open_page: Open, actors: Actors, october: int, store: Store
) -> None:
    publish(actors.manager, store, october, 1, now=NOW)
    revise(actors.manager, store, october, "a late file", now=OVER)
    app = open_page(actors.manager, PAGE, revision="1", measure="win_back")
    app.segmented_control(key="frame.language_choice").set_value("zh_CN").run()
    assert not app.exception
    assert app.query_params["revision"] == "1"
    assert app.selectbox(key="report.measure").value == "win_back"
