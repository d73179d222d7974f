"""Passwords: the rule for new ones, and argon2id hashes of them."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from core.errors import Refused
from core.language import mark

MIN_LENGTH = 10
"""Shorter ones can be guessed offline from a stolen hash; longer rules make people write them down."""
MAX_LENGTH = 200
"""Longer input is no password but a way to keep the server busy."""

_hasher = PasswordHasher()  # argon2id with the second recommended parameters of RFC 9106 (64 MiB)


def require_good(password: str, username: str) -> None:
    """Refuse a new password that is too short, too long, or the user name itself."""
    if len(password) < MIN_LENGTH:
        raise Refused(mark("The password needs at least {least} characters."), least=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Refused(mark("The password may have at most {most} characters."), most=MAX_LENGTH)
    if password.casefold().strip() == username.casefold():
        raise Refused(mark("The password must not be the user name. Choose another one."))


def hash_password(password: str) -> str:
    """The argon2id hash, salted; holds its own parameters."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind the hash.

    Without a hash (unknown name, no password yet) the same work is done on a dummy, so that the time an
    answer takes does not tell which names exist.
    """
    try:
        _hasher.verify(stored or _dummy(), password[:MAX_LENGTH])
    except VerificationError:
        return False
    return stored is not None


@cache
def _dummy() -> str:
    return _hasher.hash("a password that nobody has")
