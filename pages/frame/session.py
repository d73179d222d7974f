"""Who is at the other end. Identity comes from the gate's header alone and is looked up afresh at every run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NoReturn

import streamlit as st

from core import clock
from core.access import queries as access
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import NotAllowed
from core.policy.model import Business
from core.policy.queries import policy_at
from core.store.engine import Store, open_store
from pages.frame.words import _, say, settle_language


@dataclass(frozen=True)
class Session:
    """What a page needs to know of its reader."""

    actor: Actor
    store: Store
    language: str
    theme: str | None
    """light, dark; None follows the browser."""


class _Frame(threading.local):
    """The session that the frame has read for the page which this thread runs."""

    session: Session | None = None


_frame = _Frame()
_POLICY_KEPT_S = 60


@contextmanager
def page_of(session: Session) -> Iterator[None]:
    """Run a page for the session that the frame has just read, so that the page need not read it again.

    Callbacks and fragments run outside of it and read it anew.
    """
    _frame.session = session
    try:
        yield
    finally:
        _frame.session = None


def current() -> Session:
    """The session of this run, read from the database. Stops the run when nobody is signed in."""
    store = open_store()
    signed_in = access.actor_of_account(store, account) if (account := _account_id()) is not None else None
    language = settle_language(signed_in.language if signed_in else None)
    if signed_in is None:
        _stop(_("You are not signed in, or your account has been disabled."), _("Sign in"), "/sign-in")
    if signed_in.must_set_password:
        _stop(_("Set a password before you go on."), _("Set password"), "/password")
    return Session(signed_in.actor, store, language, signed_in.theme)


def of_this_run() -> Session:
    """The session that the frame has read for this run, else one read now."""
    return _frame.session or current()


def enter(permission: Permission) -> Session:
    """The first line of every page: the session, or a refusal when the role may not open the page."""
    session = of_this_run()
    try:
        session.actor.require(permission)
    except NotAllowed as refusal:
        st.error(say(refusal.message), icon=":material/lock:")
        st.stop()
    return session


def business(store: Store) -> Business:
    """Time zone and currency of the company, from the policy in force."""
    return _business(store, clock.now().date(), int(time.monotonic() // _POLICY_KEPT_S))


@lru_cache(maxsize=8)
def _business(store: Store, day: date, _period: int) -> Business:
    # Public to everybody who can sign in, so the reader is no part of the key. Pages ask several times a run,
    # and Streamlit's cache takes longer to look at its key than the database to answer.
    return policy_at(store, day).business


def today(store: Store) -> date:
    """The present day of the business time zone."""
    return business_date(clock.now(), business(store).time_zone)


def _account_id() -> int | None:
    claimed = st.user.get("account_id")
    return int(str(claimed)) if claimed is not None and str(claimed).isdecimal() else None


def _stop(sentence: str, action: str, path: str) -> NoReturn:
    st.info(sentence, icon=":material/lock:")
    st.link_button(action, path, type="primary")
    st.stop()
