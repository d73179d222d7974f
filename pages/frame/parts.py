"""Parts that every page is built of: header, tiles, empty states, refusals, text that is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.errors import ProductError
from pages.frame.kpis import KpiTile, kpi_tiles
from pages.frame.shown import stands_on
from pages.frame.words import _, say

__all__ = [
    "KpiTile",
    "Tile",
    "confirm",
    "empty",
    "forget_question",
    "kpi_tiles",
    "page_header",
    "pairs",
    "plain",
    "refusal",
    "section",
    "strong",
    "tiles",
]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~><$:@&])")
_SHORTCODE = re.compile(r":(?=[\w/+-]+:)")


def plain(text: object) -> str:
    """Data made safe for labels, metrics, messages and other places that read Markdown.

    Markup characters are escaped; a would-be emoji or icon code is broken with an invisible joiner, because
    those are replaced after escapes are resolved. Line breaks become spaces.
    """
    flat = " ".join(str(text).split())
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(":\u2060", flat))


@contextmanager
def refusal() -> Iterator[None]:
    """Show the sentence of a refusal in place of what was refused. Anything else is a defect and passes on."""
    try:
        yield
    except ProductError as error:
        st.error(plain(say(error.message)), icon=":material/block:")


def page_header(title: str, purpose: str, facts: list[str] | None = None, notice: str | None = None) -> None:
    """Title, one line on what the page is for, the facts it stands on (date, n, version), and a notice.

    All four are our own words; data among the facts goes through `plain` first.
    """
    with st.container(gap=None, key="page_header"):
        st.header(title, anchor=False)
        st.caption(purpose)
        if facts:
            st.caption(" · ".join(facts))
            stands_on(facts)
    if notice:
        st.warning(notice, icon=":material/sync_problem:")


@dataclass(frozen=True)
class Tile:
    """One number with its unit and what it is counted over; a plain one, without target or trend."""

    label: str
    value: str
    note: str = ""
    """Unit, period or n, under the number."""
    help: str | None = None


def tiles(row: Sequence[Tile], key: str) -> None:
    """Tiles side by side on a wide screen, two abreast on a phone."""
    kpi_tiles([KpiTile(tile.label, tile.value, tile.note, help=tile.help or "") for tile in row], key)


def empty(title: str, explanation: str, actions: Callable[[], None] | None = None) -> None:
    """What stands where there is nothing to show: why, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center", key=f"empty_{abs(hash(title)) % 10**8}"):
        st.markdown(f"**{title}**", text_alignment="center")
        st.caption(explanation, text_alignment="center")
        if actions:
            with st.container(horizontal=True, horizontal_alignment="center"):
                actions()


def confirm(
    button: str,
    consequence: str,
    *,
    key: str,
    icon: str | None = None,
    disabled: bool = False,
    width: Literal["content", "stretch"] = "content",
) -> bool:
    """A button for what cannot be undone: it asks once more, saying the consequence; True when it was meant.

    It asks in its own place, so it works in a drawer or a form's neighbourhood too. The caller acts on True and
    then lets the page run again.
    """
    asked = f"{key}.asked"
    if not st.session_state.get(asked):
        st.button(
            button, icon=icon, key=f"{key}.ask", on_click=_ask, args=(asked,), disabled=disabled, width=width
        )
        return False
    with st.container(border=True, key=f"confirm_{key}"):
        st.markdown(f":orange[:material/warning:] {consequence}")
        with st.container(horizontal=True):
            meant = st.button(button, type="primary", icon=icon, key=f"{key}.do")
            st.button(_("Cancel"), type="tertiary", key=f"{key}.no", on_click=forget_question, args=(key,))
    if meant:
        forget_question(key)
    return meant


def _ask(asked: str) -> None:
    st.session_state[asked] = True


def forget_question(key: str) -> None:
    """Ask `confirm` of this key from its beginning again, as when the drawer around it is closed."""
    st.session_state.pop(f"{key}.asked", None)


def is_asked(key: str) -> bool:
    """Whether `confirm` of this key asks at this run, for a page that then gives it more room."""
    return bool(st.session_state.get(f"{key}.asked"))


def section(title: str, note: str = "") -> None:
    """The heading of a part of a page, with an optional remark."""
    with st.container(gap=None):
        st.subheader(title, anchor=False)
        if note:
            st.caption(note)


def strong(words: str) -> None:
    """A small heading, of our own words."""
    st.markdown(f"**{words}**")


def pairs(rows: Sequence[tuple[str, object]], key: str) -> None:
    """Labels beside values; values are data and shown as they are."""
    # One grid, not columns for each row: every block costs the server as much as a text. The style widens the right.
    with st.grid(2, min_column_width=90, wrap=False, gap=("xsmall", "small"), key=f"pairs_{key}"):
        for name, value in rows:
            st.caption(name)
            st.text(str(value))
