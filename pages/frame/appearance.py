"""The look of the app: the static style, the light or dark theme that the account keeps, the menu on a phone."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.frame.navigation import PLACES

_STYLE = Path(__file__).with_name("style.css")

# Streamlit keeps the theme in the browser, under the path at which the tab was loaded, and reads it only
# while loading. So the choice is written for every page, and the tab is loaded again when it differs from
# what the tab was loaded with. A browser that forbids storage stays with its own setting.
_THEME = st.components.v2.component(
    "theme_of_account",
    js="""
export default function ({ data }) {
  const key = (path) => `stActiveTheme-${path}-v2`;
  const wanted = JSON.stringify(data.theme);
  const loaded = new URL(performance.getEntriesByType("navigation")[0].name).pathname;
  try {
    const shown = localStorage.getItem(key(loaded)) ?? JSON.stringify("System");
    for (const path of [loaded, ...data.paths]) localStorage.setItem(key(path), wanted);
    if (shown !== wanted && localStorage.getItem(key(loaded)) === wanted) location.reload();
  } catch (refused) {
    console.info("The theme cannot be kept in this browser.", refused);
  }
}
""",
)

# On a narrow screen the menu lies over the page. Streamlit folds it after a choice only where the browser calls
# itself a phone's, so not on a tablet nor in a narrow window, and keeps it open for the next visit too.
_MENU = st.components.v2.component(
    "menu_of_narrow_screen",
    js="""
const overlaps = () => window.matchMedia("(max-width: 767.98px)").matches;
// The button is there only while the menu is open; later, because Streamlit may be folding it itself.
const fold = () => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
export default function () {
  const chosen = ({ target }) => {
    if (overlaps() && target.closest?.('[data-testid="stSidebarNavLink"]')) setTimeout(fold, 100);
  };
  document.addEventListener("click", chosen);
  return () => document.removeEventListener("click", chosen);
}
""",
)
# A grid is sorted in the browser alone, which says so by an arrow before the title. The link at its foot takes that
# order along.
_SORTED = st.components.v2.component(
    "order_of_saved_table",
    js="""
export default function () {
  const clicked = ({ target }) => {
    const link = target.closest?.("a.table-export");
    if (!link) return;
    const before = link.closest('[data-testid="stElementContainer"]')?.previousElementSibling;
    const headers = [...(before?.querySelectorAll('[data-testid="stDataFrame"] th') ?? [])];
    const sorted = headers.map((each) => each.textContent).find((title) => /^[↑↓] /.test(title));
    const address = new URL(link.href);
    address.search = "";
    if (sorted) {
      address.searchParams.set("by", sorted.slice(2));
      if (sorted.startsWith("↓")) address.searchParams.set("down", "1");
    }
    link.href = address.pathname + address.search;
  };
  document.addEventListener("click", clicked, true);
  return () => document.removeEventListener("click", clicked, true);
}
""",
)
_NAMES = {"light": "Light", "dark": "Dark"}


def apply_style() -> None:
    """Send the static style; it holds no data."""
    st.html(_STYLE)


def apply_theme(theme: str | None) -> None:
    """Show the account's theme; None follows the browser."""
    paths = ["/", *(f"/{place.code}" for place in PLACES)]
    _THEME(
        key="theme_of_account", data={"theme": _NAMES.get(theme or "", "System"), "paths": paths}, height=0
    )


def take_order_along() -> None:
    """Have a table saved in the order in which its reader has sorted it."""
    _SORTED(key="order_of_saved_table", height=0)


def fold_menu() -> None:
    """Have the menu give way to the page chosen from it where it would lie over it."""
    _MENU(key="menu_of_narrow_screen", height=0)
