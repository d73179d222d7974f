"""Commands on single customers: their records corrected. Files are the matter of `importing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission, Reach
from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.dates import business_date
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.facts import identity, labels, update_clock
from core.facts.cleaning.cells import read_email, read_text
from core.facts.cleaning.dates import FIRST_OLD_DAY, Reading
from core.facts.cleaning.phones import read_phone
from core.facts.cleaning.text import Outcome
from core.facts.fields import TABLES, Field
from core.facts.own_fields.catalogue import PREFIX, catalogue
from core.facts.own_fields.entries import read_entered
from core.facts.own_fields.sealing import Holder, read_own, write_own
from core.facts.quality import reminders as quality_reminders
from core.facts.tables import Customer
from core.facts.visibility import visible_customer
from core.language import Message, mark
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import raise_data_version

_READERS: dict[str, Callable[[str], Outcome]] = {
    "name": read_text,
    "phone": read_phone,
    "email": read_email,
    "region": read_text,
    "province": read_text,
    "city": read_text,
    "industry": read_text,
    "channel": read_text,
}
_FIGURES = ("annual_revenue", "sku_count")
EDITABLE = (*_READERS, *_FIGURES, "kind", "department_id", "account_manager_id", "birthday", "consent")
"""What a person may correct. The code comes from files only."""
_SEALED: dict[str, identity.IdentityField] = {"phone": "phone", "email": "email"}
_IN_MART = {each.name for each in Customer.__table__.columns if each.info.get("mart")}
_ASSIGNING = ("department_id", "account_manager_id")


def edit_customer(
    actor: Actor,
    store: Store,
    customer_id: int,
    changes: Mapping[str, Any],
    expected_version: int,
    *,
    now: datetime,
) -> int:
    """Correct fields (`EDITABLE`, and own fields) of a customer in reach, and return its version after it.

    Texts are read as an import reads them; None or a blank takes a value away, except from `name` and `kind`.
    Values equal to the stored ones change nothing. StaleEdit when `expected_version` is no longer the stored
    one. The unclosed work order stays with whom it was assigned to.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    policy = policy_at(store, now.date())
    zone = policy.business.time_zone
    reading = Reading(business_date(now, zone), zone, currency=policy.business.currency)
    shipped = {field: value for field, value in changes.items() if not field.startswith(PREFIX)}
    values = {field: _read(field, value, reading) for field, value in shipped.items()}
    with store.write() as session:
        fields = {f.code: f for f in catalogue(session)["customers"].own_fields}
        own = {
            code: read_entered(fields, code, value, reading)
            for code, value in changes.items()
            if code not in shipped
        }
        customer = visible_customer(actor, session, customer_id, lock=True)
        if customer.version != expected_version:
            raise StaleEdit(
                mark("Somebody saved this customer in between. Load it again and repeat your change.")
            )
        _check_assignment(actor, session, customer, values)
        changed = _apply(store, customer, values) | _apply_own(store, customer, list(fields.values()), own)
        if not changed:
            return customer.version
        customer.version += 1
        customer.updated_at = now
        # To give it to somebody else says nothing about what is missing.
        answered = [] if changed <= set(_ASSIGNING) else [customer.id]
        update_clock.bring_in_line(session, policy, [customer.id], answered=answered, happened=False, now=now)
        quality_reminders.edited(session, policy, [customer.id], at=now)
        if changed & _IN_MART:
            raise_data_version(session)
        audit.record(
            session, actor, "customer.edit", "customer", customer.id, now=now, fields=sorted(changed)
        )
        session.commit()
        return customer.version


def _read(field: str, value: Any, reading: Reading) -> Any:
    """The value as it is stored, or a refusal that names the field and never the value."""
    if field not in EDITABLE:
        raise ValueError(f"{field} is not edited here")
    if isinstance(value, str) and not value.strip():
        value = None
    if value is None:
        if field in ("name", "kind"):
            raise _wrong(field, Message(mark("This cannot be left blank.")))
        return None
    if field in _READERS:
        return _read_text(field, str(value))
    if field in _FIGURES:
        return read_entered({field: TABLES["customers"].field(field)}, field, value, reading)
    if field == "kind" and value not in labels.CUSTOMER_KINDS:
        raise ValueError(f"unknown kind of customer {value!r}")
    if field == "birthday" and not FIRST_OLD_DAY <= value <= reading.today:
        raise _wrong(field, Message(mark("This day cannot be a birthday. Correct it.")))
    return value


def _read_text(field: str, text: str) -> str:
    if field in _SEALED and "*" in text:
        raise _wrong(field, Message(mark("It is masked. Enter it in full, or leave it as it is.")))
    outcome = _READERS[field](text)
    if isinstance(outcome, Message):
        raise _wrong(field, outcome)
    return str(outcome[0])


def _wrong(field: str, why: Message) -> Refused:
    label = TABLES["customers"].field(field).named
    return Refused(mark("{field}: {why}"), field=label, why=why)


def _check_assignment(actor: Actor, session: Session, customer: Customer, values: Mapping[str, Any]) -> None:
    """Whoever is bound to a department gives customers only to people of it, and not to another one."""
    moved = {
        each: values[each]
        for each in _ASSIGNING
        if each in values and values[each] != getattr(customer, each)
    }
    if moved:
        actor.require(Permission.ASSIGN_WORK)
    if moved.get("account_manager_id") is not None:
        person_for_work(actor, session, moved["account_manager_id"])
    if "department_id" in moved and actor.reach is not Reach.COMPANY:
        raise NotAllowed(
            mark("Only somebody who sees the whole company moves customers between departments.")
        )
    if moved.get("department_id") is not None and session.get(Department, moved["department_id"]) is None:
        raise NotFound(mark("There is no such department."))


def person_for_work(actor: Actor, session: Session, staff_id: int) -> StaffMember:
    """The person that customers or work orders are to be given to: still here, and within the actor's reach."""
    person = session.get(StaffMember, staff_id)
    if person is None:
        raise NotFound(mark("There is no such person in the staff directory."))
    if person.left_at is not None:
        raise Refused(mark("{name} has left. Choose somebody else."), name=person.name)
    if actor.reach is not Reach.COMPANY and person.department_id != actor.department_id:
        raise NotAllowed(
            mark("{name} belongs to another department. Choose somebody else."), name=person.name
        )
    return person


def _apply(store: Store, customer: Customer, values: Mapping[str, Any]) -> set[str]:
    """Set what differs; the names of the fields that did."""
    vault = open_vault(store)
    changed = set()
    for field, value in values.items():
        if field in _SEALED:
            place = _SEALED[field]
            if identity.look(vault, customer.id, place, getattr(customer, f"{field}_sealed")) != value:
                identity.put(vault, customer, place, value)
                changed.add(field)
        elif getattr(customer, field) != value:
            setattr(customer, field, value)
            changed.add(field)
    return changed


def _apply_own(store: Store, customer: Customer, fields: list[Field], values: Mapping[str, Any]) -> set[str]:
    """Set the own fields that differ; their codes."""
    if not values:
        return set()
    holder = Holder(open_vault(store), "customers", customer.id)
    held = read_own(fields, customer.own, holder)
    changed = {code: value for code, value in values.items() if value != held.get(code)}
    if changed:
        customer.own = write_own(fields, changed, customer.own, holder)
    return set(changed)
