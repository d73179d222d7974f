"""The steps of a work order."""

from __future__ import annotations

import pytest

from core.warning import labels
from core.warning.indicators import INDICATORS, STATES
from core.warning.states import (
    IN_HAND,
    STEPS,
    UNCLOSED,
    Outcome,
    RootCause,
    Status,
    Step,
    outcomes_after,
    steps_after,
)


def test_every_step_is_decided_in_every_state() -> None:
    assert set(STEPS) == set(Status)
    for status, following in STEPS.items():
        assert set(following) == set(Step), status


def test_nothing_can_be_done_with_what_is_over() -> None:
    for status in set(Status) - set(UNCLOSED):
        assert steps_after(status, attempts=1, debriefed=True) == ()


def test_an_order_leaves_the_unclosed_states_only_by_being_closed() -> None:
    for status in UNCLOSED:
        for step, following in STEPS[status].items():
            assert following is None or following in IN_HAND or step is Step.CLOSE


def test_every_order_in_hand_can_be_closed_in_the_end() -> None:
    def reached_from(status: Status) -> set[Status]:
        seen, todo = set(), [status]
        while todo:
            for following in STEPS[todo.pop()].values():
                if following is not None and following not in seen:
                    seen.add(following)
                    todo.append(following)
        return seen

    for status in IN_HAND:
        assert Status.CLOSED in reached_from(status)


@pytest.mark.parametrize(
    ("status", "attempts", "debriefed", "expected"),
    [
        (Status.BACKLOG, 0, False, {Step.ASSIGN}),
        (Status.OPEN, 0, False, {Step.CLAIM, Step.ASSIGN}),
        (Status.CLAIMED, 0, False, {Step.LOG_ATTEMPT, Step.DISMISS, Step.ASSIGN}),
        (Status.CONTACTED, 1, False, {Step.LOG_ATTEMPT, Step.DISMISS, Step.RECORD_OUTCOME, Step.ASSIGN}),
        (Status.RESOLVED, 1, False, set(Step) - {Step.CLAIM, Step.CLOSE}),
        (Status.RESOLVED, 1, True, set(Step) - {Step.CLAIM}),
        (Status.RESOLVED, 0, True, set(Step) - {Step.CLAIM, Step.RECORD_OUTCOME}),
    ],
)
def test_the_steps_offered_are_those_that_will_be_taken(
    status: Status, attempts: int, debriefed: bool, expected: set[Step]
) -> None:
    assert set(steps_after(status, attempts=attempts, debriefed=debriefed)) == expected


def test_without_a_contact_only_the_absence_of_risk_can_be_recorded() -> None:
    assert outcomes_after(Status.CLAIMED, 0) == (Outcome.NOT_AT_RISK,)
    assert outcomes_after(Status.CONTACTED, 1) == tuple(Outcome)
    assert outcomes_after(Status.OPEN, 0) == ()


def test_every_code_has_a_word() -> None:
    assert set(labels.STATUSES) == set(Status)
    assert set(labels.STEPS) == set(Step)
    assert set(labels.OUTCOMES) == set(Outcome)
    assert set(labels.ROOT_CAUSES) == set(RootCause)
    assert set(labels.INDICATORS) == set(INDICATORS)
    assert set(labels.INDICATOR_STATES) == set(STATES)
