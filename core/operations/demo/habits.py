"""What kind of buyer each demo customer is: where, served by whom, how often, how much, and which story. Pure.

A story is what the pages should find: `regular` and `new` buyers, `once` (never came back), `dormant`,
`prospect`, and those who fade: `drifting` (contacts drop), `gone` (orders stopped two quarters ago),
`unhappy` (poor satisfaction), `lost_key` (an important customer with all three). Some of the regular ones gave
cause for worry in the past months and do no more: they were `upset` and said later that they were content, or
nobody had time for them in some weeks (`quiet`).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.dates import ONE_DAY, months_before
from core.operations.demo import words
from core.operations.demo.season import liveliness

MONTHS = 18
KEY_SHARE = 0.1
"""Share of the regular customers, by expected revenue, whom their manager contacts every week."""
STORIES = {
    "prospect": 150,
    "new": 190,
    "once": 260,
    "dormant": 300,
    "gone": 42,
    "unhappy": 36,
    "drifting": 34,
    "lost_key": 8,
}
"""Customers of each story; all others are regular."""
UPSET = 95
"""Regular customers who were upset in the last months and are content again."""
QUIET = 40
"""Important customers whose contacts thinned out for some weeks of the last months."""


def first_day(as_of: date) -> date:
    """The first day with facts: eighteen months before `as_of`."""
    return months_before(as_of, MONTHS) + ONE_DAY


def draw_habits(random: np.random.Generator, as_of: date) -> pd.DataFrame:
    """One row a customer. Days count from `first_day`; `last` is the day of the last order, -1 without one.

    Columns: department, online, manager ("" for the pool), supervisor, intern, person, industry, suffix,
    region, province, city, basket (yuan of a typical order), every (days between orders), story, key,
    first, last, orders, fades (day from which contacts thin out, beyond the end for most), tells (day of a
    poor answer about satisfaction, -1 for most), upset (day of a poor answer that a good one followed), content
    (day of that one), quiet (day from which contacts were few for some weeks); -1 in these three for most.
    """
    habits = pd.concat([_department(random, d) for d in words.departments()], ignore_index=True)
    _give_stories(random, habits)
    _set_days(random, habits, as_of)
    _worry_for_a_while(random, habits, (as_of - first_day(as_of)).days)
    return habits


def _department(random: np.random.Generator, department: words.DemoDepartment) -> pd.DataFrame:
    count = department.customers
    kinds = words.toml("companies.toml")["kinds"]
    kind = random.choice(len(kinds), count, p=[k["share"] for k in kinds])
    person = random.random(count) < (0.93 if department.online else 0.16)
    places = [r for r in words.rows("regions.csv") if r["department"] == department.name]
    weights = np.array([float(r["weight"]) for r in places])
    place = random.choice(len(places), count, p=weights / weights.sum())
    manager = random.choice(np.array(department.account_managers), count)
    basket = np.where(person, 190.0, [float(kinds[k]["basket"]) for k in kind])
    every = np.where(person, 52.0, [float(kinds[k]["every"]) for k in kind])
    return pd.DataFrame(
        {
            "department": department.name,
            "online": department.online,
            "manager": np.where(random.random(count) < 0.02, "", manager),
            "supervisor": department.supervisor,
            "intern": department.intern,
            "person": person,
            "kind": kind,
            "region": [places[p]["region"] for p in place],
            "province": [places[p]["province"] for p in place],
            "city": [places[p]["city"] for p in place],
            "basket": basket * random.lognormal(0.0, 0.6, count),
            "every": np.clip(every * random.lognormal(0.0, 0.38, count), 10, 74),
        }
    )


def _give_stories(random: np.random.Generator, habits: pd.DataFrame) -> None:
    story = np.full(len(habits), "regular", dtype=object)
    worth = (habits["basket"] / habits["every"]).to_numpy()
    important = np.argsort(-worth)[: int(len(habits) * KEY_SHARE)]
    # Contacts can only drop by half where they were frequent: among the important ones.
    chosen = random.permutation(important)
    story[chosen[: STORIES["drifting"]]] = "drifting"
    story[chosen[STORIES["drifting"] :][: STORIES["lost_key"]]] = "lost_key"
    rest = random.permutation(np.flatnonzero(story == "regular"))
    for name in ("prospect", "new", "once", "dormant", "gone", "unhappy"):
        story[rest[: STORIES[name]]] = name
        rest = rest[STORIES[name] :]
    key = np.zeros(len(habits), dtype=bool)
    key[important] = True
    habits["story"] = story
    habits["key"] = key & np.isin(story, ["regular", "drifting", "lost_key"])
    habits.loc[(story == "once") | (story == "new"), "basket"] *= 0.7


def _last_orders(random: np.random.Generator, habits: pd.DataFrame, as_of: date) -> npt.NDArray[np.int64]:
    """A day within everybody's usual interval before the end, more likely a lively one."""
    start = first_day(as_of)
    end = (as_of - start).days
    last = np.empty(len(habits), dtype=np.int64)
    for online in (False, True):
        mine = habits["online"].to_numpy() == online
        passed = np.cumsum(liveliness(start, end + 1, online=online))
        interval = np.minimum(habits.loc[mine, "every"].to_numpy(), 85).astype(np.int64)
        low = passed[end - interval]
        last[mine] = np.searchsorted(passed, low + random.random(len(low)) * (passed[end] - low))
    return np.minimum(last, end)


