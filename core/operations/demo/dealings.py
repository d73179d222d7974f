"""What the demo company sells, signs and is owed, the stores of its customers, and what buyers do by themselves. Pure.

Every frame has the field codes of its table as columns; amounts in yuan, days as days.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.dates import ONE_DAY
from core.operations.demo import words

CONTRACTED = 120
"""Companies with a contract for the year."""
OVERDUE = 0.035
"""Share of the payments that are not made in time and still owed."""
_IN_PART = 0.3
"""Share of the overdue ones of which something came."""
SHOPPED = 90
"""Companies whose stores are visited."""
APP_USERS = 130
_KINDS = {"便利店": "便利店", "夫妻店": "夫妻店", "商超": "超市"}
"""Industry of a customer -> the kind of its stores."""


def draw_dealings(
    random: np.random.Generator, habits: pd.DataFrame, customers: pd.DataFrame, as_of: date
) -> dict[str, pd.DataFrame]:
    """Table code -> frame, in the order in which they can be imported; the last facts are of `as_of`."""
    buyers = customers[(habits["orders"].to_numpy() > 0)]
    companies = buyers[buyers["kind"] == "company"]
    contracts = _contracts(random, _some(random, companies, CONTRACTED), as_of)
    shopped = companies[companies["industry"].isin(_KINDS)]
    outlets = _outlets(random, _some(random, shopped, SHOPPED))
    users = _some(random, buyers, APP_USERS)["customer_code"].to_numpy()
    managers = customers.set_index("customer_code")["account_manager"]
    return {
        "products": _products(random, as_of),
        "outlets": outlets.drop(columns="visits"),
        "campaigns": _campaigns(as_of),
        "contracts": contracts,
        "payments": _payments(random, contracts, as_of),
        "usage": _usage(random, users, as_of),
        "behaviour": _behaviour(random, users, as_of),
        "displays": _displays(random, outlets, managers, as_of),
    }


def _some(random: np.random.Generator, customers: pd.DataFrame, count: int) -> pd.DataFrame:
    """So many of the customers, in their order."""
    return customers.iloc[np.sort(random.choice(len(customers), count, replace=False))]


def _products(random: np.random.Generator, as_of: date) -> pd.DataFrame:
    rows = [*words.rows("products.csv"), *words.rows("products_online.csv")]
    age = np.clip(random.lognormal(np.log(38), 0.8, len(rows)), 3, 300).astype(int)
    return pd.DataFrame(
        {
            "product_code": [row["code"] for row in rows],
            "product_name": [row["name"] for row in rows],
            "category": [row["category"] for row in rows],
            "unit_price": [row["unit_price"] for row in rows],
            "stock_quantity": random.integers(40, 2_400, len(rows)),
            "stock_days": age,
            "counted_on": as_of,
        }
    )


def _campaigns(as_of: date) -> pd.DataFrame:
    """The campaigns of the channels, each as it last began."""
    rows = []
    for channel in words.toml("channels.toml")["channels"]:
        for campaign in channel.get("campaigns", ()):
            first, last = campaign.get("days", (1, 28))
            month = max(_last_begun(each, first, as_of) for each in campaign["months"])
            rows.append(
                (
                    campaign["name"],
                    channel["name"],
                    month.replace(day=first),
                    month.replace(day=min(last, 28)),
                )
            )
    frame = pd.DataFrame(rows, columns=["campaign_name", "channel", "starts_on", "ends_on"])
    frame = frame.drop_duplicates("campaign_name", ignore_index=True)
    frame.insert(0, "campaign_code", [f"HD{number:03d}" for number in range(1, len(frame) + 1)])
    return frame.assign(budget=[8_000 + 4_000 * (number % 6) for number in range(len(frame))])


def _last_begun(month: int, day: int, as_of: date) -> date:
    """The first day of that month in the year in which its campaign last began."""
    this = date(as_of.year, month, 1)
    return this if this.replace(day=day) <= as_of else this.replace(year=as_of.year - 1)


def _contracts(random: np.random.Generator, companies: pd.DataFrame, as_of: date) -> pd.DataFrame:
    count = len(companies)
    signed = pd.to_datetime(as_of) - pd.to_timedelta(random.integers(40, 420, count), unit="D")
    titles = np.array(words.toml("dealings.toml")["contracts"]["titles"])
    frame = pd.DataFrame(
        {
            "contract_code": [f"HT{number:04d}" for number in range(1, count + 1)],
            "customer_code": companies["customer_code"].to_numpy(),
            "title": random.choice(titles, count, p=[0.6, 0.2, 0.12, 0.08]),
            "signed_on": signed.date,
            "starts_on": (signed + pd.Timedelta(days=10)).date,
            "ends_on": (signed + pd.Timedelta(days=374)).date,
            "amount": np.round(random.lognormal(np.log(36_000), 0.7, count), -2),
            "owner": companies["account_manager"].to_numpy(),
        }
    )
    return frame.sort_values("contract_code", ignore_index=True)


def _payments(random: np.random.Generator, contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Four of each contract, a quarter apart; most of those that are due were paid within some days of it."""
    rows = []
    for contract in contracts.itertuples():
        for number in range(4):
            due = contract.starts_on + 91 * number * ONE_DAY
            amount = float(contract.amount) / 4
            paid_on, paid = _paid(random, due, amount, as_of)
            code = f"HK{contract.contract_code[2:]}-{number + 1}"
            rows.append((code, contract.contract_code, due, amount, paid_on, paid))
    columns = ["payment_code", "contract_code", "due_on", "amount", "paid_on", "paid_amount"]
    return pd.DataFrame(rows, columns=columns).astype({"paid_on": object})


