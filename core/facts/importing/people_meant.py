"""Which customer each row of a file of customers means: by its code, or, without one, by name and phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.access.vault import Vault
from core.facts import identity
from core.facts.importing.bulk import chunks
from core.facts.importing.people_merged import Earlier
from core.facts.importing.workspace import Workspace
from core.facts.tables import Customer
from core.language import Message, mark

_Person = tuple[str, bytes]
"""Name and phone index: who a row without a code means."""
_AMBIGUOUS = mark(
    "Several customers have this name and phone. Give the customer code, so that it is clear who is meant."
)


@dataclass
class Group:
    """The rows that mean one customer: a stored one, or a new one."""

    stored: Customer | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    also: list[Customer] = field(default_factory=list)
    """Merged into that customer, with the name and phone of a row without a code."""

    @property
    def away(self) -> Customer | None:
        """The stored customer, if they were merged into another one."""
        return self.stored if self.stored is not None and self.stored.merged_into_id is not None else None


def groups(work: Workspace, rows: list[dict[str, Any]], vault: Vault, earlier: Earlier) -> Iterable[Group]:
    """The rows by the customer they mean: by code, or, without one, by name and phone. A code that was merged away
    means the customer who had it, as does a name and phone that no customer has now."""
    by_code = stored_by_code(work, [row["customer_code"] for row in rows if "customer_code" in row])
    codeless = {
        (row["name"], identity.digest(vault, "phone", row["phone"])): row
        for row in rows
        if "customer_code" not in row
    }
    stored_people, merged_people = _stored_by_person(work, codeless, earlier)
    file_people: dict[_Person, set[str]] = defaultdict(set)
    if codeless:
        for row in rows:
            if "customer_code" in row and "name" in row and "phone" in row:
                person = (row["name"], identity.digest(vault, "phone", row["phone"]))
                file_people[person].add(row["customer_code"])
    meant: dict[object, Group] = {}
    for row in rows:
        if "customer_code" in row:
            code = row["customer_code"]
            _join(meant, code, by_code.get(code), row)
            continue
        person = (row["name"], identity.digest(vault, "phone", row["phone"]))
        stored = _beside(stored_people.get(person, {}), file_people.get(person, set()), by_code, earlier)
        codes = file_people.get(person, set()) | stored.keys()
        if len(codes) > 1:
            work.problems.add_one([row["row"]], None, Message(_AMBIGUOUS))
            continue
        key = next(iter(codes)) if codes else person
        found = by_code.get(str(key)) or stored.get(str(key))
        _join(meant, key, found, row).also += merged_people.get(person, {}).values()
    return meant.values()


def _join(meant: dict[object, Group], key: object, stored: Customer | None, row: dict[str, Any]) -> Group:
    """Add a row to the group of its customer."""
    group = meant.setdefault(key if stored is None else stored.id, Group(stored))
    group.rows.append(row)
    return group


def _beside(
    stored: dict[str, Customer], in_file: set[str], by_code: dict[str, Customer], earlier: Earlier
) -> dict[str, Customer]:
    """The stored customers of a person, without those who are one by now with a customer of the file."""
    if not stored or not in_file:
        return stored
    known = {earlier.kept(by_code[code]).id for code in in_file if code in by_code}
    return {code: each for code, each in stored.items() if earlier.kept(each).id not in known}


def stored_by_code(work: Workspace, codes: list[str]) -> dict[str, Customer]:
    """Code -> the stored customer who has it, merged away or not."""
    found: dict[str, Customer] = {}
    for chunk in chunks(dict.fromkeys(codes)):
        for customer in work.session.scalars(select(Customer).where(Customer.code.in_(chunk))):
            found[customer.code] = customer
    return found


def _stored_by_person(
    work: Workspace, people: Iterable[_Person], earlier: Earlier
) -> tuple[dict[_Person, dict[str, Customer]], dict[_Person, dict[str, Customer]]]:
    """The stored customers of each name and phone, by code: whom they mean (those who had them before a merge where
    nobody has them now), and who of them was merged or had them before."""
    wanted = set(people)
    found: dict[_Person, dict[str, Customer]] = defaultdict(dict)
    merged: dict[_Person, dict[str, Customer]] = defaultdict(dict)
    for chunk in chunks({index for _, index in wanted}):
        for customer in work.session.scalars(select(Customer).where(Customer.phone_index.in_(chunk))):
            person = (customer.name, customer.phone_index or b"")
            (found if customer.merged_into_id is None else merged)[person][customer.code] = customer
    for (name, index), customer in earlier.people() if wanted else ():
        merged[name, index or b""][customer.code] = customer
    return {person: found.get(person) or merged.get(person, {}) for person in wanted}, merged