def _set_days(random: np.random.Generator, habits: pd.DataFrame, as_of: date) -> None:
    """Choose first and last order, their number, and the days on which a story turns."""
    end = (as_of - first_day(as_of)).days
    count, story = len(habits), habits["story"].to_numpy()
    every = habits["every"].to_numpy()

    def ago(low: int, high: int) -> np.ndarray:
        """Days that lie `low` up to and with `high` days before the end."""
        return end - random.integers(low, high + 1, count)

    early = random.random(count) < 0.62
    first = np.where(early, random.integers(0, 45, count), ago(130, end))
    last = _last_orders(random, habits, as_of)
    stopped = {
        "dormant": ago(93, 172),
        # Some passed the two quarters long ago, some in these weeks, so that warnings come over time.
        "gone": np.where(random.random(count) < 0.6, ago(209, 330), ago(185, 208)),
        "lost_key": ago(186, 240),
        "once": ago(95, end),
    }
    for name, day in stopped.items():
        last = np.where(story == name, day, last)
    first = np.where(np.isin(story, ["gone", "lost_key"]), random.integers(0, 45, count), first)
    first = np.where(story == "dormant", np.minimum(first, end - 260), first)
    first = np.where(story == "new", ago(0, 86), first)
    last = np.where(story == "new", first + (random.random(count) * (end - first)).astype(int), last)
    first = np.where(story == "once", last, first)
    orders = np.maximum(np.round((last - first) / every).astype(int) + 1, 3)
    orders = np.where(story == "new", np.minimum(orders, 1 + (last - first) // 5), orders)
    orders = np.where(story == "once", 1, orders)

    habits["first"] = np.where(story == "prospect", end, first)
    habits["last"] = np.where(story == "prospect", -1, last)
    habits["orders"] = np.where(story == "prospect", 0, orders)
    recently = random.random(count) < 0.6
    fades = np.where(recently, ago(23, 32), ago(37, 54))
    habits["fades"] = np.where(np.isin(story, ["drifting", "lost_key"]), fades, end + 1)
    also = (story == "gone") & (random.random(count) < 0.33)
    unhappy = np.isin(story, ["unhappy", "lost_key"]) | also
    # Many answered a survey of the last day, so that there is something to do today.
    answered = np.where(random.random(count) < 0.5, end, ago(1, 96))
    habits["tells"] = np.where(unhappy, answered, -1)


def _worry_for_a_while(random: np.random.Generator, habits: pd.DataFrame, end: int) -> None:
    """Choose who faded in the past months and was won back: no indicator hits them any more on day `end`."""
    regular = (habits["story"] == "regular").to_numpy()
    upset = random.choice(np.flatnonzero(regular), UPSET, replace=False)
    quiet = random.choice(np.flatnonzero(regular & habits["key"].to_numpy()), QUIET, replace=False)
    habits["upset"] = habits["content"] = habits["quiet"] = -1
    habits.loc[upset, "upset"] = end - random.integers(24, 105, UPSET)
    habits.loc[upset, "content"] = habits.loc[upset, "upset"] + random.integers(12, 23, UPSET)
    habits.loc[quiet, "quiet"] = end - random.integers(56, 110, QUIET)
