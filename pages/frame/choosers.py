"""A list of things found, each with a choice of what it stands for, as one component.

Five hundred columns are one element: the browser shows the first forty and finds the others. What a person chooses is
shown at once and sent with a growing number; the page answers with the list as it is and the number it has come to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.frame.words import _

_HERE = Path(__file__).parent
_CHOOSERS = st.components.v2.component(
    "choosers",
    js=_HERE.joinpath("choosers.js").read_text(encoding="utf-8"),
    css=_HERE.joinpath("choosers.css").read_text(encoding="utf-8"),
)
_SEARCH_FROM = 12


@dataclass(frozen=True)
class Chooser:
    """One thing with its choice; all texts are shown as they are."""

    id: str
    title: str
    value: str
    """Code of the option chosen; empty for none."""
    note: str = ""
    samples: tuple[str, ...] = ()
    shape: str = ""
    tone: str = "neutral"
    """good, warning, neutral: the colour of the shape, which says no more than shape and words."""
    how: str = ""
    why: str = ""
    kind: str = ""
    """By which the list can be narrowed."""
    options: str = ""
    """Which of the lists of options it takes."""


def choosers(
    key: str,
    rows: Sequence[Chooser],
    options: Mapping[str, Mapping[str, str]],
    *,
    on_choose: Callable[[Mapping[str, str]], None],
    choose: str,
    search: str,
    kinds: Mapping[str, str] | None = None,
    once: bool = False,
    samples: bool = True,
) -> None:
    """Show the list; `options`: name of a list -> code -> label, in order.

    `on_choose` is told id -> code of what was chosen, in the order in which it was. `choose` names a choice for those
    who do not see it, with `{title}` in it; `search` stands in the field that narrows a long list; `kinds`: kind ->
    label, "" for all. `once`: an option stands for one thing only, the last choice wins.
    """
    state = f"{key}.choosers"
    st.session_state.setdefault(state, 0)

    def chosen() -> None:
        st.session_state[state], fresh = _fresh(st.session_state[state], st.session_state[key].choices)
        if fresh:
            on_choose(fresh)

    _CHOOSERS(
        key=key,
        data={
            "rows": [vars(row) for row in rows],
            "options": {
                name: [{"code": code, "label": label} for code, label in each.items()]
                for name, each in options.items()
            },
            "kinds": [{"code": code, "label": label} for code, label in (kinds or {}).items()],
            "once": once,
            "samples": samples,
            "searchFrom": _SEARCH_FROM,
            "ack": st.session_state[state],
            "words": {"choose": choose, "search": search, **_words()},
        },
        on_choices_change=chosen,
    )


def _fresh(done: int, choices: object) -> tuple[int, dict[str, str]]:
    """The choices that were not taken yet; a browser sends again what it has no answer to, and may send anything."""
    fresh: dict[str, str] = {}
    for each in choices if isinstance(choices, Sequence) else ():
        number = each.get("number") if isinstance(each, Mapping) else None
        if isinstance(number, int | float) and done < number < 2**53:
            done = int(number)
            fresh.pop(str(each.get("id")), None)  # the last choice stands last
            fresh[str(each.get("id"))] = str(each.get("value"))
    return done, fresh


def _words() -> dict[str, str]:
    """Sentences whose places the browser fills in."""
    return {
        "more": _("Show {n} more"),
        "none": _("Nothing fits this search."),
        "blank": _("no values in the first rows"),
        "used": _("{label} (now: {by})"),
        "waiting": _("one moment"),
    }
