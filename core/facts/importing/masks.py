"""Masked values in files of people: they say nothing where they are the mask of what is stored, and are never stored
in the place of a real value.

People who see masked values fill them into templates, and exports for them hold nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from core.access.vault import Vault
from core.facts import identity
from core.facts.cleaning.masked import is_masked, mask_of
from core.facts.duplicates.merged import customers_meant
from core.facts.fields import Field
from core.facts.importing.bulk import chunks
from core.facts.importing.workspace import Workspace
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.tables import Customer, Lead
from core.language import Message, mark

_MASKED = mark("{field} is masked: stars stand for a part of it. Enter it in full, or leave the cell blank.")
_STANDS = mark("Masked values that stand for what is stored: {cells}. They change nothing.")
_KEPT = mark(
    "Texts that look masked, where nothing is stored that they could stand for: {cells}. They are taken as they are."
)


@dataclass
class _Found:
    """What became of the masked cells: row -> the fields that say nothing, and how many were kept as texts."""

    silent: dict[str, set[int]] = field(default_factory=dict)
    kept: int = 0


def settle(work: Workspace, vault: Vault) -> None:
    """Blank the masked cells of customers and leads that stand for what is stored, and refuse the rows of the others.

    A text is kept where nothing is stored: it may be meant as it stands.
    """
    fields = [each for each in work.checked.table.fields if each.personal]
    rows = _suspected(work, fields)
    if not rows:
        return
    stored, found = _stored(work, fields, rows, vault), _Found()
    name = "lead_code" if "lead_code" in work.checked.table.codes else "customer_code"
    for row in rows:
        held = stored.get(row[name] or "")
        for each in fields:
            value = row[each.code]
            if value is None or not is_masked(each, value.replace("＊", "*")):
                continue
            fate = _fate(each, value, held, nameless=row[name] is None)
            if fate == "silent":
                found.silent.setdefault(each.code, set()).add(row["row"])
            elif fate == "refused":
                work.problems.add_one([row["row"]], None, Message(_MASKED, {"field": each.named}))
            else:
                found.kept += fate == "kept"
    _apply(work, found)


def _fate(each: Field, value: str, held: Mapping[str, str] | None, *, nameless: bool) -> str:
    before = held.get(each.code) if held else None
    if before and value == before:
        return "same"
    if before and mask_of(each)(before) == value.replace("＊", "*"):
        return "silent"
    return "kept" if each.kind == "text" and not before and not nameless else "refused"


def _suspected(work: Workspace, fields: Iterable[Field]) -> list[dict[str, Any]]:
    """The accepted rows with a star in a personal value."""
    rows = work.checked.rows
    starred = pa.repeat(False, rows.num_rows)
    for each in fields:
        found = pc.match_substring_regex(rows.column(each.code), "[*＊]")
        starred = pc.or_(starred, pc.fill_null(found, False))
    return list(rows.filter(pc.and_(starred, rows.column("ok"))).to_pylist())


def _stored(
    work: Workspace, fields: list[Field], rows: list[dict[str, Any]], vault: Vault
) -> dict[str, dict[str, str]]:
    """Code -> the personal values stored under it."""
    own = [each for each in fields if each.own]
    if "lead_code" in work.checked.table.codes:
        found = {}
        for chunk in chunks({row["lead_code"] for row in rows if row["lead_code"]}):
            for lead in work.session.scalars(select(Lead).where(Lead.code.in_(chunk))):
                phone = identity.look_lead(vault, lead.id, lead.phone_sealed)
                held = read_own(own, lead.own, Holder(vault, "leads", lead.id))
                found[lead.code] = {"name": lead.name, "phone": phone or "", **held}
        return found
    meant = customers_meant(work.session, [row["customer_code"] for row in rows if row["customer_code"]])
    values = {}
    for chunk in chunks({each.customer_id for each in meant.values()}):
        for customer in work.session.scalars(select(Customer).where(Customer.id.in_(chunk))):
            values[customer.id] = {
                "name": customer.name,
                "phone": identity.look(vault, customer.id, "phone", customer.phone_sealed) or "",
                "email": identity.look(vault, customer.id, "email", customer.email_sealed) or "",
                **read_own(own, customer.own, Holder(vault, "customers", customer.id)),
            }
    return {code: values[each.customer_id] for code, each in meant.items()}


def _apply(work: Workspace, found: _Found) -> None:
    rows = work.checked.rows
    for code, numbers in found.silent.items():
        mask = pc.is_in(rows.column("row"), pa.array(sorted(numbers), pa.int64()))
        values = pc.if_else(mask, pa.scalar(None, pa.string()), rows.column(code))
        rows = rows.set_column(rows.column_names.index(code), code, values)
    work.checked = replace(work.checked, rows=rows)
    work.checked = replace(work.checked, rows=work.checked.with_verdicts())
    work.db.register("checked_rows", work.checked.rows)
    silent = sum(map(len, found.silent.values()))
    work.notes += [Message(_STANDS, {"cells": silent})] if silent else []
    work.notes += [Message(_KEPT, {"cells": found.kept})] if found.kept else []