def _paid(
    random: np.random.Generator, due: date, amount: float, as_of: date
) -> tuple[date | None, float | None]:
    if random.random() < OVERDUE:
        came = due <= as_of and random.random() < _IN_PART
        return (due, round(amount * 0.4, 2)) if came else (None, None)
    on = due + int(random.integers(-6, 12)) * ONE_DAY
    return (on, amount) if on <= as_of else (None, None)


def _outlets(random: np.random.Generator, companies: pd.DataFrame) -> pd.DataFrame:
    """One to three stores of each company; `visits`: how often each was looked at."""
    rows: list[tuple[Any, ...]] = []
    for company in companies.itertuples():
        for number in range(1, int(random.integers(1, 4)) + 1):
            code = f"MD{len(rows) + 1:04d}"
            name = f"{company.name}（{number} 号店）" if number > 1 else company.name
            place = (company.region, company.province, company.city)
            kind = "大卖场" if company.industry == "商超" and number == 1 else _KINDS[company.industry]
            rows.append((code, name, company.customer_code, kind, *place, int(random.integers(1, 4))))
    columns = ["outlet_code", "outlet_name", "customer_code", "kind", "region", "province", "city", "visits"]
    return pd.DataFrame(rows, columns=columns)


def _displays(
    random: np.random.Generator, outlets: pd.DataFrame, managers: pd.Series, as_of: date
) -> pd.DataFrame:
    seen = outlets.loc[outlets.index.repeat(outlets["visits"])]
    count = len(seen)
    score = random.choice([5, 4, 3, 2, 1], count, p=[0.28, 0.36, 0.2, 0.11, 0.05])
    comments = words.toml("dealings.toml")["displays"]["comments"]
    told = [comments[0 if s > 3 else 1 if s == 3 else 2][int(random.integers(3))] for s in score]
    return pd.DataFrame(
        {
            "outlet_code": seen["outlet_code"].to_numpy(),
            "checked_at": _moments(random, count, 90, as_of),
            "score": score,
            "comment": np.where(random.random(count) < 0.6, told, ""),
            "staff": managers.reindex(seen["customer_code"]).to_numpy(),
        }
    ).sort_values(["checked_at", "outlet_code"], ignore_index=True)


def _usage(random: np.random.Generator, users: Any, as_of: date) -> pd.DataFrame:
    """How often the ordering app was used, by days."""
    products = np.array(words.toml("dealings.toml")["usage"]["products"])
    who = np.repeat(users, random.integers(2, 9, len(users)))
    days = _moments(random, len(who), 60, as_of).dt.date
    return pd.DataFrame(
        {
            "customer_code": who,
            "used_at": days,
            "product_code": random.choice(products, len(who), p=[0.6, 0.25, 0.15]),
            "uses": random.integers(1, 15, len(who)),
        }
    )


def _behaviour(random: np.random.Generator, users: Any, as_of: date) -> pd.DataFrame:
    said = words.toml("dealings.toml")["behaviour"]
    who = np.repeat(users, random.integers(1, 7, len(users)))
    which = random.choice(len(said["events"]), len(who), p=[0.5, 0.18, 0.18, 0.06, 0.08])
    return pd.DataFrame(
        {
            "customer_code": who,
            "occurred_at": _moments(random, len(who), 60, as_of),
            "event": np.array(said["events"])[which],
            "object": np.array(said["objects"])[which],
        }
    )


def _moments(random: np.random.Generator, count: int, days: int, as_of: date) -> pd.Series:
    """Minutes of working days' hours within the last days."""
    day = pd.to_datetime(as_of) - pd.to_timedelta(random.integers(0, days, count), unit="D")
    return pd.Series(day + pd.to_timedelta(random.integers(9 * 60, 19 * 60, count), unit="m"))
