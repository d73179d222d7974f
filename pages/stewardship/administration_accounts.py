"""Accounts: who may sign in, in which role, and the links that let people in."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core import clock
from core.access import queries, service
from core.access.actor import ROLE_REACH, Permission, Reach, Role
from core.access.labels import ROLES
from core.errors import StaleEdit
from pages.frame import formats
from pages.frame.parts import plain, refusal
from pages.frame.session import Session, business, enter
from pages.frame.tables import height_of, labelled, records, text
from pages.frame.words import NOTHING, _, label, ngettext
from pages.stewardship.administration_drawer import finish, next_drawer, open_drawer, sure


def accounts_section(session: Session) -> None:
    """The accounts; a click opens one."""
    frame = queries.accounts(session.actor, session.store)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            ngettext(
                "{n} account. Click a row to change it or to make a sign-in link.",
                "{n} accounts. Click a row to change it or to make a sign-in link.",
                len(frame),
            ),
        )
        st.button(
            _("Add account"),
            icon=":material/person_add:",
            type="primary",
            on_click=open_drawer,
            args=("new_account",),
            key="administration.add_account",
        )
    columns = {
        "display_name": text(_("Full name")),
        "username": text(_("User name")),
        "role": text(_("Role")),
        "department": text(_("Department")),
        "person": text(_("In the staff directory as")),
        "state": text(_("State")),
        "created": text(_("Added on")),
    }
    zone = business(session.store).time_zone
    shown = labelled(frame, role=ROLES).assign(
        state=[_state(row) for row in frame.itertuples()],
        created=[formats.moment(at, zone) for at in frame.created_at],
    )
    shown = shown.fillna({"department": NOTHING, "person": NOTHING})
    records(
        shown,
        columns,
        key="administration.accounts",
        alt=_("Accounts"),
        on_choose=partial(open_drawer, "account"),
        height=height_of(len(shown)),
    )


def _state(row: Any) -> str:
    if not pd.isna(row.disabled_at):
        return _("Disabled")
    if not pd.isna(row.locked_until) and row.locked_until > clock.now():
        return _("Locked for a while after wrong passwords")
    return _("In use") if row.has_password else _("No password yet")


def account_drawer(account_id: int) -> None:
    """Role and links of one account, and what takes access away or gives it back."""
    session = enter(Permission.ADMINISTER)
    frame = queries.accounts(session.actor, session.store).set_index("id", drop=False)
    row = frame.loc[account_id]
    key = f"account.{account_id}"
    _load(key, row)
    st.text(str(row.display_name))
    st.caption(f"{plain(row.username)} · {_state(row)}")
    _position(session, key)
    if st.button(_("Save"), type="primary", key=f"{key}.save", width="stretch"):
        with refusal():
            _save(session, account_id, key)
            finish(_("Saved."))
    with st.container(gap="small"):
        _access(session, row, key)


def _access(session: Session, row: Any, key: str) -> None:
    """What lets the person in again, or keeps the person out."""
    account_id = int(row.id)
    if not pd.isna(row.disabled_at):
        if st.button(_("Enable"), key=f"{key}.enable", width="stretch"):
            with refusal():
                service.enable_account(session.actor, session.store, account_id, now=clock.now())
                finish(_("Enabled."))
        return
    if _link_wanted(row, key):
        with refusal():
            token = service.reset_account(session.actor, session.store, account_id, now=clock.now())
            next_drawer("link", token, str(row.display_name))
    if sure(
        "disable",
        _("Disable"),
        _("Open sessions end at once. Customers and work orders stay where they are."),
    ):
        with refusal():
            service.disable_account(session.actor, session.store, account_id, now=clock.now())
            finish(_("Disabled."))


def _link_wanted(row: Any, key: str) -> bool:
    """The button for a new link. Who has no password has none to lose, so there is nothing to ask."""
    if not row.has_password:
        return st.button(
            _("Make a sign-in link"),
            key=f"{key}.link",
            width="stretch",
            help=_("A link that was made before stops working."),
        )
    return sure(
        "reset",
        _("Reset password"),
        _("The password stops working and open sessions end. You get a link that lets the person back in."),
    )


def _load(key: str, row: pd.Series) -> None:
    """Fill the drawer from the record when it opens; the version says later whether it still holds."""
    if f"{key}.role" in st.session_state:
        return
    st.session_state[f"{key}.version"] = int(row.version)
    st.session_state[f"{key}.role"] = Role(row.role)
    st.session_state[f"{key}.department"] = None if pd.isna(row.department_id) else int(row.department_id)
    st.session_state[f"{key}.person"] = None if pd.isna(row.staff_id) else int(row.staff_id)


def _save(session: Session, account_id: int, key: str) -> None:
    try:
        service.change_role(
            session.actor,
            session.store,
            account_id,
            st.session_state[f"{key}.role"],
            department_id=st.session_state[f"{key}.department"],
            staff_id=st.session_state[f"{key}.person"],
            expected_version=st.session_state[f"{key}.version"],
            now=clock.now(),
        )
    except StaleEdit:
        frame = queries.accounts(session.actor, session.store).set_index("id")
        now = frame.loc[account_id].fillna({"department": NOTHING, "person": NOTHING})
        st.session_state[f"{key}.version"] = int(now.version)
        st.text(
            _(
                "Stored now: {role} · {department} · {person}",
                role=label(ROLES, now.role),
                department=now.department,
                person=now.person,
            )
        )
        raise


def _position(session: Session, key: str) -> None:
    """Role, department and person; what the choice lacks is said."""
    departments = queries.departments(session.actor, session.store).set_index("id")["name"].to_dict()
    people = queries.directory(session.actor, session.store)
    mine = st.session_state.get(f"{key}.person")
    free = people[(people.active & people.account_id.isna()) | (people.id == mine)]
    names = free.set_index("id")["name"].to_dict()
    st.session_state.setdefault(f"{key}.role", Role.STAFF)
    role: Role = st.selectbox(  # type: ignore[assignment]  # a choice of a list that is never empty
        _("Role"), list(Role), format_func=lambda code: label(ROLES, code), key=f"{key}.role"
    )
    department = st.selectbox(
        _("Department"),
        list(departments),
        format_func=departments.__getitem__,
        index=None,
        placeholder=_("None"),
        help=_("Supervisors and interns see the customers of their department."),
        key=f"{key}.department",
    )
    person = st.selectbox(
        _("In the staff directory as"),
        list(names),
        format_func=names.__getitem__,
        index=None,
        placeholder=_("None"),
        help=_("Account managers see the customers that files give to this person."),
        key=f"{key}.person",
    )
    if ROLE_REACH[role] is Reach.DEPARTMENT and department is None:
        st.caption(_("Without a department this account sees no customers."))
    if ROLE_REACH[role] is Reach.OWN and person is None:
        st.caption(_("Without a person this account sees no customers."))


def new_account_drawer() -> None:
    """The form for a new account; it ends with the link to hand over."""
    session = enter(Permission.ADMINISTER)
    username = st.text_input(_("User name"), key="new_account.username", max_chars=64)
    display_name = st.text_input(_("Full name"), key="new_account.display_name", max_chars=64)
    _position(session, "new_account")
    if st.button(_("Add account"), type="primary", key="new_account.add", width="stretch"):
        with refusal():
            _id, token = service.create_account(
                session.actor,
                session.store,
                username=username,
                display_name=display_name,
                role=st.session_state["new_account.role"],
                department_id=st.session_state["new_account.department"],
                staff_id=st.session_state["new_account.person"],
                now=clock.now(),
            )
            next_drawer("link", token, display_name)


def link_drawer(token: str, name: str) -> None:
    """The link just made, shown this once: only its hash is kept, and closing the drawer forgets it."""
    enter(Permission.ADMINISTER)
    st.caption(_("Hand this link over in person or by a channel you trust:"))
    st.text(name)
    address = (st.context.url or "").split("/administration")[0].rstrip("/")
    st.code(f"{address}/link/{token}", language=None, wrap_lines=True)
    st.caption(
        _("It works once, within 30 minutes, and is not shown again. Whoever opens it sets a password.")
    )
    if st.button(_("Done"), type="primary", key="link.done", width="stretch"):
        finish(_("The link is no longer shown."))
