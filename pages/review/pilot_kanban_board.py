"""The board of a pilot: asked every other second whether anybody has moved something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core import clock
from core.errors import ProductError
from core.measures.catalogue import MEASURES
from core.reviews.board import LONGEST_TITLE, CardView, Kind, Stage
from core.reviews.board_queries import cards, mark_of_board
from core.reviews.board_service import CardDraft, add_card, move_card
from core.reviews.labels import CARD_KINDS, CARD_STAGES
from pages.frame.board import BoardCard, Move, board, rows
from pages.frame.filters import chosen_id, keep
from pages.frame.formats import short_day
from pages.frame.parts import plain, refusal
from pages.frame.session import Session, current, today
from pages.frame.words import _, label, language, say

_SOON_DAYS = 3
_STALE = "kanban.page_is_stale"


@st.fragment(run_every="2s")
def board_of(pilot_id: int) -> None:
    """The board, by itself: two people see each other's moves without running the page again."""
    session = current()
    if st.session_state.pop(_STALE, False):
        st.rerun(scope="app")
    with refusal():
        frozen = mark_of_board(session.actor, session.store, pilot_id).ended
        if frozen:
            st.caption(_("This pilot has ended; its board is a record and is not changed any more."))
        board(
            f"kanban.board.{pilot_id}",
            lambda: _cards(session, pilot_id),
            {code: _(words) for code, words in CARD_STAGES.items()},
            on_move=_move,
            on_open=_open,
            opened=chosen_id("card"),
            frozen=frozen,
        )
        if not frozen:
            st.caption(_("Keyboard: Tab to a card, Alt + arrows to move it, Enter to open it."))
            _new_card(pilot_id)


def _cards(session: Session, pilot_id: int) -> tuple[str, list[dict[str, Any]]]:
    """The cards and what tells them apart from what was sent last; read again only when something has changed."""
    day = today(session.store)
    revision = f"{mark_of_board(session.actor, session.store, pilot_id)} {day} {language()}"
    kept = st.session_state.get("kanban.cards")
    if kept is None or kept[0] != revision:
        found = cards(session.actor, session.store, pilot_id)
        kept = (revision, rows(_shown(found, day)))
        st.session_state["kanban.cards"] = kept
    return kept


def _shown(found: Sequence[CardView], day: date) -> list[BoardCard]:
    return [
        BoardCard(
            id=each.id,
            version=each.version,
            stage=each.stage,
            kind=each.kind,
            kind_label=label(CARD_KINDS, each.kind),
            title=each.title,
            measure=_(MEASURES[each.measure].label) if each.measure in MEASURES else "",
            owner=each.owner or "",
            due=due_words(each, day),
            due_state=_due_state(each, day),
            comments=each.comments,
        )
        for each in found
    ]


def due_words(card: CardView, day: date) -> str:
    """The day, and how late it is; nothing for what is settled or has no day."""
    if card.due_on is None or card.stage == Stage.SETTLED:
        return ""
    late = card.days_late(day)
    if late > 0:
        return _("{days} d late", days=late)
    return _("due today") if late == 0 else _("due {day}", day=short_day(card.due_on)[5:])


def _due_state(card: CardView, day: date) -> str:
    if card.due_on is None or card.stage == Stage.SETTLED:
        return ""
    late = card.days_late(day)
    return "late" if late > 0 else "soon" if late > -_SOON_DAYS else ""


def _move(move: Move) -> None:
    session = current()
    if move.stage not in list(Stage):
        return
    move_card(
        session.actor,
        session.store,
        move.card,
        move.stage,
        before_card_id=move.before,
        expected_version=move.version,
        now=clock.now(),
    )
    if move.card == chosen_id("card"):
        st.session_state[_STALE] = True  # its details stand beside the board


def _open(card_id: int) -> None:
    keep("card", [str(card_id)])
    forget_forms()
    st.session_state[_STALE] = True


def forget_forms() -> None:
    """What was typed about one card is not carried to another."""
    for name in [name for name in st.session_state if str(name).startswith("card.")]:
        del st.session_state[name]


def _new_card(pilot_id: int) -> None:
    with (
        st.form(f"kanban.new.{pilot_id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            _("New card"),
            key="kanban.new_title",
            placeholder=_("What did you find, or what should be tried?"),
            max_chars=LONGEST_TITLE,
            label_visibility="collapsed",
        )
        st.selectbox(
            _("Kind"),
            [code for code in CARD_KINDS if code != Kind.DECISION],
            format_func=lambda code: label(CARD_KINDS, code),
            key="kanban.new_kind",
            label_visibility="collapsed",
            width=130,
        )
        st.form_submit_button(_("Add card"), icon=":material/add:", on_click=_add, args=(pilot_id,))
    refused = st.session_state.pop("kanban.new_refused", None)
    if refused:
        st.error(plain(refused), icon=":material/block:")


def _add(pilot_id: int) -> None:
    session = current()
    draft = CardDraft(st.session_state["kanban.new_title"], kind=st.session_state["kanban.new_kind"])
    try:
        add_card(session.actor, session.store, pilot_id, draft, now=clock.now())
    except ProductError as error:
        st.session_state["kanban.new_refused"] = say(error.message)
        return
    st.session_state["kanban.new_title"] = ""
