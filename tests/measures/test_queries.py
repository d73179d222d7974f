"""Reading measures: for whom, of which periods, and who may."""

from __future__ import annotations

import random
from datetime import date

import pytest

from core.access.actor import Role
from core.errors import NotAllowed
from core.measures.catalogue import MEASURES
from core.measures.queries import COMPANY, Scope, by_department, readings, scope_readings, worked_out_at
from core.policy.model import Evidence
from tests.measuremaking import save_measures

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


def row(measure, start, numerator, denominator, **more):
    return {"measure": measure, "start": start, "numerator": numerator, "denominator": denominator, **more}


def test_before_the_first_cycle_there_is_nothing_and_nothing_fails(store, actors):
    assert readings(actors.manager, store, "month") == {code: [] for code in MEASURES}
    assert by_department(actors.manager, store, OCTOBER) == {code: {} for code in MEASURES}
    assert worked_out_at(store) is None


def test_cells_of_departments_regions_and_none_add_up_to_the_company(store, actors):
    save_measures(
        store,
        [
            row("win_back", OCTOBER, 10, 40, department_id=actors.east, region="华东"),
            row("win_back", OCTOBER, 20, 40, department_id=actors.east, region="华南"),
            row("win_back", OCTOBER, 30, 40, department_id=actors.west),
            row("win_back", OCTOBER, 4, 5),
            row("win_back", SEPTEMBER, 1, 1),
        ],
    )
    october = readings(actors.manager, store, "month", codes=["win_back"])["win_back"][-2]
    assert (october.start, october.numerator, october.denominator, october.value) == (OCTOBER, 64, 125, 0.512)
    east = readings(actors.manager, store, "month", codes=["win_back"], scope=Scope((actors.east,)))
    assert (east["win_back"][-2].numerator, east["win_back"][-2].n) == (30, 80)
    south = readings(actors.manager, store, "month", codes=["win_back"], scope=Scope(regions=("华南",)))
    assert south["win_back"][-2].value == 0.5
    shown = by_department(actors.manager, store, OCTOBER, codes=["win_back"])["win_back"]
    assert {each: figure.numerator for each, figure in shown.items()} == {
        None: 64,
        actors.east: 30,
        actors.west: 30,
    }


def test_customers_of_cells_add_up_and_make_the_interval(store, actors):
    cluster = {"clusters": 20, "cluster_squares": 1_500, "cluster_sizes": 2_000, "cluster_products": 1_700}
    save_measures(
        store,
        [
            row("accuracy", OCTOBER, 170, 200, department_id=department, **cluster)
            for department in (actors.east, actors.west)
        ],
    )
    shown = by_department(actors.manager, store, OCTOBER, codes=["accuracy"])["accuracy"]
    assert [(each.n, each.cases, each.enough) for each in shown.values()] == [
        (400, 40, True),
        (200, 20, False),
        (200, 20, False),
    ]


def test_every_period_has_a_reading_and_one_without_cases_has_no_value(store, actors):
    save_measures(store, [row("win_back", OCTOBER, 10, 40)])
    months = readings(actors.manager, store, "month", codes=["win_back"])["win_back"]
    assert (months[0].start, months[-1].start) == (date(2025, 11, 1), date(2026, 11, 1))
    assert len(months) == 13
    assert [each.value for each in months] == [None] * 11 + [0.25, None]
    weeks = readings(actors.manager, store, "week", since=date(2026, 10, 26))
    assert [each.start for each in weeks["win_back"]] == [date(2026, 10, 26), date(2026, 11, 2)]
    assert weeks["churn"] == []


def test_a_period_that_runs_is_not_complete(store, actors):
    save_measures(store, [row("win_back", OCTOBER, 10, 40), row("lead_conversion", OCTOBER, 1, 2)])
    found = readings(actors.manager, store, "month")
    assert [each.complete for each in found["win_back"]] == [True] * 12 + [False]
    # Leads of August may be won for 90 days after its end: till the end of November.
    assert [each.complete for each in found["lead_conversion"]] == [True] * 9 + [False] * 4


