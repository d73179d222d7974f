"""Commands on accounts: sign-in and sign-out, links, passwords, and what an administrator may change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit, credentials, passwords
from core.access.accounts import actor_of, find, normal_username, place, require_another_administrator
from core.access.actor import SYSTEM, Actor, Permission, Role
from core.access.sessions import end_sessions, make_link, open_session, token_hash, withdraw_links
from core.access.tables import Account, BrowserSession, SignInLink
from core.errors import NotFound, Refused, StaleEdit
from core.language import LANGUAGES, mark
from core.store.engine import Store

THEMES = ("light", "dark")
FIRST_USERNAME = "admin"
MAX_NAME_LENGTH = 60


def sign_in(store: Store, username: str, password: str, *, now: datetime) -> str:
    """The token of a new session. Refused in the same words for an unknown name and a wrong password."""
    account_id = credentials.check(store, normal_username(username), password, now=now)
    with store.write() as session:
        account = find(session, account_id)
        token = open_session(session, account.id, now=now)
        audit.record(session, actor_of(account), "session.signed_in", "account", account.id, now=now)
        session.commit()
    return token


def sign_out(store: Store, token: str, *, now: datetime) -> None:
    """End the session of the token; nothing happens when it has ended already."""
    with store.write() as session:
        found = session.get(BrowserSession, token_hash(token))
        if found is None:
            return
        account = find(session, found.account_id)
        session.delete(found)
        audit.record(session, actor_of(account), "session.signed_out", "account", account.id, now=now)
        session.commit()


def note_activity(store: Store, token: str, *, now: datetime) -> None:
    """Note that the session is in use, so that it does not idle out."""
    with store.write() as session:
        found = session.get(BrowserSession, token_hash(token))
        if found is not None:
            found.last_seen_at = now
            session.commit()


def use_link(store: Store, token: str, *, now: datetime) -> str:
    """Sign in by a one-time link: the token of a new session, whose first step is to set a password."""
    with store.write() as session:
        link = session.get(SignInLink, token_hash(token), with_for_update=True)
        account = None if link is None else session.get(Account, link.account_id)
        if (
            link is None
            or account is None
            or link.used_at is not None
            or link.expires_at <= now
            or account.disabled_at is not None
        ):
            raise Refused(
                mark(
                    "This sign-in link has expired or was used before. Ask your administrator for a new one, "
                    "or run “python3 manage.py link” on the server."
                )
            )
        link.used_at = now
        account.password_hash, account.failed_attempts, account.locked_until = None, 0, None
        end_sessions(session, account.id)
        session_token = open_session(session, account.id, now=now)
        audit.record(session, actor_of(account), "session.link_used", "account", account.id, now=now)
        session.commit()
    return session_token


def first_link(store: Store, *, now: datetime) -> str:
    """A sign-in link for the first administrator, whose account is made when nobody is one (any more)."""
    with store.write() as session:
        account = session.scalar(
            select(Account)
            .where(Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))
            .order_by(Account.id)
            .limit(1)
        )
        if account is None:
            username = _free_username(session, FIRST_USERNAME)
            account = _add(session, username, username, (Role.ADMINISTRATOR, None, None), now)
            audit.record(session, SYSTEM, "account.created", "account", account.id, now=now)
        token = make_link(session, account.id, now=now)
        audit.record(session, SYSTEM, "account.link_made", "account", account.id, now=now)
        session.commit()
    return token


def set_password(
    store: Store, account_id: int, password: str, *, now: datetime, keep: str | None = None
) -> None:
    """Set the account's password and end its sessions, but for the one with the token `keep`."""
    with store.read() as session:
        passwords.require_good(password, find(session, account_id).username)
    # Hashing takes a while: not while everybody else waits for the write lock.
    stored = passwords.hash_password(password)
    with store.write() as session:
        account = find(session, account_id)
        account.password_hash = stored
        withdraw_links(session, account_id)
        end_sessions(session, account_id, keep=keep)
        audit.record(session, actor_of(account), "account.password_set", "account", account_id, now=now)
        session.commit()


def change_password(
    store: Store, account_id: int, current: str, password: str, *, now: datetime, keep: str | None = None
) -> None:
    """Set a new password for somebody who knows the current one; wrong ones count as failed sign-ins."""
    with store.read() as session:
        username = find(session, account_id).username
    passwords.require_good(password, username)
    try:
        credentials.check(store, username, current, now=now)
    except credentials.WrongCredentials as error:
        raise Refused(mark("The current password is wrong. Nothing was changed.")) from error
    set_password(store, account_id, password, now=now, keep=keep)


