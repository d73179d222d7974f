"""What can be done with a report: draft it, publish it, correct it by a revision, take it away as a file."""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.reviews.document import Document
from core.reviews.labels import REPORT_STATUSES
from core.reviews.report_queries import ReportHead
from core.reviews.report_service import LONGEST_REASON, may_draft, publish, revise
from pages.frame import jobs
from pages.frame.formats import day, moment
from pages.frame.parts import confirm, is_asked, plain, refusal
from pages.frame.session import Session, enter
from pages.frame.words import _, label
from pages.review.monthly_report_choice import show_newest

_DRAFT, _PUBLISH, _REASON = "report.draft", "report.publish", "report.reason"
_SEAL_SHOWN = 12


def actions(session: Session, head: ReportHead, document: Document, *, is_latest: bool) -> None:
    """The report's state and, beside it, what the reader may do with it."""
    asked = head.is_draft and is_asked(_key(head)) and session.actor.may(Permission.PUBLISH)
    with st.container(border=True, key="report_state"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            _state(head, document)
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                _downloads(session, head)
                if head.is_draft and may_draft(session.actor):
                    draft_button(head.month, _("Draft again"))
                if session.actor.may(Permission.PUBLISH):
                    if head.is_draft and not asked:
                        _publish(session, head, document)
                    elif not head.is_draft and is_latest:
                        _revise(head)
        if asked:  # the question needs a line of its own
            _publish(session, head, document)


def _state(head: ReportHead, document: Document) -> None:
    zone = document.meta.time_zone
    sign = ":orange[◆]" if head.is_draft else ":green[●]"
    with st.container(gap=None, width="content"):
        status = label(REPORT_STATUSES, head.status)
        open_month = (
            ""
            if document.meta.complete
            else " · " + _("the month is not over") + " · " + _("it can be published after its end")
        )
        st.markdown(f"{sign} **{status}**{open_month} · " + _("Revision {number}", number=head.revision))
        facts = [_("As of {day}", day=day(document.meta.as_of))]
        facts.append(
            _(
                "drafted {moment} by {person}",
                moment=moment(head.drafted_at, zone),
                person=_person(head.drafted_by),
            )
        )
        if head.published_at is not None:
            facts.append(
                _(
                    "published {moment} by {person}",
                    moment=moment(head.published_at, zone),
                    person=_person(head.published_by),
                )
            )
        facts.append(_("rules version {version}", version=head.policy_version))
        if head.seal is not None:
            facts.append(_("seal {seal}", seal=head.seal[:_SEAL_SHOWN]))
        st.caption(" · ".join(facts), help=_("SHA-256 of the content: {seal}", seal=head.sha256))
        if head.reason:
            st.caption(_("Corrected because: {reason}", reason=plain(head.reason)))


def _key(head: ReportHead) -> str:
    return f"{_PUBLISH}.{head.id}"


def _person(name: str | None) -> str:
    return plain(name) if name else _("the system")


def _downloads(session: Session, head: ReportHead) -> None:
    if not session.actor.may(Permission.EXPORT):
        return
    for form, words, icon, help_ in (
        ("workbook", _("Excel workbook"), ":material/table_view:", None),
        (
            "page",
            _("Page to print (.html)"),
            ":material/print:",
            _(
                "Saves a file that opens in any browser, also without network; print it or save it as PDF there."
            ),
        ),
    ):
        st.link_button(
            words, f"/exports/reports/{head.id}/{form}?lang={session.language}", icon=icon, help=help_
        )


def draft_button(month: date, words: str, kind: Literal["primary", "secondary"] = "secondary") -> None:
    """A button that has the report of the month worked out by a job."""
    st.button(
        words,
        icon=":material/edit_document:",
        type=kind,
        key="report.draft.ask",
        on_click=_draft,
        args=(month,),
    )


def _draft(month: date) -> None:
    enter(Permission.SEE_MEASURES)
    with refusal():
        jobs.start(_DRAFT, "report_draft", {"month": month.isoformat()})


def drafting(session: Session) -> bool:
    """Show the job of a draft until it is settled; whether it is not. Once done the page shows the new draft."""
    if _DRAFT not in st.session_state:
        return False
    with st.container(border=True), refusal():
        if jobs.watch(_DRAFT) is None:
            return True
    jobs.forget(_DRAFT)
    show_newest()
    st.toast(_("The draft is ready."), icon=":material/check_circle:")
    st.rerun()


def _publish(session: Session, head: ReportHead, document: Document) -> None:
    meant = confirm(
        _("Publish"),
        _(
            "Published, the report is frozen for everybody: it can be corrected by a revision, but not taken back."
        ),
        key=_key(head),
        icon=":material/verified:",
        disabled=not document.meta.complete,
    )
    if meant:
        with refusal():
            publish(session.actor, session.store, head.id, head.version, now=clock.now())
            st.toast(_("The report is published."), icon=":material/check_circle:")
            st.rerun()


def _revise(head: ReportHead) -> None:
    with st.popover(_("Correct it"), icon=":material/history_edu:"):
        st.caption(_("A correction is the next revision; this one stays as it is and can still be read."))
        st.text_area(_("Why it is corrected"), key=_REASON, max_chars=LONGEST_REASON)
        st.button(
            _("Begin the revision"), type="primary", key="report.revise", on_click=_begin, args=(head.id,)
        )


def _begin(report_id: int) -> None:
    session = enter(Permission.SEE_MEASURES)
    with refusal():
        revise(session.actor, session.store, report_id, st.session_state.get(_REASON, ""), now=clock.now())
        st.session_state.pop(_REASON, None)
        show_newest()
