"""The update clock on the customer's page, on its owner's day, and as the list of who is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.facts import update_clock
from core.facts.update_clock_queries import owed
from core.policy.model import Policy
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.factmaking import make_owed
from tests.pages.conftest import LOCALES, Open, words

COMPLETE = "customer.owed.edit"


@pytest.fixture
def late(store: Store, company: dict[str, int], policy: Policy) -> dict[str, int]:
    """K1 of Emil has been late for a day and an hour, K3 of Walt has an hour left."""
    with store.write() as session:
        for code, hours in (("K1", 49), ("K3", 23)):
            make_owed(session, policy, company[code], NOW - timedelta(hours=hours))
        session.commit()
    return company


def section() -> None:
    from pages.frame.session import current
    from pages.stewardship.update_clock import update_clock_section

    update_clock_section(current())


def shown_to(actor: object, language: str = "en") -> AppTest:
    app = AppTest.from_function(section, default_timeout=30)
    app.user = {"account_id": str(getattr(actor, "account_id"))}  # noqa: B009
    app.context = {"locale": LOCALES[language]}
    return app.run()


def test_the_customers_page_says_until_when_and_asks_before_it_takes_that_nothing_is_known(
    open_page: Open, store: Store, actors: Actors, late: dict[str, int]
) -> None:
    app = open_page(actors.staff, "customer", id=str(late["K1"]))
    told = words(app)
    assert "1 d 1 h late" in told
    assert "Record to be completed by Nov 2 09:00 · Emil · missing: " in told
    assert "Province, City, Channel, Birthday" in told
    app.button(key=f"customer.owed.{late['K1']}.ask").click().run()
    assert "counts as done" in words(app)
    assert owed(actors.staff, store, late["K1"]) is not None
    app.button(key=f"customer.owed.{late['K1']}.do").click().run()
    assert not app.exception
    assert "Record to be completed" not in words(app)
    assert owed(actors.staff, store, late["K1"]) is None


def test_to_complete_it_opens_the_form_which_marks_what_is_missing(
    open_page: Open, store: Store, actors: Actors, late: dict[str, int]
) -> None:
    app = open_page(actors.staff, "customer", id=str(late["K1"]))
    app.button(key=COMPLETE).click().run()
    assert COMPLETE not in {str(button.key) for button in app.button}, "the form is open"
    assert "Record to be completed" in words(app)
    titles = {str(field.key).rsplit(".", 1)[1]: field.label for field in (*app.text_input, *app.date_input)}
    assert titles["city"] == ":orange[City (missing)]"
    assert titles["birthday"] == ":orange[Birthday (missing)]"
    assert titles["name"] == "Name"


def test_who_sees_basic_data_only_is_told_nothing(
    open_page: Open, actors: Actors, late: dict[str, int]
) -> None:
    app = open_page(actors.of(Role.INTERN), "customer", id=str(late["K1"]))
    assert "Record to be completed" not in words(app)


def test_the_own_day_leads_to_the_record(open_page: Open, actors: Actors, late: dict[str, int]) -> None:
    app = open_page(actors.staff)
    (day,) = (frame.value for frame in app.dataframe if frame.proto.alt.startswith("What you owe"))
    assert list(day)[:2] == ["clock", "about"], "what is come for stands first"
    assert ("Complete the record", "张伟") in set(zip(day["task"], day["about"], strict=True))


@pytest.mark.parametrize("language", LOCALES)
def test_the_list_says_who_is_late_and_by_how_much(
    open_page: Open, store: Store, actors: Actors, late: dict[str, int], language: str
) -> None:
    open_page(actors.manager)
    app = shown_to(actors.manager, language)
    assert not app.exception
    owners, records, coming = (frame.value for frame in app.dataframe)
    assert owners[["owner", "due", "kept", "missed", "late"]].values.tolist() == [["Emil", 1, 0, 1, 1]]
    assert records[["customer", "owner"]].values.tolist() == [["张伟", "Emil"]]
    assert list(owners)[:3] == ["owner", "late", "latest"], "what is come for stands first"
    assert list(records)[:3] == ["time", "customer", "missing"]
    assert records["time"].tolist() == [{"en": "1 d 1 h", "zh_CN": "1 天 1 小时"}[language]]
    assert coming[["code", "owner"]].values.tolist() == [["K3", "Walt"]]
    assert coming["time"].tolist() == [{"en": "1 h", "zh_CN": "1 小时"}[language]]


def test_the_list_ends_at_the_readers_reach(
    open_page: Open, store: Store, actors: Actors, late: dict[str, int]
) -> None:
    open_page(actors.manager)
    app = shown_to(actors.west_supervisor)
    (coming,) = (frame.value for frame in app.dataframe)
    assert coming["code"].tolist() == ["K3"]
    assert "Nothing is late now." in words(app)
    update_clock.confirm(actors.manager, store, late["K3"], now=NOW)
    app = shown_to(actors.west_supervisor)
    assert len(app.dataframe) == 0
    assert "Nothing is owed here" in words(app)
    assert "Late now" not in words(app)


def test_when_all_was_kept_it_is_said_that_nothing_is_late(
    open_page: Open, store: Store, actors: Actors, late: dict[str, int]
) -> None:
    update_clock.confirm(actors.manager, store, late["K1"], now=NOW)
    open_page(actors.manager)
    app = shown_to(actors.manager)
    owners, _coming = (frame.value for frame in app.dataframe)
    assert owners["missed"].tolist() == [1]
    assert "Nothing is late now." in words(app)
