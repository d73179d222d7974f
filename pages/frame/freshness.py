"""What the figures of a page stand on: the day, when it was worked out, by which rules."""

from __future__ import annotations

from core.grading.queries import Freshness
from pages.frame.formats import day, moment
from pages.frame.session import Session, business
from pages.frame.words import _


def stands_on(session: Session, fresh: Freshness) -> list[str] | None:
    """The facts of a page's header; None before the first grading."""
    if not fresh.graded:
        return None
    zone = business(session.store).time_zone
    return [
        _("As of {day}", day=day(fresh.as_of)),
        _("graded {moment}", moment=moment(fresh.finished_at, zone)),
        _("rules version {version}", version=fresh.policy_version),
    ]
