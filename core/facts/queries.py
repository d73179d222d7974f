"""Customers found, seen and listed, within the actor's reach and masked for the actor's role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.facts import identity
from core.facts.cleaning.phones import read_phone
from core.facts.history import OrderSummary, order_summary
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.entries import OwnValue, shown_own
from core.facts.own_fields.sealing import Holder
from core.facts.tables import (
    Customer,
    Interaction,
    Order,
    OrderLine,
    Satisfaction,
)
from core.facts.visibility import STANDS, Contact, may_see, shown_name, visible_customer
from core.language import Message
from core.store.engine import Store

LABEL_COLUMNS = (
    "id",
    "code",
    "name",
    "account_manager_id",
    "account_manager",
    "department_id",
    "department",
    "phone",
)
_IDS_A_QUERY = 5_000


def customer_labels(actor: Actor, store: Store, ids: Iterable[int]) -> pd.DataFrame:
    """What lists show of customers: `LABEL_COLUMNS`, in the order of `ids`; without those out of reach."""
    actor.require(Permission.SEE_CUSTOMERS)
    wanted = list(dict.fromkeys(int(each) for each in ids))
    with store.read() as session:
        return _labels(actor, store, session, wanted)


def find_customers(actor: Actor, store: Store, text: str, *, limit: int = 50) -> pd.DataFrame:
    """Customers whose code begins with `text`, whose name contains it, or whose phone it is: `LABEL_COLUMNS`.

    The same code stands first, then codes that begin so, then phones, then names. Who sees masked names finds
    by code and by whole names only: a search by parts of names or phones would lift the mask bit by bit.
    """
    actor.require(Permission.SEE_CUSTOMERS)
    wanted = text.strip()
    if not wanted:
        return pd.DataFrame(columns=list(LABEL_COLUMNS))
    same_code = func.lower(Customer.code) == wanted.lower()
    code_begins = Customer.code.istartswith(wanted, autoescape=True)
    same_phone: ColumnElement[bool] = false()
    if actor.may(Permission.SEE_DETAILS):
        names = Customer.name.icontains(wanted, autoescape=True)
        phone = read_phone(wanted)
        if not isinstance(phone, Message):
            same_phone = Customer.phone_index == identity.digest(open_vault(store), "phone", phone[0])
    else:
        names = Customer.name == wanted
    query = (
        select(Customer.id)
        .where(may_see(actor), or_(code_begins, same_phone, names))
        .order_by(case((same_code, 0), (code_begins, 1), (same_phone, 2), else_=3), Customer.code)
        .limit(limit)
    )
    with store.read() as session:
        return _labels(actor, store, session, list(session.scalars(query)))


def _labels(actor: Actor, store: Store, session: Session, ids: Sequence[int]) -> pd.DataFrame:
    contact = Contact.shown_to(actor, store)
    found: dict[int, tuple[Any, ...]] = {}
    for first in range(0, len(ids), _IDS_A_QUERY):
        query = (
            select(
                Customer.id,
                Customer.code,
                Customer.name,
                Customer.account_manager_id,
                StaffMember.name,
                Customer.department_id,
                Department.name,
                Customer.phone_sealed,
            )
            .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
            .outerjoin(Department, Department.id == Customer.department_id)
            .where(may_see(actor), Customer.id.in_(ids[first : first + _IDS_A_QUERY]))
        )
        for each in session.execute(query):
            key, code, name, *people, sealed = each
            found[key] = (key, code, shown_name(actor, name), *people, contact.phone(key, sealed))
    frame = pd.DataFrame([found[each] for each in ids if each in found], columns=list(LABEL_COLUMNS))
    return frame.astype({"account_manager_id": "Int64", "department_id": "Int64"})


@dataclass(frozen=True)
class CustomerView:
    """One customer as the actor may see it; what the role may not see is masked or None."""

    id: int
    version: int
    code: str
    name: str
    kind: str
    phone: str | None
    email: str | None
    contact_masked: bool
    """Whether name, phone or e-mail are shown masked."""
    region: str | None
    province: str | None
    city: str | None
    industry: str | None
    annual_revenue: int | None
    """Ten-thousandths of the currency unit."""
    sku_count: int | None
    channel: str | None
    department_id: int | None
    department: str | None
    account_manager_id: int | None
    account_manager: str | None
    birthday: date | None
    consent: bool | None
    own: tuple[OwnValue, ...]
    """Every own field of customers, in the order in which they were added."""
    batch_id: int | None
    """The import that brought the customer; None for one added in the app."""
    created_at: datetime
    updated_at: datetime
    orders: OrderSummary
    editable: bool
    """Whether the actor may correct it."""
    assignable: bool
    """Whether the actor may give it to another account manager or department."""


def customer(actor: Actor, store: Store, customer_id: int) -> CustomerView:
    """One customer in reach; NotFound otherwise."""
    actor.require(Permission.SEE_CUSTOMERS)
    with store.read() as session:
        found = visible_customer(actor, session, customer_id)
        details = actor.may(Permission.SEE_DETAILS)
        contact = Contact.shown_to(actor, store)
        manager = session.get(StaffMember, found.account_manager_id) if found.account_manager_id else None
        department = session.get(Department, found.department_id) if found.department_id else None
        return CustomerView(
            id=found.id,
            version=found.version,
            code=found.code,
            name=shown_name(actor, found.name),
            kind=found.kind,
            phone=contact.phone(found.id, found.phone_sealed),
            email=contact.email(found.id, found.email_sealed),
            contact_masked=not (details and contact.in_full),
            region=found.region,
            province=found.province,
            city=found.city,
            industry=found.industry,
            annual_revenue=found.annual_revenue if details else None,
            sku_count=found.sku_count if details else None,
            channel=found.channel,
            department_id=found.department_id,
            department=department.name if department else None,
            account_manager_id=found.account_manager_id,
            account_manager=manager.name if manager else None,
            birthday=found.birthday if details else None,
            consent=found.consent if details else None,
            own=shown_own(
                actor,
                catalogue(session)["customers"].own_fields,
                found.own,
                Holder(contact.vault, "customers", found.id),
            ),
            batch_id=found.batch_id,
            created_at=found.created_at,
            updated_at=found.updated_at,
            orders=order_summary(session, customer_id, with_amount=details),
            editable=actor.may(Permission.EDIT_CUSTOMERS),
            assignable=actor.may(Permission.ASSIGN_WORK),
        )


def has_customers(actor: Actor, store: Store) -> bool:
    """Whether the company has any customer at all, in reach or not."""
    actor.require(Permission.SEE_CUSTOMERS)
    with store.read() as session:
        return session.scalar(select(Customer.id).where(STANDS).limit(1)) is not None


def facts_summary(actor: Actor, store: Store) -> dict[str, int]:
    """How many records of each kind the company holds; tells an empty app from one in use."""
    actor.require(Permission.SEE_CUSTOMERS)
    kinds = {
        "customers": Customer,
        "orders": Order,
        "transactions": OrderLine,
        "interactions": Interaction,
        "satisfaction": Satisfaction,
    }
    with store.read() as session:
        counts = {code: select(func.count()).select_from(kind) for code, kind in kinds.items()}
        counts["customers"] = counts["customers"].where(STANDS)
        return {code: session.scalar(query) or 0 for code, query in counts.items()}
