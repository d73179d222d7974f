"""Administration: accounts, people, jobs and the encryption key."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core import clock
from core.access import queries
from core.access.actor import Permission
from core.access.vault import key_file
from core.operations import jobs
from core.operations.labels import JOB_KINDS, JOB_STATUSES
from core.store.jobs import JobView
from pages.frame import formats
from pages.frame.filters import one
from pages.frame.parts import empty, page_header, pairs, refusal
from pages.frame.session import Session, business, enter
from pages.frame.tables import height_of, records, text
from pages.frame.words import NOTHING, _, label, say
from pages.stewardship.administration_accounts import (
    account_drawer,
    accounts_section,
    link_drawer,
    new_account_drawer,
)
from pages.stewardship.administration_drawer import finish, open_drawer, show_drawer
from pages.stewardship.administration_people import (
    new_department_drawer,
    new_person_drawer,
    people_section,
    person_drawer,
)

_PAGE = "administration"
_MOST_JOBS = 50


def page() -> None:
    session = enter(Permission.ADMINISTER)
    page_header(
        _("Administration"), _("Who may sign in, who serves customers, what runs, and where the key lies.")
    )
    sections = {
        "accounts": (_("Accounts"), accounts_section),
        "people": (_("People"), people_section),
        "jobs": (_("Background work"), _jobs),
        "key": (_("Encryption key"), _key),
    }
    chosen = one("section", _("Section"), list(sections), lambda code: sections[code][0], page=_PAGE)
    sections[chosen][1](session)
    show_drawer(
        {
            "account": (_("Account"), account_drawer),
            "new_account": (_("Add account"), new_account_drawer),
            "link": (_("One-time link"), link_drawer),
            "person": (_("Staff member"), person_drawer),
            "new_person": (_("Add person"), new_person_drawer),
            "new_department": (_("Add department"), new_department_drawer),
            "job": (_("Background work"), _job_drawer),
        }
    )


def _jobs(session: Session) -> None:
    st.caption(
        _(
            "The latest {n} pieces of work that anybody asked for, newest first. Click a row to see it.",
            n=_MOST_JOBS,
        ),
    )
    found = jobs.all_jobs(session.actor, session.store, limit=_MOST_JOBS)
    if not found:
        empty(_("Nothing has run yet"), _("Imports, regrading and downloads will be listed here."))
        return
    zone = business(session.store).time_zone
    names = _names(session)
    frame = pd.DataFrame(
        {
            "id": job.id,
            "kind": label(JOB_KINDS, job.kind),
            "status": label(JOB_STATUSES, job.status),
            "by": names.get(job.requested_by, NOTHING),
            "asked": formats.moment(job.created_at, zone),
            "ended": formats.moment(job.finished_at, zone),
            "message": _message(job),
        }
        for job in found
    )
    columns = {
        "kind": text(_("Work")),
        "status": text(_("Status")),
        "by": text(_("Asked by")),
        "asked": text(_("Asked for")),
        "ended": text(_("Ended")),
        "message": text(_("Message"), width="large"),
    }
    records(
        frame,
        columns,
        key=f"{_PAGE}.jobs",
        alt=_("Background work"),
        on_choose=partial(open_drawer, "job"),
        height=height_of(len(frame)),
    )


def _names(session: Session) -> dict[int | None, str]:
    """Account -> name; work that nobody asked for is the system's."""
    frame = queries.accounts(session.actor, session.store)
    return {None: _("the system"), **dict(zip(frame.id, frame.display_name, strict=True))}


def _message(job: JobView) -> str:
    if job.error:
        return say(job.error)
    return say(job.step) if job.step else NOTHING


def _job_drawer(job_id: int) -> None:
    session = enter(Permission.ADMINISTER)
    with refusal():
        job = jobs.job(session.actor, session.store, job_id)
        zone = business(session.store).time_zone
        rows: list[tuple[str, object]] = [
            (_("Work"), label(JOB_KINDS, job.kind)),
            (_("Status"), label(JOB_STATUSES, job.status)),
            (_("Asked by"), _names(session).get(job.requested_by, NOTHING)),
            (_("Asked for"), formats.moment(job.created_at, zone)),
            (_("Ended"), formats.moment(job.finished_at, zone)),
            (_("Message"), _message(job)),
        ]
        pairs(rows, "job")
        if job.status == "failed" and st.button(
            _("Run again"), icon=":material/replay:", type="primary", width="stretch", key="job.retry"
        ):
            jobs.retry(session.actor, session.store, job_id, now=clock.now())
            finish(_("Queued again."))


def _key(session: Session) -> None:
    st.warning(
        _(
            "Phones and e-mails are encrypted with this key. If the file is lost they cannot be read again by "
            "anybody, not even from a backup of the database."
        ),
        icon=":material/key:",
    )
    st.caption(_("The key lies on the server at"))
    st.code(str(key_file(session.store)), language=None)
    st.caption(
        _("Keep a copy apart from the database backups. Whoever holds both can read every phone and e-mail.")
    )


if __name__ == "__main__":
    page()
