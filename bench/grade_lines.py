"""How long grading takes: 10 million order lines of 1 million customers, from the mart's Parquet.

    python -m bench.grade_lines [--lines N] [--customers N] [--runs N]

Beside it, in the same run and on the same lines, the recency-frequency-monetary summary alone, without scores,
cells, tiers and stages, as pandas and `lifetimes` make it. The lines are made by seed; numbers are wall seconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.grading.rfm import grade
from core.policy.service import default_policy
from core.store.mart import Mart

SEED = 20261103
AS_OF = date(2026, 10, 31)
DAYS = 548
"""Eighteen months."""
LINES_AN_ORDER = 3


def make_mart(folder: Path, lines: int, customers: int) -> Mart:
    """Order lines and customers as the extract of the mart would have written them."""
    random = np.random.default_rng(SEED)
    orders = lines // LINES_AN_ORDER
    customer_of = random.integers(1, customers + 1, orders)
    day_of = (np.datetime64(AS_OF) - random.integers(0, DAYS, orders)).astype("datetime64[D]")
    order_id = np.sort(random.integers(0, orders, lines))
    amount = random.integers(-200_000, 5_000_000, lines)
    mart = Mart(1, folder)
    mart.save(
        "order_lines",
        pa.table(
            {
                "id": np.arange(lines),
                "order_id": order_id + 1,
                "customer_id": customer_of[order_id],
                "ordered_on": pa.array(day_of[order_id]),
                "amount": amount,
            }
        ),
    )
    mart.save("customers", pa.table({"id": np.arange(1, customers + 1)}))
    return mart


def graded_here(mart: Mart) -> int:
    table = grade(mart.table("order_lines"), mart.table("customers"), default_policy(), AS_OF)
    return len(table.to_pyarrow())


def summary_by_pandas(mart: Mart) -> int:
    lines = pd.read_parquet(mart.path / "order_lines.parquet")
    lines["ordered_on"] = pd.to_datetime(lines["ordered_on"])
    start = pd.Timestamp(AS_OF) - pd.DateOffset(months=12)
    lines = lines[(lines["ordered_on"] > start) & (lines["ordered_on"] <= pd.Timestamp(AS_OF))]
    orders = lines.groupby(["customer_id", "order_id"]).agg(net=("amount", "sum"), on=("ordered_on", "max"))
    positive = orders[orders["net"] > 0].groupby("customer_id")
    summary = positive.agg(last=("on", "max"), frequency=("on", "size"))
    summary["monetary"] = lines.groupby("customer_id")["amount"].sum()
    return len(summary)


def summary_by_lifetimes(mart: Mart) -> int:
    from lifetimes.utils import summary_data_from_transaction_data

    lines = pq.read_table(
        mart.path / "order_lines.parquet", columns=["customer_id", "ordered_on", "amount"]
    ).to_pandas()
    lines["ordered_on"] = pd.to_datetime(lines["ordered_on"])
    lines = lines[lines["ordered_on"] > pd.Timestamp(AS_OF - timedelta(days=365))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        summary = summary_data_from_transaction_data(
            lines, "customer_id", "ordered_on", "amount", observation_period_end=AS_OF
        )
    return len(summary)


def seconds(work: Callable[[Mart], int], mart: Mart, runs: int) -> float:
    """The median wall time of `runs`."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work(mart)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mart = make_mart(Path(folder), options.lines, options.customers)
        here = seconds(graded_here, mart, options.runs)
        pandas = seconds(summary_by_pandas, mart, 1)
        lifetimes = seconds(summary_by_lifetimes, mart, 1)
    print(f"{options.lines:,} lines of {options.customers:,} customers")
    print(f"grades, complete     {here:7.2f} s")
    print(f"summary by pandas    {pandas:7.2f} s  {pandas / here:6.1f} times")
    print(f"summary by lifetimes {lifetimes:7.2f} s  {lifetimes / here:6.1f} times")
    taken = {"grade_s": here, "pandas_s": pandas, "lifetimes_s": lifetimes}
    print(json.dumps({name: round(value, 3) for name, value in taken.items()}))


if __name__ == "__main__":
    main()
