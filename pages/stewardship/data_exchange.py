"""Data exchange: bring files in, check them, and see what came of them; take out what is stored.

Five steps: file, sheet and table, columns, check, result. The address says where a file stands (see `import_steps`).
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.access.actor import Permission
from core.errors import ProductError
from core.facts.drafts import Draft
from core.facts.importing import ImportRequest
from core.facts.labels import TABLES
from core.facts.uploads import remove_upload
from core.language import Message
from core.operations import jobs as operations
from core.operations.exports import EXPORTS
from pages.frame import jobs
from pages.frame.downloads import download
from pages.frame.parts import page_header, plain, section
from pages.frame.session import Session, current, enter
from pages.frame.words import _, label, say
from pages.stewardship.import_check import show_check
from pages.stewardship.import_history import show_history
from pages.stewardship.import_match import show_columns
from pages.stewardship.import_plan import Plan, plan_of
from pages.stewardship.import_result import show_result
from pages.stewardship.import_sheets import show_sheets
from pages.stewardship.import_steps import (
    change_draft,
    followed,
    leave,
    load_draft,
    open_step,
    other_file,
    remember,
    result_of,
    sheets_of,
    still_there,
    trail,
)
from pages.stewardship.import_unfinished import show_unfinished
from pages.stewardship.intake import template_box, upload_box


def page() -> None:
    session = enter(Permission.IMPORT)
    page_header(_("Data exchange"), _("Bring files in, check them, and see what came of them."))
    job, token = st.query_params.get("job", ""), st.query_params.get("file", "")
    if job.isdecimal():
        _follow(session, int(job))
    elif token:
        _settle(session, token)
    else:
        _start(session)


def _start(session: Session) -> None:
    """No file is at hand: take one, or a template; below, what came before."""
    trail("file")
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(border=True, height="stretch"):
        section(_("Bring in a file"), _("One workbook may hold several tables, each in a sheet of its own."))
        token = upload_box("exchange.upload")
        if session.actor.may(Permission.EXPORT):
            _outgoing(session)
    with right, st.container(border=True, height="stretch"):
        section(_("Start from a template"), _("A workbook whose headers match by themselves."))
        template_box("exchange.template")
    if token:
        open_step(file=token)
        st.rerun()
    show_unfinished(session)
    show_history(session)


def _outgoing(session: Session) -> None:
    """What is stored of a table, to take out."""
    names = {code: label(TABLES, code) for code in TABLES if code in EXPORTS}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Take out what is stored"), list(names), format_func=names.__getitem__, key="exchange.outgoing"
        )
        download("exchange.export", session, chosen, {})


def _settle(session: Session, token: str) -> None:
    """A file that is looked into: its sheets, then their columns."""
    steps = st.container()
    draft: Draft | None = None
    plan: Plan | None = None
    try:
        draft = load_draft(session, token)
        with st.spinner(_("Looking into the file…")):
            plan = plan_of(session, draft)
    except ProductError as refused:
        st.error(plain(say(refused.message)), icon=":material/block:")
        _ways_out(token, draft)
    if plan is None:
        with steps:
            trail("file")
        return
    step = _step_of(plan)
    remember(token, step)
    with steps:
        trail(step, token=token, checked=plan.draft.checked)
    if step == "sheets":
        show_sheets(plan)
    else:
        show_columns(plan)


def _ways_out(token: str, draft: Draft | None) -> None:
    """What can be done with a file that cannot be read: another one; else as it was read before somebody knew
    better."""
    with st.container(horizontal=True):
        if draft is not None and (draft.encoding or draft.delimiter):
            st.button(
                _("Read it as it was found"),
                type="primary",
                icon=":material/settings_backup_restore:",
                on_click=_as_found,
                args=(token,),
            )
        st.button(_("Choose another file"), icon=":material/undo:", on_click=_give_up, args=(token,))


def _as_found(token: str) -> None:
    change_draft(token, lambda draft: draft.changed(encoding=None, delimiter=None))


def _give_up(token: str) -> None:
    session = current()
    with suppress(ProductError):
        remove_upload(session.actor, session.store, token)
    leave()


def _step_of(plan: Plan) -> str:
    """Where the address says that the file stands. A file of one clear sheet goes straight to its columns."""
    asked = st.query_params.get("step", "")
    if not plan.chosen:
        return "sheets"
    if asked in ("sheets", "columns"):
        return asked
    several = len(plan.found.sheets) > 1 or plan.found.encodings
    return "sheets" if several else "columns"


def _follow(session: Session, job_id: int) -> None:
    """A check or an import: its progress, then what it says."""
    slot = followed(job_id)
    try:
        asked = operations.job(session.actor, session.store, job_id)
    except ProductError as refused:
        trail("file")
        _refused(refused.message)
        return
    if asked.kind not in ("import_check", "import_commit"):
        leave()
        st.rerun()
    checking = asked.kind == "import_check"
    imported = not checking and any(sheet.get("batch") for sheet in sheets_of(result_of(asked)))
    token = still_there(session, ImportRequest.from_json(asked.payload).path)
    if checking and token:
        remember(token, "check")
    trail("check" if checking else "done", token="" if imported else token, passed=imported)
    if asked.status == "failed" and asked.error and not token:
        # Without the file it would fail again, whoever ran it.
        _refused(asked.error)
        return
    done = jobs.watch(slot)
    if done is None:
        if asked.status == "failed":
            other_file()
    elif checking:
        show_check(session, done)
    else:
        show_result(session, done)


def _refused(why: Message) -> None:
    """Why there is nothing to go on with here, and the way to another file."""
    st.error(plain(say(why)), icon=":material/block:")
    other_file()


if __name__ == "__main__":
    page()
