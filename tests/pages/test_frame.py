"""Who gets in, what they are offered, in which language and look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.access.actor import Role
from core.access.labels import ROLES
from core.access.queries import actor_of_account
from core.access.tables import Account
from core.store.engine import Store
from pages.frame.navigation import PLACES, Place, pages_for, places_for
from tests.conftest import Actors
from tests.pages.conftest import LOCALES, Open, words


def test_nobody_gets_in_without_the_gates_word(open_page: Open) -> None:
    app = open_page(None)
    assert [link.url for link in app.link_button] == ["/sign-in"]
    assert not app.header


@pytest.mark.parametrize("claim", ["", "abc", "0", "999999", "-1", "1 or 1=1"])
def test_a_claim_that_names_no_account_is_no_identity(open_page: Open, actors: Actors, claim: str) -> None:
    app = open_page(None)
    app.user = {"account_id": claim}
    app.run()
    assert [link.url for link in app.link_button] == ["/sign-in"]


def test_a_disabled_account_is_out_at_its_next_click(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    app = open_page(actors.manager)
    assert app.header
    with store.write() as session:
        session.execute(
            update(Account).where(Account.id == actors.manager.account_id).values(disabled_at=now)
        )
        session.commit()
    app.run()
    assert not app.header
    assert [link.url for link in app.link_button] == ["/sign-in"]


def test_a_changed_role_counts_from_the_next_click(open_page: Open, store: Store, actors: Actors) -> None:
    app = open_page(actors.manager)
    with store.write() as session:
        changed = update(Account).where(Account.id == actors.manager.account_id).values(role="intern")
        session.execute(changed)
        session.commit()
    app.run()
    assert ROLES["intern"] in words(app)


def test_an_account_without_a_password_is_sent_to_set_one(
    open_page: Open, store: Store, actors: Actors
) -> None:
    with store.write() as session:
        session.execute(update(Account).values(password_hash=None))
        session.commit()
    assert [link.url for link in open_page(actors.manager).link_button] == ["/password"]


EVERYBODYS = {"home", "segment_explorer", "customer"}


@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_only_the_pages_it_may_open(role: Role, actors: Actors) -> None:
    offered = {place.code for place in places_for(actors.of(role))}
    expected = {
        Role.ADMINISTRATOR: {place.code for place in PLACES},
        Role.MANAGER: {place.code for place in PLACES} - {"administration"},
        Role.SUPERVISOR: {
            *EVERYBODYS,
            "pilot_kanban",
            "monthly_report",
            "churn_worklist",
            "funnel",
            "data_quality",
        },
        Role.OPERATIONS: {
            *EVERYBODYS,
            "pilot_kanban",
            "monthly_report",
            "funnel",
            "data_exchange",
            "own_fields",
            "data_quality",
        },
        Role.STAFF: {*EVERYBODYS, "pilot_kanban", "churn_worklist", "funnel"},
        Role.INTERN: EVERYBODYS,
    }
    assert offered == expected[role]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_every_page_opens_for_every_role_that_may_and_for_no_other(
    role: Role, place: Place, actors: Actors, open_page: Open
) -> None:
    actor = actors.of(role)
    app = open_page(actor)
    assert not app.exception
    app.switch_page(place.path)
    app.run()
    assert not app.exception
    assert bool(app.header) == actor.may(place.permission)
    assert len(app.error) == (not actor.may(place.permission))


def test_pages_that_a_role_may_not_open_are_out_of_its_menu(
    actors: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.Page", lambda path, **given: given)
    pages: list[Any] = [page for section in pages_for(actors.intern).values() for page in section]
    hidden = {page["url_path"] for page in pages if page["visibility"] == "hidden"}
    assert hidden == {place.code for place in PLACES} - EVERYBODYS


@pytest.mark.parametrize("language", LOCALES)
def test_the_browsers_language_is_taken_until_one_is_chosen(
    open_page: Open, actors: Actors, language: str
) -> None:
    app = open_page(actors.manager, "segment_explorer", language=language)
    assert app.header[0].value == {"zh_CN": "客户分层", "en": "Segments"}[language]


def test_the_address_may_ask_for_a_language_and_the_account_has_the_last_word(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = open_page(actors.manager, "segment_explorer", language="zh_CN")
    app.query_params["lang"] = "en"
    app.run()
    assert app.header[0].value == "Segments"
    app.segmented_control(key="frame.language_choice").set_value("zh_CN").run()
    assert app.header[0].value == "客户分层"
    kept = actor_of_account(store, actors.manager.account_id or 0)
    assert kept is not None
    assert kept.language == "zh_CN"


def test_the_look_is_kept_by_the_account(open_page: Open, store: Store, actors: Actors) -> None:
    app = open_page(actors.manager)
    app.segmented_control(key="frame.theme_choice").set_value("dark").run()
    assert not app.exception
    kept = actor_of_account(store, actors.manager.account_id or 0)
    assert kept is not None
    assert kept.theme == "dark"
