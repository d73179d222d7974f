"""Customers: who is new, the same, or stored with other values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from core.access.directory import known_departments, known_staff
from core.access.vault import Vault
from core.facts import identity
from core.facts.fields import TABLES
from core.facts.importing.people_changes import suspects
from core.facts.importing.people_meant import Group, groups
from core.facts.importing.people_merged import Earlier, of_before
from core.facts.importing.places_filled import PLACES, fill, follow
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.own_fields.values import own_code
from core.facts.tables import Customer
from core.language import Message, mark

Row = dict[str, Any]
"""Field code -> value; blank ones absent."""
SEALED: tuple[identity.IdentityField, ...] = ("phone", "email")
NAMED = ("department", "account_manager")
"""Fields that name somebody in the directory."""
PLAIN = tuple(code for code in TABLES["customers"].codes if code not in ("customer_code", *SEALED, *NAMED))
"""Fields stored as they are."""


@dataclass(frozen=True)
class PeoplePlan:
    """What to save. `new`: the values of each new customer; `changed`: stored customer -> new values."""

    counts: ImportCounts
    new: list[dict[str, Any]]
    changed: list[tuple[Customer, dict[str, Any]]]
    rows: dict[int, int]
    """Changed customer -> the row that says so."""


@dataclass(frozen=True)
class _Names:
    """Ids of the departments and people that the directory knows."""

    departments: Mapping[str, int]
    staff: Mapping[str, int]


def plan(work: Workspace, vault: Vault, zone: str) -> PeoplePlan:
    """Decide what becomes of each row: tables `fate` (row, fate) and `judged` (row, verdict), which says of every row
    that means a customer what the first one says. Blank cells say nothing, but in fields that are to be cleared; nor do
    values from before a merge. `zone` is the business time zone."""
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in work.checked.rows.to_pylist()
        if row["ok"]
    ]
    names = _Names(known_departments(work.session), known_staff(work.session))
    judged = _Judged(work, vault, names, Earlier(work.session), zone)
    for group in groups(work, rows, vault, judged.earlier):
        judged.take(group)
    # Rows in any order give the same ids.
    new = sorted(
        judged.new, key=lambda row: (row.get("customer_code", ""), row.get("name", ""), row.get("phone", ""))
    )
    work.cleaned += fill(new, judged.filled)
    work.notes += of_before(judged.known)
    work.put_rows("fate", {"row": pa.int64(), "fate": pa.string()}, judged.fates)
    work.put_rows("judged", {"row": pa.int64(), "verdict": pa.string()}, judged.verdicts)
    work.put("suspects", {"row": (pa.int64(), suspects(work, new, vault))})
    return PeoplePlan(work.fates("SELECT row FROM suspects", 0), new, judged.changed, judged.rows)


@dataclass
class _Judged:
    """What has become of the groups so far. `known`: the rows that say what was known before a merge."""

    work: Workspace
    vault: Vault
    names: _Names
    earlier: Earlier
    zone: str
    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Customer, dict[str, Any]]] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    fates: list[tuple[int, str]] = field(default_factory=list)
    verdicts: list[tuple[int, str]] = field(default_factory=list)
    filled: list[dict[str, str]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)

    def take(self, group: Group) -> None:
        versions = self.earlier.versions(group.stored, group.also)
        rows = self._settle(group, versions) if versions else group.rows
        if not rows:
            return
        first = next((row for row in rows if "customer_code" in row), rows[0])
        if any(_values(row) != _values(first) for row in rows):
            _refuse(self.work, rows)
            return
        changes = self._new(group.stored, versions, first)
        fate = _fate(self.work.mode, group.stored, changes)
        self.verdicts += [(row["row"], fate) for row in rows]
        if group.away is not None:
            _refuse(self.work, rows, self.earlier.refusal(group.away, self.zone))
            return
        if fate in _REFUSALS:
            _refuse(self.work, rows, Message(_REFUSALS[fate]))
            return
        self.fates += [(row["row"], fate if row is first else "unchanged") for row in rows]
        if fate == "added":
            self.new.append(first)
        elif fate == "updated" and group.stored is not None:
            stored = {name: getattr(group.stored, name) for name in PLACES}
            self.filled.append(follow(first, changes, stored))
            self.changed.append((group.stored, changes))
            self.rows[group.stored.id] = first["row"]

    def _settle(self, group: Group, versions: Sequence[Customer]) -> list[Row]:
        """The rows of a merged customer that say anything new; the others change nothing."""
        rows = []
        for row in group.rows:
            new = self._new(group.stored, versions, row)
            if (group.away is not None and not new) or new != self._new(group.stored, (), row):
                self.known.append(row["row"])
            if new:
                rows.append(row)
            else:
                self.fates.append((row["row"], "unchanged"))
                self.verdicts.append((row["row"], "unchanged"))
        return rows

    def _new(self, stored: Customer | None, versions: Sequence[Customer], row: Row) -> dict[str, Any]:
        """What a row says that is neither stored nor was so before a merge."""
        new = self._differences(stored, row)
        for version in versions if new else ():
            differs = self._differences(version, row)
            new = {name: value for name, value in new.items() if name in differs}
        return new

    def _differences(self, stored: Customer | None, row: Row) -> dict[str, Any]:
        """The given values that differ from the stored ones, own fields included."""
        plain = _changes(stored, row, self.vault, self.names)
        own = _own_changes(self.work, stored, row, self.vault)
        return plain | own | _cleared(self.work, stored, row)


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


def _refuse(work: Workspace, rows: Sequence[Row], sentence: Message | None = None) -> None:
    """Refuse rows; without a sentence because they contradict each other."""
    numbers = [row["row"] for row in rows]
    told = sentence or Message(_CONTRADICTION, {"rows": ", ".join(map(str, numbers))})
    work.problems.add_one(numbers, None, told)


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("row", "ok", "customer_code")}


def _changes(stored: Customer | None, row: Mapping[str, Any], vault: Vault, names: _Names) -> dict[str, Any]:
    """The given values that differ from the stored ones."""
    if stored is None:
        return {}
    changes = {name: row[name] for name in PLAIN if name in row and row[name] != getattr(stored, name)}
    for sealed in SEALED:
        if sealed in row and identity.digest(vault, sealed, row[sealed]) != getattr(
            stored, f"{sealed}_index"
        ):
            changes[sealed] = row[sealed]
    named = (("department", names.departments, stored.department_id),
             ("account_manager", names.staff, stored.account_manager_id))  # fmt: skip
    for name, known, current in named:
        # Somebody the directory does not know yet is somebody else than is stored, even where nobody is.
        if name in row and (row[name] not in known or known[row[name]] != current):
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


def _cleared(work: Workspace, stored: Customer | None, row: Mapping[str, Any]) -> dict[str, None]:
    """The stored values that a blank cell takes away."""
    if stored is None:
        return {}
    blank = work.clearing - row.keys()
    own = {f.code for f in work.checked.table.own_fields if stored.own.get(own_code(f)) is not None}
    plain = {name for name in PLAIN if name != "kind" and getattr(stored, name) is not None}
    return dict.fromkeys(sorted(blank & (plain | own)))
