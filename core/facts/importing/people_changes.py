"""What of a file of customers deserves a second look: values that overwrite others, and customers known twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.access.tables import Department, StaffMember
from core.access.vault import Vault
from core.facts import identity
from core.facts.importing.bulk import chunks
from core.facts.importing.changes import Changes
from core.facts.importing.workspace import Workspace
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.tables import Customer

if TYPE_CHECKING:
    from core.facts.importing.people import PeoplePlan


def changes(work: Workspace, planned: PeoplePlan, vault: Vault, limit: int) -> Changes:
    """The changed cells of the customers that are overwritten."""
    in_order = sorted(planned.changed, key=lambda changed: planned.rows[changed[0].id])
    cells = [
        (planned.rows[customer.id], customer.code, name, _stored(work, customer, name, vault), value)
        for customer, values in in_order[:limit]
        for name, value in values.items()
    ]
    return cells[:limit], sum(len(values) for _, values in planned.changed)


def _stored(work: Workspace, customer: Customer, name: str, vault: Vault) -> Any:
    if name == "phone":
        return identity.look(vault, customer.id, "phone", customer.phone_sealed)
    if name == "email":
        return identity.look(vault, customer.id, "email", customer.email_sealed)
    if name == "department":
        return work.session.scalar(select(Department.name).where(Department.id == customer.department_id))
    if name == "account_manager":
        return work.session.scalar(
            select(StaffMember.name).where(StaffMember.id == customer.account_manager_id)
        )
    own = [field for field in work.checked.table.own_fields if field.code == name]
    if own:
        return read_own(own, customer.own, Holder(vault, "customers", customer.id)).get(name)
    return getattr(customer, name)


def suspects(work: Workspace, new: Iterable[Mapping[str, Any]], vault: Vault) -> list[int]:
    """The rows of new customers with a phone that another customer of the file or of the store has too."""
    digests = {row["row"]: identity.digest(vault, "phone", row["phone"]) for row in new if "phone" in row}
    known = {digest for digest, rows in Counter(digests.values()).items() if rows > 1}
    for chunk in chunks(set(digests.values()) - known):
        known.update(
            work.session.scalars(select(Customer.phone_index).where(Customer.phone_index.in_(chunk)))
        )
    return [row for row, digest in digests.items() if digest in known]
