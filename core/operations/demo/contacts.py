"""The demo company's interactions with its customers, and what they say about it. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.operations.demo import words
from core.operations.demo.habits import first_day

_FIELD_KINDS = {"call": 0.42, "visit": 0.32, "message": 0.17, "meeting": 0.05, "email": 0.03, "other": 0.01}
_ONLINE_KINDS = {"message": 0.72, "call": 0.18, "email": 0.1}
_THINNED_TO = 5
"""Of the contacts with a fading customer every fifth remains."""
_QUIET_DAYS = 30
_SETTLED_DAYS = 116
"""Within so many days before the end only those with a story answer poorly; earlier anybody may."""


def draw_interactions(
    random: np.random.Generator, habits: pd.DataFrame, codes: pd.Series, as_of: date
) -> pd.DataFrame:
    """One row a contact, by time, with the field codes of the interactions table.

    Important customers are contacted every six days or so, others at most once in a month: a count that
    falls by half is then a story, not chance.
    """
    start = first_day(as_of)
    end = (as_of - start).days
    story = habits["story"].to_numpy()
    rhythm = np.where(
        habits["online"], random.uniform(55, 130, len(habits)), random.uniform(34, 80, len(habits))
    )
    rhythm = np.where(habits["key"], random.uniform(5.6, 7.0, len(habits)), rhythm)
    begins = np.where(story == "prospect", end - random.integers(20, 160, len(habits)), habits["first"])
    stays = np.isin(story, ["regular", "new", "drifting", "unhappy", "lost_key", "prospect"])
    ends = np.where(stays, end, np.minimum(habits["last"] + 60, end))

    count = np.floor((ends - begins) / rhythm).astype(int) + 1
    who = np.repeat(np.arange(len(habits)), count)
    turn = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    jitter = random.uniform(-0.2, 0.2, len(who)) * rhythm[who]
    phase = (random.random(len(habits)) * np.minimum(rhythm, 5))[who]
    day = np.floor(begins[who] + turn * rhythm[who] + phase + jitter).astype(int)
    fading = day >= habits["fades"].to_numpy()[who]
    quiet = habits["quiet"].to_numpy()[who]
    few = fading | ((quiet >= 0) & (day >= quiet) & (day < quiet + _QUIET_DAYS))
    kept = (day >= 0) & (day <= ends[who]) & (~few | (turn % _THINNED_TO == 0))
    who, day, fading = who[kept], day[kept], fading[kept]

    online = habits["online"].to_numpy()[who]
    kind = np.where(online, _draw(random, _ONLINE_KINDS, len(who)), _draw(random, _FIELD_KINDS, len(who)))
    second = (random.triangular(8.5, 10.5, 18.2, len(who)) * 3600).astype(np.int64)
    at = pd.Timestamp(start) + pd.to_timedelta(day.astype(np.int64) * 86_400 + second, unit="s")
    inbound = (kind != "visit") & (random.random(len(who)) < 0.3)
    contacts = pd.DataFrame(
        {
            "customer_code": codes.to_numpy()[who],
            "occurred_at": at,
            "kind": kind,
            "direction": np.where(inbound, "inbound", "outbound"),
            "staff": _staff(random, habits, who),
            "content": _notes(random, kind, fading),
        }
    )
    return contacts.sort_values(["occurred_at", "customer_code"], ignore_index=True)


def _draw(random: np.random.Generator, shares: dict[str, float], count: int) -> np.ndarray:
    drawn: np.ndarray = random.choice(np.array(list(shares)), count, p=list(shares.values()))
    return drawn


def _staff(random: np.random.Generator, habits: pd.DataFrame, who: np.ndarray) -> np.ndarray:
    """The account manager, now and then the supervisor or the intern; the supervisor for the pool."""
    manager, supervisor = habits["manager"].to_numpy()[who], habits["supervisor"].to_numpy()[who]
    helper = random.random(len(who))
    usual = np.where((manager == "") | (helper < 0.03), supervisor, manager)
    staff: np.ndarray = np.where(helper > 0.95, habits["intern"].to_numpy()[who], usual)
    return staff


def _notes(random: np.random.Generator, kind: np.ndarray, fading: np.ndarray) -> np.ndarray:
    lists = words.toml("notes.toml")
    notes = np.full(len(kind), "", dtype=object)
    for one in np.unique(kind):
        here = np.flatnonzero((kind == one) & ~fading)
        notes[here] = random.choice(np.array(lists[one], dtype=object), len(here))
    notes[fading] = random.choice(np.array(lists["fading"], dtype=object), int(fading.sum()))
    return notes


def draw_satisfaction(
    random: np.random.Generator, habits: pd.DataFrame, codes: pd.Series, as_of: date
) -> pd.DataFrame:
    """One row an answer, by time, with the field codes of the satisfaction table; score 1 (worst) to 5."""
    start = first_day(as_of)
    end = (as_of - start).days
    bought = np.flatnonzero(habits["orders"] > 0)
    who = np.repeat(bought, random.poisson(1.9, len(bought)))
    first = habits["first"].to_numpy()[who]
    until = np.minimum(habits["last"].to_numpy()[who] + 30, end)
    day = first + np.floor(random.random(len(who)) * (until - first + 1)).astype(int)
    free = random.choice([5, 4, 3, 2, 1], len(who), p=[0.5, 0.36, 0.09, 0.035, 0.015])
    score = np.where(day > end - _SETTLED_DAYS, np.maximum(free, 4), free)

    tells = habits["tells"].to_numpy()
    later = (tells[who] >= 0) & (day >= tells[who])
    who, day, score = who[~later], day[~later], score[~later]
    told, upset = np.flatnonzero(tells >= 0), np.flatnonzero(habits["upset"] >= 0)
    poor, poor_on = np.concatenate([told, upset]), [tells[told], habits["upset"].to_numpy()[upset]]
    who, day = (
        np.concatenate([who, poor, upset]),
        np.concatenate([day, *poor_on, habits["content"].to_numpy()[upset]]),
    )
    scores = random.choice([3, 2, 1], len(poor), p=[0.5, 0.35, 0.15]), random.choice([5, 4], len(upset))
    score = np.concatenate([score, *scores])

    lists = words.toml("notes.toml")
    comment = np.where(
        score >= 5,
        random.choice(np.array(lists["pleased"], dtype=object), len(who)),
        np.where(
            score == 4,
            random.choice(np.array(lists["content"], dtype=object), len(who)),
            random.choice(np.array(lists["displeased"], dtype=object), len(who)),
        ),
    )
    second = (random.uniform(9, 21, len(who)) * 3600).astype(np.int64)
    answers = pd.DataFrame(
        {
            "customer_code": codes.to_numpy()[who],
            "scored_at": pd.Timestamp(start)
            + pd.to_timedelta(day.astype(np.int64) * 86_400 + second, unit="s"),
            "score": score,
            "comment": comment,
        }
    )
    return answers.sort_values(["scored_at", "customer_code"], ignore_index=True)
