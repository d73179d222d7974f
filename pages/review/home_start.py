"""The empty app: three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.access.actor import Permission
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame import jobs
from pages.frame.formats import number
from pages.frame.jobs import UNSETTLED
from pages.frame.navigation import go_to, link_to
from pages.frame.parts import empty, page_header, refusal
from pages.frame.session import Session
from pages.frame.words import _
from pages.stewardship.intake import template_box, upload_box

_DEMO = "home.demo"
_LOOKED = "home.demo.looked"


def demo_loading(session: Session) -> bool:
    """Whether the demo company is being loaded for the reader, or could not be."""
    if not session.actor.may(Permission.ADMINISTER):
        return False
    if not st.session_state.get(_LOOKED):  # a new tab finds the work that an earlier one began
        st.session_state[_LOOKED] = True
        recent = operations.own_jobs(session.actor, session.store, limit=5)
        running = [each.id for each in recent if each.kind == "demo" and each.status in UNSETTLED]
        if running:
            st.session_state[_DEMO] = running[0]
    return _DEMO in st.session_state and _job(session).status != "done"


def _job(session: Session) -> JobView:
    return operations.job(session.actor, session.store, st.session_state[_DEMO])


def show_start(session: Session) -> None:
    """Greet, and offer what the reader may do."""
    page_header(
        _("Welcome"),
        _("This is where customers are graded, warnings are answered, and what was learned comes back."),
    )
    if demo_loading(session):
        _demo()
        return
    ways: list[Callable[[], None]] = []
    if session.actor.may(Permission.ADMINISTER):
        ways.append(_offer_demo)
    if session.actor.may(Permission.IMPORT):
        ways += [_offer_template, _offer_upload]
    if not ways:
        empty(
            _("There are no customers yet"),
            _("Somebody who may import data, or the administrator, has to bring them in first."),
        )
        return
    for column, way in zip(st.columns(len(ways), gap="medium"), ways, strict=True):
        with column, st.container(border=True, height="stretch"):
            way()


def _offer_demo() -> None:
    _title("theater_comedy", _("Look around first"))
    st.caption(
        _(
            "An invented company: about 3,000 customers, 18 months of orders, contacts and satisfaction, four "
            "departments. Only for an empty database."
        )
    )
    st.button(
        _("Load the demo company"),
        type="primary",
        icon=":material/play_arrow:",
        on_click=_load_demo,
        width="stretch",
    )


def _load_demo() -> None:
    with refusal():
        jobs.start(_DEMO, "demo", {})


def _demo() -> None:
    with st.container(border=True, key="home_demo"):
        _title("theater_comedy", _("The demo company"))
        if jobs.watch(_DEMO) is not None:
            st.rerun()


def show_demo_ready(session: Session) -> None:
    """Say that the demo company was loaded, until the reader closes it, and offer where to look."""
    if _DEMO not in st.session_state:
        return
    made = _job(session).result or {}
    with st.container(border=True, key="home_demo"):
        st.markdown(
            ":green[:material/check_circle:] "
            + _(
                "The demo company is ready: {customers} customers, {lines} order lines, {orders} work orders, "
                "{accounts} accounts.",
                customers=number(made.get("customers")),
                lines=number(made.get("transactions")),
                orders=number(made.get("work_orders_opened")),
                accounts=number(made.get("accounts")),
            )
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            link_to("churn_worklist", _("Open the worklist"), icon=":material/notification_important:")
            link_to("administration", _("Sign-in links of its people"), icon=":material/key:")
            st.button(
                _("Close"), icon=":material/close:", type="tertiary", on_click=jobs.forget, args=(_DEMO,)
            )


def _offer_template() -> None:
    _title("table_view", _("Fill in a template"))
    st.caption(_("A workbook whose headers match by themselves, with choices and an explanation."))
    template_box("home.template")


def _offer_upload() -> None:
    _title("upload_file", _("Bring in your own file"))
    token = upload_box("home.upload")
    if token:
        go_to("data_exchange", file=token)


def _title(icon: str, title: str) -> None:
    st.subheader(title, anchor=False, icon=f":material/{icon}:")
