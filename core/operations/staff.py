"""People who leave: what they served goes to a successor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import audit
from core.access.accounts import require_another_administrator
from core.access.actor import Actor, Permission, Reach, Role
from core.access.sessions import end_sessions, withdraw_links
from core.access.tables import Account, StaffMember
from core.errors import NotFound, Refused
from core.facts.leads import hand_over_leads
from core.facts.tables import Customer
from core.facts.update_clock import hand_on
from core.language import mark
from core.policy.queries import policy_at
from core.reviews.board_records import move_unsettled_cards
from core.store.engine import Store
from core.store.versions import raise_data_version
from core.warning.orders import one_writer
from core.warning.service import move_unclosed_orders


@dataclass(frozen=True)
class HandOver:
    """How many customers, unclosed work orders, leads that are neither won nor lost, and unsettled cards moved."""

    customers: int
    work_orders: int
    leads: int
    cards: int = 0


def hand_over(actor: Actor, store: Store, staff_id: int, successor_id: int, *, now: datetime) -> HandOver:
    """Record that a person has left, and give customers, unclosed work orders and open leads to the successor.

    Files that still name the leaver reach the successor from now on. The leaver's account is disabled,
    in the same transaction. Refused: to oneself, to or from somebody who has left, out of one's reach; and
    where the account is an administrator's, to everybody but another administrator.
    """
    actor.require(Permission.ASSIGN_WORK)
    policy = policy_at(store, now.date())
    with store.write() as session:
        one_writer(session)
        leaver, successor = _person(session, actor, staff_id), _person(session, actor, successor_id)
        if leaver.id == successor.id:
            raise Refused(mark("Nobody can hand over to themselves. Choose another person."))
        customers = session.execute(
            update(Customer)
            .where(Customer.account_manager_id == leaver.id)
            .values(
                account_manager_id=successor.id,
                department_id=successor.department_id or Customer.department_id,
                updated_at=now,
                version=Customer.version + 1,
            )
            .returning(Customer.id, Customer.merged_into_id)
        ).all()
        orders = move_unclosed_orders(session, leaver.id, successor.id)
        leads = hand_over_leads(session, leaver.id, successor, now=now)
        cards = move_unsettled_cards(session, actor, leaver.id, successor.id, now=now)
        leaver.left_at, leaver.successor_id = now, successor.id
        _shut_out(session, actor, leaver, now)
        hand_on(session, policy, leaver.id, [key for key, _ in customers], now=now)
        raise_data_version(session)
        # What was merged into another goes along, should that be undone, and counts with the other.
        moved = HandOver(sum(merged is None for _, merged in customers), orders, leads, cards)
        audit.record(
            *(session, actor, "staff.handed_over", "staff", leaver.id),
            now=now,
            successor=successor.id,
            customers=moved.customers,
            work_orders=moved.work_orders,
            leads=moved.leads,
            cards=moved.cards,
        )
        session.commit()
    return moved


def _shut_out(session: Session, actor: Actor, leaver: StaffMember, now: datetime) -> None:
    """Disable the leaver's account, with its sessions and links."""
    account = session.scalar(
        select(Account).where(Account.staff_id == leaver.id, Account.disabled_at.is_(None))
    )
    if account is None:
        return
    if account.role == Role.ADMINISTRATOR:
        actor.require(Permission.ADMINISTER)
        require_another_administrator(session, account)
    account.disabled_at = now
    account.version += 1
    end_sessions(session, account.id)
    withdraw_links(session, account.id)


def _person(session: Session, actor: Actor, staff_id: int) -> StaffMember:
    person = session.get(StaffMember, staff_id, with_for_update=True)
    in_reach = actor.reach is Reach.COMPANY or (
        person is not None
        and person.department_id is not None
        and person.department_id == actor.department_id
    )
    if person is None or not in_reach:
        raise NotFound(mark("There is no such person in the staff directory, or not in your department."))
    if person.left_at is not None:
        raise Refused(mark("{name} has left already. Choose somebody who is here."), name=person.name)
    return person
