"""Checking a user name and a password, with the count of failures that locks a name."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from threading import Lock

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import audit, passwords
from core.access.actor import SYSTEM
from core.access.tables import Account
from core.access.throttle import LOCK, Attempts, UnknownNames
from core.errors import Refused
from core.language import mark
from core.store.engine import Store

_counting = Lock()  # so that attempts on one name at the same moment wait instead of colliding


class WrongCredentials(Refused):
    """The name or the password is wrong; which of the two is never told."""


def check(store: Store, username: str, password: str, *, now: datetime) -> int:
    """The id of the enabled account with this name and password; refused in the same words whatever is wrong.

    `username` is in its normal spelling. The attempt is counted before the password is looked at, so that
    many at once cannot outrun the lock.
    """
    with _counting, store.write() as session:
        account = session.scalar(select(Account).where(Account.username == username))
        _count_attempt(session, _unknown_names(store), account, username, now=now)
        session.commit()
    # A disabled account is answered like a name that nobody has.
    stored = account.password_hash if account is not None and account.disabled_at is None else None
    if passwords.matches(stored, password) and account is not None and stored is not None:
        with store.write() as session:
            cleared = session.execute(
                update(Account)
                # An account that was disabled or got another password meanwhile does not get in.
                .where(
                    Account.id == account.id, Account.password_hash == stored, Account.disabled_at.is_(None)
                )
                .values(failed_attempts=0, locked_until=None)
                .returning(Account.id)
            ).all()
            session.commit()
        if cleared:
            return account.id
    raise WrongCredentials(mark("The user name or the password is wrong. Check both and try again."))


@cache
def _unknown_names(_store: Store) -> UnknownNames:
    return UnknownNames()


def _count_attempt(
    session: Session, unknown: UnknownNames, account: Account | None, username: str, *, now: datetime
) -> None:
    """Count one failure until the password proves right; refuse while the name is locked."""
    before = (
        unknown.get(username) if account is None else Attempts(account.failed_attempts, account.locked_until)
    )
    if before.is_locked(now):
        raise Refused(
            mark("Too many wrong passwords for this name. Wait {minutes} minutes, then try again."),
            minutes=int(LOCK.total_seconds() // 60),
        )
    after = before.plus_one(now)
    if account is None:
        unknown.put(username, after)
    else:
        account.failed_attempts, account.locked_until = after.failed, after.locked_until
    audit.record(
        session,
        SYSTEM,
        "session.attempted",
        "account",
        None if account is None else account.id,
        now=now,
        locks=after.locked_until is not None,
    )
