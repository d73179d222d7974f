"""What an exported workbook says of itself: what was asked for, when, by whom, by which rules, of which facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import Department, StaffMember
from core.acquisition.labels import BAND_LABELS
from core.acquisition.queries import NOT_STATED
from core.facts.labels import LEAD_STAGES
from core.facts.own_fields.catalogue import field_of
from core.facts.tables import OwnField
from core.grading.labels import LIFECYCLE_STAGE_LABELS, NO_TIER, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.own_conditions import OwnCondition
from core.language import Message, mark, translate
from core.obligations.labels import STATES
from core.operations.export_own import condition_in_words
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import data_version
from core.warning.labels import INDICATORS, STATUSES

Said = Sequence[tuple[str, str]]
"""Label and words, in the reader's language."""

_LABELS = {
    "value_tiers": mark("Value tier"),
    "lifecycle_stages": mark("Lifecycle stage"),
    "rfm_cells": mark("RFM cell"),
    "regions": mark("Region"),
    "industries": mark("Industry"),
    "channels": mark("Channel"),
    "campaigns": mark("Campaign"),
    "departments": mark("Department"),
    "department_ids": mark("Department"),
    "account_managers": mark("Account manager"),
    "assignee_ids": mark("Account manager"),
    "owners": mark("Owner"),
    "r_scores": mark("R score"),
    "f_scores": mark("F score"),
    "m_scores": mark("M score"),
    "customers": mark("Customers chosen"),
    "ids": mark("Leads chosen"),
    "own": mark("Own fields"),
    "text": mark("Code or name"),
    "first_month": mark("Entered from"),
    "last_month": mark("Entered until"),
    "by": mark("Broken down by"),
    "stage": mark("Stage"),
    "band": mark("What became of it there"),
    "statuses": mark("Status"),
    "indicators": mark("Raised for"),
    "obligations": mark("First contact"),
    "mine": mark("Only one's own"),
    "pool": mark("Only the pool"),
}
"""A filter of an export -> its name; none is missing."""
_WORDS: dict[str, Mapping[str, str]] = {
    "value_tiers": VALUE_TIER_LABELS,
    "lifecycle_stages": LIFECYCLE_STAGE_LABELS,
    "rfm_cells": RFM_CELL_LABELS,
    "stage": LEAD_STAGES,
    "band": BAND_LABELS,
    "by": {
        "channel": mark("Channel"),
        "region": mark("Region"),
        "industry": mark("Industry"),
        "owner": mark("Owner"),
    },
    "statuses": STATUSES,
    "indicators": INDICATORS,
    "obligations": STATES,
}
_COUNTED = ("customers", "ids")
_PEOPLE, _DEPARTMENTS = ("account_managers", "assignee_ids", "owners"), ("departments", "department_ids")


def about(
    actor: Actor, store: Store, said: Said, rows: int, *, now: datetime, language: str
) -> dict[str, str]:
    """Label -> text of the sheet on a workbook: what is `said` of it, then time, person, rules, facts and rows."""
    policy = policy_at(store, now.date())
    zone = policy.business.time_zone
    with store.read() as session:
        facts = data_version(session)
    known = {
        mark("Written at"): f"{now.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})",
        mark("Written by"): actor.name,
        mark("Rules version in force"): str(policy.version),
        mark("Facts version"): translate(_version_of_facts(facts), language),
        mark("Rows"): str(rows),
    }
    return {**dict(said), **{translate(label, language): text for label, text in known.items()}}


def _version_of_facts(version: int) -> Message:
    return Message(mark("{n} (counts the changes of the stored data so far)"), {"n": version})


def filters_in_words(store: Store, filters: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The filters of an export, names for codes and ids; one line that says so where there is none."""
    used = {name: value for name, value in filters.items() if name in _LABELS and value}
    if not used:
        return [(translate(mark("Filters"), language), translate(mark("none"), language))]
    names = _names(store, used)
    comma = "、" if language.startswith("zh") else ", "

    def word(name: str, value: Any) -> str:
        if value in {NOT_STATED, NO_TIER}:
            return translate(mark("not stated"), language)
        if name in _WORDS:
            return translate(_WORDS[name].get(value, str(value)), language)
        return names.get((name, value), str(value))

    lines = []
    for name, value in used.items():
        if name == "own":
            lines += _own_in_words(store, value, language)
            continue
        if name in _COUNTED:
            text = str(len(value))
        elif value is True:
            text = translate(mark("yes"), language)
        else:
            values = value if isinstance(value, (list, tuple)) else [value]
            text = comma.join(word(name, each) for each in values)
        lines.append((translate(_filter(Message(_LABELS[name])), language), text))
    return lines


def _filter(name: Message) -> Message:
    return Message(mark("Filter: {name}"), {"name": name})


def _own_in_words(store: Store, asked: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, str]]:
    """A line for each own field of customers that is asked about, under the company's name for it."""
    with store.read() as session:
        stored = session.scalars(select(OwnField).where(OwnField.table_code == "customers"))
        known = {field.code: field for field in map(field_of, stored)}
    conditions = [(known[each["field"]], OwnCondition.from_json(each)) for each in asked]
    return [
        (translate(_filter(field.named), language), condition_in_words(field, condition, language))
        for field, condition in conditions
    ]


def _names(store: Store, used: Mapping[str, Any]) -> dict[tuple[str, Any], str]:
    """The names of the people and departments that the filters hold by id."""
    found: dict[tuple[str, Any], str] = {}
    with store.read() as session:
        for fields, kind in ((_PEOPLE, StaffMember), (_DEPARTMENTS, Department)):
            for field in (name for name in fields if name in used):
                rows = session.execute(select(kind.id, kind.name).where(kind.id.in_(list(used[field]))))
                found |= {(field, key): name for key, name in rows}
    return found
