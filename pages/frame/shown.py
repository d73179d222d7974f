"""What a page shows, as its reader could tell it to somebody else: its name, what its figures stand on, the filters,
and its tables, each offered as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from core import clock
from core.operations.export_tables import Column, Offer, Rows, ShownTable, offer
from pages.frame.formats import moment
from pages.frame.session import Session, business, of_this_run
from pages.frame.words import _, language

_KEY = "frame.shown"


@dataclass
class Page:
    """The page of this run. Offers stay while the reader stays on it."""

    code: str
    title: str
    facts: list[str] = field(default_factory=list)
    filters: dict[str, tuple[str, str]] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)


def begin(code: str, title: str) -> None:
    """Start a run of a page; for the frame."""
    before = st.session_state.get(_KEY)
    offers = before.offers if before is not None and before.code == code else {}
    st.session_state[_KEY] = Page(code, title, offers=offers)


def stands_on(facts: list[str]) -> None:
    """Note what the page's figures stand on, as its header says it."""
    _page().facts = facts


def narrowed(title: str, words: str) -> None:
    """Note what the tables below show only a part by: a filter and its words, as the reader reads them.

    Without words the filter is not in use.
    """
    filters = _page().filters
    if words:
        filters[title] = (_("Filter: {name}", name=title), words)
    else:
        filters.pop(title, None)


@contextmanager
def only(title: str, words: str) -> Iterator[None]:
    """As `narrowed`, for what is shown within and nothing after it."""
    narrowed(title, words)
    try:
        yield
    finally:
        narrowed(title, "")


def table(name: str, columns: Mapping[str, Column], rows: Rows, *, key: str | None = None) -> None:
    """Offer a table that stands above as a workbook, by a small link at its foot; nothing to roles that may not.

    The link keeps its address from run to run, so that a browser need not draw it anew.
    """
    session = of_this_run()
    page, key = _page(), key or name
    made = offer(session.actor, _shown(session, page, name, columns, rows), page.offers.get(key))
    if made is None:
        return
    page.offers[key] = made
    hint = escape(_("Save this table as it is shown: {name}", name=name))
    st.html(
        f'<a class="table-export" href="/exports/tables/{made.token}" download title="{hint}" aria-label="{hint}">'
        "Excel</a>"
    )


def written_table(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Offer a table of our own markup, whose cells are written out already."""
    columns = {str(number): Column(title) for number, title in enumerate(titles)}
    cells = zip(*rows, strict=True)
    table(name, columns, dict(zip(columns, map(list, cells), strict=False)) or {each: [] for each in columns})


def told_of(name: str) -> list[tuple[str, str]]:
    """What every file says of a table of this page: page, table, and what its figures stand on."""
    page = _page()
    stands = [(_("Stands on"), " · ".join(page.facts))] if page.facts else []
    return [(_("Page"), page.title), (_("Table"), name), *stands]


def _shown(session: Session, page: Page, name: str, columns: Mapping[str, Column], rows: Rows) -> ShownTable:
    shown_at = moment(clock.now(), business(session.store).time_zone)
    said = [*told_of(name), (_("Shown at"), shown_at)]
    said += page.filters.values() or [(_("Filters"), _("none"))]
    return ShownTable(page.code, name, columns, rows, language(), said)


def _page() -> Page:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Page("", "")
    page: Page = st.session_state[_KEY]
    return page
