"""The app as a reader sees it: run by Streamlit's test harness for one account, in one language."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import streamlit as st
from sqlalchemy import update
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.access.actor import Actor
from core.access.tables import Account
from core.store.engine import PROJECT, Store
from pages.frame.navigation import PLACES
from tests.conftest import NOW, Actors
from tests.pages.company import company
from tests.pages.exchanging import settle, with_customers

__all__ = ["company", "settle", "with_customers"]

Open = Callable[..., AppTest]
LOCALES = {"zh_CN": "zh-CN", "en": "en-US"}


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """The harness reads the descriptions of all installed packages anew for each page that is opened, for components
    that they may bring. That takes ten times as long as the page, and the packages stay the same."""
    with pytest.MonkeyPatch.context() as patched:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages do not care which database there is; the queries are tested on both."""
    return sqlite_url


@pytest.fixture
def actors(actors: Actors, store: Store) -> Actors:
    """The people of each role; all have chosen a password."""
    with store.write() as session:
        session.execute(update(Account).values(password_hash="set"))
        session.commit()
    return actors


@pytest.fixture
def open_page(store: Store, actors: Actors, monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_page(actor, code, language="en", **query)` runs the page and gives back the harness."""
    monkeypatch.setenv("DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("APP_DATA_DIR", str(store.data_dir))
    monkeypatch.setattr("core.clock.now", lambda: NOW)
    st.cache_data.clear()

    def opened(actor: Actor | None, code: str = "home", language: str = "en", **query: str) -> AppTest:
        # The harness asks widgets for their labels after the run, when no session tells the language.
        monkeypatch.setattr(
            "pages.frame.words.language", lambda: str(st.session_state.get("frame.language", language))
        )
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=30)
        app.user = {} if actor is None else {"account_id": str(actor.account_id)}
        app.context = {"locale": LOCALES[language]}
        app.run()
        place = next(place for place in PLACES if place.code == code)
        if actor is not None and actor.may(place.permission) and code != "home":
            app.switch_page(place.path)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        return app

    return opened


def words(app: AppTest) -> str:
    """Every word on the page that is not inside a chart, for a test to look into."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "error",
        "warning",
        "info",
        "success",
    )
    spoken = [str(element.value) for kind in kinds for element in app.get(kind)]
    spoken += [
        unescape(element.proto.body) for element in app.get("html") if "<style" not in element.proto.body
    ]
    spoken += [
        str(element.label) for kind in ("button", "multiselect", "selectbox") for element in app.get(kind)
    ]
    spoken += [str(frame.value.to_dict()) for frame in app.dataframe]
    return "\n".join(spoken)
