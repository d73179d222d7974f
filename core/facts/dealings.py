"""What a customer signed and owes, and the stores it sells in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.access.vault import open_vault
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.entries import OwnValue, shown_own
from core.facts.own_fields.sealing import Holder
from core.facts.payments import is_overdue, outstanding
from core.facts.tables import Contract, DisplayFeedback, Outlet, Payment
from core.facts.visibility import require_visible
from core.store.engine import Store

Own: TypeAlias = "Callable[[Contract | Outlet], tuple[OwnValue, ...]]"


@dataclass(frozen=True)
class ContractView:
    """One contract. Amounts in ten-thousandths of the currency unit."""

    code: str
    title: str | None
    signed_on: date
    starts_on: date | None
    ends_on: date | None
    amount: int
    owner: str | None
    ended: bool
    """Whether its last day has passed."""
    own: tuple[OwnValue, ...]
    """What the company's own fields say of it."""


@dataclass(frozen=True)
class PaymentView:
    """One payment. Amounts in ten-thousandths of the currency unit."""

    code: str
    contract: str | None
    due_on: date
    amount: int
    paid_on: date | None
    owed: int
    """What is still to be paid of it."""
    overdue: bool


@dataclass(frozen=True)
class OutletView:
    """One store with what was last seen of its display."""

    code: str
    name: str
    kind: str | None
    """A key of `labels.OUTLET_KINDS`."""
    place: tuple[str, ...]
    """Region, province, city and address, as far as they are known."""
    score: int | None
    """From 1 (worst) to 5."""
    checked_on: date | None
    comment: str | None
    own: tuple[OwnValue, ...]
    """What the company's own fields say of it."""


@dataclass(frozen=True)
class Dealings:
    """The contracts and payments of one customer, and its stores: the newest first, stores by code."""

    contracts: tuple[ContractView, ...]
    payments: tuple[PaymentView, ...]
    outlets: tuple[OutletView, ...]

    @property
    def overdue(self) -> int:
        """What is owed beyond its day, in ten-thousandths of the currency unit."""
        return sum(payment.owed for payment in self.payments if payment.overdue)


def dealings(actor: Actor, store: Store, customer_id: int, *, as_of: date, limit: int = 100) -> Dealings:
    """At most `limit` contracts, payments and stores of a customer in reach; NotFound otherwise. For those who see
    details."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        require_visible(actor, session, customer_id)
        fields, vault = catalogue(session), open_vault(store)

        def own(record: Contract | Outlet) -> tuple[OwnValue, ...]:
            table = record.__tablename__
            return shown_own(actor, fields[table].own_fields, record.own, Holder(vault, table, record.id))

        return Dealings(
            _contracts(session, customer_id, as_of, limit, own),
            _payments(session, customer_id, as_of, limit),
            _outlets(session, customer_id, limit, own),
        )


def _contracts(
    session: Session, customer_id: int, as_of: date, limit: int, own: Own
) -> tuple[ContractView, ...]:
    query = (
        select(Contract, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == Contract.owner_id)
        .where(Contract.customer_id == customer_id)
        .order_by(Contract.signed_on.desc(), Contract.code)
        .limit(limit)
    )
    return tuple(
        ContractView(
            each.code, each.title, each.signed_on, each.starts_on, each.ends_on, each.amount, owner,
            ended=each.ends_on is not None and each.ends_on < as_of, own=own(each),
        )
        for each, owner in session.execute(query)
    )  # fmt: skip


def _payments(session: Session, customer_id: int, as_of: date, limit: int) -> tuple[PaymentView, ...]:
    query = (
        select(Payment, Contract.code)
        .outerjoin(Contract, Contract.id == Payment.contract_id)
        .where(Payment.customer_id == customer_id)
        .order_by(Payment.due_on.desc(), Payment.code)
        .limit(limit)
    )
    found = []
    for each, contract in session.execute(query):
        owed = outstanding(each.amount, each.paid_on, each.paid_amount, as_of)
        overdue = is_overdue(each.due_on, owed, as_of)
        found.append(PaymentView(each.code, contract, each.due_on, each.amount, each.paid_on, owed, overdue))
    return tuple(found)


def _outlets(session: Session, customer_id: int, limit: int, own: Own) -> tuple[OutletView, ...]:
    newest = func.row_number().over(
        partition_by=DisplayFeedback.outlet_id,
        order_by=(DisplayFeedback.checked_at.desc(), DisplayFeedback.id.desc()),
    )
    seen = (
        select(
            DisplayFeedback.outlet_id, DisplayFeedback.score, DisplayFeedback.checked_on, DisplayFeedback.comment,
            newest.label("place"),
        )
        .join(Outlet, Outlet.id == DisplayFeedback.outlet_id)
        .where(Outlet.customer_id == customer_id)
        .subquery()
    )  # fmt: skip
    query = (
        select(Outlet, seen.c.score, seen.c.checked_on, seen.c.comment)
        .outerjoin(seen, (seen.c.outlet_id == Outlet.id) & (seen.c.place == 1))
        .where(Outlet.customer_id == customer_id)
        .order_by(Outlet.code)
        .limit(limit)
    )
    return tuple(
        OutletView(
            each.code, each.name, each.kind,
            tuple(filter(None, (each.region, each.province, each.city, each.address))),
            score, checked_on, comment, own(each),
        )
        for each, score, checked_on, comment in session.execute(query)
    )  # fmt: skip
