"""The filters of the segment explorer: widgets, their state in the address, and what they mean to the queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.facts.fields import Field
from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.queries import FilterOptions, SegmentFilter
from pages.customers.segment_own import clear_own, own_asked, own_inputs
from pages.frame.charts import Pick
from pages.frame.filters import chosen, clear, keep, many
from pages.frame.shown import narrowed
from pages.frame.words import _, label, listed

PAGE = "segment"
CODES = ("tier", "stage", "rfm", "region", "industry", "channel", "department", "manager")
_CELL, _BAR, _TEXT, _ROUND = (f"{PAGE}.{name}" for name in ("cell", "bar", "text", "round"))


@dataclass(frozen=True)
class Picks:
    """What was clicked in the two maps; None where nothing was."""

    tier: str | None = None
    stage: str | None = None
    rfm_cell: str | None = None

    @property
    def any(self) -> bool:
        return self.tier is not None or self.rfm_cell is not None

    def narrow(self, filters: SegmentFilter) -> SegmentFilter:
        """The filters with both picks applied."""
        return self.narrow_by_bar(self.narrow_by_cell(filters))

    def narrow_by_cell(self, filters: SegmentFilter) -> SegmentFilter:
        if self.tier is None or self.stage is None:
            return filters
        return replace(filters, value_tiers=(self.tier,), lifecycle_stages=(self.stage,))

    def narrow_by_bar(self, filters: SegmentFilter) -> SegmentFilter:
        return filters if self.rfm_cell is None else replace(filters, rfm_cells=(self.rfm_cell,))


def filter_bar(options: FilterOptions, own_fields: Sequence[Field]) -> SegmentFilter:
    """Show the filters; what they keep. `own_fields`: those by which the reader may filter."""
    own = own_asked(own_fields)
    departments = {str(key): name for key, name in options.departments}
    managers = {str(key): name for key, name in options.account_managers}
    with st.grid(5, min_column_width=116, gap="small", vertical_alignment="bottom", key="segment_filters"):
        text = st.text_input(
            _("Code or name"), key=_TEXT, type="search", placeholder=_("Search"), icon=":material/search:"
        )
        tiers = _choice("tier", _("Value tier"), VALUE_TIER_LABELS)
        stages = _choice("stage", _("Lifecycle stage"), LIFECYCLE_STAGE_LABELS)
        cells = _choice("rfm", _("RFM cell"), RFM_CELL_LABELS)
        more = sum(len(st.session_state.get(f"{PAGE}.{code}", chosen_raw(code))) > 0 for code in CODES[3:])
        more += len(own)
        title = _("More filters ({n})", n=more) if more else _("More filters")
        with st.popover(title, width="stretch"):
            with st.grid(2, min_column_width=140, gap="small"):
                regions = _values("region", _("Region"), options.regions)
                industries = _values("industry", _("Industry"), options.industries)
                channels = _values("channel", _("Channel"), options.channels)
                in_departments = _values(
                    "department", _("Department"), list(departments), departments.__getitem__
                )
                of_managers = _values("manager", _("Account manager"), list(managers), managers.__getitem__)
            own_inputs(own_fields)
    narrowed(_("Code or name"), text or "")
    return SegmentFilter(
        value_tiers=tiers,
        lifecycle_stages=stages,
        rfm_cells=cells,
        regions=regions,
        industries=industries,
        channels=channels,
        departments=tuple(int(key) for key in in_departments),
        account_managers=tuple(int(key) for key in of_managers),
        text=text or "",
        own=own,
    )


def chosen_raw(code: str) -> list[str]:
    """What the address says of `code`, before its widget has been shown."""
    return st.query_params.get_all(code)


def current_picks() -> Picks:
    """The picks of the maps, at first those of the address."""
    if _CELL not in st.session_state:
        pairs = [f"{tier}~{stage}" for tier in VALUE_TIER_LABELS for stage in LIFECYCLE_STAGE_LABELS]
        st.session_state[_CELL] = next(iter(chosen("cell", pairs)), None)
        st.session_state[_BAR] = next(iter(chosen("map", list(RFM_CELL_LABELS))), None)
    cell, bar = st.session_state[_CELL], st.session_state[_BAR]
    keep("cell", [cell] if cell else [])
    keep("map", [bar] if bar else [])
    tier, _tilde, stage = (cell or "").partition("~")
    words = [label(VALUE_TIER_LABELS, tier), label(LIFECYCLE_STAGE_LABELS, stage)] if cell else []
    narrowed(_("Clicked in the maps"), listed(words + ([label(RFM_CELL_LABELS, bar)] if bar else [])))
    return Picks(tier or None, stage or None, bar)


def pick_cell(pick: Pick) -> None:
    """A click in the matrix; a second click on the same cell undoes the first."""
    st.session_state[_CELL] = f"{pick['value_tier']}~{pick['lifecycle_stage']}" if pick else None


def pick_bar(pick: Pick) -> None:
    """A click in the RFM map."""
    st.session_state[_BAR] = pick["rfm_cell"] if pick else None


def clear_picks() -> None:
    """Forget the clicks, in the charts too: a chart under a new key remembers nothing."""
    st.session_state[_CELL] = st.session_state[_BAR] = None
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def clear_all() -> None:
    """Back to everybody."""
    clear(PAGE, CODES)
    clear_own()
    st.session_state[_TEXT] = ""
    clear_picks()


def chart_key(name: str) -> str:
    """The key of a chart, new after its click has been cleared from outside."""
    return f"{PAGE}.{name}.{st.session_state.get(_ROUND, 0)}"


def _choice(code: str, title: str, labels: dict[str, str]) -> tuple[str, ...]:
    return many(code, title, list(labels), lambda value: label(labels, value), page=PAGE)


def _values(
    code: str, title: str, options: Sequence[str], show: Callable[[str], str] = str
) -> tuple[str, ...]:
    return many(code, title, options, show, page=PAGE)
