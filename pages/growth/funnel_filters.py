"""The filters of the funnel and what was clicked in it: widgets, their state in the address, their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from babel.dates import format_skeleton

from core.acquisition.funnel import BANDS
from core.acquisition.queries import NOT_STATED, FunnelFilter, FunnelOptions
from core.facts.stages import STAGES
from pages.frame import shown
from pages.frame.charts import Picked
from pages.frame.filters import chosen, clear, keep, many
from pages.frame.words import _, language

PAGE = "funnel"
_FROM, _TO = "from", "to"
_CODES = ("channel", "campaign", "region", "industry", "owner", "department")
_MORE = ("campaign", "industry", "owner", "department")
_PICK, _ROUND = f"{PAGE}.pick", f"{PAGE}.round"
_PARTS = "~"


@dataclass(frozen=True)
class Pick:
    """The band that was clicked."""

    stage: str
    band: str


def filter_bar(options: FunnelOptions) -> FunnelFilter:
    """Show the filters; what they keep."""
    months = [f"{month:%Y-%m}" for month in options.months]
    owners = {str(key): name for key, name in options.owners}
    departments = {str(key): name for key, name in options.departments}
    with st.grid(5, min_column_width=150, gap="small", vertical_alignment="bottom", key="funnel_filters"):
        first = _month(_FROM, _("Entered from"), months)
        last = _month(_TO, _("Entered until"), months)
        channels = _texts("channel", _("Channel"), options.channels)
        regions = _texts("region", _("Region"), options.regions)
        used = sum(bool(st.session_state.get(f"{PAGE}.{code}", chosen_raw(code))) for code in _MORE)
        title = _("More filters ({n})", n=used) if used else _("More filters")
        with st.popover(title, icon=":material/tune:", width="stretch"):
            campaigns = _texts("campaign", _("Campaign"), options.campaigns)
            industries = _texts("industry", _("Industry"), options.industries)
            of_owners = many("owner", _("Owner"), list(owners), owners.__getitem__, page=PAGE)
            in_departments = many(
                "department", _("Department"), list(departments), departments.__getitem__, page=PAGE
            )
    return FunnelFilter(
        channels=channels,
        campaigns=campaigns,
        regions=regions,
        industries=industries,
        owners=tuple(int(key) for key in of_owners),
        departments=tuple(int(key) for key in in_departments),
        first_month=first,
        last_month=last,
    )


def chosen_raw(code: str) -> list[str]:
    """What the address says of `code`, before its widget has been shown."""
    return st.query_params.get_all(code)


def narrowed() -> bool:
    """Whether a filter or a band is in use, or a lead is open: known before the widgets are shown."""
    used = (st.session_state.get(f"{PAGE}.{code}", chosen_raw(code)) for code in (*_CODES, _FROM, _TO))
    return any(used) or bool(st.session_state.get(_PICK, chosen_raw("band")) or chosen_raw("lead"))


def month_name(month: date) -> str:
    """`Mar 2026`, `2026年3月`."""
    return str(format_skeleton("yMMM", month, locale=language()))


def stated(value: str) -> str:
    """A value of a file as it is; our own word where it has none."""
    return _("not stated") if value == NOT_STATED else value


def _texts(code: str, title: str, options: Sequence[str]) -> tuple[str, ...]:
    return many(code, title, options, stated, page=PAGE)


def _month(code: str, title: str, months: Sequence[str]) -> date | None:
    """One month, or none; kept in the address as 2026-03."""
    key = f"{PAGE}.{code}"
    if key not in st.session_state:
        st.session_state[key] = next(iter(chosen(code, months)), None)
    elif st.session_state[key] not in months:
        st.session_state[key] = None
    # Shown as the code itself: a select box is told by its words, and other words in the other language would
    # take the choice away.
    st.selectbox(title, months, key=key, placeholder=_("any"), index=None)
    picked = st.session_state[key]
    keep(code, [picked] if picked else [])
    shown.narrowed(title, picked or "")
    return _first_day(picked) if picked else None


def _first_day(code: str) -> date:
    return date.fromisoformat(f"{code}-01")


def current_pick() -> Pick | None:
    """The band that was clicked, at first that of the address."""
    if _PICK not in st.session_state:
        bands = [f"{stage}{_PARTS}{band}" for stage in STAGES for band in BANDS]
        st.session_state[_PICK] = next(iter(chosen("band", bands)), None)
    code = st.session_state[_PICK]
    keep("band", [code] if code else [])
    return Pick(*code.split(_PARTS)) if code else None


def pick(picked: Picked) -> None:
    """A click on a band; a second click on the same one undoes the first.

    The chart gets a new key: drawn anew with its outline plotly has half forgotten what was clicked, and would
    take a second click for a first one and a third for a second.
    """
    code = _PARTS.join(picked) if picked else None
    st.session_state[_PICK] = None if code == st.session_state.get(_PICK) else code
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    keep("lead", [])


def clear_pick() -> None:
    """Forget the click."""
    pick(None)


def clear_all() -> None:
    """Back to every lead."""
    clear(PAGE, _CODES)
    for code in (_FROM, _TO):
        st.session_state[f"{PAGE}.{code}"] = None
    clear_pick()


def open_lead(lead_id: int | None) -> None:
    """The address alone decides which lead is open."""
    keep("lead", [] if lead_id is None else [str(lead_id)])


def chart_key() -> str:
    """The key of the chart, new after each click."""
    return f"{PAGE}.bars.{st.session_state.get(_ROUND, 0)}"
