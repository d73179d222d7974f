"""Reads of access: who is signed in, the accounts, the staff directory and the departments."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import Select, select

from core.access.accounts import SignedIn, signed_in
from core.access.actor import Actor, Permission, Reach
from core.access.sessions import find_session
from core.access.tables import Account, Department, StaffMember
from core.store.engine import Store


def actor_of_session(store: Store, token: str, *, now: datetime) -> SignedIn | None:
    """Who holds the session token; None when the session has ended or the account is disabled."""
    with store.read() as session:
        found = find_session(session, token, now=now)
        account = None if found is None else session.get(Account, found.account_id)
        if found is None or account is None or account.disabled_at is not None:
            return None
        return signed_in(account, found.last_seen_at)


def actor_of_account(store: Store, account_id: int) -> SignedIn | None:
    """The account as it stands now; None when it does not exist or is disabled. Pages ask at every run."""
    with store.read() as session:
        account = session.get(Account, account_id)
        return None if account is None or account.disabled_at is not None else signed_in(account)


def somebody_can_sign_in(store: Store) -> bool:
    """Whether any enabled account has a password."""
    with store.read() as session:
        usable = select(Account.id).where(Account.password_hash.is_not(None), Account.disabled_at.is_(None))
        return session.scalar(usable.limit(1)) is not None


def accounts(actor: Actor, store: Store) -> pd.DataFrame:
    """All accounts: id, username, display_name, role, department_id, department, staff_id, person,
    has_password, locked_until, disabled_at, created_at, version. By user name."""
    actor.require(Permission.ADMINISTER)
    return _frame(
        store,
        select(
            Account.id,
            Account.username,
            Account.display_name,
            Account.role,
            Account.department_id,
            Department.name.label("department"),
            Account.staff_id,
            StaffMember.name.label("person"),
            Account.password_hash.is_not(None).label("has_password"),
            Account.locked_until,
            Account.disabled_at,
            Account.created_at,
            Account.version,
        )
        .outerjoin(Department, Department.id == Account.department_id)
        .outerjoin(StaffMember, StaffMember.id == Account.staff_id)
        .order_by(Account.username),
    )


def directory(actor: Actor, store: Store) -> pd.DataFrame:
    """The staff directory: id, name, department_id, department, account_id, username, left_at, successor_id, active."""
    actor.require(Permission.ADMINISTER)
    return _frame(
        store,
        select(
            StaffMember.id,
            StaffMember.name,
            StaffMember.department_id,
            Department.name.label("department"),
            Account.id.label("account_id"),
            Account.username,
            StaffMember.left_at,
            StaffMember.successor_id,
            StaffMember.left_at.is_(None).label("active"),
        )
        .outerjoin(Department, Department.id == StaffMember.department_id)
        .outerjoin(Account, Account.staff_id == StaffMember.id)
        .order_by(StaffMember.name),
    )


def departments(actor: Actor, store: Store) -> pd.DataFrame:
    """The departments: id, name."""
    actor.require(Permission.ADMINISTER)
    return _frame(store, select(Department.id, Department.name).order_by(Department.name))


def assignable_staff(actor: Actor, store: Store) -> pd.DataFrame:
    """Who can be given work by this actor: id, name, department_id, department; people who left are not."""
    actor.require(Permission.ASSIGN_WORK)
    people = (
        select(
            StaffMember.id,
            StaffMember.name,
            StaffMember.department_id,
            Department.name.label("department"),
        )
        .outerjoin(Department, Department.id == StaffMember.department_id)
        .where(StaffMember.left_at.is_(None))
        .order_by(StaffMember.name)
    )
    if actor.reach is not Reach.COMPANY:
        people = people.where(StaffMember.department_id == actor.department_id)
    return _frame(store, people)


def _frame(store: Store, statement: Select[*tuple[object, ...]]) -> pd.DataFrame:
    with store.read() as session:
        result = session.execute(statement)
        return pd.DataFrame(result.all(), columns=list(result.keys()))
