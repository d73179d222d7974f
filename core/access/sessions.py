"""Tokens of browser sessions and sign-in links, inside a running transaction. Only their hashes are stored."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.access.tables import BrowserSession, SignInLink

IDLE = timedelta(hours=12)
"""A working day: whoever was here yesterday evening signs in again, whoever had lunch does not."""
LONGEST = timedelta(days=14)
"""Even in constant use: a stolen cookie serves no longer than this."""
LINK_LIFE = timedelta(minutes=30)
"""Long enough to be sent and opened, too short to be found in an old message."""
TOUCH_EVERY = timedelta(minutes=5)
"""Activity is noted at this grain, so that reading a page is seldom a write."""
_TOKEN_BYTES = 32


def token_hash(token: str) -> str:
    """What the database keeps of a token. Tokens are random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account_id: int, *, now: datetime) -> str:
    """A new browser session of the account; the token is what the cookie holds. Expired ones are swept out."""
    session.execute(
        delete(BrowserSession).where(
            or_(BrowserSession.expires_at <= now, BrowserSession.last_seen_at <= now - IDLE)
        )
    )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        BrowserSession(
            token_hash=token_hash(token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    return token


def find_session(session: Session, token: str, *, now: datetime) -> BrowserSession | None:
    """The live session behind a token; None when there is none, or it has expired or idled too long."""
    return session.scalar(
        select(BrowserSession).where(
            BrowserSession.token_hash == token_hash(token),
            BrowserSession.expires_at > now,
            BrowserSession.last_seen_at > now - IDLE,
        )
    )


def end_sessions(session: Session, account_id: int, *, keep: str | None = None) -> None:
    """End all sessions of the account, but for the one with the token `keep`."""
    ending = delete(BrowserSession).where(BrowserSession.account_id == account_id)
    if keep is not None:
        ending = ending.where(BrowserSession.token_hash != token_hash(keep))
    session.execute(ending)


def make_link(session: Session, account_id: int, *, now: datetime) -> str:
    """The token of a new sign-in link; links of the account that were not used yet stop working."""
    withdraw_links(session, account_id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(SignInLink(token_hash=token_hash(token), account_id=account_id, expires_at=now + LINK_LIFE))
    return token


def withdraw_links(session: Session, account_id: int) -> None:
    """Make the unused links of the account useless."""
    session.execute(
        delete(SignInLink).where(SignInLink.account_id == account_id, SignInLink.used_at.is_(None))
    )
