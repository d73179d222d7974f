"""Data quality as pages read it: figures with intervals, the customers behind them, reminders, months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access.tables import StaffMember
from core.errors import NotAllowed, NotFound
from core.facts.quality.asked import asked_about, asked_of_me
from core.facts.quality.behind import Behind, behind_ids, behind_list
from core.facts.quality.counting import TABLE, save_quality
from core.facts.quality.figures import figures
from core.facts.quality.history import keep_counts
from core.facts.quality.queries import months, quality
from core.facts.quality.reminders import nothing_more, remind
from core.facts.service import edit_customer
from core.facts.tables import Customer, QualityCount
from core.obligations.tables import Obligation
from core.operations.agenda import RECORD, my_day
from core.operations.staff import hand_over
from core.policy.service import default_policy
from core.statistics import wilson
from core.store.mart import refresh_mart
from core.store.versions import raise_data_version
from tests.conftest import NOW
from tests.factmaking import add_customer, served_by

TODAY = date(2026, 11, 3)
LATER = NOW + timedelta(days=1)


def count(store, actors, policy, as_of=TODAY, now=NOW):
    mart = refresh_mart(store)
    save_quality(store, mart, policy, as_of)
    return keep_counts(actors.system, store, mart, as_of, now=now)


def fill(store, actors, **fields):
    """A customer of the staff member and one of the west, both without most fields."""
    with store.write() as session:
        east = add_customer(session, "E1", name="张晓明", **served_by(actors.staff), **fields)
        west = add_customer(session, "W1", name="测试", city="宁波", **served_by(actors.west_staff))
        session.commit()
    return east, west


ENTERED = {"region": "华东", "province": "浙江", "channel": "抖音", "birthday": date(1990, 5, 1), "consent": True,
           "phone": "10000000001"}  # fmt: skip
"""What a person enters so that the customer in the east passes, once its city is known."""


def whole(store):
    """Everything that the rules of a person ask for."""
    return {
        "region": "华东", "province": "浙江", "city": "杭州", "channel": "抖音", "birthday": date(1990, 5, 1),
        "consent": True, "phone_index": b"1" * 16,
    }  # fmt: skip


def test_a_rehearsal_of_an_earlier_day_leaves_what_was_counted(store, actors, policy):
    east, _west = fill(store, actors, birthday=date(2026, 10, 1))
    count(store, actors, policy)
    before = quality(actors.manager, store, now=NOW)
    behind = behind_list(actors.manager, store, Behind("wrong"))
    assert count(store, actors, policy, as_of=date(2026, 1, 10)) == 0, (
        "on which the birthday had not come yet"
    )
    assert quality(actors.manager, store, now=NOW) == before
    with store.write() as session:
        session.get_one(Customer, east).city = "杭州"
        raise_data_version(session)
        session.commit()
    count(store, actors, policy, as_of=date(2026, 1, 10))
    assert refresh_mart(store).has(TABLE), "who measures that day finds customers judged"
    assert quality(actors.manager, store, now=NOW) == before
    assert [row["wrong"] for row in behind_list(actors.manager, store, Behind("wrong"))] == [
        row["wrong"] for row in behind
    ]


def test_before_the_first_count_there_is_nothing(store, actors):
    assert quality(actors.manager, store, now=NOW) is None
    assert behind_ids(actors.manager, store, Behind("missing")) == []
    assert months(actors.manager, store, now=NOW) == []


def test_figures_are_by_department_and_field_within_reach(store, actors, policy):
    fill(store, actors)
    count(store, actors, policy)
    company = quality(actors.manager, store, now=NOW)
    assert [(line.name, line.figures["completeness"].good) for line in company.departments] == [
        ("East", 3),
        ("West", 4),
    ]
    assert company.whole.figures["completeness"].n == 20
    fields = {line.field: line.figures for line in company.fields}
    assert (fields["city"]["completeness"].good, fields["city"]["completeness"].n) == (1, 2)
    assert (fields["name"]["validity"].good, fields["name"]["validity"].n) == (1, 2)
    assert fields["department"]["validity"].standing == "no_data"
    own = quality(actors.supervisor, store, now=NOW, department_id=actors.west)
    assert [line.department_id for line in own.departments] == [actors.east]
    assert own.whole.figures["completeness"].n == 10
    with pytest.raises(NotAllowed):
        quality(actors.staff, store, now=NOW)


def counts_of(good, n, **fields):
    return {"field": "city", "customers": n, "expected": n, "filled": good, "checked": n, "passed": good, "fresh": good,
            **fields}  # fmt: skip


def test_a_field_is_judged_by_its_whole_interval_and_enough_cases():
    policy = default_policy()
    found = figures([counts_of(96, 100)], policy)["completeness"]
    assert (found.low, found.high) == wilson(96, 100)
    assert found.standing == "met"
    assert figures([counts_of(90, 100)], policy)["completeness"].standing == "undecided"
    assert figures([counts_of(70, 100)], policy)["completeness"].standing == "missed"
    assert figures([counts_of(9, 10)], policy)["completeness"].standing == "too_few"
    assert figures([], policy)["completeness"].standing == "no_data"


def test_a_department_is_apart_only_beyond_chance():
    policy = default_policy()
    company = figures([counts_of(9000, 10000)], policy)
    places = [
        figures([counts_of(good, 400)], policy, beside=company)["completeness"].place
        for good in (300, 356, 395)
    ]
    assert places == ["worse", "not_apart", "better"]


def test_the_customers_behind_a_figure_are_in_reach_and_masked(store, actors, policy):
    east, west = fill(store, actors)
    count(store, actors, policy)
    assert behind_ids(actors.manager, store, Behind("missing", "city")) == [east]
    assert behind_ids(actors.manager, store, Behind("wrong", "name")) == [west]
    assert behind_ids(actors.manager, store, Behind("any")) == [east, west]
    assert behind_ids(actors.supervisor, store, Behind("any")) == [east]
    assert behind_ids(actors.supervisor, store, Behind("any", department_id=actors.west)) == [east]
    (row,) = behind_list(actors.manager, store, Behind("any", "city"))
    assert (row["code"], row["value"], row["missing"][:2]) == ("E1", None, ["phone", "region"])
    assert row["reminded_at"] is None


def test_stale_records_are_those_not_touched_within_the_days_of_the_rules(store, actors, policy):
    east, west = fill(store, actors)
    with store.write() as session:
        old = NOW - timedelta(days=policy.data_quality.fresh_within_days + 2)
        session.get_one(Customer, west).updated_at = old
        session.commit()
    count(store, actors, policy)
    assert behind_ids(actors.manager, store, Behind("stale")) == [west]
    assert quality(actors.manager, store, now=NOW).whole.figures["timeliness"].good == 1
    assert east != west


def test_owners_are_reminded_once_and_it_is_in_their_day_until_somebody_edits(store, actors, policy):
    east, west = fill(store, actors)
    count(store, actors, policy)
    asked = behind_ids(actors.manager, store, Behind("any"))
    done = remind(actors.manager, store, asked, now=NOW)
    assert (done.customers, done.people, done.already, done.nobodys) == (2, 2, 0, 0)
    again = remind(actors.manager, store, asked, now=LATER)
    assert (again.customers, again.already) == (0, 2)
    (task,) = my_day(actors.staff, store, now=NOW)
    assert (task.kind, task.subject_kind, task.subject_id, task.about) == ("data_fix", RECORD, east, "张晓明")
    assert task.due_at == NOW + timedelta(days=policy.data_quality.fix_within_days)
    (row,) = behind_list(actors.supervisor, store, Behind("any"))
    assert (row["reminded_at"], row["open"]) == (NOW, True)
    edit_customer(actors.staff, store, east, {"city": "杭州"}, 1, now=LATER)
    assert len(my_day(actors.staff, store, now=LATER)) == 1, "the phone is still missing"
    edit_customer(actors.staff, store, east, ENTERED, 2, now=LATER)
    assert my_day(actors.staff, store, now=LATER) == []
    assert [each.subject_id for each in my_day(actors.west_staff, store, now=LATER)] == [west]


def test_a_reminder_is_done_when_the_record_passes_at_the_next_count(store, actors, policy):
    east, west = fill(store, actors)
    count(store, actors, policy)
    remind(actors.manager, store, [east, west], now=NOW)
    with store.write() as session:
        for name, value in whole(store).items():
            setattr(session.get_one(Customer, east), name, value)
        session.commit()
    assert count(store, actors, policy, now=LATER) == 1
    assert my_day(actors.staff, store, now=LATER) == []
    assert len(my_day(actors.west_staff, store, now=LATER)) == 1


def test_reminders_reach_no_further_than_the_one_who_reminds_and_follow_who_took_over(store, actors, policy):
    east, west = fill(store, actors)
    count(store, actors, policy)
    assert remind(actors.supervisor, store, [east, west], now=NOW).customers == 1
    with pytest.raises(NotAllowed):
        remind(actors.staff, store, [east], now=NOW)
    with store.write() as session:
        successor = StaffMember(name="Nora", department_id=actors.east)
        session.add(successor)
        session.commit()
    hand_over(actors.manager, store, actors.staff.staff_id, successor.id, now=LATER)
    with store.read() as session:
        assert session.scalars(select(Obligation.owner_id)).all() == [successor.id]


def test_this_month_is_replaced_and_past_months_stay(store, actors, policy):
    east, _west = fill(store, actors)
    october, november = date(2026, 10, 20), date(2026, 11, 2)
    count(store, actors, policy, october)
    with store.write() as session:
        session.get_one(Customer, east).city = "杭州"
        session.commit()
    count(store, actors, policy, november)
    count(store, actors, policy, TODAY)
    count(store, actors, policy, october)  # a look back
    trend = months(actors.manager, store, now=NOW, field="city")
    assert [(start, found["completeness"].good) for start, found in trend] == [
        (date(2026, 10, 1), 1),
        (date(2026, 11, 1), 2),
    ]
    with store.read() as session:
        days = set(session.scalars(select(QualityCount.counted_on)))
    assert days == {october, TODAY}
    own = months(actors.west_supervisor, store, now=NOW, field="city", department_id=actors.east)
    assert [found["completeness"].n for _start, found in own] == [1, 1]
    together = months(actors.manager, store, now=NOW)
    assert [found["completeness"].cases for _start, found in together] == [2, 2]


def test_who_is_reminded_reads_what_to_correct_and_says_when_nothing_can_be(store, actors, policy):
    east, west = fill(store, actors)
    count(store, actors, policy)
    remind(actors.manager, store, [east, west], now=NOW)
    (asked,) = asked_of_me(actors.west_staff, store)
    assert (asked.customer_id, asked.code, asked.wrong) == (west, "W1", ("name",))
    assert asked.missing[:2] == ("phone", "region")
    assert asked_about(actors.supervisor, store, east).owner == actors.staff.name
    with pytest.raises(NotFound):
        asked_about(actors.supervisor, store, west)
    nothing_more(actors.west_staff, store, west, now=LATER)
    assert asked_of_me(actors.west_staff, store) == []
    assert my_day(actors.west_staff, store, now=LATER) == []
    with pytest.raises(NotAllowed):
        nothing_more(actors.intern, store, east, now=LATER)
