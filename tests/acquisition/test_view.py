"""Which step is called the worst, and when a share is said to differ."""

from __future__ import annotations

from datetime import date

import pytest

from core.acquisition.funnel import StageBands
from core.acquisition.shares import Share, Verdict, compare
from core.acquisition.view import Bottleneck, Standing, bottleneck, funnel_view
from core.facts.stages import STAGES
from core.policy.model import Policy


def worst(policy: Policy, *matured: int) -> Bottleneck:
    """The bottleneck of a funnel with that many matured leads at each stage."""
    following = [*matured[1:], matured[-1]]
    counted = tuple(
        StageBands(stage, n, on, n - on, 0, n, on, None, 0, 0)
        for stage, n, on in zip(STAGES, matured, following, strict=True)
    )
    return bottleneck(funnel_view(counted, date(2026, 11, 3), 90, policy.evidence))


def test_a_step_stands_out_when_its_interval_ends_below_all_others(policy: Policy) -> None:
    found = worst(policy, 500, 400, 120, 90, 70)
    assert found == Bottleneck(Standing.STANDS_OUT, ("contacted", "qualified"), Share(120, 400), steps=4)


def test_no_step_stands_out_where_intervals_touch(policy: Policy) -> None:
    """50 % of 100 and 60 % of 50 cannot be told apart."""
    found = worst(policy, 200, 100, 60, 45, 30)
    assert found.standing is Standing.NONE_STANDS_OUT
    assert (found.step, found.rival) == (("arrived", "contacted"), ("contacted", "qualified"))


def test_of_few_leads_nothing_is_said(policy: Policy) -> None:
    assert worst(policy, 20, 10, 5, 2, 1) == Bottleneck(Standing.TOO_FEW, steps=0)
    assert worst(policy, 100, 20, 5, 2, 1) == Bottleneck(Standing.TOO_FEW, steps=1)
    assert worst(policy, 0, 0, 0, 0, 0).standing is Standing.TOO_FEW


@pytest.mark.parametrize(
    ("share", "rest", "verdict"),
    [
        (Share(60, 200), Share(300, 2_000), Verdict.ABOVE),
        (Share(10, 200), Share(300, 2_000), Verdict.BELOW),
        (Share(36, 200), Share(300, 2_000), Verdict.NO_DIFFERENCE),
        (Share(29, 29), Share(300, 2_000), Verdict.TOO_FEW),
        (Share(200, 200), Share(0, 5), Verdict.TOO_FEW),
        (Share(15, 30), Share(300, 2_000), Verdict.TOO_FEW),  # an interval a third wide
    ],
)
def test_a_difference_is_said_only_where_the_cases_bear_it(
    policy: Policy, share: Share, rest: Share, verdict: Verdict
) -> None:
    assert compare(share, rest, policy.evidence) is verdict


def test_of_nothing_there_is_no_share() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval == (0, 1)
