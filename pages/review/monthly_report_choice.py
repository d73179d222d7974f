"""Which month and revision are shown: chosen on the page, kept in the address as codes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import streamlit as st

from core.dates import months_before
from core.reviews.labels import REPORT_STATUSES
from core.reviews.report_queries import ReportHead
from core.reviews.words import Speaker
from pages.frame.filters import keep
from pages.frame.words import _, label

MONTH, REVISION = "report.month", "report.revision"


def last_full_month(today: date) -> date:
    """The first day of the last month that is over."""
    return months_before(today.replace(day=1), 1)


def choose_month(months: Sequence[date], reported: Collection[date], full: date, speaker: Speaker) -> date:
    """The month to show, its first day. Without a choice the newest with a report, else the last full one."""
    codes = [_code(month) for month in months]
    if st.session_state.get(MONTH) not in codes:
        asked = st.query_params.get("month", "")
        preferred = max(reported) if reported else full
        st.session_state[MONTH] = next(
            (code for code in (asked, _code(preferred)) if code in codes), codes[0]
        )
        if asked and asked not in codes:
            st.info(_("There is no report of the month that was asked for; this is another one."))

    def words(code: str) -> str:
        month = months[codes.index(code)]
        shown = speaker.month(month)
        return shown if month in reported else _("{month} · no report", month=shown)

    st.selectbox(_("Month"), codes, format_func=words, key=MONTH, on_change=_forget_revision, width=240)
    chosen: str = st.session_state[MONTH]
    keep("month", [chosen])
    return months[codes.index(chosen)]


def choose_revision(heads: Sequence[ReportHead]) -> ReportHead:
    """The revision to show, the newest without a choice. `heads` are those of one month, the newest first."""
    by_code = {str(head.revision): head for head in heads}
    newest = next(iter(by_code))
    if len(heads) == 1:
        keep("revision", [])
        return heads[0]
    if st.session_state.get(REVISION) not in by_code:
        asked = st.query_params.get("revision", "")
        st.session_state[REVISION] = asked if asked in by_code else newest

    def words(code: str) -> str:
        status = label(REPORT_STATUSES, by_code[code].status)
        return _("Revision {number} · {status}", number=code, status=status)

    st.segmented_control(
        _("Revision"),
        list(by_code),
        format_func=words,
        key=REVISION,
        required=True,
        label_visibility="collapsed",
    )
    chosen: str = st.session_state[REVISION]
    keep("revision", [] if chosen == newest else [chosen])
    return by_code[chosen]


def show_newest() -> None:
    """Show the newest revision at the next run; for a button's callback."""
    _forget_revision()


def _forget_revision() -> None:
    st.session_state.pop(REVISION, None)
    st.query_params.pop("revision", None)


def _code(month: date) -> str:
    return f"{month:%Y-%m}"
