"""What pages about customers say in a company that has none yet."""

from __future__ import annotations

from functools import partial

from core.facts.queries import has_customers
from pages.frame.navigation import import_or_home
from pages.frame.parts import empty
from pages.frame.session import Session
from pages.frame.words import _


def without_customers(session: Session) -> bool:
    """Whether the company has no customers yet, which is then said, with the way to bring them in."""
    if has_customers(session.actor, session.store):
        return False
    empty(
        _("There are no customers yet"),
        _("They come with the first import; this page works from then on."),
        partial(import_or_home, session.actor),
    )
    return True
