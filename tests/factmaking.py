"""Facts for tests, written straight into the records: what an import would have stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from core.access.actor import Actor
from core.access.tables import Department, StaffMember
from core.dates import business_date
from core.facts.catalogue.model import Field
from core.facts.own_fields.catalogue import field_of
from core.facts.tables import Customer, ImportBatch, Interaction, Order, OrderLine, OwnField, Satisfaction
from core.facts.update_clock import after_contact
from core.policy.model import Policy
from core.store.engine import Store
from core.store.versions import raise_data_version
from tests.conftest import NOW


def add_batch(session: Session) -> int:
    batch = ImportBatch(
        table_code="transactions",
        file_name="orders.xlsx",
        file_sha256="0" * 64,
        mapping={},
        mode="add",
        rows_read=0,
        added=0,
        updated=0,
        unchanged=0,
        rejected=0,
        committed_at=NOW,
    )
    session.add(batch)
    session.flush()
    return batch.id


def add_own_field(
    session: Session,
    table: str,
    code: str,
    kind: str = "text",
    *,
    zh: str = "",
    en: str = "",
    personal: bool = False,
) -> None:
    """A field of the company's own, called by its code where no name is given."""
    session.add(
        OwnField(
            table_code=table,
            code=code,
            kind=kind,
            label_zh=zh or code,
            label_en=en or code,
            personal=personal,
            created_at=NOW,
        )
    )


def own_field(store: Store, field_id: int) -> Field:
    """The field as somebody sees it who is about to change it."""
    with store.read() as session:
        return field_of(session.get_one(OwnField, field_id))


def add_department(session: Session, name: str) -> int:
    department = Department(name=name)
    session.add(department)
    session.flush()
    return department.id


def add_staff(session: Session, name: str, department_id: int | None = None) -> int:
    person = StaffMember(name=name, department_id=department_id)
    session.add(person)
    session.flush()
    return person.id


def served_by(person: Actor) -> dict[str, int | None]:
    """The fields of a customer whom this person serves."""
    return {"department_id": person.department_id, "account_manager_id": person.staff_id}


def add_customer(session: Session, code: str, **fields: object) -> int:
    customer = Customer(code=code, created_at=NOW, updated_at=NOW, **{"name": code} | fields)
    session.add(customer)
    session.flush()
    raise_data_version(session)
    return customer.id


def add_order(session: Session, customer_id: int, key: str, lines: Iterable[tuple[date, int]]) -> int:
    """An order with its lines as (day, amount in ten-thousandths)."""
    batch = add_batch(session)
    order = Order(customer_id=customer_id, order_key=key)
    session.add(order)
    session.flush()
    for number, (day, amount) in enumerate(lines):
        session.add(
            OrderLine(
                order_id=order.id,
                customer_id=customer_id,
                line_key=number,
                ordered_at=at_noon(day),
                ordered_on=day,
                amount=amount,
                batch_id=batch,
            )
        )
    raise_data_version(session)
    return order.id


def add_interaction(
    session: Session, customer_id: int, day: date, *, purpose: str | None = None, content: str | None = None
) -> None:
    session.add(
        Interaction(
            customer_id=customer_id,
            occurred_at=at_noon(day),
            occurred_on=day,
            kind="call",
            purpose=purpose,
            content=content,
        )
    )


def make_owed(session: Session, policy: Policy, customer_id: int, at: datetime) -> None:
    """A contact of nobody's, logged `at`, and that the customer's record is to be completed after it."""
    session.add(
        Interaction(
            customer_id=customer_id,
            occurred_at=at,
            occurred_on=business_date(at, policy.business.time_zone),
            kind="call",
            logged_at=at,
        )
    )
    after_contact(session, policy, customer_id, now=at)


def add_satisfaction(session: Session, customer_id: int, day: date, score: int, row_key: int = 0) -> None:
    session.add(
        Satisfaction(
            customer_id=customer_id,
            row_key=row_key,
            scored_at=at_noon(day),
            scored_on=day,
            score=score,
            comment="slow delivery",
            batch_id=add_batch(session),
        )
    )


def at_noon(day: date) -> datetime:
    """Noon in Shanghai, as the instant that is stored."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
