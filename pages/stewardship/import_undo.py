"""Undoing an import: what would be restored, removed and kept is said before it is done.

Both are jobs: with 100,000 overwritten records to look at even the question takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from core.errors import ProductError
from core.facts.importing.undo import UndoPlan
from core.facts.importing.undo_words import Kept
from core.operations import jobs as operations
from core.operations.undoings import told_of_undoing
from pages.frame import jobs, tables
from pages.frame.formats import number
from pages.frame.parts import plain
from pages.frame.session import Session
from pages.frame.words import _, listed, ngettext, say
from pages.stewardship.import_steps import sentences

_KEY = "exchange.undo"


def undo_box(session: Session, batch: int, *, undone: bool = False) -> None:
    """A button that asks with all consequences; what the undoing did, once it is `undone`."""
    plan, work = f"{_KEY}.plan.{batch}", f"{_KEY}.job.{batch}"
    if undone:
        if told := told_of_undoing(session.actor, session.store, batch):
            _tell(told)
    elif work in st.session_state:
        _watch(session, plan, work, batch)
    elif plan in st.session_state:
        with st.container(border=True, key=f"confirm_undo_{batch}"):
            looked = jobs.watch(plan)
            found = UndoPlan.from_json(looked.result or {}) if looked is not None else None
            if found is not None:
                _consequences(found)
            with st.container(horizontal=True):
                if found is not None and not found.blocked:
                    st.button(
                        _("Undo this import"), type="primary", icon=":material/undo:", key=f"{_KEY}.do.{batch}",
                        on_click=_undo, args=(plan, work, batch),
                    )  # fmt: skip
                st.button(
                    _("Cancel"), type="tertiary", key=f"{_KEY}.no.{batch}", on_click=jobs.forget, args=(plan,)
                )
    else:
        st.button(
            _("Undo this import"), icon=":material/undo:", key=f"{_KEY}.ask.{batch}", type="tertiary",
            on_click=_look, args=(plan, work, batch),
        )  # fmt: skip


def _watch(session: Session, plan: str, work: str, batch: int) -> None:
    """The undoing at work, what it did, or why it did nothing and the way to look again."""
    done = jobs.watch(work)
    if done is not None:
        _tell(UndoPlan.from_json(done.result or {}))
    elif operations.job(session.actor, session.store, st.session_state[work]).status == "failed":
        st.button(
            _("Look again at what undoing would do"), icon=":material/refresh:", key=f"{_KEY}.again.{batch}",
            on_click=_look, args=(plan, work, batch),
        )  # fmt: skip


def _consequences(found: UndoPlan) -> None:
    """What undoing would do, or why it cannot be done."""
    if found.blocked:
        st.warning(sentences(*(plain(say(each)) for each in found.blocked)), icon=":material/block:")
    elif len(found.batches) > 1:
        st.caption(
            _(
                "The sheets of one file are undone together: imports {batches}.",
                batches=listed(str(each) for each in found.batches),
            )
        )
    if not found.blocked:
        st.markdown(":orange[:material/warning:] " + _told(found))
    _records(found)


def _tell(told: UndoPlan) -> None:
    """What an undoing did."""
    st.success(_done(told), icon=":material/undo:")
    _records(told)


def _records(plan: UndoPlan) -> None:
    """The records that come back with a difference, and those that stay."""
    _listed(plan.differing, plan.differing_total, _("Comes back with a difference"))
    _listed(plan.kept, plan.kept_total, _("Stays as it is"))


def _listed(records: Sequence[Kept], total: int, title: str) -> None:
    """Records by name, each with its reason; nothing where there are none."""
    if not records:
        return
    rows = {
        "record": pa.array([f"{say(each.kind)} {each.label}" for each in records]),
        "reason": pa.array([say(each.reason) for each in records]),
    }
    columns = {"record": tables.text(title, width=150), "reason": tables.text(_("Reason"), width=600)}
    tables.read_only(rows, columns, alt=title, height=tables.height_of(len(records)))
    if total > len(records):
        st.caption(_("The first {shown} of {all}.", shown=number(len(records)), all=number(total)))


def _told(plan: UndoPlan) -> str:
    """What would go, come back and stay, as far as there is any of it."""
    said = []
    if plan.added:
        said.append(
            ngettext(
                "{n} record that this import added will be removed.",
                "{n} records that this import added will be removed.",
                plan.added,
            )
        )
    if plan.restored:
        said.append(
            ngettext(
                "{n} record that it changed will have its old values again.",
                "{n} records that it changed will have their old values again.",
                plan.restored,
            )
        )
    said += _differing(plan)
    if plan.kept_total:
        said.append(ngettext("{n} record stays as it is.", "{n} records stay as they are.", plan.kept_total))
    return sentences(*said)


def _differing(plan: UndoPlan) -> list[str]:
    """How many records do not come back quite as they were, if any."""
    if not plan.differing_total:
        return []
    return [
        ngettext(
            "{n} of them differs from what it was: who had it before has left, was merged or is gone.",
            "{n} of them differ from what they were: who had them before has left, was merged or is gone.",
            plan.differing_total,
        )
    ]


def _done(plan: UndoPlan) -> str:
    """What went, came back and stayed, as far as there was any of it."""
    said = [_("Undone.")]
    if plan.added:
        said.append(ngettext("{n} record was removed.", "{n} records were removed.", plan.added))
    if plan.restored:
        said.append(
            ngettext(
                "{n} record has its old values again.",
                "{n} records have their old values again.",
                plan.restored,
            )
        )
    said += _differing(plan)
    if plan.kept_total:
        said.append(
            ngettext(
                "{n} record stayed as it was, because of what came later.",
                "{n} records stayed as they were, because of what came later.",
                plan.kept_total,
            )
        )
    return sentences(*said)


def _look(plan: str, work: str, batch: int) -> None:
    """Have worked out what undoing would do as things stand now."""
    if _start(plan, "import_undo_plan", batch):
        jobs.forget(work)


def _undo(plan: str, work: str, batch: int) -> None:
    if _start(work, "import_undo", batch):
        jobs.forget(plan)


def _start(slot: str, kind: str, batch: int) -> bool:
    """Queue it; False when it is refused, which is said."""
    try:
        jobs.start(slot, kind, {"batch": batch})
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")
        return False
    return True
