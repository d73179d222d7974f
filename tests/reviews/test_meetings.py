"""The agenda as a rule: what is red, whether a decision has moved its KPI, what is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.measures.catalogue import MEASURES
from core.measures.queries import Reading, Standing
from core.measures.readings import Counts, reading
from core.policy.model import Policy
from core.reviews.board import CardView
from core.reviews.meeting_record import Agenda, Decided, Moved, Record
from core.reviews.meetings import agenda, due_cards, looked_at, moved, red_kpi
from core.reviews.pilot_kpis import KpiWeeks, weeks_of
from core.reviews.pilots import Kpi
from tests.reviews.boards import RESPONSE, START, WEEK

LAST = START + 9 * WEEK
PILOT = (START, START + 12 * WEEK)


def kpi_of(
    policy: Policy, counts: list[tuple[int, int]], target: float | None = 0.9, *, baseline: int = 0
) -> KpiWeeks:
    """A KPI of a pilot whose weeks have these (numerator, n); the first `baseline` lie before the pilot."""
    weeks = [
        reading(
            MEASURES[RESPONSE], START + (at - baseline) * WEEK, Counts(k, n), policy.evidence, complete=True
        )
        for at, (k, n) in enumerate(counts)
    ]
    return weeks_of(Kpi(RESPONSE, target), START, weeks, policy.evidence)


def card(number: int = 1, **given: object) -> CardView:
    usual: dict[str, object] = {
        "id": number,
        "version": 1,
        "stage": "planned",
        "kind": "decision",
        "title": f"Card {number}",
        "measure": RESPONSE,
        "rule": None,
        "owner_id": 1,
        "owner": "Emil",
        "due_on": None,
        "comments": 0,
        "settled_at": None,
        "pilot_id": 1,
    }
    return CardView(**usual | given)


def test_the_first_week_of_a_pilot_has_nothing_to_look_at() -> None:
    assert looked_at(START, *PILOT) is None
    assert looked_at(START + WEEK, *PILOT) == START


def test_a_meeting_after_the_pilot_looks_at_its_last_week() -> None:
    assert looked_at(START + 13 * WEEK, *PILOT) == START + 12 * WEEK
    assert looked_at(START + 20 * WEEK, *PILOT) == START + 12 * WEEK


def test_a_week_with_too_few_cases_is_never_red_by_a_signal(policy: Policy) -> None:
    fell = [(96, 100), (98, 100)] * 4 + [(97, 100)]
    assert red_kpi(kpi_of(policy, [*fell, (30, 100)], target=None), LAST) is not None
    few = kpi_of(policy, [*fell, (3, 10)], target=None)
    assert not few.is_signal(LAST)
    assert red_kpi(few, LAST) is None


def test_limits_come_from_the_weeks_before_so_that_an_improvement_breaks_them(policy: Policy) -> None:
    # Eight weeks from 60 to 64 %: mean 62 %, ranges of 4 points: limits 62 -/+ 2.66 * 4 points.
    before = [(60, 100), (64, 100)] * 4
    better = kpi_of(policy, [*before, *[(90, 100)] * 8], baseline=8)
    assert better.from_baseline
    assert better.chart.mean == pytest.approx(0.62)
    assert better.chart.high == pytest.approx(0.62 + 2.66 * 0.04)
    assert better.chart.signals == tuple(range(8, 16))
    assert better.chart.provisional  # of fewer than 15 weeks
    assert not kpi_of(policy, [(60, 100), (64, 100)] * 8, baseline=15).chart.provisional


def test_with_fewer_weeks_before_the_limits_come_from_all_weeks_and_are_provisional(policy: Policy) -> None:
    weeks = [(60, 100), (64, 100)] * 10
    short = kpi_of(policy, weeks, baseline=7)
    assert not short.from_baseline
    assert short.chart.mean == pytest.approx(0.62)
    assert short.chart.provisional
    unmeasured = kpi_of(policy, [(0, 0), *weeks], baseline=8)
    assert not unmeasured.from_baseline


@pytest.mark.parametrize(
    ("counts", "missed", "signal"),
    [
        ([(70, 100)] * 9 + [(70, 100)], True, False),
        ([(96, 100), (98, 100)] * 4 + [(97, 100), (80, 100)], True, True),
    ],
)
def test_a_kpi_is_red_when_its_last_week_misses_the_target_or_leaves_the_limits(
    policy: Policy, counts: list[tuple[int, int]], missed: bool, signal: bool
) -> None:
    red = red_kpi(kpi_of(policy, counts), LAST)
    assert red is not None
    assert (red.missed, red.signal) == (missed, signal)
    assert (red.value, red.n) == (counts[-1][0] / 100, 100)


def test_without_a_target_only_a_signal_is_red(policy: Policy) -> None:
    fell = [(96, 100), (98, 100)] * 4 + [(97, 100), (60, 100)]
    red = red_kpi(kpi_of(policy, fell, target=None), LAST)
    assert red is not None
    assert (red.missed, red.signal) == (False, True)
    assert red_kpi(kpi_of(policy, [(70, 100)] * 10, target=None), LAST) is None


def test_a_signal_for_the_better_is_not_red(policy: Policy) -> None:
    rose = [(50, 100), (52, 100)] * 4 + [(51, 100), (99, 100)]
    kpi = kpi_of(policy, rose, target=0.4)
    assert kpi.is_signal(LAST)
    assert red_kpi(kpi, LAST) is None


def test_what_cannot_be_told_from_the_target_is_not_red(policy: Policy) -> None:
    kpi = kpi_of(policy, [(88, 100)] * 10)
    assert kpi.standing is Standing.UNDECIDED
    assert red_kpi(kpi, LAST) is None


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((60, 100), (90, 100), Moved.BETTER),
        ((90, 100), (60, 100), Moved.WORSE),
        ((60, 100), (65, 100), Moved.NOISE),
        ((6, 10), (9, 10), Moved.TOO_FEW),
        ((0, 0), (90, 100), Moved.NO_FIGURE),
    ],
)
def test_a_decision_has_moved_its_kpi_only_by_more_than_chance(
    policy: Policy, before: tuple[int, int], now: tuple[int, int], expected: Moved
) -> None:
    kpi = kpi_of(policy, [before, now])
    assert moved(kpi, kpi.weeks[0], kpi.weeks[1]) is expected


def test_without_a_second_week_nothing_has_moved(policy: Policy) -> None:
    kpi = kpi_of(policy, [(60, 100)])
    assert moved(kpi, kpi.weeks[0], kpi.weeks[0]) is Moved.NO_FIGURE
    assert moved(kpi, None, kpi.weeks[0]) is Moved.NO_FIGURE
    assert moved(None, kpi.weeks[0], kpi.weeks[0]) is Moved.NO_FIGURE


def test_due_and_late_cards_come_the_latest_first_and_settled_ones_not_at_all() -> None:
    monday = date(2026, 11, 2)
    board = [
        card(1, due_on=date(2026, 11, 8)),
        card(2, due_on=date(2026, 11, 9)),
        card(3, due_on=date(2026, 10, 30)),
        card(4, due_on=date(2026, 10, 1), stage="settled"),
        card(5),
    ]
    found = due_cards(board, before_day=monday + WEEK, today=date(2026, 11, 3))
    assert [(each.card_id, each.days_late) for each in found] == [(3, 4), (1, -5)]


def test_the_agenda_names_last_weeks_decisions_and_can_be_kept(policy: Policy) -> None:
    kpi = kpi_of(policy, [(60, 100), (60, 100), (90, 100)])
    board = [
        card(1, due_on=START + 3 * WEEK),
        card(2, measure=None),
        card(3),
        card(4, measure="satisfaction"),
    ]
    made = agenda(
        START + 3 * WEEK,
        PILOT,
        [kpi],
        board,
        earlier_meetings=[(7, START + 2 * WEEK)],
        meeting_of_card={1: 7, 2: 7, 3: 6, 4: 7},
        today=START + 3 * WEEK,
        as_of=START + 3 * WEEK,
    )
    assert made.measured
    assert made.looks_at == START + 2 * WEEK
    assert [(each.card_id, each.before, each.now, each.moved) for each in made.decisions] == [
        (1, 0.6, 0.9, Moved.BETTER),
        (2, None, None, Moved.NO_KPI),
        (4, None, None, Moved.NO_FIGURE),
    ]
    assert [each.card_id for each in made.due] == [1]
    assert Agenda.from_json(made.to_json()) == made


def test_an_earlier_decision_stays_on_the_agenda_until_it_is_settled(policy: Policy) -> None:
    kpi = kpi_of(policy, [(60, 100), (70, 100), (90, 100)])
    made = agenda(
        START + 3 * WEEK,
        PILOT,
        [kpi],
        [card(1, stage="settled"), card(2), card(3, stage="settled"), card(4)],
        earlier_meetings=[(7, START + 2 * WEEK), (6, START + WEEK)],
        meeting_of_card={1: 7, 2: 6, 3: 6, 4: 8},
        today=START + 3 * WEEK,
        as_of=START + 3 * WEEK,
    )
    # Each is held against the week that its own meeting looked at.
    assert [(each.card_id, each.before, each.now) for each in made.decisions] == [
        (1, 0.7, 0.9),
        (2, 0.6, 0.9),
    ]


def test_an_agenda_of_nothing_can_be_kept() -> None:
    empty = Agenda(None, False, None, (), (), ())
    assert Agenda.from_json(empty.to_json()) == empty
    assert Agenda.from_json([]) == empty


def test_a_red_kpi_survives_being_kept(policy: Policy) -> None:
    red = red_kpi(kpi_of(policy, [(70, 100)] * 10), LAST)
    assert red is not None
    kept = Agenda(LAST, True, LAST, (red,), (), ())
    assert Agenda.from_json(kept.to_json()) == kept
    assert isinstance(Agenda.from_json(kept.to_json()).red[0].week, date)


def test_a_week_without_figure_is_not_red(policy: Policy) -> None:
    kpi = kpi_of(policy, [(70, 100), (0, 0)])
    assert isinstance(kpi.weeks[1], Reading)
    assert red_kpi(kpi, kpi.weeks[1].start) is None
    assert red_kpi(kpi, START - timedelta(weeks=1)) is None


def test_a_week_that_is_not_worked_out_yet_is_said_to_be_missing(policy: Policy) -> None:
    kpi = kpi_of(policy, [(70, 100), (70, 100)])
    late = {
        "earlier_meetings": [],
        "meeting_of_card": {},
        "today": START + 3 * WEEK,
        "as_of": START + 2 * WEEK,
    }
    made = agenda(START + 3 * WEEK, PILOT, [kpi], [], **late)
    assert (made.looks_at, made.measured, made.as_of) == (START + 2 * WEEK, False, START + 2 * WEEK)
    assert made.red == ()
    assert agenda(START + 2 * WEEK, PILOT, [kpi], [], **late).measured


def test_the_names_of_a_record_can_be_kept_beside_the_agenda() -> None:
    record = Record("P", "Eve", "Emil", None, (Decided(3, "Ring", "Emil", date(2026, 11, 9), RESPONSE),))
    stored = [*Agenda(None, False, None, (), (), ()).to_json(), *record.to_json()]
    assert Record.from_json(stored) == record
    assert Agenda.from_json(stored) == Agenda(None, False, None, (), (), ())
