"""The funnel by its definitions: ten leads counted by hand, bad dates, and what holds for any leads."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.acquisition.funnel import BANDS, bands, in_band
from core.facts.stages import STAGES
from tests.acquisition.leads import lead, walk

AS_OF = date(2026, 4, 10)
"""99 days after New Year: the window of 90 days is over for those that arrived on day 9 or before."""

TEN = [
    lead(1, 0, contacted=1, qualified=3, quoted=10, won=30),
    lead(2, 0, contacted=2, qualified=4, quoted=20, won=95),  # won, but after its window
    lead(3, 0, contacted=3, qualified=9),
    lead(4, 9, contacted=10, lost=15),
    lead(5, 9),
    lead(6, 10, contacted=11, qualified=12),  # a day short of the end of its window
    lead(7, 50, lost=60),
    lead(8, 60, contacted=61, qualified=62, quoted=63, won=64),
    lead(9, 90, contacted=98),
    lead(10, 100, contacted=101),  # arrived after the day we look at
]


def counted(leads: list[dict[str, object]], as_of: date = AS_OF) -> dict[str, tuple[int, int, int, int]]:
    """Stage -> entrants, went on, lost, open."""
    return {
        each.stage: (each.entrants, each.went_on, each.lost, each.open) for each in bands(walk(leads, as_of))
    }


def test_ten_leads_are_counted_as_by_hand() -> None:
    assert counted(TEN) == {
        "arrived": (9, 7, 2, 0),
        "contacted": (7, 5, 1, 1),
        "qualified": (5, 3, 1, 1),
        "quoted": (3, 2, 1, 0),
        "won": (2, 2, 0, 0),
    }


def test_shares_are_made_of_the_five_leads_whose_window_is_over() -> None:
    found = bands(walk(TEN, AS_OF))
    assert [(each.matured, each.matured_went_on) for each in found] == [
        (5, 4),
        (4, 3),
        (3, 2),
        (2, 1),
        (1, 1),
    ]


def test_times_are_of_leads_whose_window_is_over() -> None:
    """Arrived to contacted: 1, 2, 3 and 1 days; contacted to qualified: 2, 2 and 6; the quick lead 8 waits."""
    found = bands(walk(TEN, AS_OF))
    assert [(each.days_median, each.days_n) for each in found] == [
        (1.5, 4),
        (2, 3),
        (11.5, 2),
        (20, 1),
        (None, 0),
    ]


def test_a_window_is_over_at_the_end_of_its_last_day() -> None:
    assert walk([lead(1, 9)], AS_OF)["matured"].to_pylist() == [True]
    assert walk([lead(1, 10)], AS_OF)["matured"].to_pylist() == [False]


def test_the_last_instant_of_the_window_is_still_within() -> None:
    late = 90 + 1 / 86_400
    assert walk([lead(1, won=90), lead(2, won=late)], AS_OF)["won"].to_pylist() == [True, False]


def test_what_happened_after_the_day_we_look_at_is_not_seen() -> None:
    as_of = date(2026, 1, 10)
    future = lead(1, contacted=1, qualified=20, won=30, lost=40)
    assert walk([future], as_of)["standing"].to_pylist() == ["open"]
    assert counted([future], as_of)["contacted"] == (1, 0, 0, 1)


def test_the_day_we_look_at_is_seen_to_its_end_in_the_business_time_zone() -> None:
    """15:59:59 UTC is the last second of the day in Shanghai."""
    last, next_day = 9 + (12 * 3600 - 1) / 86_400, 9.5
    rows = [lead(1, contacted=last), lead(2, contacted=next_day)]
    assert walk(rows, date(2026, 1, 10))["furthest"].to_pylist() == [1, 0]


def test_a_deal_won_before_its_first_contact_has_passed_every_stage_and_gives_no_time() -> None:
    found = bands(walk([lead(1, contacted=20, won=5)], AS_OF))
    assert [each.entrants for each in found] == [1, 1, 1, 1, 1]
    assert [(each.days_n, each.disordered) for each in found] == [(1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]


def test_dates_out_of_order_are_left_out_of_the_times_and_counted() -> None:
    found = bands(walk([lead(1, contacted=9, qualified=4), lead(2, contacted=3, qualified=5)], AS_OF))
    contacted = found[STAGES.index("contacted")]
    assert (contacted.days_median, contacted.days_n, contacted.disordered) == (2, 1, 1)


def test_a_day_without_a_time_contradicts_no_instant_of_the_same_day() -> None:
    """The lead came at noon; the file says only that it was contacted on that day, which is its midnight."""
    arrived = bands(walk([lead(1, contacted=-0.5)], AS_OF))[0]
    assert (arrived.days_median, arrived.days_n, arrived.disordered) == (0, 1, 0)


@pytest.mark.parametrize("contacted", [-0.25, -1.5])
def test_an_earlier_hour_and_an_earlier_day_do_contradict(contacted: float) -> None:
    arrived = bands(walk([lead(1, contacted=contacted)], AS_OF))[0]
    assert (arrived.days_median, arrived.days_n, arrived.disordered) == (None, 0, 1)


def test_a_lead_given_up_and_yet_won_is_won() -> None:
    assert walk([lead(1, lost=3, won=8)], AS_OF)["standing"].to_pylist() == ["went_on"]


def test_of_no_leads_every_stage_is_empty() -> None:
    assert set(counted([]).values()) == {(0, 0, 0, 0)}


def test_one_lead_is_in_one_band_of_each_stage_it_reached() -> None:
    found = counted([lead(1, contacted=1)], date(2026, 1, 5))
    assert (found["arrived"], found["contacted"], found["qualified"]) == (
        (1, 1, 0, 0),
        (1, 0, 0, 1),
        (0, 0, 0, 0),
    )


days = st.none() | st.integers(-20, 140)
any_leads = st.lists(
    st.builds(
        lambda arrived, **rest: (arrived, rest),
        st.integers(0, 120),
        contacted=days,
        qualified=days,
        quoted=days,
        won=days,
        lost=days,
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(leads=any_leads, looked=st.integers(0, 200), window=st.sampled_from((1, 30, 90)))
def test_bands_sum_to_entrants_and_lists_hold_exactly_who_was_counted(
    leads: list[tuple[int, dict[str, int | None]]], looked: int, window: int
) -> None:
    rows = [lead(number, arrived, **rest) for number, (arrived, rest) in enumerate(leads)]
    as_of = date(2026, 1, 1) + timedelta(days=looked)
    walked = walk(rows, as_of, window)
    found = bands(walked)

    assert found[0].entrants == sum(arrived <= looked for arrived, _rest in leads)
    for here, there in pairwise(found):
        assert there.entrants == here.went_on <= here.entrants
        assert there.matured == here.matured_went_on <= here.matured
    for each in found:
        assert each.entrants == each.went_on + each.lost + each.open
        assert each.days_n + each.disordered <= each.matured_went_on
        listed = [in_band(walked, each.stage, band)["id"].to_pylist() for band in BANDS]
        assert list(map(len, listed)) == [each.went_on, each.lost, each.open]
        everybody = [number for part in listed for number in part]
        assert sorted(everybody) == sorted(in_band(walked, each.stage)["id"].to_pylist())
        assert len(set(everybody)) == each.entrants
    assert (found[-1].lost, found[-1].open) == (0, 0)
