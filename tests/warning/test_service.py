"""What people do with work orders."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry, StaffMember
from core.errors import NotAllowed, NotFound, ProductError, Refused, StaleEdit
from core.facts.tables import Interaction
from core.obligations.queries import ledger
from core.store.engine import Store
from core.warning.queries import work_order
from core.warning.service import assign, claim, move_unclosed_orders
from core.warning.states import Outcome, Status, Step
from tests.conftest import Actors
from tests.warning.conftest import Customers, Desk, Warnings

HOUR = timedelta(hours=1)


@pytest.fixture
def orders(warnings: Warnings, customers: Customers) -> dict[str, int]:
    """An open order of each kind of customer."""
    warnings.cycle([customers.emils, customers.walts, customers.east_pool, customers.pool])
    found = warnings.orders()
    return {name: found[getattr(customers, name)].id for name in ("emils", "walts", "east_pool", "pool")}


def test_an_order_goes_from_claim_to_close(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    staff, order_id = actors.staff, orders["emils"]
    desk.claim(staff, order_id)
    desk.attempt(staff, order_id)
    desk.outcome(staff, order_id)
    desk.debrief(staff, order_id)
    desk.close(staff, order_id)
    seen = work_order(staff, store, order_id, now=now)
    assert (seen.status, seen.closed_at, seen.outcome) == (Status.CLOSED, now, "retained")
    assert (seen.root_cause, seen.debrief, seen.outcome_note) == ("price", "ask earlier", "stays")
    assert seen.claimed_by == "Emil"
    assert [each.action for each in reversed(seen.history)] == [
        f"work_order.{step}" for step in ("claim", "log_attempt", "record_outcome", "write_debrief", "close")
    ]
    assert seen.actions == ()


def test_a_logged_attempt_is_an_interaction_for_win_back_and_meets_the_clock(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    order_id = orders["emils"]
    desk.claim(actors.staff, order_id)
    first = desk.attempt(actors.staff, order_id, now=now + HOUR, occurred_at=now)
    desk.attempt(actors.staff, order_id, now=now + 30 * HOUR, occurred_at=now + 30 * HOUR, reached=False)
    with store.read() as session:
        said = session.get_one(Interaction, first)
        assert (said.purpose, said.direction, said.kind) == ("win_back", "outbound", "call")
        assert (said.staff_id, said.logged_by) == (actors.staff.staff_id, actors.staff.account_id)
        assert said.occurred_at == now
    seen = work_order(actors.staff, store, order_id, now=now + 30 * HOUR)
    assert [each.reached for each in seen.contacts] == [False, True]
    assert (seen.contacts[1].cause, seen.contacts[1].offer) == ("price", "5 %")
    assert [(each.state, each.done_at) for each in seen.obligations] == [("met", now + HOUR)]
    assert seen.seconds_left is None


def test_the_clock_is_met_when_the_contact_is_logged_not_when_it_is_said_to_have_been(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    desk.attempt(actors.staff, orders["emils"], now=now + 25 * HOUR, occurred_at=now + HOUR)
    seen = work_order(actors.staff, store, orders["emils"], now=now + 26 * HOUR)
    assert seen.obligation == "missed"


def test_a_contact_of_the_future_or_of_before_the_order_is_refused(
    actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    with pytest.raises(Refused, match="future"):
        desk.attempt(actors.staff, orders["emils"], occurred_at=now + HOUR)
    with pytest.raises(Refused, match="before the work order"):
        desk.attempt(actors.staff, orders["emils"], occurred_at=now - 24 * HOUR)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.NOT_AT_RISK}))
def test_an_outcome_needs_a_contact(actors: Actors, orders: dict[str, int], desk: Desk, outcome: str) -> None:
    store, now = desk.store, desk.now
    desk.claim(actors.staff, orders["emils"])
    with pytest.raises(Refused, match="Log a contact before"):
        desk.outcome(actors.staff, orders["emils"], outcome)
    desk.attempt(actors.staff, orders["emils"], reached=False)
    desk.outcome(actors.staff, orders["emils"], outcome)
    assert work_order(actors.staff, store, orders["emils"], now=now).outcome == outcome


def test_that_there_was_no_risk_needs_no_contact_and_ends_a_clock_that_is_in_time(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    desk.outcome(actors.staff, orders["emils"], "not_at_risk", now=now + HOUR)
    assert work_order(actors.staff, store, orders["emils"], now=now + HOUR).obligation is None
    desk.claim(actors.west_staff, orders["walts"])
    desk.outcome(actors.west_staff, orders["walts"], "not_at_risk", now=now + 25 * HOUR)
    assert work_order(actors.west_staff, store, orders["walts"], now=now + 26 * HOUR).obligation == "missed"


def test_an_order_closes_only_with_outcome_and_debrief(
    actors: Actors, orders: dict[str, int], desk: Desk
) -> None:
    staff, order_id = actors.staff, orders["emils"]
    desk.claim(staff, order_id)
    desk.attempt(staff, order_id)
    with pytest.raises(Refused, match="not possible now"):
        desk.debrief(staff, order_id)
    with pytest.raises(Refused, match="not possible now"):
        desk.close(staff, order_id)
    desk.outcome(staff, order_id)
    with pytest.raises(Refused, match="debrief before"):
        desk.close(staff, order_id)
    with pytest.raises(Refused, match="what was learned"):
        desk.debrief(staff, order_id, text="  ")


def test_a_refused_step_leaves_the_order_as_it_was(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk
) -> None:
    desk.claim(actors.staff, orders["emils"])
    before = desk.version(orders["emils"])
    with pytest.raises(Refused):
        desk.attempt(actors.staff, orders["emils"], content="x" * 2_001)
    with store.read() as session:
        assert session.scalars(select(Interaction)).all() == []
    assert desk.version(orders["emils"]) == before


def test_a_step_on_an_older_version_is_refused(
    actors: Actors, orders: dict[str, int], desk: Desk, store: Store, now: datetime
) -> None:
    staff, order_id = actors.staff, orders["emils"]
    with pytest.raises(StaleEdit, match="in between"):
        claim(staff, store, order_id, 99, now=now)
    desk.claim(staff, order_id)
    desk.attempt(staff, order_id)
    seen = desk.version(order_id)
    desk.outcome(staff, order_id, "lost")
    with pytest.raises(StaleEdit):
        desk.outcome(staff, order_id, "retained", expected_version=seen)
    with pytest.raises(StaleEdit):
        desk.debrief(staff, order_id, expected_version=seen)


def test_who_claims_from_the_pool_becomes_the_assignee_and_owes_the_contact(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["pool"])
    seen = work_order(actors.staff, store, orders["pool"], now=now)
    assert (seen.assignee, seen.department) == ("Emil", "East")
    owed = ledger(actors.staff, store, now=now)
    assert set(owed["subject_id"]) == {orders["emils"], orders["pool"]}


def test_a_supervisor_who_claims_an_assigned_order_leaves_it_with_its_assignee(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.supervisor, orders["emils"])
    seen = work_order(actors.supervisor, store, orders["emils"], now=now)
    assert (seen.assignee, seen.claimed_by) == ("Emil", "Eve")


def test_the_second_to_claim_is_told_who_was_first_and_the_first_may_ask_twice(
    store: Store, actors: Actors, orders: dict[str, int], now: datetime
) -> None:
    claim(actors.staff, store, orders["pool"], 1, now=now)
    claim(actors.staff, store, orders["pool"], 1, now=now)
    for actor in (actors.supervisor, actors.west_staff):
        with pytest.raises(StaleEdit, match="Emil has claimed"):
            claim(actor, store, orders["pool"], 1, now=now)


def test_of_two_who_claim_at_once_exactly_one_wins(
    store: Store, actors: Actors, orders: dict[str, int], now: datetime
) -> None:
    start = threading.Barrier(2)
    refusals: dict[str, ProductError | None] = {}

    def take(actor: Actor) -> None:
        start.wait()
        try:
            claim(actor, store, orders["east_pool"], 1, now=now)
            refusals[actor.name] = None
        except ProductError as refusal:
            refusals[actor.name] = refusal

    threads = [threading.Thread(target=take, args=(each,)) for each in (actors.staff, actors.supervisor)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (winner,) = [name for name, refusal in refusals.items() if refusal is None]
    (refusal,) = [refusal for refusal in refusals.values() if refusal is not None]
    assert isinstance(refusal, StaleEdit)
    assert f"{winner} has claimed" in str(refusal)
    assert work_order(actors.supervisor, store, orders["east_pool"], now=now).claimed_by == winner


def test_nobody_touches_what_lies_out_of_reach(actors: Actors, orders: dict[str, int], desk: Desk) -> None:
    for actor, name in (
        (actors.staff, "walts"),
        (actors.west_staff, "emils"),
        (actors.west_staff, "east_pool"),
        (actors.west_supervisor, "emils"),
        (actors.supervisor, "walts"),
    ):
        with pytest.raises(NotFound):
            desk.claim(actor, orders[name])
    for actor in (actors.intern, actors.operations):
        with pytest.raises(NotAllowed):
            desk.claim(actor, orders["emils"])


def test_a_person_of_no_department_reaches_only_what_is_their_own(
    actors: Actors, orders: dict[str, int], desk: Desk
) -> None:
    stranger = Actor(actors.staff.account_id, "X", actors.staff.role)
    with pytest.raises(NotFound):
        desk.claim(stranger, orders["pool"])


def test_an_assigned_order_takes_its_clock_along_and_is_claimed_anew(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    moved = assign(
        actors.supervisor,
        store,
        [orders["emils"], orders["east_pool"]],
        actors.supervisor.staff_id,
        now=now + HOUR,
    )
    assert moved == 2
    seen = work_order(actors.supervisor, store, orders["emils"], now=now + HOUR)
    assert (seen.status, seen.assignee, seen.claimed_by) == ("open", "Eve", None)
    assert [(each.owner, each.due_at) for each in seen.obligations] == [("Eve", now + 24 * HOUR)]
    again = [orders["emils"]]
    assert assign(actors.supervisor, store, again, actors.supervisor.staff_id, now=now) == 0


def test_an_order_that_is_given_another_department_is_seen_there(
    store: Store, actors: Actors, orders: dict[str, int], now: datetime
) -> None:
    assign(actors.manager, store, [orders["emils"]], actors.west_staff.staff_id, now=now)
    assert work_order(actors.west_supervisor, store, orders["emils"], now=now).assignee == "Walt"
    with pytest.raises(NotFound):
        work_order(actors.supervisor, store, orders["emils"], now=now)


def test_an_order_assigned_from_the_backlog_starts_its_clock(
    store: Store, actors: Actors, warnings: Warnings, customers: Customers, now: datetime
) -> None:
    warnings.cycle([customers.emils], as_of=(now - 48 * HOUR).date())
    order_id = warnings.orders()[customers.emils].id
    assert work_order(actors.supervisor, store, order_id, now=now).actions == (Step.ASSIGN,)
    assign(actors.supervisor, store, [order_id], actors.staff.staff_id, now=now)
    seen = work_order(actors.staff, store, order_id, now=now)
    assert (seen.status, seen.due_at, seen.assignee) == ("open", now + 24 * HOUR, "Emil")


def test_who_may_assign_and_to_whom(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    mine = [orders["emils"]]
    with pytest.raises(NotAllowed):
        assign(actors.staff, store, mine, actors.supervisor.staff_id, now=now)
    with pytest.raises(NotAllowed, match="another department"):
        assign(actors.supervisor, store, mine, actors.west_staff.staff_id, now=now)
    with pytest.raises(NotFound):
        assign(actors.supervisor, store, [*mine, orders["walts"]], actors.supervisor.staff_id, now=now)
    assert work_order(actors.staff, store, mine[0], now=now).assignee == "Emil"
    with store.write() as session:
        session.get_one(StaffMember, actors.supervisor.staff_id).left_at = now
        session.commit()
    with pytest.raises(Refused, match="Eve has left"):
        assign(actors.manager, store, mine, actors.supervisor.staff_id, now=now)


def test_what_is_over_cannot_be_assigned(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    desk.outcome(actors.staff, orders["emils"], "not_at_risk")
    desk.debrief(actors.staff, orders["emils"])
    desk.close(actors.staff, orders["emils"])
    with pytest.raises(Refused, match="not possible now"):
        assign(actors.manager, store, [orders["emils"]], actors.supervisor.staff_id, now=now)


def test_handing_over_moves_everything_that_is_not_closed(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk, now: datetime
) -> None:
    desk.claim(actors.staff, orders["emils"])
    desk.claim(actors.staff, orders["pool"])
    desk.attempt(actors.staff, orders["pool"])
    with store.write() as session:
        moved = move_unclosed_orders(session, actors.staff.staff_id or 0, actors.supervisor.staff_id)
        session.commit()
    assert moved == 2
    first = work_order(actors.supervisor, store, orders["emils"], now=now)
    second = work_order(actors.supervisor, store, orders["pool"], now=now)
    assert (first.status, first.assignee) == ("open", "Eve")
    assert (second.status, second.assignee) == ("contacted", "Eve")
    assert ledger(actors.supervisor, store, now=now).set_index("subject_id").loc[first.id, "owner"] == "Eve"


def test_the_audit_trail_names_steps_and_no_person_data(
    store: Store, actors: Actors, orders: dict[str, int], desk: Desk
) -> None:
    desk.claim(actors.staff, orders["emils"])
    desk.attempt(actors.staff, orders["emils"], content="张晓明 13812345678")
    with store.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "work_order")).all()
        assert [(each.action, each.account_id) for each in entries] == [
            ("work_order.claim", actors.staff.account_id),
            ("work_order.log_attempt", actors.staff.account_id),
        ]
        assert [each.detail for each in entries] == [{"status": "claimed"}, {"status": "contacted"}]
