"""The demo customers as a file would bring them. Pure."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.operations.demo import words

PHONE_PREFIX = "154"
"""Chinese mobile numbers that begin with 154 were never assigned to anybody: the numbering plan holds the range
in reserve, and the metadata of libphonenumber know no subscriber in it. They have the right length, so they
count as possible numbers, yet nobody can be called on one."""
_FIELD_CHANNELS = ("业务拜访", "订货小程序", "电话订货")
_ONLINE_CHANNELS = ("电商平台", "直播", "小程序", "社群团购")


def draw_customers(random: np.random.Generator, habits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a customer, in the order of `habits`, with the field codes of the customers table as columns."""
    count = len(habits)
    person = habits["person"].to_numpy()
    kinds = words.toml("companies.toml")["kinds"]
    kind = [kinds[k] for k in habits["kind"]]
    codes = np.array([f"KH{number:05d}" for number in range(1, count + 1)])
    online = habits["online"].to_numpy()
    consent = random.choice(np.array(["true", "false", ""]), count, p=[0.78, 0.07, 0.15])
    names = np.where(person, person_names(random, count), _company_names(random, habits, kind))
    return pd.DataFrame(
        {
            "customer_code": codes,
            "name": names,
            "kind": np.where(person, "person", "company"),
            "phone": _phones(random, count),
            "email": _emails(random, codes, person),
            "region": habits["region"],
            "province": habits["province"],
            "city": habits["city"],
            "industry": np.where(person, "", [k["industry"] for k in kind]),
            "annual_revenue": _between(random, [k["revenue"] for k in kind], 10_000, person),
            "sku_count": _between(random, [k["skus"] for k in kind], 1, person),
            "channel": np.where(
                online, random.choice(_ONLINE_CHANNELS, count), random.choice(_FIELD_CHANNELS, count)
            ),
            "department": habits["department"],
            "account_manager": habits["manager"],
            "birthday": _birthdays(random, person, as_of),
            "consent": consent,
        }
    )


def person_names(random: np.random.Generator, count: int) -> npt.NDArray[np.str_]:
    """Invented names of people."""
    parts = words.toml("names.toml")
    surnames = np.array(parts["surnames"])
    weights = 1 / (np.arange(len(surnames)) + 6)
    surname = random.choice(surnames, count, p=weights / weights.sum())
    given = np.char.add(random.choice(parts["first"], count), random.choice(parts["second"], count))
    names: npt.NDArray[np.str_] = np.char.add(surname, given)
    return names


def _company_names(
    random: np.random.Generator, habits: pd.DataFrame, kind: list[dict[str, list[str]]]
) -> npt.NDArray[np.str_]:
    word = random.choice(words.toml("companies.toml")["words"], len(habits))
    pick = random.random(len(habits))
    suffix = [k["suffixes"][int(p * len(k["suffixes"]))] for k, p in zip(kind, pick, strict=True)]
    names = pd.Series(np.char.add(np.char.add(habits["city"].to_numpy(str), word), suffix))
    # A second shop of the same name is its second branch.
    branch = names.groupby(names).cumcount()
    branched = names.where(branch == 0, names + "（" + (branch + 1).astype(str) + "店）")
    unique: npt.NDArray[np.str_] = branched.to_numpy(str)
    return unique


def _phones(random: np.random.Generator, count: int) -> npt.NDArray[np.str_]:
    numbers = random.choice(90_000_000, count, replace=False) + 10_000_000
    return np.where(random.random(count) < 0.94, np.char.add(PHONE_PREFIX, numbers.astype(str)), "")


def _emails(
    random: np.random.Generator, codes: npt.NDArray[np.str_], person: npt.NDArray[np.bool_]
) -> npt.NDArray[np.str_]:
    address = np.char.add(np.char.lower(codes), np.where(person, "@example.com", "@example.cn"))
    return np.where(random.random(len(codes)) < 0.62, address, "")


def _between(
    random: np.random.Generator, bounds: list[list[int]], unit: int, person: npt.NDArray[np.bool_]
) -> pd.Series:
    """A whole number between each pair of bounds, in `unit`s; blank for persons."""
    low, high = np.array(bounds).T
    drawn = pd.Series((low + (high - low) * random.random(len(low)) ** 2).astype(int) * unit, dtype="Int64")
    return drawn.mask(person)


def _birthdays(random: np.random.Generator, person: npt.NDArray[np.bool_], as_of: date) -> list[str]:
    age = random.integers(20 * 365, 62 * 365, len(person))
    known = person & (random.random(len(person)) < 0.7)
    days = [as_of - timedelta(days=int(a)) for a in age]
    return [day.isoformat() if shown else "" for day, shown in zip(days, known, strict=True)]
