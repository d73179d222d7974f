"""The demo company's leads, from arrival to won or lost, and what their channels cost. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.dates import ONE_DAY, months_before
from core.facts.stages import STAGES, instant_column
from core.operations.demo import words
from core.operations.demo.customers import PHONE_PREFIX, person_names
from core.operations.demo.season import liveliness
from core.reviews.pilots import ONE_WEEK, monday_of

MONTHS = 14
COUNT = 3_600
_GROWTH = 1.8
"""How many times as many leads a day the company gets at the end as at the beginning."""
_STAGE_COLUMNS = tuple(instant_column(stage) for stage in STAGES)
_DAYS_TO = {"contacted_at": 0.5, "qualified_at": 3.5, "quoted_at": 5.0, "won_at": 8.0}
"""Median days from the stage before."""
_UNNOTED = 0.04
"""Share of leads whose first answer nobody wrote down."""
_FORGOTTEN = 0.015
"""Share of leads that nobody ever answered and that were given up."""
_GIVEN_UP_DAYS = 10
"""After so many days nobody waits for an answer to a lead any more."""
_WAITING = 10
"""Leads of the days before that which still wait for their first answer."""
_GIVEN_UP = ("超时未跟进", "联系不上")
_LEARNED_A_WEEK = 0.3
"""Share of its late answers that a piloted department rids itself of in each week of the pilot."""
_CLOSED = 0.8
"""Share of the leads that go no further which are marked as lost; the others just lie there."""
_ODD = 24
"""Leads whose dates somebody mixed up."""
COLUMNS = (
    "lead_code", "name", "phone", "arrived_at", "channel", "campaign", "region", "industry", "owner",
    "first_response_at", *_STAGE_COLUMNS[1:], "lost_at", "lost_reason", "amount", "customer_code",
)  # fmt: skip


def first_lead_day(as_of: date) -> date:
    """The first day with leads: fourteen months before `as_of`."""
    return months_before(as_of, MONTHS) + ONE_DAY


def draw_leads(
    random: np.random.Generator, habits: pd.DataFrame, customers: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """One row a lead, by arrival, with the field codes of the leads table; times are business-local.

    Most of the won ones became a customer of their department whose first order followed within some weeks.
    """
    leads = _arrivals(random, as_of)
    _learn(leads, as_of)
    _answer(random, leads, as_of)
    _advance(random, leads)
    _lose(random, leads)
    leads["amount"] = _amounts(random, leads)
    end = pd.Timestamp(as_of + ONE_DAY)
    for column in ("first_response_at", *_STAGE_COLUMNS[1:], "lost_at"):
        leads[column] = leads[column].mask(leads[column] >= end)
    # Only what went on is known to have been answered by somebody who did not note it.
    unnoted = leads["unnoted"] & leads["contacted_at"].notna()
    leads["first_response_at"] = leads["first_response_at"].mask(unnoted)
    leads.loc[leads["lost_at"].isna(), "lost_reason"] = ""
    leads.loc[leads["quoted_at"].isna(), "amount"] = np.nan
    _become_customers(leads, habits, customers, as_of)
    _mix_up(random, leads, end)
    number = leads.groupby(leads["arrived_at"].dt.date).cumcount() + 1
    stamp = leads["arrived_at"].dt.strftime("%y%m%d")
    leads["lead_code"] = "XS" + stamp + number.astype(str).str.zfill(3)
    return leads[list(COLUMNS)]


def _arrivals(random: np.random.Generator, as_of: date) -> pd.DataFrame:
    """Who came when, from where, and whose they are; with the internal columns department, online and late."""
    departments, channels = words.departments(), words.toml("channels.toml")["channels"]
    place = random.choice(len(departments), COUNT, p=[d.leads for d in departments])
    channel = np.empty(COUNT, dtype=np.int64)
    for online in (False, True):
        here = np.flatnonzero([departments[p].online == online for p in place])
        share = np.array([c["online" if online else "field"] for c in channels])
        channel[here] = random.choice(len(channels), len(here), p=share / share.sum())
    at, campaign = _when(random, channel, channels, as_of)
    owners = [departments[p].account_managers for p in place]
    pick = random.random(COUNT)
    regions = [_region(departments[p].name, one) for p, one in zip(place, random.random(COUNT), strict=True)]
    kinds = words.toml("companies.toml")["kinds"]
    industry = random.choice([k["industry"] for k in kinds], COUNT, p=[k["share"] for k in kinds])
    phones = random.integers(10_000_000, 100_000_000, COUNT).astype(str)
    leads = pd.DataFrame(
        {
            "name": person_names(random, COUNT),
            "phone": np.where(random.random(COUNT) < 0.96, np.char.add(PHONE_PREFIX, phones), ""),
            "arrived_at": at,
            "channel": [channels[c]["name"] for c in channel],
            "campaign": campaign,
            "region": regions,
            "industry": np.where([departments[p].online for p in place], "", industry),
            "owner": [
                "" if one < 0.02 else names[int(one * len(names))]
                for names, one in zip(owners, pick, strict=True)
            ],
            "department": [departments[p].name for p in place],
            "late": [departments[p].answers_late * 0.8 for p in place],
            "online": [departments[p].online for p in place],
            "passes": [channels[c]["passes"] for c in channel],
            "customer_code": "",
        }
    )
    return leads.sort_values(["arrived_at", "phone"], ignore_index=True)


def _region(department: str, pick: float) -> str:
    places = [row["region"] for row in words.rows("regions.csv") if row["department"] == department]
    return places[int(pick * len(places))]


def _when(
    random: np.random.Generator, channel: npt.NDArray[np.int64], channels: list[dict[str, Any]], as_of: date
) -> tuple[pd.Series, list[str]]:
    """The instant of each arrival, and the campaign that ran then."""
    start = first_lead_day(as_of)
    days = pd.date_range(start, as_of)
    second, day = np.empty(len(channel)), np.empty(len(channel), dtype=np.int64)
    campaigns: list[str] = [""] * len(channel)
    for number, one in enumerate(channels):
        here = np.flatnonzero(channel == number)
        growth = np.linspace(1, _GROWTH, len(days))
        weights = growth * liveliness(start, len(days), online=one["hours"][1] >= 18)
        running = _running(one, days)
        if any("days" in each for each in one.get("campaigns", ())):
            weights = np.where(running == "", 0, np.maximum(weights, 0.5))
        passed = np.cumsum(weights)
        day[here] = np.searchsorted(passed, random.random(len(here)) * passed[-1], side="right")
        earliest, likeliest, latest = one["hours"]
        second[here] = random.triangular(earliest, likeliest, latest, len(here)) * 3600
        for lead in here:
            campaigns[lead] = str(running[day[lead]])
    minute = (second // 60).astype(np.int64)
    return pd.Series(days[day] + pd.to_timedelta(minute, unit="m")), campaigns


def _running(channel: dict[str, Any], days: pd.DatetimeIndex) -> npt.NDArray[np.object_]:
    """The name of the campaign on each day, or an empty text."""
    running = np.full(len(days), "", dtype=object)
    for campaign in channel.get("campaigns", ()):
        first, last = campaign.get("days", (1, 31))
        on = days.month.isin(campaign["months"]) & (days.day >= first) & (days.day <= last)
        running[on] = campaign["name"]
    return running


def _learn(leads: pd.DataFrame, as_of: date) -> None:
    """Make late answers rarer, week by week, in the departments of the pilot that runs."""
    pilot = words.toml("pilot.toml")
    starts_on = pd.Timestamp(pilot_begins(as_of + ONE_DAY))
    weeks = (leads["arrived_at"] - starts_on).dt.days // 7 + 1
    piloted = leads["department"].isin(pilot["departments"]) & (weeks > 0)
    leads["late"] = leads["late"].mask(piloted, leads["late"] * (1 - _LEARNED_A_WEEK) ** weeks)


def pilot_begins(today: date) -> date:
    """The Monday on which the pilot began that is in the week of its story on `today`."""
    week_now: int = words.toml("pilot.toml")["week_now"]
    return monday_of(today) - (week_now - 1) * ONE_WEEK


def _answer(random: np.random.Generator, leads: pd.DataFrame, as_of: date) -> None:
    """When each was first answered: mostly within the hour, in one department often later."""
    minutes = random.lognormal(np.log(14), 0.75, COUNT)
    late = random.random(COUNT) < leads["late"]
    minutes = np.where(late, random.uniform(65, 900, COUNT), minutes)
    answered = leads["arrived_at"] + pd.to_timedelta(np.ceil(minutes), unit="m")
    fate = random.random(COUNT)
    recent = leads["arrived_at"] >= pd.Timestamp(as_of - (_GIVEN_UP_DAYS - 1) * ONE_DAY)
    waiting = np.flatnonzero(recent)
    waiting = random.choice(waiting, min(_WAITING, len(waiting) // 4), replace=False)
    leads["forgotten"] = (fate < _FORGOTTEN) & ~recent
    leads.loc[waiting, "forgotten"] = True
    leads["unnoted"] = (fate >= _FORGOTTEN) & (fate < _FORGOTTEN + _UNNOTED)
    leads["first_response_at"] = answered.mask(leads["forgotten"])
    leads["answered_at"] = answered


def _advance(random: np.random.Generator, leads: pd.DataFrame) -> None:
    """When each stage was reached, as far as it was."""
    passes = np.array(leads["passes"].tolist())
    going = ~leads["forgotten"].to_numpy()
    before = leads["answered_at"]
    leads["left_at"] = leads["arrived_at"]
    for place, (column, days) in enumerate(_DAYS_TO.items()):
        going = going & (random.random(COUNT) < passes[:, place])
        waited = random.lognormal(np.log(days), 0.75, COUNT)
        day = (before + pd.to_timedelta(waited, unit="D")).dt.normalize()
        hour = random.triangular(9, 11, 18.5, COUNT) * 60
        at = day + pd.to_timedelta(hour.astype(np.int64), unit="m")
        at = at.where(at > before, before + pd.to_timedelta(random.integers(5, 90, COUNT), unit="m"))
        leads[column] = at.where(going)
        leads["left_at"] = leads["left_at"].mask(going, at)
        before = at


def _lose(random: np.random.Generator, leads: pd.DataFrame) -> None:
    lost = leads["won_at"].isna() & ~leads["forgotten"] & (random.random(COUNT) < _CLOSED)
    days = np.clip(random.lognormal(np.log(12), 0.8, COUNT), 1, 80)
    at = (leads["left_at"] + pd.to_timedelta(days, unit="D")).dt.normalize()
    hour = pd.to_timedelta(random.integers(9 * 60, 18 * 60, COUNT), unit="m")
    leads["lost_at"] = (at + hour).where(lost)
    reasons = words.toml("channels.toml")["lost_reasons"]
    leads["lost_reason"] = random.choice(
        np.array(reasons["reasons"], dtype=object), COUNT, p=reasons["weights"]
    )
    given_up = (leads["arrived_at"] + pd.Timedelta(days=_GIVEN_UP_DAYS)).dt.normalize() + hour
    leads["lost_at"] = leads["lost_at"].mask(leads["forgotten"], given_up)
    leads.loc[leads["forgotten"], "lost_reason"] = random.choice(
        np.array(_GIVEN_UP, dtype=object), int(leads["forgotten"].sum())
    )


def _amounts(random: np.random.Generator, leads: pd.DataFrame) -> npt.NDArray[np.float64]:
    typical = np.where(leads["online"], 1_400, 6_500)
    amounts: npt.NDArray[np.float64] = np.round(typical * random.lognormal(0, 0.6, COUNT), -1)
    return amounts


def _become_customers(
    leads: pd.DataFrame, habits: pd.DataFrame, customers: pd.DataFrame, as_of: date
) -> None:
    """Give won leads the code, name, phone, region, industry and manager of a customer that began to buy then."""
    start = pd.Timestamp(months_before(as_of, 18) + ONE_DAY)
    begun = start + pd.to_timedelta(habits["first"], unit="D")
    free: dict[str, list[int]] = {}
    for row in np.argsort(begun.to_numpy(), kind="stable"):
        if habits["orders"].iat[row] > 0:
            free.setdefault(habits["department"].iat[row], []).append(int(row))
    won = leads[leads["won_at"].notna()].sort_values("won_at")
    became: dict[int, int] = {}
    for lead, department, at in zip(won.index, won["department"], won["won_at"].dt.normalize(), strict=True):
        candidates = free.get(department, [])
        while candidates and begun.iat[candidates[0]] < at:
            candidates.pop(0)
        if candidates and begun.iat[candidates[0]] <= at + pd.Timedelta(days=25):
            became[lead] = candidates.pop(0)
    known = customers.iloc[list(became.values())]
    for column in ("customer_code", "name", "phone", "region", "industry"):
        leads.loc[list(became), column] = known[column].to_numpy()
    leads.loc[list(became), "owner"] = known["account_manager"].to_numpy()


def _mix_up(random: np.random.Generator, leads: pd.DataFrame, end: pd.Timestamp) -> None:
    """Some dates that cannot be right, as every real file has them."""
    won = leads.index[leads["won_at"].notna() & (leads["won_at"] < end - pd.Timedelta(days=3))]
    contacted = leads.index[leads["contacted_at"].notna() & leads["won_at"].isna()]
    for lead in random.choice(won, _ODD // 3, replace=False):
        leads.loc[lead, "contacted_at"] = leads.loc[lead, "won_at"] + pd.Timedelta(
            hours=int(random.integers(3, 60))
        )
    for lead in random.choice(contacted, _ODD - _ODD // 3, replace=False):
        leads.loc[lead, "contacted_at"] = leads.loc[lead, "arrived_at"] - pd.Timedelta(
            hours=int(random.integers(2, 50))
        )
