"""Pilots in the store: who begins, changes, ends and sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access.actor import Actor, Role
from core.access.tables import AuditEntry
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.reviews.pilot_kpis import kpi_weeks
from core.reviews.pilot_queries import people, pilot, pilots, scopes
from core.reviews.pilot_service import change_pilot, create_pilot, end_pilot
from core.reviews.pilots import Kpi, Standing
from core.reviews.tables import Pilot
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.measuremaking import AS_OF, save_measures
from tests.reviews.boards import (
    RESPONSE,
    SCORE,
    START,
    WEEK,
    add,
    begin,
    owed,
    pilot_version,
    plan,
    weekly,
)

BASELINE = [START - number * WEEK for number in range(4, 0, -1)]


def names(actor: Actor, store: Store) -> list[str]:
    return [each.plan.name for each in pilots(actor, store, now=NOW)]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATIONS, Role.STAFF, Role.INTERN])
def test_only_who_publishes_may_begin_change_or_end_a_pilot(store: Store, actors: Actors, role: Role) -> None:
    number = begin(actors.manager, store)
    actor = actors.of(role)
    with pytest.raises(NotAllowed):
        begin(actor, store, name="Another")
    with pytest.raises(NotAllowed):
        change_pilot(actor, store, number, plan(), expected_version=1, now=NOW)
    with pytest.raises(NotAllowed):
        end_pilot(actor, store, number, expected_version=1, now=NOW)


def test_a_department_sees_the_pilots_that_include_it(store: Store, actors: Actors) -> None:
    begin(actors.manager, store, name="Of the East", department_ids=(actors.east,))
    begin(actors.manager, store, name="Of both", department_ids=(actors.east, actors.west))
    begin(actors.manager, store, name="Of all")
    assert set(names(actors.manager, store)) == {"Of the East", "Of both", "Of all"}
    assert set(names(actors.staff, store)) == {"Of the East", "Of both", "Of all"}
    assert set(names(actors.west_staff, store)) == {"Of both", "Of all"}
    assert names(replace(actors.west_staff, department_id=None), store) == []
    with pytest.raises(NotAllowed):
        pilots(actors.intern, store, now=NOW)


def test_a_pilot_out_of_reach_is_not_there(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store, department_ids=(actors.east,))
    with pytest.raises(NotFound):
        pilot(actors.west_supervisor, store, number, now=NOW)
    with pytest.raises(NotFound):
        people(actors.west_supervisor, store, number)


def test_a_pilot_tells_its_week_and_who_takes_part(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store, department_ids=(actors.east,))
    view = pilot(actors.staff, store, number, now=NOW)
    assert (view.standing, view.week, view.departments) == (Standing.RUNNING, 3, ("East",))
    assert set(people(actors.staff, store, number)["name"]) == {"Ada", "Emil", "Eve", "Ida", "Mai", "Olga"}
    assert scopes(actors.manager, store)[0] == {actors.east: "East", actors.west: "West"}


def test_a_name_is_given_once(store: Store, actors: Actors) -> None:
    begin(actors.manager, store)
    with pytest.raises(Refused, match="of this name"):
        begin(actors.manager, store, name=" Answer within a day ")


def test_a_department_that_does_not_exist_cannot_join(store: Store, actors: Actors) -> None:
    with pytest.raises(Refused, match="does not exist any more"):
        begin(actors.manager, store, department_ids=(999,))


def test_a_department_that_has_gone_is_shown_as_gone_and_may_stay(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store, department_ids=(actors.east,))
    with store.write() as session:
        session.get_one(Pilot, number).department_ids = [actors.east, 999]
        session.commit()
    assert pilot(actors.manager, store, number, now=NOW).departments == ("East", None)
    kept = plan(department_ids=(actors.east, 999), weeks=10)
    change_pilot(actors.manager, store, number, kept, expected_version=1, now=NOW)
    assert pilot(actors.manager, store, number, now=NOW).plan.weeks == 10


def test_a_change_on_top_of_another_is_refused(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store)
    change_pilot(actors.manager, store, number, plan(weeks=8), expected_version=1, now=NOW)
    with pytest.raises(StaleEdit):
        change_pilot(actors.administrator, store, number, plan(weeks=9), expected_version=1, now=NOW)
    assert pilot(actors.manager, store, number, now=NOW).plan.weeks == 8


def test_an_ended_pilot_owes_nothing_more_and_is_not_changed(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store)
    late = add(actors.staff, store, number, owner_id=actors.staff.staff_id, due_on=NOW.date())
    ahead = add(
        actors.staff, store, number, owner_id=actors.staff.staff_id, due_on=NOW.date() + timedelta(days=30)
    )
    later = NOW + timedelta(days=3)
    end_pilot(actors.manager, store, number, expected_version=1, now=later)
    view = pilot(actors.manager, store, number, now=later)
    assert (view.standing, view.week) == (Standing.ENDED, 3)
    [was_late], [was_ahead] = owed(store, late), owed(store, ahead)
    assert was_late.done_at == later
    assert was_ahead.cancelled_at == later
    with pytest.raises(Refused, match="has ended"):
        change_pilot(
            actors.manager, store, number, plan(), expected_version=pilot_version(store, number), now=later
        )
    with pytest.raises(Refused, match="has ended"):
        end_pilot(actors.manager, store, number, expected_version=2, now=later)
    with pytest.raises(Refused, match="has ended"):
        add(actors.staff, store, number)


def test_a_pilot_ended_before_it_started_is_called_off_and_has_nothing_to_judge(
    store: Store, actors: Actors
) -> None:
    save_measures(store, [weekly(RESPONSE, week, 30, 60, actors.east) for week in BASELINE])
    coming = plan(starts_on=START + 4 * WEEK, kpis=(Kpi(RESPONSE),))
    number = create_pilot(actors.manager, store, coming, now=NOW)
    end_pilot(actors.manager, store, number, expected_version=1, now=NOW)
    view = pilot(actors.manager, store, number, now=NOW)
    assert (view.standing, view.week) == (Standing.CALLED_OFF, 0)
    [kpi] = kpi_weeks(actors.manager, store, number, now=NOW)
    assert kpi.latest is None
    assert kpi.since.difference is None


def test_a_target_worse_than_the_weeks_before_is_refused(store: Store, actors: Actors) -> None:
    save_measures(store, [weekly(RESPONSE, week, 42, 60, actors.east) for week in BASELINE])
    with pytest.raises(Refused, match="worse than the weeks before"):
        begin(actors.manager, store, kpis=(Kpi(RESPONSE, 0.69),))
    assert begin(actors.manager, store, kpis=(Kpi(RESPONSE, 0.7),))


def test_where_the_weeks_before_are_too_few_any_possible_target_is_taken(
    store: Store, actors: Actors
) -> None:
    save_measures(store, [weekly(RESPONSE, BASELINE[0], 7, 10, actors.east)])
    assert begin(actors.manager, store, kpis=(Kpi(RESPONSE, 0.1), Kpi(SCORE, 0.1)))


def test_kpis_are_charted_over_baseline_and_pilot(store: Store, actors: Actors) -> None:
    shares = [60, 58, 62, 60, 80, 82]
    weeks = [*BASELINE, START, START + WEEK]
    rows = [
        weekly(RESPONSE, week, share, 100, actors.east) for week, share in zip(weeks, shares, strict=True)
    ]
    rows += [weekly(RESPONSE, START, 0, 100, actors.west)]  # not in the pilot
    rows += [weekly(RESPONSE, START + 2 * WEEK, 5, 5, actors.east)]  # the week that is still running
    save_measures(store, rows)
    number = begin(actors.manager, store, department_ids=(actors.east,), kpis=(Kpi(RESPONSE, 0.7),))
    [kpi] = kpi_weeks(actors.staff, store, number, now=NOW)
    assert [each.value for each in kpi.weeks] == [0.6, 0.58, 0.62, 0.6, 0.8, 0.82, 1.0]
    assert (kpi.points, kpi.chart.provisional) == (6, True)
    assert kpi.chart.mean == pytest.approx(0.67)
    assert kpi.chart.mean_range == pytest.approx((0.02 + 0.04 + 0.02 + 0.2 + 0.02) / 5)
    assert kpi.latest is not None
    assert (kpi.latest.start, kpi.latest.n, kpi.standing) == (START + WEEK, 100, "met")
    assert kpi.since.difference == pytest.approx(0.81 - 0.6)
    assert kpi.since.real is True
    assert kpi.since.better is True


def test_a_pilot_without_baseline_is_charted_from_its_own_weeks_and_held_against_nothing(
    store: Store, actors: Actors
) -> None:
    rows = [weekly(RESPONSE, week, 60, 100, actors.east) for week in [*BASELINE, START, START + WEEK]]
    save_measures(store, rows)
    number = begin(actors.manager, store, baseline_weeks=0, kpis=(Kpi(RESPONSE),))
    [kpi] = kpi_weeks(actors.staff, store, number, now=NOW)
    assert next(each.start for each in kpi.weeks) == START
    assert (kpi.points, kpi.chart.mean) == (2, pytest.approx(0.6))
    assert (kpi.since.difference, kpi.since.real) == (None, None)


def test_a_weekly_mean_is_pooled_with_its_spread(store: Store, actors: Actors) -> None:
    # 40 answers a week, half 3 and half 5: sum 160, squares 680; then 40 answers of 5.
    rows = [weekly("satisfaction", week, 160, 40, None) | {"squares": 680.0} for week in BASELINE]
    rows += [weekly("satisfaction", START, 200, 40, None) | {"squares": 1000.0}]
    save_measures(store, rows)
    number = begin(actors.manager, store, kpis=(Kpi("satisfaction"),))
    [kpi] = kpi_weeks(actors.staff, store, number, now=NOW)
    assert kpi.since.difference == pytest.approx(1.0)
    # Baseline: 160 answers, variance 160/159; pilot: no spread at all.
    assert kpi.since.low == pytest.approx(1.0 - 1.959964 * (160 / 159 / 160) ** 0.5)
    assert kpi.since.real is True


def test_a_kpi_that_left_the_catalogue_is_left_out(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store)
    with store.write() as session:
        gone = [{"measure": "gone", "target": None}, {"measure": RESPONSE, "target": None}]
        session.get_one(Pilot, number).kpis = gone
        session.commit()
    found = kpi_weeks(actors.staff, store, number, now=NOW)
    assert [each.kpi.measure for each in found] == [RESPONSE]
    assert (found[0].weeks, found[0].latest, found[0].chart.mean) == ((), None, None)


def test_the_figures_of_a_pilot_out_of_reach_are_not_there(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store, department_ids=(actors.east,))
    with pytest.raises(NotFound):
        kpi_weeks(actors.west_staff, store, number, now=NOW)
    with pytest.raises(NotAllowed):
        kpi_weeks(actors.intern, store, number, now=NOW)


def test_an_ended_pilot_keeps_its_figures_when_the_mart_has_forgotten_its_weeks(
    store: Store, actors: Actors
) -> None:
    shares = [60, 58, 62, 60, 80, 82]
    weeks = [*BASELINE, START, START + WEEK]
    rows = [
        weekly(RESPONSE, week, share, 100, actors.east) for week, share in zip(weeks, shares, strict=True)
    ]
    rows += [weekly("satisfaction", week, 160, 40, None) | {"squares": 680.0} for week in weeks]
    # 50 customers of two fields each: both filled at 40, one at 10.
    customers = {"clusters": 50, "cluster_squares": 170, "cluster_sizes": 200, "cluster_products": 180}
    rows += [weekly("completeness", week, 90, 100, actors.east) | customers for week in weeks]
    save_measures(store, rows)
    wanted = (Kpi(RESPONSE, 0.7), Kpi("satisfaction"), Kpi("completeness"))
    number = begin(actors.manager, store, kpis=wanted)
    before = kpi_weeks(actors.staff, store, number, now=NOW)
    assert [each.points for each in before] == [6, 6, 6]
    assert before[2].weeks[0].cases == 50
    end_pilot(actors.manager, store, number, expected_version=1, now=NOW)
    two_years_on = NOW + timedelta(days=730)
    save_measures(store, [], as_of=two_years_on.date())
    assert kpi_weeks(actors.staff, store, number, now=two_years_on) == before
    assert pilot(actors.staff, store, number, now=two_years_on).kept_as_of == AS_OF


def test_every_step_leaves_its_audit_line(store: Store, actors: Actors) -> None:
    number = begin(actors.manager, store)
    change_pilot(actors.manager, store, number, plan(weeks=8), expected_version=1, now=NOW)
    end_pilot(actors.manager, store, number, expected_version=2, now=NOW)
    with store.read() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject_kind == "pilot").order_by(AuditEntry.id)
        assert list(session.scalars(query)) == ["pilot.created", "pilot.changed", "pilot.ended"]
