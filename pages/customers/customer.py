"""Customer: everything known of one customer, found by code, name or phone."""

from __future__ import annotations

import streamlit as st

from core.access.actor import Permission
from core.errors import NotFound
from core.facts import queries as facts
from core.facts.labels import CUSTOMER_KINDS
from core.facts.queries import CustomerView
from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.queries import GradeExplanation, grade_explanation
from core.warning.queries import unclosed_order
from pages.customers.customer_contact import contact_form
from pages.customers.customer_correction import CONSENT_LABELS, consent_code, correction_form, title_of
from pages.customers.customer_dealings import dealt
from pages.customers.customer_fix import fixes_asked
from pages.customers.customer_grade import grade_card
from pages.customers.customer_owed import show_owed
from pages.customers.customer_own import own_rows
from pages.customers.customer_panels import open_panel, show_refusal, toggle_panel
from pages.customers.customer_search import choose, chosen_customer, look_up, search_box, show_results
from pages.customers.customer_signs import signs
from pages.customers.customer_timeline import history
from pages.frame.beginning import without_customers
from pages.frame.formats import amount, day, number, percent, short_day
from pages.frame.navigation import link_to
from pages.frame.parts import Tile, empty, page_header, pairs, plain, refusal, strong, tiles
from pages.frame.session import Session, business, enter
from pages.frame.shown import narrowed
from pages.frame.words import NOTHING, _, label


def page() -> None:
    session = enter(Permission.SEE_CUSTOMERS)
    page_header(_("Customer record"), _("Find a customer by code, name or phone, and see everything known."))
    wanted, customer = search_box(), chosen_customer()
    if customer is not None:
        with refusal():
            _customer(session, facts.customer(session.actor, session.store, customer))
    elif wanted:
        narrowed(_("Code, name or phone"), wanted)
        show_results(look_up(session, wanted))
    elif not fixes_asked(session, choose) and not without_customers(session):
        empty(
            _("Whom are you looking for?"),
            _("Enter the beginning of a code, part of a name, or a whole phone number.")
            if session.actor.may(Permission.SEE_DETAILS)
            else _("Enter the beginning of a code, or a whole name."),
        )


def _customer(session: Session, view: CustomerView) -> None:
    narrowed(_("Customer"), view.code)
    details = session.actor.may(Permission.SEE_DETAILS)
    grade = _grade(session, view.id) if details else None
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        _title(session, view, grade)
        if view.editable:
            _actions(view)
    missing = show_owed(session, view) if details else []
    _panel(session, view, missing)
    _figures(session, view, grade)
    left, right = st.columns(2, gap="medium")
    with left:
        _base(session, view)
        if details:
            grade_card(grade, business(session.store).currency)
            dealt(session, view.id)
    with right:
        if details:
            signs(session, view.id)
        history(session, view.id)


def _grade(session: Session, customer_id: int) -> GradeExplanation | None:
    """The grade explained; None before the first grading, and for who came after the last."""
    try:
        return grade_explanation(session.actor, session.store, customer_id)
    except NotFound:
        return None


def _title(session: Session, view: CustomerView, grade: GradeExplanation | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.subheader(plain(view.name or view.code), anchor=False, width="content")
        if grade is not None:
            if grade.value_tier:
                st.badge(label(VALUE_TIER_LABELS, grade.value_tier), color="violet")
            st.badge(label(LIFECYCLE_STAGE_LABELS, grade.lifecycle_stage), color="blue")
            if grade.rfm_cell:
                st.badge(label(RFM_CELL_LABELS, grade.rfm_cell), color="gray")
        if session.actor.may(Permission.WORK_ORDERS):
            order = unclosed_order(session.actor, session.store, view.id)
            if order is not None:
                link_to(
                    "churn_worklist",
                    _("Work order {number}", number=order),
                    icon=":material/notification_important:",
                    order=str(order),
                )


def _actions(view: CustomerView) -> None:
    """The two things a person can do here."""
    with st.container(horizontal=True, width="content", key="customer_actions"):
        for panel, words, icon in (
            ("contact", _("Log a contact"), ":material/add_call:"),
            ("edit", _("Correct the data"), ":material/edit:"),
        ):
            st.button(
                words,
                icon=icon,
                key=f"customer.open.{panel}",
                type="primary" if panel == "contact" else "secondary",
                on_click=toggle_panel,
                args=(view.id, panel),
            )


def _panel(session: Session, view: CustomerView, missing: list[str]) -> None:
    """The form that is open."""
    show_refusal()
    opened = open_panel(view.id) if view.editable else None
    if opened == "contact":
        contact_form(session, view)
    elif opened == "edit":
        correction_form(session, view, missing)


def _figures(session: Session, view: CustomerView, grade: GradeExplanation | None) -> None:
    currency = business(session.store).currency
    found = view.orders
    since = _("since {day}", day=day(found.first_on)) if found.first_on else ""
    row = [Tile(_("Orders so far"), number(found.orders), since)]
    if found.amount is not None:
        row.insert(
            0,
            Tile(_("Spending so far"), plain(amount(found.amount, currency)), _("returns taken off")),
        )
        usual = found.amount // found.orders if found.orders else None
        row.append(Tile(_("Average order"), plain(amount(usual, currency)), _("all orders so far")))
    row.append(Tile(_("Last order"), short_day(found.last_on), ""))
    if grade is not None:
        share = percent(grade.value_rank)
        graded = _("ranks above {share} of {n} graded customers", share=share, n=number(grade.graded))
        row.append(
            Tile(
                _("Rank by value"),
                share,
                graded if grade.value_rank is not None else _("no order in the period"),
                help=_("By scores and spending; 100% is the best, 0% the last."),
            )
        )
    tiles(row, "customer")


def _base(session: Session, view: CustomerView) -> None:
    with st.container(border=True, key="base"):
        strong(_("Base data"))
        currency = business(session.store).currency
        place = list(dict.fromkeys(filter(None, (view.region, view.province, view.city))))
        rows: list[tuple[str, object]] = [
            (title_of("customer_code"), view.code),
            (title_of("kind"), label(CUSTOMER_KINDS, view.kind)),
            (title_of("phone"), view.phone or NOTHING),
            (title_of("email"), view.email or NOTHING),
            (title_of("region"), " · ".join(place) or NOTHING),
            (title_of("industry"), view.industry or NOTHING),
            (title_of("channel"), view.channel or NOTHING),
            (title_of("department_id"), view.department or NOTHING),
            (title_of("account_manager_id"), view.account_manager or _("in the pool")),
        ]
        if session.actor.may(Permission.SEE_DETAILS):
            rows += [
                (title_of("annual_revenue"), amount(view.annual_revenue, currency)),
                (title_of("sku_count"), number(view.sku_count)),
                (title_of("birthday"), day(view.birthday)),
                (title_of("consent"), label(CONSENT_LABELS, consent_code(view.consent))),
            ]
        pairs([*rows, *own_rows(view.own)], "base")
        if view.contact_masked:
            st.caption(
                _("Phone and e-mail are masked for your role.")
                if session.actor.may(Permission.SEE_DETAILS)
                else _("Name, phone and e-mail are masked for your role.")
            )


if __name__ == "__main__":
    page()
