"""Facts in the shape of their templates, as far as an actor sees them: what is written can be imported again.

Rows are field code -> value: amounts in currency units, instants in the business time zone, choices as codes. Blank
where nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.amounts import from_units
from core.facts.duplicates.merged import holder_of_code, standing_merges
from core.facts.fields import Field, TableSpec
from core.facts.importing.record_kinds import RECORD_KINDS, RecordKind
from core.facts.order_keys import first_owner, order_number
from core.facts.own_fields.values import own_code
from core.facts.tables import (
    BehaviourEvent,
    Contract,
    Customer,
    CustomerMerge,
    DisplayFeedback,
    Interaction,
    Order,
    OrderLine,
    Outlet,
    ProductUsage,
    Satisfaction,
)
from core.facts.visibility import may_see

Row = dict[str, Any]
Rows = Iterator[Any]
Read = Callable[[Select[*tuple[Any, ...]]], Rows]
"""Runs a query and gives its rows, a few at a time."""


@dataclass(frozen=True)
class _Entries:
    """How the rows of one table of entries are read: their record, their instant, and where each field stands."""

    record: Any
    at: Any
    fields: dict[str, Any]


_STAFF = StaffMember.name
_ENTRIES = {
    "transactions": _Entries(
        OrderLine,
        OrderLine.ordered_at,
        {
            name: getattr(OrderLine, name)
            for name in ("line_no", "ordered_at", "amount", "quantity", "unit_price", "product_code",
                         "product_name", "channel")
        } | {"order_no": Order.order_key, "salesperson": _STAFF},
    ),
    "interactions": _Entries(
        Interaction,
        Interaction.occurred_at,
        {name: getattr(Interaction, name) for name in ("occurred_at", "kind", "direction", "purpose", "content")}
        | {"staff": _STAFF},
    ),
    "satisfaction": _Entries(
        Satisfaction,
        Satisfaction.scored_at,
        {name: getattr(Satisfaction, name) for name in ("scored_at", "score", "comment")},
    ),
    "usage": _Entries(
        ProductUsage,
        ProductUsage.used_at,
        {name: getattr(ProductUsage, name) for name in ("used_at", "product_code", "uses")},
    ),
    "behaviour": _Entries(
        BehaviourEvent,
        BehaviourEvent.occurred_at,
        {name: getattr(BehaviourEvent, name) for name in ("occurred_at", "event", "object")},
    ),
    "displays": _Entries(
        DisplayFeedback,
        DisplayFeedback.checked_at,
        {name: getattr(DisplayFeedback, name) for name in ("checked_at", "score", "comment")}
        | {"outlet_code": Outlet.code, "staff": _STAFF},
    ),
}  # fmt: skip
_WITH_STAFF = {
    "transactions": OrderLine.salesperson_id,
    "interactions": Interaction.staff_id,
    "displays": DisplayFeedback.staff_id,
}
OUTGOING = (*RECORD_KINDS, *_ENTRIES)
"""The tables that `table_rows` knows."""


def table_rows(actor: Actor, table: TableSpec, zone: str, read: Read) -> Iterator[Row]:
    """The rows of a table (one of OUTGOING) within the actor's reach, in an order that does not change.

    What belongs to the company as a whole is for those who see its measures (campaigns, channel costs), or details
    (products); a store that belongs to no customer is for those who see the whole company.
    """
    money = table.code in ("campaigns", "channel_costs")
    actor.require(Permission.SEE_MEASURES if money else Permission.SEE_DETAILS)
    if table.code in RECORD_KINDS:
        return _records(actor, table, RECORD_KINDS[table.code], ZoneInfo(zone), read)
    return _entries(actor, table, ZoneInfo(zone), read)


def _records(actor: Actor, table: TableSpec, kind: RecordKind, zone: ZoneInfo, read: Read) -> Iterator[Row]:
    record = kind.record
    columns = {code: getattr(record, name) for code, name in (*kind.key.items(), *kind.values.items())}
    if kind.customer:
        columns["customer_code"] = Customer.code
    if kind.contract:
        columns["contract_code"] = Contract.code
    if kind.owner:
        columns["owner"] = StaffMember.name
    if kind.has_own:
        columns["own"] = record.own
    query = select(*(column.label(code) for code, column in columns.items())).select_from(record)
    if kind.customer:
        query = query.outerjoin(Customer, Customer.id == record.customer_id).where(may_see(actor))
    if kind.contract:
        query = query.outerjoin(Contract, Contract.id == record.contract_id)
    if kind.owner:
        query = query.outerjoin(StaffMember, StaffMember.id == record.owner_id)
    for row in read(query.order_by(*(columns[code] for code in kind.key))):
        yield _written(table, row._mapping, zone)


def _entries(actor: Actor, table: TableSpec, zone: ZoneInfo, read: Read) -> Iterator[Row]:
    kind = _ENTRIES[table.code]
    columns = kind.fields if table.code == "displays" else {**kind.fields, "customer_code": Customer.code}
    query = select(*(column.label(code) for code, column in columns.items())).select_from(kind.record)
    subject = kind.record
    if table.code == "displays":
        query, subject = query.join(Outlet, Outlet.id == DisplayFeedback.outlet_id), Outlet
    elif table.code == "transactions":
        query = query.join(Order, Order.id == OrderLine.order_id)
    query = query.outerjoin(Customer, Customer.id == subject.customer_id).where(may_see(actor))
    if table.code in _WITH_STAFF:
        query = query.outerjoin(StaffMember, StaffMember.id == _WITH_STAFF[table.code])
    if table.code != "transactions":
        for row in read(query.order_by(kind.at, kind.record.id)):
            yield _written(table, row._mapping, zone)
        return
    codes = _codes_of_orders(read)
    for row in read(query.add_columns(Order.customer_id).order_by(kind.at, kind.record.id)):
        owner = first_owner(row.order_no) or row.customer_id
        yield _written(table, row._mapping, zone) | (
            {"customer_code": codes[owner]} if owner in codes else {}
        )


def _codes_of_orders(read: Read) -> dict[int, str]:
    """Customer who takes part in a merge -> the code under which their orders came: brought in again under another one
    they would be other orders."""
    merges = list(read(standing_merges()))
    holders = {who: holder_of_code(merges, who) for each in merges for who in (each.kept_id, each.gone_id)}
    parts = select(CustomerMerge.kept_id).union(select(CustomerMerge.gone_id))
    codes = dict(read(select(Customer.id, Customer.code).where(Customer.id.in_(parts))))
    return {who: codes[holder] for who, holder in holders.items()}


def _written(table: TableSpec, stored: Any, zone: ZoneInfo) -> Row:
    shipped = {f.code: _value(f, stored.get(f.code), zone) for f in table.fields if not f.own}
    return shipped | own_values(table, stored.get("own", {}), zone)


def own_values(table: TableSpec, own: Mapping[str, Any], zone: ZoneInfo) -> Row:
    """The own fields of a record, as a file says them."""
    held = {field: own.get(own_code(field)) for field in table.own_fields}
    return {field.code: _value(field, value, zone) for field, value in held.items()}


def _value(field: Field, value: Any, zone: ZoneInfo) -> Any:
    if value is None or value == "":
        return None
    if field.code == "order_no":
        return order_number(value)
    return file_value(field, value, zone)


def file_value(field: Field, value: Any, zone: ZoneInfo) -> Any:
    """A stored value as a file says it: nothing of it is lost when it is read again."""
    if field.kind in ("amount", "cost", "quantity"):
        return exact_number(value)
    if field.kind == "datetime":
        return moment(datetime.fromisoformat(value) if isinstance(value, str) else value, zone)
    if field.kind == "month":
        return (date.fromisoformat(value) if isinstance(value, str) else value).strftime("%Y-%m")
    if field.kind == "yes_no":
        return "yes" if value else "no"
    return value


def exact_number(units: int | None) -> Decimal | str | None:
    """Currency units, or pieces, of a stored number; as a text where the cell of a workbook, which holds 15 digits,
    would round it."""
    if units is None:
        return None
    value = from_units(units)
    return value if Decimal(f"{float(value):.15G}") == value else f"{value:f}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as files write it, with its offset in the hour that a zone has twice; what came as a day goes as a
    day."""
    local = instant.astimezone(zone)
    if local.time() == time() and not local.fold:
        return local.date().isoformat()
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return (local if twice else local.replace(tzinfo=None)).isoformat(" ")
