"""Facts as files that can be imported again: customers, leads and channel costs, as far as the actor sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.amounts import from_units
from core.facts.fields import CHANNEL_COSTS, CUSTOMERS, LEADS, TableSpec
from core.facts.identity import look, look_lead
from core.facts.leads import leads_in_reach
from core.facts.tables import ChannelCost, Customer, Lead
from core.facts.visibility import may_see
from core.policy.queries import policy_at
from core.store.engine import Store


@dataclass(frozen=True)
class Wanted:
    """What an export is asked for: in which language (None: codes), and narrowed how.

    `filters` are the fields of a SegmentFilter (grades, customers), the keywords of `worklist`, `ids` of leads,
    or what `export_funnel` takes.
    """

    now: datetime
    language: str | None
    filters: Mapping[str, Any]


def customers(actor: Actor, store: Store, wanted: Wanted, ids: set[int] | None) -> pd.DataFrame:
    """Every field of a customers file, of the customers `ids` (None: all in reach).

    Phones and e-mails stay blank for roles that see them masked: a blank cell keeps what is stored.
    """
    actor.require(Permission.SEE_DETAILS)
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    vault = open_vault(store)
    query = (
        select(Customer, Department.name, StaffMember.name)
        .outerjoin(Department, Department.id == Customer.department_id)
        .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
        .where(may_see(actor))
        .order_by(Customer.code)
    )
    rows = []
    with store.read() as session:
        for customer, department, account_manager in session.execute(query):
            if ids is not None and customer.id not in ids:
                continue
            own = {code: getattr(customer, code) for code in CUSTOMERS.codes if hasattr(customer, code)}
            own |= {"customer_code": customer.code, "department": department}
            own |= {"account_manager": account_manager}
            own["annual_revenue"] = plain_number(customer.annual_revenue)
            own["phone"] = look(vault, customer.id, "phone", customer.phone_sealed if in_full else None)
            own["email"] = look(vault, customer.id, "email", customer.email_sealed if in_full else None)
            own["consent"] = None if customer.consent is None else "yes" if customer.consent else "no"
            rows.append(own)
    return _in_words(rows, CUSTOMERS, wanted)


def leads(actor: Actor, store: Store, wanted: Wanted) -> pd.DataFrame:
    """Every field of a leads file; with the filter `ids` only these leads. By arrival.

    Phones stay blank for roles that see them masked: a blank cell keeps what is stored.
    """
    actor.require(Permission.SEE_DETAILS)
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    vault = open_vault(store)
    zone = ZoneInfo(policy_at(store, wanted.now.date()).business.time_zone)
    query = (
        select(Lead, StaffMember.name, Customer.code)
        .outerjoin(StaffMember, StaffMember.id == Lead.owner_id)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .where(leads_in_reach(actor))
        .order_by(Lead.arrived_at, Lead.code)
    )
    ids = set(wanted.filters["ids"]) if "ids" in wanted.filters else None
    rows = []
    with store.read() as session:
        for lead, owner, customer_code in session.execute(query):
            if ids is not None and lead.id not in ids:
                continue
            own = {code: getattr(lead, code) for code in LEADS.codes if hasattr(lead, code)}
            own |= {code: _moment(value, zone) for code, value in own.items() if isinstance(value, datetime)}
            own |= {"lead_code": lead.code, "owner": owner, "customer_code": customer_code}
            own["amount"] = plain_number(lead.amount)
            own["phone"] = look_lead(vault, lead.id, lead.phone_sealed if in_full else None)
            rows.append(own)
    return _in_words(rows, LEADS, wanted)


def channel_costs(actor: Actor, store: Store, wanted: Wanted) -> pd.DataFrame:
    """Every field of a channel costs file, by month and channel. Costs belong to the company as a whole."""
    actor.require(Permission.SEE_MEASURES)
    query = select(ChannelCost).order_by(ChannelCost.month, ChannelCost.channel, ChannelCost.campaign)
    with store.read() as session:
        rows = [
            {
                "month": f"{cost.month:%Y-%m}",
                "channel": cost.channel,
                "campaign": cost.campaign or None,
                "cost": plain_number(cost.amount),
            }
            for cost in session.scalars(query)
        ]
    return _in_words(rows, CHANNEL_COSTS, wanted)


def plain_number(units: int | None) -> Decimal | None:
    """Currency units of a stored amount."""
    return None if units is None else from_units(units)


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as files write it; what came as a day goes as a day."""
    local = instant.astimezone(zone).replace(tzinfo=None)
    return local.date().isoformat() if local.time() == time() else local.isoformat(" ")


def _in_words(rows: list[dict[str, Any]], table: TableSpec, wanted: Wanted) -> pd.DataFrame:
    """The rows under the headers of their kind of file, choices in the reader's words; in codes without a
    language."""
    frame = pd.DataFrame(rows, columns=list(table.codes), dtype=object)
    if wanted.language is None:
        return frame
    for field in table.fields:
        if field.choices:
            words = {choice.code: choice.word(wanted.language) for choice in field.choices}
            frame[field.code] = frame[field.code].map(words)
    return frame.rename(columns={field.code: field.header(wanted.language) for field in table.fields})
