"""How far somebody sees the figures of data quality: the whole company, or the own department."""

from __future__ import annotations

from core.access.actor import Actor, Reach


def scope_of(actor: Actor, department_id: int | None) -> int | None:
    """The department that is looked at: the chosen one, or whatever was chosen the own one."""
    own = reach_of(actor)
    return department_id if own is None else own


def reach_of(actor: Actor) -> int | None:
    """None for the whole company, else the department; -1, which no department has, for who belongs to none."""
    if actor.reach is Reach.COMPANY:
        return None
    return actor.department_id if actor.department_id is not None else -1
