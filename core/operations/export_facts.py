"""Facts as files that can be imported again, as far as the actor sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.amounts import from_units
from core.facts.exporting import Stream
from core.facts.fields import DEALS, TableSpec
from core.facts.identity import look, look_lead
from core.facts.leads import leads_in_reach
from core.facts.outgoing import exact_number, moment, own_values, table_rows
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.sealing import Holder, open_own
from core.facts.tables import Customer, Lead
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


_ROWS_AT_A_TIME = 1_000


def customers(actor: Actor, store: Store, wanted: Wanted, ids: set[int] | None) -> Stream:
    """Every field of a customers file, of the customers `ids` (None: all in reach).

    Phones and e-mails stay blank for roles that see them masked: a blank cell keeps what is stored.
    """
    actor.require(Permission.SEE_DETAILS)
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    spec, vault = _table(store, "customers"), open_vault(store)
    zone = ZoneInfo(policy_at(store, wanted.now.date()).business.time_zone)
    query = (
        select(
            *Customer.__table__.columns,
            Department.name.label("department"),
            StaffMember.name.label("account_manager"),
        )
        .outerjoin(Department, Department.id == Customer.department_id)
        .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
        .where(may_see(actor))
        .order_by(Customer.code)
    )
    plain = [code for code in spec.codes if hasattr(Customer, code)]

    def rows() -> Iterator[dict[str, Any]]:
        for customer in _read(store, query):
            if ids is not None and customer.id not in ids:
                continue
            own = {code: getattr(customer, code) for code in plain}
            held = Holder(vault, "customers", customer.id)
            own |= own_values(spec, open_own(spec.own_fields, customer.own, held, in_full=in_full), zone)
            own |= {"customer_code": customer.code, "department": customer.department}
            own |= {"account_manager": customer.account_manager}
            own["annual_revenue"] = exact_number(customer.annual_revenue)
            own["phone"] = look(vault, customer.id, "phone", customer.phone_sealed if in_full else None)
            own["email"] = look(vault, customer.id, "email", customer.email_sealed if in_full else None)
            own["consent"] = None if customer.consent is None else "yes" if customer.consent else "no"
            yield own

    return _in_words(rows(), spec, wanted)


def leads(actor: Actor, store: Store, wanted: Wanted) -> Stream:
    """Every field of a leads file; with the filter `ids` only these leads. By arrival.

    Phones stay blank for roles that see them masked: a blank cell keeps what is stored.
    """
    actor.require(Permission.SEE_DETAILS)
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    spec, vault = _table(store, "leads"), open_vault(store)
    zone = ZoneInfo(policy_at(store, wanted.now.date()).business.time_zone)
    query = (
        select(Lead, StaffMember.name, Customer.code)
        .outerjoin(StaffMember, StaffMember.id == Lead.owner_id)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .where(leads_in_reach(actor))
        .order_by(Lead.arrived_at, Lead.code)
    )
    plain = [code for code in spec.codes if hasattr(Lead, code)]
    ids = set(wanted.filters["ids"]) if "ids" in wanted.filters else None

    def rows() -> Iterator[dict[str, Any]]:
        for lead, owner, customer_code in _read(store, query):
            if ids is not None and lead.id not in ids:
                continue
            own = {code: getattr(lead, code) for code in plain}
            own |= {code: moment(value, zone) for code, value in own.items() if isinstance(value, datetime)}
            held = Holder(vault, "leads", lead.id)
            own |= own_values(spec, open_own(spec.own_fields, lead.own, held, in_full=in_full), zone)
            own |= {"lead_code": lead.code, "owner": owner, "customer_code": customer_code}
            own["amount"] = exact_number(lead.amount)
            own["phone"] = look_lead(vault, lead.id, lead.phone_sealed if in_full else None)
            yield own

    return _in_words(rows(), spec, wanted)


def deals(actor: Actor, store: Store, wanted: Wanted) -> Stream:
    """Every field of a deals file, of the leads that have come further than their arrival. By arrival."""
    progress = [field.code for field in DEALS.fields if field.code not in ("lead_code", "owner", "industry")]
    found = leads(actor, store, replace(wanted, language=None))
    rows = (dict(zip(found.headers, row, strict=True)) for row in found.rows)
    going = (row for row in rows if any(row[code] is not None for code in progress))
    return _in_words(going, DEALS, wanted)


def table(code: str, actor: Actor, store: Store, wanted: Wanted) -> Stream:
    """Every field of a file of the table `code`, own ones included, in the actor's reach; by code or by time."""
    spec, zone = _table(store, code), policy_at(store, wanted.now.date()).business.time_zone
    return _in_words(table_rows(actor, spec, zone, partial(_read, store)), spec, wanted)


def _table(store: Store, code: str) -> TableSpec:
    with store.read() as session:
        return catalogue(session)[code]


def _read(store: Store, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of a query, a few at a time, out of one snapshot."""
    with store.read() as session:
        for batch in session.execute(query.execution_options(yield_per=_ROWS_AT_A_TIME)).partitions():
            yield from batch


def plain_number(units: int | None) -> Decimal | None:
    """Currency units of a stored amount."""
    return None if units is None else from_units(units)


def _in_words(rows: Iterable[dict[str, Any]], table: TableSpec, wanted: Wanted) -> Stream:
    """The rows under the headers of their kind of file, choices in the reader's words; in codes without a
    language."""
    language, codes = wanted.language, table.codes
    if language is None:
        return Stream(codes, ([row.get(code) for code in codes] for row in rows))
    words: dict[str, dict[Any, str]] = {
        field.code: {choice.code: choice.word(language) for choice in field.choices}
        for field in table.fields
        if field.choices
    }

    def word(row: dict[str, Any]) -> list[Any]:
        for code, of in words.items():
            row[code] = of.get(row.get(code), row.get(code))
        return [row.get(code) for code in codes]

    worded = map(word, rows)
    return Stream([field.header(language) for field in table.fields], worded)
