"""Pilot kanban: a standard on trial, held against the weeks before, with its board and its weekly meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.errors import ProductError
from core.measures.queries import worked_out_at
from core.reviews.board_queries import CardPage, card
from core.reviews.labels import PILOT_STANDINGS
from core.reviews.pilot_queries import PilotView, pilots
from core.reviews.pilots import Standing
from pages.frame.filters import chosen_id, keep, one
from pages.frame.formats import day
from pages.frame.parts import empty, page_header, plain
from pages.frame.session import Session, enter
from pages.frame.words import _, label, listed, say
from pages.review.pilot_kanban_board import board_of
from pages.review.pilot_kanban_card import detail
from pages.review.pilot_kanban_forms import manage, pilot_form
from pages.review.pilot_kanban_kpis import strip
from pages.review.pilot_kanban_meeting import weekly_meeting

PAGE = "kanban"
_VIEWS = ("board", "meeting")


def page() -> None:
    session = enter(Permission.PILOTS)
    now = clock.now()
    found = pilots(session.actor, session.store, now=now)
    opened, refused = _opened(session, now)
    chosen, refused = _chosen(found, opened, refused)
    beginning = st.query_params.get("form") == "new"
    facts = [] if chosen is None or beginning else _facts(session, chosen)
    page_header(
        _("Pilot kanban"),
        _(
            "A standard on trial: its figures by week, the improvement work at the board, and what the team decides."
        ),
        facts,
    )
    if refused:
        st.error(plain(refused), icon=":material/block:")
    if beginning or (not found and session.actor.may(Permission.PUBLISH)):
        pilot_form(session, None)
        return
    if chosen is None:
        _nothing()
        return
    _choose(session, found, chosen)
    if st.query_params.get("form") == "change":
        pilot_form(session, chosen)
        return
    _about(chosen)
    strip(session, chosen, now)
    _below(session, chosen, opened, now)


def _opened(session: Session, now: datetime) -> tuple[CardPage | None, str | None]:
    """The card of the address, and why it is not shown."""
    card_id = chosen_id("card")
    if card_id is None:
        return None, None
    try:
        return card(session.actor, session.store, card_id, now=now), None
    except ProductError as error:
        keep("card", [])
        return None, say(error.message)


def _chosen(
    found: list[PilotView], opened: CardPage | None, refused: str | None
) -> tuple[PilotView | None, str | None]:
    """The pilot of the opened card, else that of the address, else the first; and why that asked for is not shown."""
    asked = chosen_id("pilot") if opened is None else opened.card.pilot_id
    chosen = next((each for each in found if each.id == asked), found[0] if found else None)
    if asked is not None and chosen is not None and chosen.id != asked:
        refused = _("There is no such pilot, or you may not see it.")
    return chosen, refused


def _facts(session: Session, pilot: PilotView) -> list[str]:
    plan = pilot.plan
    gone = _("a department that no longer exists")
    where = listed(plain(name) if name else gone for name in pilot.departments) or _("all departments")
    facts = [where, listed(plain(region) for region in plan.regions) or _("all regions")]
    if pilot.standing is Standing.RUNNING:
        facts.append(_("week {week} of {weeks}", week=pilot.week, weeks=plan.weeks))
    else:
        facts.append(label(PILOT_STANDINGS, pilot.standing))
    facts.append(
        _("{first} to {last}", first=day(plan.starts_on), last=day(plan.ends_before - timedelta(days=1)))
    )
    as_of = worked_out_at(session.store) if pilot.ended_on is None else pilot.kept_as_of
    facts.append(_("no measures yet") if as_of is None else _("measures as of {day}", day=day(as_of)))
    return facts


def _nothing() -> None:
    empty(
        _("No pilot yet"),
        _(
            "A manager begins a pilot and names the departments; whoever belongs to them then finds its board here."
        ),
    )


def _choose(session: Session, found: list[PilotView], chosen: PilotView) -> None:
    names = {each.id: _name(each) for each in found}
    st.session_state[f"{PAGE}.pilot"] = chosen.id  # the address decides
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.selectbox(
                _("Pilot"),
                list(names),
                format_func=names.__getitem__,
                key=f"{PAGE}.pilot",
                on_change=_changed,
                label_visibility="collapsed",
                width=340,
            )
            view = one(
                "view",
                _("View"),
                _VIEWS,
                {"board": _("Board"), "meeting": _("Weekly meeting")}.__getitem__,
                page=PAGE,
            )
        st.session_state[f"{PAGE}.shown"] = view
        manage(session, chosen)


def _name(pilot: PilotView) -> str:
    """Selectboxes show their options as they are."""
    if pilot.standing is Standing.RUNNING:
        return pilot.plan.name
    return _("{name} ({standing})", name=pilot.plan.name, standing=label(PILOT_STANDINGS, pilot.standing))


def _changed() -> None:
    keep("pilot", [str(st.session_state[f"{PAGE}.pilot"])])
    for code in ("card", "meeting"):
        keep(code, [])


def _about(pilot: PilotView) -> None:
    if pilot.plan.standard:
        st.text(pilot.plan.standard)
    if pilot.standing is Standing.OVERDUE:
        st.info(
            _("The weeks of this pilot are over. A manager ends it when the last figures are in."),
            icon=":material/flag:",
        )


def _below(session: Session, pilot: PilotView, opened: CardPage | None, now: datetime) -> None:
    if st.session_state[f"{PAGE}.shown"] == "meeting":
        weekly_meeting(session, pilot, now)
        return
    if opened is None:
        board_of(pilot.id)
        return
    with st.container(key="kanban_split"):
        left, right = st.columns([2, 1], gap="small")
        with left:
            board_of(pilot.id)
        with right:
            detail(session, pilot, opened)


if __name__ == "__main__":
    page()
