"""Words for the codes of access, in English; the catalogue of the reader's language has the rest."""

from __future__ import annotations

from core.access.actor import Role
from core.language import mark

ROLES: dict[str, str] = {
    Role.ADMINISTRATOR: mark("Administrator"),
    Role.MANAGER: mark("Manager"),
    Role.SUPERVISOR: mark("Supervisor"),
    Role.OPERATIONS: mark("Operations"),
    Role.STAFF: mark("Account manager"),
    Role.INTERN: mark("Intern"),
}
