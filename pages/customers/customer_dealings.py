"""What one customer signed and owes, and its stores; nothing where there are none."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.dates import business_date
from core.facts.dealings import ContractView, Dealings, OutletView, PaymentView, dealings
from core.facts.labels import OUTLET_KINDS
from pages.customers.customer_own import own_columns
from pages.frame import tables
from pages.frame.formats import amount, number, short_day
from pages.frame.parts import plain, strong
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label

_ROWS = 6
"""A card beside others scrolls inside itself beyond some rows."""


def dealt(session: Session, customer_id: int) -> None:
    """The cards with contracts, payments and stores, as far as there are any."""
    setting = business(session.store)
    today = business_date(clock.now(), setting.time_zone)
    found = dealings(session.actor, session.store, customer_id, as_of=today)
    if found.contracts or found.payments:
        with st.container(border=True, key="dealings"):
            _contracts(found.contracts, setting.currency)
            _payments(found, setting.currency)
    if found.outlets:
        with st.container(border=True, key="outlets"):
            _outlets(found.outlets)


def _contracts(found: tuple[ContractView, ...], currency: str) -> None:
    if not found:
        return
    strong(_("Contracts"))
    shown = {
        "code": [each.code for each in found],
        "title": [each.title or "" for each in found],
        "amount": [amount(each.amount, currency) for each in found],
        "signed": [short_day(each.signed_on) for each in found],
        "ends": [_until(each) for each in found],
        "owner": [each.owner or "" for each in found],
    }
    columns = {
        "code": tables.text(_("Contract"), width=75),
        "title": tables.text(_("Contract title"), width=110),
        "amount": tables.text(_("Amount"), width=75),
        "signed": tables.text(_("Signed on"), width=85),
        "ends": tables.text(_("Ends on"), width=85),
        "owner": tables.text(_("Owner"), width=70),
    }
    own, own_titles = own_columns([each.own for each in found])
    tables.read_only(
        shown | own, columns | own_titles, alt=_("Contracts"), height=tables.height_of(len(found), _ROWS)
    )


def _until(contract: ContractView) -> str:
    if contract.ends_on is None:
        return NOTHING
    day = short_day(contract.ends_on)
    return _("{day} · ended", day=day) if contract.ended else day


def _payments(found: Dealings, currency: str) -> None:
    if not found.payments:
        return
    strong(_("Payments"))
    if found.overdue:
        st.badge(
            _("{amount} overdue", amount=plain(amount(found.overdue, currency))),
            icon=":material/warning:",
            color="red",
        )
    shown = {
        "state": [_state(each) for each in found.payments],
        "due": [short_day(each.due_on) for each in found.payments],
        "amount": [amount(each.amount, currency) for each in found.payments],
        "owed": [amount(each.owed, currency) for each in found.payments],
        "paid": [short_day(each.paid_on) for each in found.payments],
        "contract": [each.contract or "" for each in found.payments],
    }
    columns = {
        "state": tables.text(_("Status"), width=80),
        "due": tables.text(_("Due on"), width=85),
        "amount": tables.text(_("Amount due"), width=80),
        "owed": tables.text(_("Still owed"), width=75),
        "paid": tables.text(_("Paid on"), width=85),
        "contract": tables.text(_("Contract"), width=75),
    }
    tables.read_only(shown, columns, alt=_("Payments"), height=tables.height_of(len(found.payments), _ROWS))


def _state(payment: PaymentView) -> str:
    """A shape with words, so that neither stands for the other alone."""
    if payment.overdue:
        shape, words = "▲", _("Overdue")
    elif not payment.owed:
        shape, words = "●", _("Paid")
    elif payment.owed < payment.amount:
        shape, words = "◐", _("Paid in part")
    else:
        shape, words = "○", _("Not due yet")
    return " ".join((shape, words))


def _outlets(found: tuple[OutletView, ...]) -> None:
    strong(_("Outlets"))
    shown = {
        "name": [each.name or each.code for each in found],
        "kind": [label(OUTLET_KINDS, each.kind) for each in found],
        "score": [_("{score} of 5", score=number(each.score)) if each.score else NOTHING for each in found],
        "checked": [short_day(each.checked_on) for each in found],
        "comment": [each.comment or "" for each in found],
        "place": [" · ".join(each.place) for each in found],
    }
    columns = {
        "name": tables.text(_("Outlet"), width=215, pinned=True),
        "kind": tables.text(_("Outlet kind"), width=90),
        "score": tables.text(_("Display score"), width=85),
        "checked": tables.text(_("Checked on"), width=85),
        "comment": tables.text(_("Display comment"), width=140),
        "place": tables.text(_("Address"), width=200),
    }
    own, own_titles = own_columns([each.own for each in found])
    tables.read_only(
        shown | own, columns | own_titles, alt=_("Outlets"), height=tables.height_of(len(found), _ROWS)
    )
