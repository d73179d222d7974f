"""Monthly execution report: what a month came to, without taking noise for news; frozen once it is published."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.access.actor import Permission
from core.errors import ProductError
from core.reviews.document import Document
from core.reviews.report_queries import (
    Newer,
    ReportHead,
    months_with_figures,
    newer_than,
    report_document,
    reports,
)
from core.reviews.report_service import may_draft
from core.reviews.report_words import sentences
from core.reviews.words import Speaker
from pages.frame.navigation import import_or_home
from pages.frame.parts import empty, page_header, plain, section
from pages.frame.session import Session, business, enter, today
from pages.frame.words import _, ngettext, say
from pages.review.monthly_report_actions import actions, draft_button, drafting
from pages.review.monthly_report_choice import choose_month, choose_revision, last_full_month
from pages.review.monthly_report_departments import show_departments
from pages.review.monthly_report_tables import show_measures, show_movement, show_obligations

_SHOWN = 8
"""Findings that stand open; the most urgent come first."""


def page() -> None:
    session = enter(Permission.SEE_MEASURES)
    page_header(
        _("Monthly report"),
        _("What a month came to: against target and the month before, and where departments really differ."),
    )
    heads = reports(session.actor, session.store)
    months = _months(session, heads)
    if not months:
        _nothing(session)
        return
    company = business(session.store)
    speaker = Speaker(session.language, company.currency, company.time_zone)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        full = last_full_month(today(session.store))
        month = choose_month(months, {head.month for head in heads}, full, speaker)
        of_month = [head for head in heads if head.month == month]
        head = choose_revision(of_month) if of_month else None
    if head is None:
        _no_report_yet(session, month, speaker)
        return
    _report(session, head, is_latest=head == of_month[0])


def _months(session: Session, heads: tuple[ReportHead, ...]) -> list[date]:
    """The months to choose from, the newest first: those with a report, and those that can be drafted."""
    found = {head.month for head in heads}
    if may_draft(session.actor):
        found |= set(months_with_figures(session.actor, session.store))
    return sorted(found, reverse=True)


def _nothing(session: Session) -> None:
    if may_draft(session.actor):
        why = _(
            "The measures have not been worked out yet. They come with the next regrading after an import."
        )
    else:
        why = _("Once your company has drafted its first report, it can be read here.")
    empty(_("No month to report yet"), why, partial(import_or_home, session.actor))


def _no_report_yet(session: Session, month: date, speaker: Speaker) -> None:
    if drafting(session):
        return
    empty(
        _("No report of {month} yet", month=speaker.month(month)),
        _("A draft is worked out from the newest measures. It can be drafted again until it is published."),
        lambda: draft_button(month, _("Draft the report"), kind="primary"),
    )


def _report(session: Session, head: ReportHead, *, is_latest: bool) -> None:
    try:
        document = report_document(session.actor, session.store, head.id)
    except ProductError as error:
        st.error(plain(say(error.message)), icon=":material/gpp_bad:")
        return
    actions(session, head, document, is_latest=is_latest)
    if drafting(session):
        return
    if head.is_draft:
        _age(session, document)
    speaker = Speaker(session.language, document.meta.currency, document.meta.time_zone)
    _findings(document, speaker)
    show_measures(document, speaker)
    show_departments(document, speaker)
    with st.grid(2, min_column_width=400, gap="medium"):
        with st.container(border=True, height="stretch"):
            show_movement(document, speaker)
        with st.container(border=True, height="stretch"):
            show_obligations(document, speaker)


def _age(session: Session, document: Document) -> None:
    """Say when a draft is older than what other pages show."""
    newer = newer_than(session.actor, session.store, document)
    if newer is Newer.FIGURES:
        sentence = _("Figures have been worked out again since this draft; draft it anew.")
    elif newer is Newer.FACTS:
        sentence = _("Facts have changed since this draft; draft it anew after the next regrading.")
    else:
        return
    st.warning(sentence, icon=":material/sync_problem:")


def _findings(document: Document, speaker: Speaker) -> None:
    with st.container(border=True):
        section(_("Findings"))
        said = [plain(sentence) for sentence in sentences(document, speaker)]
        lines = [f"{number}. {sentence}" for number, sentence in enumerate(said, start=1)]
        st.markdown("\n".join(lines[:_SHOWN]) or _("Nothing stands out this month."))
        if rest := lines[_SHOWN:]:
            with st.expander(ngettext("{n} more finding", "{n} more findings", len(rest))):
                st.markdown("\n".join(rest))


if __name__ == "__main__":
    page()
