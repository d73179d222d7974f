"""The demo company's orders, line by line, with returns and cancellations. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.operations.demo import words
from core.operations.demo.habits import first_day
from core.operations.demo.season import liveliness, season_of

CANCELLED = 0.012
"""Share of lines cancelled within their order."""
RETURNED = 0.02
"""Share of lines sent back some days later, under a number of their own."""
IN_SEASON = 2.6
"""How much more often a product is bought in its season."""


def draw_transactions(
    random: np.random.Generator, habits: pd.DataFrame, codes: pd.Series, channels: pd.Series, as_of: date
) -> pd.DataFrame:
    """One row a line, by time, with the field codes of the transactions table; times are business-local."""
    orders = _orders(random, habits, as_of)
    lines = _lines(random, habits, orders, as_of)
    lines = pd.concat([lines, *_reversed(random, lines, (as_of - first_day(as_of)).days)], ignore_index=True)
    lines = lines.sort_values(["day", "second", "order_no", "line_no"], kind="stable", ignore_index=True)
    who = lines["customer"].to_numpy()
    at = pd.Timestamp(first_day(as_of)) + pd.to_timedelta(lines["day"] * 86_400 + lines["second"], unit="s")
    return pd.DataFrame(
        {
            "customer_code": codes.to_numpy()[who],
            "order_no": lines["order_no"],
            "line_no": lines["line_no"],
            "ordered_at": at,
            "amount": lines["cents"] * lines["quantity"] / 100,
            "quantity": lines["quantity"],
            "unit_price": lines["cents"] / 100,
            "product_code": lines["product_code"],
            "product_name": lines["product_name"],
            "channel": channels.to_numpy()[who],
            "salesperson": habits["manager"].to_numpy()[who],
        }
    )


def _orders(random: np.random.Generator, habits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row an order: customer (row of habits), day, second of the day, order_no.

    First and last order fall on their given days; those between are spread evenly over the lively days, so
    that nobody with a habit pauses for two quarters by chance.
    """
    start = first_day(as_of)
    days = (as_of - start).days + 1
    count = habits["orders"].to_numpy()
    customer = np.repeat(np.arange(len(habits)), count)
    position = np.arange(len(customer)) - np.repeat(np.cumsum(count) - count, count)
    first, last = habits["first"].to_numpy()[customer], habits["last"].to_numpy()[customer]
    share = np.clip(
        (position + random.uniform(-0.35, 0.35, len(position))) / np.maximum(count[customer] - 1, 1), 0, 1
    )
    day = np.empty(len(customer), dtype=np.int64)
    for online in (False, True):
        mine = habits["online"].to_numpy()[customer] == online
        passed = np.cumsum(liveliness(start, days, online=online))
        low, high = passed[first[mine]], passed[last[mine]]
        day[mine] = np.searchsorted(passed, low + share[mine] * (high - low))
    day = np.where(position == 0, first, np.where(position == count[customer] - 1, last, day))
    day = np.clip(day, first, last)
    online_order = habits["online"].to_numpy()[customer]
    second = np.where(
        online_order,
        random.triangular(8, 20.5, 23.9, len(customer)) * 3600,
        random.triangular(7.5, 10, 18.5, len(customer)) * 3600,
    ).astype(np.int64)
    orders = pd.DataFrame({"customer": customer, "day": day, "second": second})
    orders = orders.sort_values(["day", "second", "customer"], ignore_index=True)
    stamp = (pd.Timestamp(start) + pd.to_timedelta(orders["day"], unit="D")).dt.strftime("%y%m%d")
    number = orders.groupby("day").cumcount() + 1
    orders["order_no"] = "DD" + stamp + number.astype(str).str.zfill(4)
    return orders


def _lines(
    random: np.random.Generator, habits: pd.DataFrame, orders: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """One row a line of each order: the order's columns, line_no, product, cents a piece, quantity."""
    online = habits["online"].to_numpy()[orders["customer"]]
    person = habits["person"].to_numpy()[orders["customer"]]
    count = 1 + np.minimum(random.poisson(np.where(person, 0.7, 1.55)), 6)
    lines = orders.loc[orders.index.repeat(count)]
    order = lines.index.to_numpy()
    lines = lines.reset_index(drop=True)
    lines["line_no"] = lines.groupby("order_no").cumcount() + 1
    worth = habits["basket"].to_numpy()[orders["customer"]] * random.lognormal(0, 0.3, len(orders))
    wanted = (worth / count)[order] * random.lognormal(0, 0.35, len(lines))

    month = (pd.Timestamp(first_day(as_of)) + pd.to_timedelta(lines["day"], unit="D")).dt.month.to_numpy()
    lines["product_code"], lines["product_name"], lines["cents"] = "", "", 0
    # Stores buy by the case; private buyers, wherever they are served, buy single packs.
    for file, chosen in (
        ("products.csv", ~(online | person)[order]),
        ("products_online.csv", (online | person)[order]),
    ):
        products = words.rows(file)
        for one in range(1, 13):
            here = np.flatnonzero(chosen & (month == one))
            pick = random.choice(len(products), len(here), p=_popularity(products, season_of(one)))
            lines.loc[here, "product_code"] = [products[p]["code"] for p in pick]
            lines.loc[here, "product_name"] = [products[p]["name"] for p in pick]
            lines.loc[here, "cents"] = [round(float(products[p]["unit_price"]) * 100) for p in pick]
    lines["quantity"] = np.maximum(np.round(wanted * 100 / lines["cents"]).astype(np.int64), 1)
    return lines


def _popularity(products: tuple[dict[str, str], ...], season: str) -> npt.NDArray[np.float64]:
    weights = np.array([IN_SEASON if season and p["season"] == season else 1.0 for p in products])
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


def _reversed(random: np.random.Generator, lines: pd.DataFrame, end: int) -> list[pd.DataFrame]:
    """Cancelled lines (same order, next line number) and returned ones (own number, later), as negatives."""
    fate = random.random(len(lines))
    cancelled = lines[fate < CANCELLED].copy()
    cancelled["line_no"] += 100
    returned = lines[fate > 1 - RETURNED].copy()
    returned["day"] += random.integers(3, 15, len(returned))
    returned["order_no"] = "TH" + returned["order_no"].str[2:]
    returned = returned[returned["day"] <= end]
    for part in (cancelled, returned):
        part["quantity"] *= -1
    return [cancelled, returned]
