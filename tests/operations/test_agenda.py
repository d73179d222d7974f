"""My day and what needs a decision: what is owed, by whom it is seen, in which order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.access.actor import Actor, Role
from core.access.tables import StaffMember
from core.errors import NotAllowed
from core.facts.tables import Lead
from core.obligations.service import cancel, fulfil, owe
from core.operations.agenda import Decision, When, decisions, my_day
from core.reviews.tables import Card, Pilot, Report
from core.store.engine import Store
from core.warning.tables import WorkOrder
from tests.conftest import NOW, Actors
from tests.factmaking import add_customer
from tests.measuremaking import save_measures

TODAY = date(2026, 11, 3)
HOUR = timedelta(hours=1)


def owe_order(
    session: Session, code: str, owner: Actor | None, due_at: datetime, department: int | None = None
) -> int:
    """A work order for the customer `code`, whose contact is due; its id."""
    department = owner.department_id if owner else department
    order = WorkOrder(
        customer_id=add_customer(session, code, name=f"Shop {code}", department_id=department),
        status="open",
        as_of=TODAY,
        raised_at=due_at - 24 * HOUR,
        opened_at=due_at - 24 * HOUR,
        policy_version=1,
        monetary=0,
        assignee_id=owner.staff_id if owner else None,
        department_id=department,
    )
    session.add(order)
    session.flush()
    _owe(session, "win_back_response", "work_order", order.id, owner, department, due_at, 24 * HOUR)
    return order.id


def owe_answer(
    session: Session, code: str, owner: Actor | None, due_at: datetime, department: int | None = None
) -> int:
    """A lead whose first response is due; its id."""
    department = owner.department_id if owner else department
    lead = Lead(
        code=code,
        name="",
        arrived_at=due_at - HOUR,
        arrived_on=TODAY,
        owner_id=owner.staff_id if owner else None,
        department_id=department,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(lead)
    session.flush()
    _owe(session, "first_response", "lead", lead.id, owner, department, due_at, HOUR)
    return lead.id


def owe_card(session: Session, pilot: int, owner: Actor, due_at: datetime) -> int:
    """A card with an owner and a last day; its id."""
    card = Card(
        pilot_id=pilot,
        stage="planned",
        position=0,
        kind="decision",
        title="Ring before noon",
        owner_id=owner.staff_id,
        due_on=due_at.date(),
        created_at=NOW,
    )
    session.add(card)
    session.flush()
    _owe(session, "card", "card", card.id, owner, owner.department_id, due_at, 72 * HOUR)
    return card.id


def _owe(
    session: Session,
    kind: str,
    subject_kind: str,
    subject_id: int,
    owner: Actor | None,
    department: int | None,
    due_at: datetime,
    span: timedelta,
) -> None:
    owe(
        session,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        owner_id=owner.staff_id if owner else None,
        department_id=department,
        triggered_at=due_at - span,
        due_at=due_at,
        policy_version=1,
    )


def add_pilot(
    session: Session,
    name: str = "Faster calls",
    *,
    starts_on: date = date(2026, 9, 7),
    weeks: int = 10,
    **more,
) -> int:
    pilot = Pilot(
        name=name,
        starts_on=starts_on,
        weeks=weeks,
        baseline_weeks=12,
        created_at=NOW,
        **{"department_ids": [], "regions": [], "kpis": [], **more},
    )
    session.add(pilot)
    session.flush()
    return pilot.id


def add_report(session: Session, status: str, *, revision: int = 1, month: date = date(2026, 10, 1)) -> int:
    report = Report(
        month=month,
        revision=revision,
        status=status,
        document="{}",
        sha256="",
        policy_version=1,
        data_version=1,
        drafted_at=NOW,
    )
    session.add(report)
    session.flush()
    return report.id


def test_a_day_holds_what_is_owed_across_all_rules_the_latest_first(store: Store, actors: Actors) -> None:
    with store.write() as session:
        card = owe_card(session, add_pilot(session), actors.staff, NOW + 30 * HOUR)
        lead = owe_answer(session, "L1", actors.staff, NOW + HOUR / 2)
        order = owe_order(session, "K1", actors.staff, NOW - HOUR)
        session.commit()
    tasks = my_day(actors.staff, store, now=NOW)
    assert [(task.kind, task.subject_id, task.about, task.when, task.new) for task in tasks] == [
        ("win_back_response", order, "Shop K1", When.LATE, False),
        ("first_response", lead, "L1", When.TODAY, True),
        ("card", card, "Ring before noon", When.LATER, False),
    ]


def test_the_due_instant_itself_is_in_time_and_midnight_is_another_day(store: Store, actors: Actors) -> None:
    midnight = datetime.fromisoformat("2026-11-04T00:00+08:00")
    with store.write() as session:
        for code, due in (("A", NOW), ("B", midnight - timedelta(seconds=1)), ("C", midnight)):
            owe_order(session, code, actors.staff, due)
        session.commit()
    assert [task.when for task in my_day(actors.staff, store, now=NOW)] == [
        When.TODAY,
        When.TODAY,
        When.LATER,
    ]


def test_what_is_done_cancelled_or_somebody_elses_is_not_in_my_day(store: Store, actors: Actors) -> None:
    with store.write() as session:
        done, gone = (owe_order(session, code, actors.staff, NOW + HOUR) for code in ("K1", "K2"))
        owe_order(session, "K3", actors.west_staff, NOW + HOUR)
        owe_order(session, "K4", None, NOW + HOUR, actors.east)
        fulfil(session, "win_back_response", "work_order", done, at=NOW)
        cancel(session, "win_back_response", "work_order", gone, at=NOW)
        session.commit()
    assert my_day(actors.staff, store, now=NOW) == []


def test_who_is_not_in_the_staff_directory_owes_nothing(store: Store, actors: Actors) -> None:
    outsider = Actor(1, "Ada", Role.ADMINISTRATOR)
    assert my_day(outsider, store, now=NOW) == []


def test_an_intern_has_no_day_of_what_is_owed(store: Store, actors: Actors) -> None:
    with pytest.raises(NotAllowed):
        my_day(actors.intern, store, now=NOW)


@pytest.mark.parametrize("role", [Role.STAFF, Role.INTERN])
def test_who_may_not_see_measures_has_nothing_to_decide(store: Store, actors: Actors, role: Role) -> None:
    with pytest.raises(NotAllowed):
        decisions(actors.of(role), store, now=NOW)


def test_an_empty_company_has_nothing_to_decide(store: Store, actors: Actors) -> None:
    assert decisions(actors.manager, store, now=NOW) == []


def test_late_work_is_told_by_department_the_most_first(store: Store, actors: Actors) -> None:
    with store.write() as session:
        for code in ("K1", "K2"):
            owe_order(session, code, actors.west_staff, NOW - HOUR)
        owe_order(session, "K3", actors.staff, NOW - HOUR)
        owe_order(session, "K4", actors.staff, NOW + HOUR)
        owe_answer(session, "L1", actors.staff, NOW - HOUR)
        session.commit()
    leads, orders = decisions(actors.manager, store, now=NOW)
    assert leads == Decision("late", count=1, names=(("East", 1),), subject_kind="lead")
    assert orders == Decision("late", count=3, names=(("West", 2), ("East", 1)), subject_kind="work_order")


def test_a_supervisor_is_told_of_the_own_department_and_of_what_is_nobodys(
    store: Store, actors: Actors
) -> None:
    with store.write() as session:
        owe_order(session, "K1", actors.west_staff, NOW - HOUR)
        owe_order(session, "K2", None, NOW + HOUR, actors.east)
        owe_order(session, "K3", None, NOW + HOUR, actors.west)
        owe_order(session, "K4", None, NOW + HOUR)
        session.commit()
    assert decisions(actors.supervisor, store, now=NOW) == [
        Decision("pool", count=2, subject_kind="work_order")
    ]


def test_late_work_without_a_department_is_told_without_a_name(store: Store, actors: Actors) -> None:
    with store.write() as session:
        owe_answer(session, "L1", None, NOW - HOUR)
        session.commit()
    assert [each.names for each in decisions(actors.manager, store, now=NOW)] == [(("", 1),), ()]


@pytest.mark.parametrize(
    ("starts_on", "told"),
    [
        (date(2026, 9, 7), True),  # its last day is 15 November
        (date(2026, 9, 14), False),  # 22 November
        (date(2026, 8, 3), True),  # over for a month and not ended
        (date(2027, 1, 4), False),
    ],
)
def test_a_pilot_is_told_from_two_weeks_before_its_last_day_until_somebody_ends_it(
    store: Store, actors: Actors, starts_on: date, told: bool
) -> None:
    with store.write() as session:
        pilot = add_pilot(session, starts_on=starts_on)
        add_pilot(session, "Ended", starts_on=starts_on, ended_at=NOW)
        add_pilot(session, "Elsewhere", starts_on=starts_on, department_ids=[actors.west])
        session.commit()
    found = decisions(actors.supervisor, store, now=NOW)
    assert [(each.kind, each.subject_id) for each in found] == ([("pilot", pilot)] if told else [])


def test_a_first_draft_and_a_drafted_correction_wait_for_who_may_publish(
    store: Store, actors: Actors
) -> None:
    with store.write() as session:
        add_report(session, "published")
        correction = add_report(session, "draft", revision=2)
        first = add_report(session, "draft", month=date(2026, 9, 1))
        session.commit()
    assert decisions(actors.manager, store, now=NOW) == [
        Decision("report", subject_id=first, on=date(2026, 9, 1)),
        Decision("correction", subject_id=correction, on=date(2026, 10, 1)),
    ]
    assert decisions(actors.supervisor, store, now=NOW) == []


def test_only_a_measure_that_misses_its_target_beyond_chance_is_told(store: Store, actors: Actors) -> None:
    """100 of 1,000 miss 75 %; 10 of 31 are too few to say; November is not over yet."""
    month, running = date(2026, 10, 1), date(2026, 11, 1)
    save_measures(
        store,
        [
            {"measure": "retention", "start": month, "numerator": 100, "denominator": 1_000},
            {"measure": "repurchase", "start": month, "numerator": 10, "denominator": 31},
            {"measure": "win_back", "start": running, "numerator": 0, "denominator": 1_000},
            {"measure": "completeness", "start": month, "numerator": 1_000, "denominator": 1_000},
        ],
    )
    assert decisions(actors.manager, store, now=NOW) == [
        Decision("missed", names=(("retention", 1_000),), on=month)
    ]


def test_what_presses_most_comes_first(store: Store, actors: Actors) -> None:
    save_measures(
        store,
        [{"measure": "retention", "start": date(2026, 10, 1), "numerator": 1, "denominator": 1_000}],
    )
    with store.write() as session:
        add_report(session, "draft")
        add_pilot(session)
        owe_order(session, "K1", None, NOW + HOUR, actors.east)
        owe_order(session, "K2", actors.staff, NOW - HOUR)
        session.commit()
    assert [each.kind for each in decisions(actors.manager, store, now=NOW)] == [
        "late",
        "pool",
        "missed",
        "pilot",
        "report",
    ]


def test_late_work_counts_for_the_department_that_owed_it(store: Store, actors: Actors) -> None:
    """The ledger names the department that owes, not the one its person has since gone to."""
    with store.write() as session:
        owe_order(session, "K1", actors.staff, NOW - HOUR)
        moved = update(StaffMember).where(StaffMember.id == actors.staff.staff_id)
        session.execute(moved.values(department_id=actors.west))
        session.commit()
    assert decisions(actors.west_supervisor, store, now=NOW) == []
    assert [each.kind for each in decisions(actors.supervisor, store, now=NOW)] == ["late"]