def create_account(
    actor: Actor,
    store: Store,
    *,
    username: str,
    display_name: str,
    role: str,
    department_id: int | None = None,
    staff_id: int | None = None,
    now: datetime,
) -> tuple[int, str]:
    """Make an account; its id, and the token of the link by which the person signs in and sets a password."""
    actor.require(Permission.ADMINISTER)
    name, shown = normal_username(username), display_name.strip()
    if not name or len(name) > MAX_NAME_LENGTH or any(character.isspace() for character in name):
        raise Refused(mark("A user name has 1 to {most} characters and no spaces."), most=MAX_NAME_LENGTH)
    if not shown or len(shown) > MAX_NAME_LENGTH:
        raise Refused(mark("A name has 1 to {most} characters."), most=MAX_NAME_LENGTH)
    with store.write() as session:
        if session.scalar(select(Account.id).where(Account.username == name)) is not None:
            raise Refused(mark("The user name is taken. Choose another one."))
        account = _add(session, name, shown, place(session, role, department_id, staff_id, None), now)
        token = make_link(session, account.id, now=now)
        audit.record(session, actor, "account.created", "account", account.id, now=now, role=account.role)
        session.commit()
    return account.id, token


def disable_account(actor: Actor, store: Store, account_id: int, *, now: datetime) -> None:
    """Shut the account out, with its sessions and links, at once."""
    actor.require(Permission.ADMINISTER)
    with store.write() as session:
        account = find(session, account_id)
        require_another_administrator(session, account)
        account.disabled_at = account.disabled_at or now
        account.version += 1
        end_sessions(session, account_id)
        withdraw_links(session, account_id)
        audit.record(session, actor, "account.disabled", "account", account_id, now=now)
        session.commit()


def enable_account(actor: Actor, store: Store, account_id: int, *, now: datetime) -> None:
    """Let a disabled account in again, with the password it had."""
    actor.require(Permission.ADMINISTER)
    with store.write() as session:
        account = find(session, account_id)
        account.disabled_at = None
        account.version += 1
        audit.record(session, actor, "account.enabled", "account", account_id, now=now)
        session.commit()


def reset_account(actor: Actor, store: Store, account_id: int, *, now: datetime) -> str:
    """Take away the password and end the sessions; the token of the link that lets the person back in."""
    actor.require(Permission.ADMINISTER)
    with store.write() as session:
        account = find(session, account_id)
        if account.disabled_at is not None:
            raise Refused(mark("The account is disabled. Enable it first."))
        account.password_hash, account.failed_attempts, account.locked_until = None, 0, None
        account.version += 1
        end_sessions(session, account_id)
        token = make_link(session, account_id, now=now)
        audit.record(session, actor, "account.reset", "account", account_id, now=now)
        session.commit()
    return token


def change_role(
    actor: Actor,
    store: Store,
    account_id: int,
    role: str,
    *,
    department_id: int | None = None,
    staff_id: int | None = None,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    """Give the account another role, department or person; it holds from the account's next step on."""
    actor.require(Permission.ADMINISTER)
    with store.write() as session:
        account = find(session, account_id)
        if expected_version is not None and account.version != expected_version:
            raise StaleEdit(mark("Somebody changed this account in between. Look at it again, then save."))
        if role != Role.ADMINISTRATOR:
            require_another_administrator(session, account)
        account.role, account.department_id, account.staff_id = place(
            session, role, department_id, staff_id, account_id
        )
        account.version += 1
        audit.record(session, actor, "account.role_changed", "account", account_id, now=now, role=role)
        session.commit()


def choose_language(actor: Actor, store: Store, code: str | None) -> None:
    """Keep the language the person chose; None follows the browser."""
    if code is not None and code not in LANGUAGES:
        raise Refused(mark("There is no language {code}."), code=code)
    _choose(actor, store, language=code)


def choose_theme(actor: Actor, store: Store, code: str | None) -> None:
    """Keep the theme the person chose (light, dark); None follows the browser."""
    if code is not None and code not in THEMES:
        raise Refused(mark("There is no theme {code}."), code=code)
    _choose(actor, store, theme=code)


def _choose(actor: Actor, store: Store, **choice: str | None) -> None:
    if actor.account_id is None:
        raise NotFound(mark("There is no such account."))
    with store.write() as session:
        account = find(session, actor.account_id)
        for name, code in choice.items():
            setattr(account, name, code)
        session.commit()


def _free_username(session: Session, wanted: str) -> str:
    """`wanted`, or with the first number that makes it a name nobody has."""
    taken = set(session.scalars(select(Account.username).where(Account.username.startswith(wanted))))
    numbered = (f"{wanted}{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)


def _add(
    session: Session,
    username: str,
    display_name: str,
    placed: tuple[Role, int | None, int | None],
    now: datetime,
) -> Account:
    role, department_id, staff_id = placed
    account = Account(
        username=username,
        display_name=display_name,
        role=role,
        department_id=department_id,
        staff_id=staff_id,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account
