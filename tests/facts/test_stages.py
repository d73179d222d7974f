"""The stages of a lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.facts.labels import LEAD_STAGES
from core.facts.stages import STAGES, day_only, instant_column, out_of_order
from core.facts.tables import Lead

ZONE = "Asia/Shanghai"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in October, in UTC; sixteen o'clock is midnight in Shanghai."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def test_every_stage_has_a_word_and_an_instant_that_goes_to_the_mart() -> None:
    assert tuple(LEAD_STAGES) == STAGES
    for stage in STAGES:
        assert Lead.__table__.columns[instant_column(stage)].info.get("mart")


def test_midnight_of_the_business_zone_is_a_day_without_a_time() -> None:
    assert day_only(at(1, 16), ZONE)
    assert not day_only(at(1, 0), ZONE)


@pytest.mark.parametrize(
    ("reached", "odd"),
    [
        ((), False),
        ((at(1, 2), None, at(3, 2)), False),
        ((at(1, 2), at(1, 2)), False),
        ((at(3, 2), at(1, 2)), True),
        ((at(1, 2), None, at(5, 2), at(4, 2)), True),
        ((at(2, 2), at(1, 16)), False),  # that day, some time; the lead came at ten of it
        ((at(2, 2), at(1, 15, 59)), True),
        ((at(2, 17), at(1, 16)), True),  # the day before
    ],
)
def test_a_stage_before_an_earlier_one_is_out_of_order(
    reached: tuple[datetime | None, ...], odd: bool
) -> None:
    assert out_of_order(reached, ZONE) is odd
