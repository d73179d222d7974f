"""What every run goes through: page settings, who is there, navigation, the foot of the sidebar, the page."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from core.access import service as access
from core.access.labels import ROLES
from pages.frame import shown
from pages.frame.appearance import apply_style, apply_theme, fold_menu, take_order_along
from pages.frame.navigation import pages_for
from pages.frame.parts import plain, refusal
from pages.frame.session import Session, current, page_of
from pages.frame.words import _, label

_LANGUAGES = {"zh_CN": "中文", "en": "English"}  # each in its own words, whatever is shown now

_ICON = Path(__file__).with_name("icon.svg")  # our own: no picture comes from elsewhere
_WAY_OUT = '<form method="{method}" action="{path}"><button class="way-out">{words}</button></form>'


def run() -> None:
    """Show the page asked for to whoever is signed in."""
    st.set_page_config(page_title=_("Customer loop"), page_icon=str(_ICON), layout="wide")
    apply_style()
    session = current()
    st.logo(_wordmark(_("Customer loop")), icon_image=str(_ICON), size="large")
    page = st.navigation(pages_for(session.actor), position="sidebar", expanded=True)
    fold_menu()  # not within the menu: it would begin its work only when the menu is opened, and shut it
    with st.sidebar, st.container(key="sidebar_foot"):
        _foot(session)
        apply_theme(session.theme)
        take_order_along()
    shown.begin(page.url_path or "home", page.title)
    with refusal(), page_of(session):
        page.run()


@cache
def _wordmark(name: str) -> str:
    """The product's sign and name as one picture, in a green that reads on the light and the dark ground."""
    sign = _ICON.read_text(encoding="utf-8").replace("<svg ", '<svg width="32" height="32" ', 1)
    words = f'<text x="42" y="22" font-size="17" font-weight="600" fill="#2F8F78">{escape(name)}</text>'
    font = "font-family=\"'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif\""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 170 32" {font}>{sign}{words}</svg>'


def _foot(session: Session) -> None:
    st.markdown(f"**{plain(session.actor.name)}**")
    st.caption(label(ROLES, session.actor.role))
    # What is stored counts: a choice made on another device is shown here at the next run.
    st.session_state["frame.language_choice"] = session.language
    st.session_state["frame.theme_choice"] = session.theme or "system"
    with st.popover(_("Settings"), icon=":material/tune:", width="stretch"):
        st.segmented_control(
            _("Language"),
            list(_LANGUAGES),
            required=True,
            format_func=_LANGUAGES.__getitem__,
            key="frame.language_choice",
            on_change=_choose_language,
        )
        themes = {"system": _("As the browser"), "light": _("Light"), "dark": _("Dark")}
        st.segmented_control(
            _("Appearance"),
            list(themes),
            required=True,
            format_func=themes.__getitem__,
            key="frame.theme_choice",
            on_change=_choose_theme,
        )
        # Forms of the app's own, because leaving is a POST and st.link_button opens a second tab.
        for method, path, words in (
            ("get", "/password", _("Change password")),
            ("post", "/sign-out", _("Sign out")),
        ):
            st.html(_WAY_OUT.format(method=method, path=path, words=escape(words)))


def _choose_language() -> None:
    session = current()
    access.choose_language(session.actor, session.store, st.session_state["frame.language_choice"])


def _choose_theme() -> None:
    session = current()
    chosen = st.session_state["frame.theme_choice"]
    access.choose_theme(session.actor, session.store, None if chosen == "system" else chosen)
