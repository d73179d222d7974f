"""The part of the home page on the reader's own day: what is owed, late first, each row one click from its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.access.actor import Permission
from core.operations.agenda import CARD, FIX, LEAD, ORDER, RECORD, Task, When, my_day
from core.operations.labels import TASKS
from pages.frame import tables
from pages.frame.formats import moment, number, time_left
from pages.frame.navigation import go_to, link_to, offered
from pages.frame.parts import Tile, empty, section, tiles
from pages.frame.session import Session, business
from pages.frame.words import _, label, ngettext

_PLACES = {
    ORDER: ("churn_worklist", "order"),
    LEAD: ("funnel", "lead"),
    CARD: ("pilot_kanban", "card"),
    RECORD: ("customer", "id"),
}
_SIGNS = {When.LATE: ("▲", "red"), When.TODAY: ("◆", "orange"), When.LATER: ("○", "gray")}
_SHOWN = 12


def show_day(session: Session, now: datetime, *, always: bool) -> None:
    """What the reader owes; nothing for basic data, and where nothing is owed only if `always`."""
    if not session.actor.may(Permission.SEE_DETAILS):
        return
    tasks = my_day(session.actor, session.store, now=now)
    if not tasks and not always:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("My day"), _("What you owe, the most overdue first. A click opens it."))
        if offered(session.actor, "churn_worklist"):
            link_to("churn_worklist", _("Open the worklist"), icon=":material/arrow_forward:")
    if always:
        _tiles(tasks)
    if not tasks:
        empty(_("You owe nothing"), _("New work comes in with warnings, leads and the decisions of pilots."))
        return
    lines = _lines(tasks)
    _table(session, lines[:_SHOWN], now)
    more = len(lines) - _SHOWN
    if more > 0:
        st.caption(ngettext("and {n} more, due later", "and {n} more, due later", more))


def _tiles(tasks: Sequence[Task]) -> None:
    def counted(when: When) -> str:
        return number(sum(task.when is when for task in tasks))

    tiles(
        [
            Tile(_("Late"), counted(When.LATE), _("past the due time")),
            Tile(_("Due today"), counted(When.TODAY), _("still in time")),
            Tile(_("Due later"), counted(When.LATER), _("from tomorrow on")),
            Tile(_("New"), number(sum(task.new for task in tasks)), _("came up today")),
        ],
        "home_day",
    )


def _lines(tasks: Sequence[Task]) -> list[tuple[Task, int]]:
    """One line a task; corrections of several customers' data, which one reminder asks for, are one line together,
    where the first of them is due. With how many tasks a line stands for."""
    fixes = [task for task in tasks if task.kind == FIX]
    return [
        (task, len(fixes) if task.kind == FIX else 1)
        for task in tasks
        if task.kind != FIX or task is fixes[0]
    ]


def _table(session: Session, lines: Sequence[tuple[Task, int]], now: datetime) -> None:
    tasks = [task for task, _count in lines]
    zone = business(session.store).time_zone
    signs = [f"{_SIGNS[task.when][0]} {time_left(task.due_at, now)}" for task in tasks]
    colors = {sign: _SIGNS[task.when][1] for sign, task in zip(signs, tasks, strict=True)}
    rows = {
        "id": [task.id for task in tasks],
        "clock": [[sign] for sign in signs],
        "task": [label(TASKS, task.kind) for task in tasks],
        "about": [
            task.about if count == 1 else ngettext("{n} customer", "{n} customers", count)
            for task, count in lines
        ],
        "due": [moment(task.due_at, zone) for task in tasks],
        "new": [_("New") if task.new else "" for task in tasks],
    }
    columns = {
        "clock": tables.signals(_("Time left"), list(colors), list(colors.values()), pinned=True, width=168),
        "about": tables.text(_("Customer, lead or card")),
        "task": tables.text(_("To do")),
        "due": tables.text(_("Due")),
        "new": tables.text(_("New")),
    }
    places = {task.id: (task, count) for task, count in lines}
    tables.records(
        rows,
        columns,
        key="home.day",
        alt=_("What you owe, the most overdue first"),
        on_choose=lambda chosen: _open(session, *places[chosen]),
        height="content",
    )


def _open(session: Session, task: Task, count: int) -> None:
    place, name = _PLACES[task.subject_kind]
    if not offered(session.actor, place):
        return
    if count > 1:
        go_to(place)  # where nobody is chosen, the customers to be corrected are listed
    else:
        go_to(place, **{name: str(task.subject_id)})
