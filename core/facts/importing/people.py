"""Customers: who is new, the same, or stored with other values; and their saving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import bindparam, insert, select, update

from core.access.directory import department_ids, known_departments, known_staff, staff_ids
from core.access.vault import Vault
from core.facts import identity, update_clock
from core.facts.importing.bulk import allocate_ids, chunks
from core.facts.importing.overwritten import log_overwritten
from core.facts.importing.people_changes import suspects
from core.facts.importing.places_filled import fill
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.facts.leads import follow_owners
from core.facts.merged import survivor
from core.facts.own_sealing import Holder, read_own, write_own
from core.facts.tables import Customer
from core.language import Message, mark

Person = tuple[str, bytes]
"""Name and phone index: who a row without a code means."""

PLAIN = (
    "name", "kind", "region", "province", "city", "industry", "annual_revenue", "sku_count", "channel", "birthday",
    "consent",
)  # fmt: skip
"""Fields stored as they are; the others are sealed or named in the directory."""

_SEALED: tuple[identity.IdentityField, ...] = ("phone", "email")


@dataclass(frozen=True)
class PeoplePlan:
    """What to save. `new`: the values of each new customer; `changed`: stored customer -> new values."""

    counts: ImportCounts
    new: list[dict[str, Any]]
    changed: list[tuple[Customer, dict[str, Any]]]
    rows: dict[int, int]
    """Changed customer -> the row that says so."""


@dataclass
class _Group:
    """The rows that mean one customer: a stored one, or a new one."""

    stored: Customer | None
    rows: list[dict[str, Any]] = field(default_factory=list)


def plan(work: Workspace, vault: Vault) -> PeoplePlan:
    """Decide what becomes of each row. Blank cells say nothing: they neither differ nor overwrite."""
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in work.checked.rows.to_pylist()
        if row["ok"]
    ]
    names = _Names(known_departments(work.session), known_staff(work.session))
    new: list[dict[str, Any]] = []
    changed: list[tuple[Customer, dict[str, Any]]] = []
    fates: list[tuple[int, str]] = []
    rows_of: dict[int, int] = {}
    for group in _groups(work, rows, vault):
        first = next((row for row in group.rows if "customer_code" in row), group.rows[0])
        if any(_values(row) != _values(first) for row in group.rows):
            _refuse(work, group, _CONTRADICTION)
            continue
        changes = _changes(group.stored, first, vault, names) | _own_changes(work, group.stored, first, vault)
        fate = _fate(work.mode, group.stored, changes)
        if fate in _REFUSALS:
            _refuse(work, group, _REFUSALS[fate])
            continue
        fates += [(row["row"], fate if row is first else "unchanged") for row in group.rows]
        if fate == "added":
            new.append(first)
        elif fate == "updated" and group.stored is not None:
            changed.append((group.stored, changes))
            rows_of[group.stored.id] = first["row"]
    # Rows in any order give the same ids.
    new.sort(key=lambda row: (row.get("customer_code", ""), row.get("name", ""), row.get("phone", "")))
    work.cleaned += fill(new)
    work.put_rows("fate", {"row": pa.int64(), "fate": pa.string()}, fates)
    work.put("suspects", {"row": (pa.int64(), suspects(work, new, vault))})
    return PeoplePlan(work.fates("SELECT row FROM suspects", 0), new, changed, rows_of)


def _fate(mode: str, stored: Customer | None, changes: Mapping[str, Any]) -> str:
    if stored is None:
        return "not_stored" if mode == "update" else "added"
    if not changes:
        return "unchanged"
    return "differs" if mode == "add" else "updated"


_REFUSALS = {
    "not_stored": mark("The customer is not stored yet. Import it in a mode that adds what is new."),
    "differs": mark(
        "The customer is already stored with other values. If the file is right, import it in a mode that "
        "replaces what is stored."
    ),
}
_CONTRADICTION = mark("Rows {rows} name the same record with different values. Keep one.")
_AMBIGUOUS = mark(
    "Several customers have this name and phone. Give the customer code, so that it is clear who is meant."
)


def _refuse(work: Workspace, group: _Group, sentence: str) -> None:
    numbers = [row["row"] for row in group.rows]
    values = {"rows": ", ".join(map(str, numbers))} if sentence == _CONTRADICTION else {}
    work.problems.add_one(numbers, None, Message(sentence, values))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("row", "ok", "customer_code")}


def _groups(work: Workspace, rows: list[dict[str, Any]], vault: Vault) -> Iterable[_Group]:
    """The rows by the customer they mean: by code, or, without one, by name and phone."""
    by_code = _stored_by_code(work, [row["customer_code"] for row in rows if "customer_code" in row])
    codeless = {
        (row["name"], identity.digest(vault, "phone", row["phone"])): row
        for row in rows
        if "customer_code" not in row
    }
    stored_people = _stored_by_person(work, codeless)
    file_people: dict[Person, set[str]] = defaultdict(set)
    if codeless:
        for row in rows:
            if "customer_code" in row and "name" in row and "phone" in row:
                person = (row["name"], identity.digest(vault, "phone", row["phone"]))
                file_people[person].add(row["customer_code"])
    groups: dict[object, _Group] = {}
    for row in rows:
        if "customer_code" in row:
            code = row["customer_code"]
            _join(groups, code, by_code.get(code), row)
            continue
        person = (row["name"], identity.digest(vault, "phone", row["phone"]))
        stored = stored_people.get(person, {})
        codes = file_people.get(person, set()) | stored.keys()
        if len(codes) > 1:
            _refuse(work, _Group(None, [row]), _AMBIGUOUS)
            continue
        key = next(iter(codes)) if codes else person
        found = by_code.get(str(key)) or stored.get(str(key))
        _join(groups, key, found, row)
    return groups.values()


def _join(groups: dict[object, _Group], key: object, stored: Customer | None, row: dict[str, Any]) -> None:
    """Add a row to the group of its customer. Two codes mean one customer where one was merged into the other."""
    group = groups.setdefault(key if stored is None else stored.id, _Group(stored))
    group.rows.append(row)


def _stored_by_code(work: Workspace, codes: list[str]) -> dict[str, Customer]:
    found: dict[str, Customer] = {}
    for chunk in chunks(dict.fromkeys(codes)):
        for customer in work.session.scalars(select(Customer).where(Customer.code.in_(chunk))):
            found[customer.code] = _survivor(work, customer)
    return found


def _survivor(work: Workspace, customer: Customer) -> Customer:
    """The customer that this one turned out to be; itself where it was not merged."""
    if customer.merged_into_id is None:
        return customer
    return work.session.get_one(Customer, survivor(work.session, customer.id))


def _stored_by_person(work: Workspace, people: Iterable[Person]) -> dict[Person, dict[str, Customer]]:
    """The stored customers of each name and phone, by code."""
    found: dict[Person, dict[str, Customer]] = defaultdict(dict)
    wanted = set(people)
    for chunk in chunks({index for _, index in wanted}):
        for customer in work.session.scalars(
            select(Customer).where(Customer.phone_index.in_(chunk), Customer.merged_into_id.is_(None))
        ):
            person = (customer.name, customer.phone_index or b"")
            if person in wanted:
                found[person][customer.code] = customer
    return found


@dataclass(frozen=True)
class _Names:
    """Ids of the departments and people that the directory knows."""

    departments: Mapping[str, int]
    staff: Mapping[str, int]


def _changes(stored: Customer | None, row: Mapping[str, Any], vault: Vault, names: _Names) -> dict[str, Any]:
    """The given values that differ from the stored ones."""
    if stored is None:
        return {}
    changes = {name: row[name] for name in PLAIN if name in row and row[name] != getattr(stored, name)}
    for sealed in _SEALED:
        if sealed in row and identity.digest(vault, sealed, row[sealed]) != getattr(
            stored, f"{sealed}_index"
        ):
            changes[sealed] = row[sealed]
    named = (("department", names.departments, stored.department_id),
             ("account_manager", names.staff, stored.account_manager_id))  # fmt: skip
    for name, known, current in named:
        if name in row and known.get(row[name]) != current:
            changes[name] = row[name]
    return changes


def _own_changes(
    work: Workspace, stored: Customer | None, row: Mapping[str, Any], vault: Vault
) -> dict[str, Any]:
    """The given values of own fields that differ from the stored ones."""
    fields = [f for f in work.checked.table.own_fields if f.code in row]
    if stored is None or not fields:
        return {}
    held = read_own(fields, stored.own, Holder(vault, "customers", stored.id))
    return {f.code: row[f.code] for f in fields if row[f.code] != held.get(f.code)}


def save(work: Workspace, planned: PeoplePlan, vault: Vault, batch_id: int, now: datetime) -> None:
    """Insert the new customers and overwrite what changed."""
    session = work.session
    update_clock.updated(session, [customer.id for customer, _ in planned.changed], at=now)
    touched = [*planned.new, *(changes for _, changes in planned.changed)]
    departments = department_ids(session, {row["department"] for row in touched if "department" in row})
    staff = staff_ids(session, _managers(touched, departments))
    follow_owners(session)
    ids = allocate_ids(session, "customers", len(planned.new)).tolist()
    codes = _codes(work, planned.new, ids)
    blank = dict.fromkeys((*PLAIN, "department_id", "account_manager_id"))
    blank |= {f"{name}_{part}": None for name in _SEALED for part in ("sealed", "index")}
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
    for name in _SEALED:
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
    while taken := (given & set(made.values())) | _stored_by_code(work, list(made.values())).keys():
        made = {key: code + "x" if code in taken else code for key, code in made.items()}
    return [row.get("customer_code") or made[key] for key, row in zip(ids, rows, strict=True)]
