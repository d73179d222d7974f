"""Grades of hand-made customers: what counts, what is cut off, how ties score."""

from __future__ import annotations

from datetime import date, timedelta

from core.policy.model import Policy
from tests.grading.frames import grade_rows
from tests.grading.oracle import Line

AS_OF = date(2026, 6, 30)
WINDOW_START = date(2025, 7, 1)


def test_the_window_holds_its_first_day_and_the_day_it_ends_on_and_nothing_else(policy: Policy) -> None:
    lines: list[Line] = [
        (1, 10, WINDOW_START - timedelta(days=1), 100),
        (1, 11, WINDOW_START, 20),
        (1, 12, AS_OF, 3),
        (1, 13, AS_OF + timedelta(days=1), 5000),
    ]
    grade = grade_rows(lines, [1], policy, AS_OF)[1]
    assert (grade["frequency"], grade["monetary"], grade["recency_days"]) == (2, 23, 0)
    assert (grade["orders_total"], grade["first_order_on"]) == (3, date(2025, 6, 30))


def test_an_order_is_cut_to_the_window_before_it_is_netted(policy: Policy) -> None:
    """The sale lies before the window, its return inside: inside there is no positive order."""
    lines: list[Line] = [(1, 10, date(2025, 6, 1), 100), (1, 10, date(2025, 8, 1), -30)]
    grade = grade_rows(lines, [1], policy, AS_OF)[1]
    assert (grade["frequency"], grade["monetary"], grade["value_tier"]) == (0, -30, "low")
    assert (grade["orders_total"], grade["last_order_on"]) == (1, date(2025, 8, 1))


def test_an_order_is_dated_by_its_last_line(policy: Policy) -> None:
    lines: list[Line] = [(1, 10, date(2026, 6, 1), 100), (1, 10, date(2026, 6, 20), 50)]
    assert grade_rows(lines, [1], policy, AS_OF)[1]["recency_days"] == 10


def test_a_return_takes_its_order_away_but_its_amount_still_counts(policy: Policy) -> None:
    lines: list[Line] = [
        (1, 10, date(2026, 5, 1), 1000),
        (1, 11, date(2026, 6, 1), 300),
        (1, 11, date(2026, 6, 2), -300),
        (1, 12, date(2026, 6, 5), -200),
    ]
    grade = grade_rows(lines, [1], policy, AS_OF)[1]
    assert (grade["frequency"], grade["monetary"], grade["recency_days"]) == (1, 800, 60)


def test_what_happened_after_the_day_changes_no_grade(policy: Policy) -> None:
    lines: list[Line] = [
        (1, 10, date(2026, 5, 1), 100),
        (2, 20, date(2026, 4, 1), 200),
        (2, 20, date(2026, 5, 1), 5),
    ]
    later: list[Line] = [
        (1, 10, AS_OF + timedelta(days=1), -100),
        (2, 20, AS_OF + timedelta(days=3), 900),
        (3, 30, AS_OF + timedelta(days=1), 700),
    ]
    customers = [1, 2, 3]
    assert grade_rows(lines + later, customers, policy, AS_OF) == grade_rows(lines, customers, policy, AS_OF)


def test_five_customers_in_order_score_one_to_five(policy: Policy) -> None:
    lines: list[Line] = [(who, who, date(2026, 6, who), who * 100) for who in range(1, 6)]
    graded = grade_rows(lines, range(1, 6), policy, AS_OF)
    # ranks 1..5 of n = 5: 5*(rank-1) div 4 + 1 = 1, 2, 3, 4, 6 -> at most 5
    assert [graded[who]["m_score"] for who in range(1, 6)] == [1, 2, 3, 4, 5]
    assert [graded[who]["r_score"] for who in range(1, 6)] == [1, 2, 3, 4, 5]
    assert [graded[who]["f_score"] for who in range(1, 6)] == [1, 1, 1, 1, 1]
    assert [graded[who]["rfm_cell"] for who in range(1, 6)] == ["000", "000", "101", "101", "101"]


def test_the_only_graded_customer_scores_one(policy: Policy) -> None:
    grade = grade_rows([(1, 10, date(2026, 6, 1), 100)], [1, 2], policy, AS_OF)[1]
    assert (grade["r_score"], grade["f_score"], grade["m_score"]) == (1, 1, 1)
    assert (grade["rfm_cell"], grade["value_rank"], grade["value_tier"]) == ("000", 0.0, "low")


def test_identical_customers_score_alike_however_many_there_are(policy: Policy) -> None:
    lines: list[Line] = [(who, who, date(2026, 6, 1), 100) for who in range(1, 101)]
    lines += [(200, 200, date(2026, 6, 2), 200), (200, 201, date(2026, 6, 2), 1)]
    graded = grade_rows(lines, [*range(1, 101), 200], policy, AS_OF)
    same = {tuple(graded[who].values()) for who in range(1, 101)}
    assert len(same) == 1
    assert (graded[200]["r_score"], graded[200]["f_score"], graded[200]["m_score"]) == (5, 5, 5)
    assert graded[1]["f_score"] == 1


def test_customers_without_a_positive_order_in_the_window_are_low_and_prospects_have_no_tier(
    policy: Policy,
) -> None:
    lines: list[Line] = [
        (1, 10, date(2026, 6, 1), 100),
        (2, 20, date(2024, 6, 1), 100),  # bought long ago
        (3, 30, date(2026, 6, 1), 0),  # only a sample for nothing
        (4, 40, date(2026, 6, 1), -50),  # only returned
    ]
    graded = grade_rows(lines, [1, 2, 3, 4, 5], policy, AS_OF)
    assert {who: (g["value_tier"], g["lifecycle_stage"], g["r_score"]) for who, g in graded.items()} == {
        1: ("low", "new", 1),
        2: ("low", "lost", None),
        3: ("low", "prospect", None),
        4: ("low", "prospect", None),
        5: (None, "prospect", None),
    }


def test_ungraded_customers_do_not_move_the_ranks_of_the_graded(policy: Policy) -> None:
    lines: list[Line] = [(who, who, date(2026, 6, who), who * 100) for who in range(1, 6)]
    idle: list[Line] = [(who, who, date(2023, 1, 1), 1) for who in range(50, 90)]
    alone = grade_rows(lines, range(1, 6), policy, AS_OF)
    among = grade_rows(lines + idle, [*range(1, 6), *range(50, 95)], policy, AS_OF)
    assert {who: among[who] for who in range(1, 6)} == alone


def test_without_lines_everybody_is_a_prospect(policy: Policy) -> None:
    graded = grade_rows([], [1, 2], policy, AS_OF)
    assert [(g["value_tier"], g["lifecycle_stage"], g["frequency"]) for g in graded.values()] == [
        (None, "prospect", 0),
        (None, "prospect", 0),
    ]
