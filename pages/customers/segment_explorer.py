"""Segment explorer: where the customers stand by value, lifecycle and RFM, and who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.access.actor import Permission
from core.amounts import SCALE
from core.facts.fields import Field
from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.own_conditions import own_filters
from core.grading.queries import (
    EVERYBODY,
    Freshness,
    SegmentFilter,
    freshness,
    graded_customers,
    graded_table,
)
from pages.customers.customer_own import own_column
from pages.customers.segment_data import Cell, Reader
from pages.customers.segment_filters import Picks, clear_all, clear_picks, current_picks, filter_bar
from pages.customers.segment_maps import matrix, rfm_cells
from pages.frame import tables
from pages.frame.downloads import download
from pages.frame.formats import compact_amount, number, percent
from pages.frame.freshness import stands_on
from pages.frame.navigation import go_to, import_or_home
from pages.frame.parts import Tile, empty, page_header, section, tiles
from pages.frame.regrading import offer_regrading
from pages.frame.session import Session, business, enter
from pages.frame.words import NOTHING, _, label, ngettext, worded

ROWS = 500  # the list shows the first; the download holds all
_MOST_ROWS = 16


def page() -> None:
    session = enter(Permission.SEE_CUSTOMERS)
    fresh = freshness(session.store)
    _header(session, fresh)
    if not fresh.graded:
        _nothing_graded(session)
        return
    offer_regrading(session, fresh)
    reader = Reader(session, fresh)
    own_fields = own_filters(session.actor, session.store)
    filters = filter_bar(reader.options(), own_fields)
    picks = current_picks()
    asked, filters = filters, reader.answered(filters)
    everybody = reader.matrix(picks.narrow(filters))
    _tiles(session, everybody)
    _maps(reader, filters, picks)
    n = sum(cell.customers for cell in everybody)
    _heading(session, picks.narrow(asked), picks, n)
    _customers(session, picks.narrow(filters), n, own_fields)


def _header(session: Session, fresh: Freshness) -> None:
    page_header(
        _("Segments"),
        _("Where customers stand by value, lifecycle and RFM. Click a cell or a bar to see who they are."),
        stands_on(session, fresh),
    )


def _nothing_graded(session: Session) -> None:
    empty(
        _("No customer has been graded yet"),
        _("Grades are worked out after an import of customers and transactions."),
        partial(import_or_home, session.actor),
    )


def _tiles(session: Session, cells: Sequence[Cell]) -> None:
    customers, spending = sum(cell.customers for cell in cells), sum(cell.spending or 0 for cell in cells)
    high = sum(cell.customers for cell in cells if cell.tier == "high")
    fading = sum(cell.customers for cell in cells if cell.stage in ("dormant", "lost"))
    of_all = _("of {n} customers", n=number(customers))
    row = [
        Tile(_("Customers"), number(customers), _("in your reach, as filtered")),
        Tile(_("High value"), number(high), f"{percent(high / customers) if customers else ''} {of_all}"),
        Tile(
            _("Dormant or lost"),
            number(fading),
            f"{percent(fading / customers) if customers else ''} {of_all}",
        ),
    ]
    if session.actor.may(Permission.SEE_DETAILS):
        currency = business(session.store).currency
        average = spending // customers if customers else None
        note = _("{average} a customer, 12 months", average=compact_amount(average, currency))
        row.append(Tile(_("Spending in the period"), compact_amount(spending, currency), note))
    tiles(row, "segment")


def _maps(reader: Reader, filters: SegmentFilter, picks: Picks) -> None:
    session = reader.session
    figures, currency = session.actor.may(Permission.SEE_DETAILS), business(session.store).currency
    by_tier = reader.matrix(picks.narrow_by_bar(filters))
    by_cell = reader.cells(picks.narrow_by_cell(filters))
    left, right = st.columns([11, 10], gap="medium")
    with left, st.container(border=True, height="stretch"):
        section(_("Value by lifecycle"), _("Customers, and their share of those shown"))
        if not by_tier:
            st.caption(_("Nobody matches."))
        else:
            matrix(by_tier, picks, currency, figures=figures)
    with right, st.container(border=True, height="stretch"):
        section(_("RFM map"), _("Customers · share of spending") if figures else _("Customers · share"))
        if not by_cell:
            st.caption(_("Nobody matches."))
        else:
            rfm_cells(by_cell, picks, currency, figures=figures)


def _heading(session: Session, filters: SegmentFilter, picks: Picks, n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_title(picks), _list_note(session, n))
        with st.container(horizontal=True, width="content"):
            if picks.any:
                st.button(
                    _("Clear the click"), icon=":material/close:", key="segment.clear", on_click=clear_picks
                )
            st.button(_("Show everybody"), icon=":material/filter_alt_off:", on_click=clear_all)
            if n and session.actor.may(Permission.SEE_DETAILS):
                everybody = filters == EVERYBODY
                named = _("Export all grades") if everybody else _("Export the filtered grades")
                wanted, table = _without_words(session, filters), _("Customers behind the filters")
                download("segment.export", session, "grades", wanted, button=named, of=table)


def _customers(session: Session, filters: SegmentFilter, n: int, own_fields: Sequence[Field]) -> None:
    if not n:
        empty(_("Nobody matches"), _("Take a filter away to see more."))
        return
    found = graded_table(session.actor, session.store, filters, limit=ROWS)
    if found is not None:
        asked = {each.field for each in filters.own}
        _table(session, found.to_pydict(), [field for field in own_fields if field.code in asked])


def _without_words(session: Session, filters: SegmentFilter) -> dict[str, object]:
    """The filters for an export; words of a search may be a name, so what they found goes in their place."""
    if filters.text or any(each.text for each in filters.own):
        found = graded_customers(session.actor, session.store, filters)["customer_id"]
        ids = tuple(int(each) for each in found)
        own = tuple(replace(each, text="") for each in filters.own)
        filters = replace(filters, text="", own=own, customers=ids)
    return filters.to_json()


def _title(picks: Picks) -> str:
    parts = (
        [label(VALUE_TIER_LABELS, picks.tier), label(LIFECYCLE_STAGE_LABELS, picks.stage)]
        if picks.tier
        else []
    )
    if picks.rfm_cell:
        parts.append(label(RFM_CELL_LABELS, picks.rfm_cell))
    return " × ".join(parts) or _("Customers")


def _list_note(session: Session, n: int) -> str:
    if not session.actor.may(Permission.SEE_DETAILS):  # without figures there is no order of value
        return ngettext("{n} customer", "{n} customers", n)
    if n > ROWS:
        return _("The {rows} most valuable of {n}; the download holds all.", rows=number(ROWS), n=number(n))
    return ngettext("{n} customer, the most valuable first", "{n} customers, the most valuable first", n)


def _table(session: Session, found: dict[str, list[Any]], own_fields: Sequence[Field]) -> None:
    pool = _("in the pool")
    shown = found | {
        "id": found["customer_id"],
        "account_manager": [name or pool for name in found["account_manager"]],
        "department": [name or NOTHING for name in found["department"]],
        "value_tier": worded(VALUE_TIER_LABELS, found["value_tier"]),
        "lifecycle_stage": worded(LIFECYCLE_STAGE_LABELS, found["lifecycle_stage"]),
        "rfm_cell": worded(RFM_CELL_LABELS, found["rfm_cell"]),
    }
    columns = {
        "code": tables.text(_("Code"), pinned=True),
        "name": tables.text(_("Name"), pinned=True),
        "value_tier": tables.text(_("Value tier")),
        "lifecycle_stage": tables.text(_("Lifecycle stage")),
        "rfm_cell": tables.text(_("RFM cell")),
    }
    for field in own_fields:
        shown[field.code], columns[field.code] = own_column(field, found[field.code])
    if session.actor.may(Permission.SEE_DETAILS):
        shown["monetary"] = [None if units is None else units / SCALE for units in found["monetary"]]
        columns |= {
            "recency_days": tables.count(_("Days since the last order")),
            "frequency": tables.count(_("Orders in the period")),
            "monetary": tables.money(_("Spending in the period"), business(session.store).currency),
        }
    columns |= {
        "account_manager": tables.text(_("Account manager")),
        "department": tables.text(_("Department")),
    }
    tables.records(
        shown,
        columns,
        key="segment.list",
        alt=_("Customers behind the filters"),
        on_choose=lambda chosen: go_to("customer", id=str(chosen)),
        height=tables.height_of(len(shown["id"]), _MOST_ROWS),
    )


if __name__ == "__main__":
    page()
