"""What holds of accounts: who is signed in, what a role needs to be linked to, and the last administrator."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import ROLE_REACH, Actor, Reach, Role
from core.access.tables import Account, Department, StaffMember
from core.errors import NotFound, Refused
from core.language import mark


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session or account, as it stands now."""

    actor: Actor
    username: str
    language: str | None
    """The person's choice; None follows the browser."""
    theme: str | None
    """light, dark; None follows the browser."""
    must_set_password: bool
    last_seen_at: datetime | None = None
    """When activity of the browser session was last noted; None when no session was asked for."""


def signed_in(account: Account, last_seen_at: datetime | None = None) -> SignedIn:
    """The account as the person who acts."""
    return SignedIn(
        actor=actor_of(account),
        username=account.username,
        language=account.language,
        theme=account.theme,
        must_set_password=account.password_hash is None,
        last_seen_at=last_seen_at,
    )


def actor_of(account: Account) -> Actor:
    return Actor(
        account_id=account.id,
        name=account.display_name,
        role=Role(account.role),
        department_id=account.department_id,
        staff_id=account.staff_id,
    )


def normal_username(text: str) -> str:
    """One spelling for a user name, however it was typed: width, case and stray spaces do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def find(session: Session, account_id: int) -> Account:
    """The account, or NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(mark("There is no such account."))
    return account


def require_another_administrator(session: Session, account: Account) -> None:
    """Refuse when `account` is the last enabled administrator: nobody could let anybody in again."""
    # Locked until the end of the transaction: two who go at once would each count on the other.
    administrators = session.scalars(
        select(Account.id)
        .where(Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    ).all()
    if list(administrators) == [account.id]:
        raise Refused(mark("This is the last administrator. Make somebody else an administrator first."))


def place(
    session: Session, role: str, department_id: int | None, staff_id: int | None, account_id: int | None
) -> tuple[Role, int | None, int | None]:
    """Check the role with the department and the person it is linked to; give all three back complete.

    A person's department counts where none was given. `account_id` is the account that is changed.
    """
    if role not in set(Role):
        raise Refused(mark("There is no role {role}."), role=role)
    if staff_id is not None:
        person = session.get(StaffMember, staff_id)
        if person is None or person.left_at is not None:
            raise Refused(mark("This person is not in the staff directory, or has left."))
        holder = session.scalar(select(Account.id).where(Account.staff_id == staff_id))
        if holder is not None and holder != account_id:
            raise Refused(mark("This person has an account already."))
        department_id = department_id or person.department_id
    if department_id is not None and session.get(Department, department_id) is None:
        raise Refused(mark("There is no such department."))
    reach = ROLE_REACH[Role(role)]
    if reach is Reach.DEPARTMENT and department_id is None:
        raise Refused(mark("This role sees one department. Choose which."))
    if reach is Reach.OWN and staff_id is None:
        raise Refused(mark("This role sees its own customers. Choose the person in the staff directory."))
    return Role(role), department_id, staff_id
