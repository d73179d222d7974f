"""The saving of customers: new ones inserted, changed ones overwritten, phones and e-mails sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from core.access.directory import department_ids, staff_ids
from core.access.vault import Vault
from core.facts import identity, update_clock
from core.facts.importing.bulk import allocate_ids, chunks
from core.facts.importing.overwritten import log_overwritten
from core.facts.importing.people import PLAIN, SEALED, PeoplePlan
from core.facts.importing.people_meant import stored_by_code
from core.facts.importing.workspace import Workspace
from core.facts.leads import follow_owners
from core.facts.own_fields.sealing import Holder, write_own
from core.facts.tables import Customer
from core.policy.model import Policy


def save(work: Workspace, planned: PeoplePlan, vault: Vault, batch_id: int, now: datetime) -> None:
    """Insert the new customers and overwrite what changed."""
    session = work.session
    touched = [*planned.new, *(changes for _, changes in planned.changed)]
    departments = department_ids(session, {row["department"] for row in touched if "department" in row})
    staff = staff_ids(session, _managers(touched, departments))
    ids = allocate_ids(session, "customers", len(planned.new)).tolist()
    codes = _codes(work, planned.new, ids)
    blank = dict.fromkeys((*PLAIN, "department_id", "account_manager_id"))
    blank |= {f"{name}_{part}": None for name in SEALED for part in ("sealed", "index")}
    fixed = {"batch_id": batch_id, "created_at": now, "updated_at": now, "version": 1}
    own = work.checked.table.own_fields
    new = [
        {**blank, "name": "", "kind": "person", **_stored(row, key, vault, departments, staff), **fixed}
        | {"id": key, "code": code, "own": write_own(own, row, {}, Holder(vault, "customers", key))}
        for key, code, row in zip(ids, codes, planned.new, strict=True)
    ]
    for chunk in chunks(new):
        session.execute(insert(Customer), chunk)
    kept = ("version", *blank)
    changed = [
        {
            **{name: getattr(customer, name) for name in kept},
            **_stored(changes, customer.id, vault, departments, staff),
            "own": write_own(own, changes, customer.own, Holder(vault, "customers", customer.id)),
            "batch_id": batch_id,
            "updated_at": now,
            "version": customer.version + 1,
            "which": customer.id,
        }
        for customer, changes in planned.changed
    ]
    log_overwritten(session, Customer, batch_id, changed)
    for chunk in chunks(changed):
        columns = [name for name in chunk[0] if name != "which"]
        statement = update(Customer).where(Customer.id == bindparam("which"))
        session.connection().execute(statement.values({name: bindparam(name) for name in columns}), chunk)


_ASSIGNING = {"department", "account_manager"}


def follow(work: Workspace, planned: PeoplePlan, policy: Policy, now: datetime) -> None:
    """Nothing more is owed for records that the file has updated; where it only gives them to somebody else, what is
    owed goes along. Leads go where their owners turn out to work."""
    changed = [customer.id for customer, _ in planned.changed]
    updated = [customer.id for customer, changes in planned.changed if not changes.keys() <= _ASSIGNING]
    update_clock.bring_in_line(work.session, policy, changed, answered=updated, happened=False, now=now)
    follow_owners(work.session)


def _managers(rows: list[dict[str, Any]], departments: Mapping[str, int]) -> dict[str, int | None]:
    """Each named manager with the department of their customers, where that is a single one."""
    seen: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if "account_manager" in row:
            seen[row["account_manager"]] |= {departments[row["department"]]} if "department" in row else set()
    return {name: next(iter(ids)) if len(ids) == 1 else None for name, ids in seen.items()}


def _stored(
    row: Mapping[str, Any], key: int, vault: Vault, departments: Mapping[str, int], staff: Mapping[str, int]
) -> dict[str, Any]:
    """The columns that hold the values of a row."""
    columns = {name: row[name] for name in PLAIN if name in row}
    for name in SEALED:
        if name in row:
            columns[f"{name}_sealed"] = vault.seal(row[name], identity.place(name, key))
            columns[f"{name}_index"] = identity.digest(vault, name, row[name])
    if "department" in row:
        columns["department_id"] = departments[row["department"]]
    if "account_manager" in row:
        columns["account_manager_id"] = staff[row["account_manager"]]
    return columns


def _codes(work: Workspace, rows: list[dict[str, Any]], ids: list[int]) -> list[str]:
    """The code of each new customer; who came without one is given `N` and the id, or the next that is free."""
    given = {row["customer_code"] for row in rows if "customer_code" in row}
    made = {key: f"N{key:08d}" for key, row in zip(ids, rows, strict=True) if "customer_code" not in row}
    while taken := (given & set(made.values())) | stored_by_code(work, list(made.values())).keys():
        made = {key: code + "x" if code in taken else code for key, code in made.items()}
    return [row.get("customer_code") or made[key] for key, row in zip(ids, rows, strict=True)]