def test_a_measure_that_knows_no_departments_has_no_value_in_a_scope(store, actors):
    save_measures(store, [row("acquisition_cost", OCTOBER, 100_000_000, 10)])
    of_company = readings(actors.manager, store, "month", codes=["acquisition_cost"])["acquisition_cost"][-2]
    assert of_company.value == 1000.0
    east = readings(actors.manager, store, "month", codes=["acquisition_cost"], scope=Scope((actors.east,)))
    assert east["acquisition_cost"][-2].value is None
    shown = by_department(actors.manager, store, OCTOBER, codes=["acquisition_cost"])
    assert list(shown["acquisition_cost"]) == [None]


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_measures(store, actors, role):
    actor = actors.of(role)
    save_measures(store, [row("win_back", OCTOBER, 10, 40, department_id=actors.west)])
    if role in (Role.STAFF, Role.INTERN):
        with pytest.raises(NotAllowed):
            readings(actor, store, "month")
        with pytest.raises(NotAllowed):
            by_department(actor, store, OCTOBER)
        return
    assert readings(actor, store, "month", codes=["win_back"])["win_back"][-2].n == 40
    seen = by_department(actor, store, OCTOBER, codes=["win_back"])["win_back"]
    others = [actors.east] if role is Role.SUPERVISOR else [actors.west]
    assert list(seen) == [None, *others]


def test_a_department_sees_itself_and_the_company_but_no_other_part_of_it(store, actors):
    save_measures(
        store,
        [
            row("win_back", OCTOBER, 10, 40, department_id=actors.east, region="华东"),
            row("win_back", OCTOBER, 20, 40, department_id=actors.west, region="华东"),
        ],
    )

    def seen(actor, scope):
        return readings(actor, store, "month", codes=["win_back"], scope=scope)["win_back"][-2].numerator

    head = actors.of(Role.SUPERVISOR)
    within = (COMPANY, Scope((actors.east,)), Scope((actors.east,), ("华东",)))
    assert [seen(head, scope) for scope in within] == [30, 10, 10]
    for scope in (Scope((actors.west,)), Scope((actors.east, actors.west)), Scope(regions=("华东",))):
        assert seen(actors.manager, scope) in (20, 30)
        with pytest.raises(NotAllowed):
            seen(head, scope)


def test_figures_are_judged_by_the_limits_given_or_else_by_those_of_the_day(store, actors):
    save_measures(store, [row("win_back", OCTOBER, 12, 12)])
    lenient = Evidence(smallest_n=10, widest_interval=0.5)
    of_the_day = readings(actors.manager, store, "month")["win_back"][-2]
    given = [
        readings(actors.manager, store, "month", evidence=lenient)["win_back"][-2],
        by_department(actors.manager, store, OCTOBER, evidence=lenient)["win_back"][None],
        scope_readings(store, "month", codes=["win_back"], scope=COMPANY, evidence=lenient)["win_back"][-2],
    ]
    assert (of_the_day.enough, [each.enough for each in given]) == (False, [True] * 3)


def test_measures_saved_again_replace_what_was_read(store, actors):
    save_measures(store, [row("win_back", OCTOBER, 10, 40)])
    readings(actors.manager, store, "month")
    save_measures(store, [row("win_back", OCTOBER, 30, 40)])
    assert readings(actors.manager, store, "month")["win_back"][-2].value == 0.75
    assert worked_out_at(store) == date(2026, 11, 3)


def test_departments_and_what_belongs_to_none_add_up_to_the_company_for_every_measure(store, actors):
    chance = random.Random(7)
    places = [
        (department, region) for department in (actors.east, actors.west, None) for region in ("北", None)
    ]
    rows = [
        row(
            code,
            OCTOBER,
            chance.randint(0, 50),
            chance.randint(50, 90),
            department_id=department,
            region=region,
        )
        for code in MEASURES
        for department, region in places
    ]
    save_measures(store, rows)
    for code, measure in MEASURES.items():
        shown = by_department(actors.manager, store, OCTOBER, codes=[code])[code]
        nobodys = [each for each in rows if each["measure"] == code and each["department_id"] is None]
        parts = [figure for department, figure in shown.items() if department is not None]
        assert len(parts) == (2 if measure.by_department else 0)
        if measure.by_department:
            for name in ("numerator", "denominator"):
                added = sum(getattr(part, name) for part in parts) + sum(each[name] for each in nobodys)
                assert added == getattr(shown[None], name)


def test_a_department_without_cases_in_the_month_has_a_reading_without_value(store, actors):
    save_measures(
        store,
        [
            row("win_back", OCTOBER, 10, 40, department_id=actors.east),
            row("churn", OCTOBER, 1, 40, department_id=actors.west),
        ],
    )
    shown = by_department(actors.manager, store, OCTOBER, codes=["win_back"])["win_back"]
    assert (shown[actors.west].value, shown[actors.west].n) == (None, 0)
