"""The agenda of a weekly meeting: small tables whose cards open in the app, without leaving it."""

from __future__ import annotations

import streamlit as st

from core.reviews.meeting_minutes import agenda_html
from core.reviews.meeting_queries import MeetingView
from pages.frame.filters import keep
from pages.frame.session import Session

_KEY = "kanban.agenda"
_ADDRESS = "/pilot_kanban?card="

# Our own markup, every text in it escaped. A click on a card is told to the page; with a key held down, or in a new
# tab, its link is an ordinary one. The style is the page's.
_AGENDA = st.components.v2.component(
    "agenda",
    html='<div class="small-tables small-tables-words"></div>',
    js="""
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".small-tables");
  const read = new DOMParser().parseFromString(data.html, "text/html").body;
  box.replaceChildren(...read.childNodes);
  box.onclick = (click) => {
    const link = click.target.closest("a");
    if (!link || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    click.preventDefault();
    setTriggerValue("card", new URL(link.href).searchParams.get("card"));
  };
}
""",
    isolate_styles=False,
)


def show_agenda(session: Session, view: MeetingView) -> None:
    """Show what the meeting talks about and has decided."""
    _AGENDA(key=_KEY, data={"html": agenda_html(view, session.language, _ADDRESS)}, on_card_change=_open_card)


def _open_card() -> None:
    """The board with the card, as its address would show it."""
    asked = str(st.session_state[_KEY].card or "")
    if asked.isascii() and asked.isdecimal():
        st.session_state["kanban.view"] = "board"
        keep("view", [])
        keep("meeting", [])
        keep("card", [asked])
