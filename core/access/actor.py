"""Who acts, what a role may do, and how far it reaches. Every command and query starts here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, false, true

from core.errors import NotAllowed
from core.language import mark


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    STAFF = "staff"
    INTERN = "intern"


class Permission(StrEnum):
    """What can be allowed. Reading is bounded further by the role's reach, see `reach`."""

    SEE_CUSTOMERS = "see_customers"
    SEE_DETAILS = "see_details"
    """Beyond basic data: amounts, grades' figures, interactions, satisfaction, notes."""
    SEE_CONTACT_DATA = "see_contact_data"
    """Phones and e-mails in full; without it they are masked everywhere."""
    EDIT_CUSTOMERS = "edit_customers"
    WORK_ORDERS = "work_orders"
    """Claim, log a contact, record an outcome, debrief, close."""
    ASSIGN_WORK = "assign_work"
    """Give work orders and customers to another person; hand over."""
    IMPORT = "import"
    EXPORT = "export"
    RUN_CYCLE = "run_cycle"
    SEE_MEASURES = "see_measures"
    """The company's measures and the monthly report; of departments, those within reach."""
    PILOTS = "pilots"
    """Work at the board of a pilot: cards, comments, the weekly meeting."""
    PUBLISH = "publish"
    """Make the company's word of something: begin and end a pilot, publish a report."""
    OWN_FIELDS = "own_fields"
    """Add fields of the company's own to the catalogue, change and retire them."""
    ADMINISTER = "administer"
    """Accounts, keys, jobs of everybody."""


_READ = {Permission.SEE_CUSTOMERS, Permission.SEE_DETAILS}
_WORK = {Permission.EDIT_CUSTOMERS, Permission.WORK_ORDERS, Permission.EXPORT}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {Permission.ADMINISTER},
    Role.SUPERVISOR: frozenset(
        _READ
        | _WORK
        | {
            Permission.SEE_CONTACT_DATA,
            Permission.ASSIGN_WORK,
            Permission.SEE_MEASURES,
            Permission.PILOTS,
        }
    ),
    Role.OPERATIONS: frozenset(
        _READ
        | {
            Permission.EDIT_CUSTOMERS,
            Permission.EXPORT,
            Permission.IMPORT,
            Permission.RUN_CYCLE,
            Permission.SEE_MEASURES,
            Permission.PILOTS,
        }
    ),
    Role.STAFF: frozenset(_READ | _WORK | {Permission.SEE_CONTACT_DATA, Permission.PILOTS}),
    Role.INTERN: frozenset({Permission.SEE_CUSTOMERS}),
}


class Reach(StrEnum):
    """Whose customers a role sees."""

    COMPANY = "company"
    DEPARTMENT = "department"
    OWN = "own"


ROLE_REACH: dict[Role, Reach] = {
    Role.ADMINISTRATOR: Reach.COMPANY,
    Role.MANAGER: Reach.COMPANY,
    Role.SUPERVISOR: Reach.DEPARTMENT,
    Role.OPERATIONS: Reach.COMPANY,
    Role.STAFF: Reach.OWN,
    Role.INTERN: Reach.DEPARTMENT,
}


@dataclass(frozen=True)
class Actor:
    """The person (or the system) on whose behalf something is done; read afresh at every run."""

    account_id: int | None
    name: str
    role: Role
    department_id: int | None = None
    staff_id: int | None = None

    def may(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless the role holds `permission`."""
        if not self.may(permission):
            raise NotAllowed(mark("Your role does not allow this. Ask your administrator."))

    @property
    def reach(self) -> Reach:
        return ROLE_REACH[self.role]


SYSTEM = Actor(account_id=None, name="system", role=Role.ADMINISTRATOR)
"""The command line, the scheduler and the cycle; audited like anybody."""


def within_reach(
    actor: Actor, department: SQLColumnExpression[Any], staff: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    """The SQL condition that keeps the rows the actor may see.

    `department` and `staff` are the columns with the department and the serving person's id. An actor
    bound to a department or to own customers, but linked to none, sees nothing.
    """
    if actor.reach is Reach.COMPANY:
        return true()
    if actor.reach is Reach.DEPARTMENT:
        return false() if actor.department_id is None else department == actor.department_id
    return false() if actor.staff_id is None else staff == actor.staff_id
