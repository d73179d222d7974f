"""Import of a million order lines of ten columns, from a workbook and from a CSV, beside what reading alone takes.

    python bench/import_lines.py [--lines N] [--sheets N] [--form xlsx|csv] [--without-customer SHARE]
                                 [--skip-openpyxl] [--database URL]

The file has the columns of UCI's Online Retail II and two more, and is made by seed, the same every time. Every
measurement runs in a process of its own; memory is the largest resident set of that process or its children, "cpu"
the seconds both computed: on a machine that does other things too, that is what can be compared. "wait" is the longest
that somebody else who wanted to write had to wait meanwhile, from a thread of the same process that tries all the time.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
HEADERS = (
    "Invoice",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "Price",
    "Customer ID",
    "Country",
    "Channel",
    "Salesperson",
)
NOUNS = ("LANTERN", "HOLDER", "T-LIGHT", "BAG", "BUNTING", "CAKE STAND", "MUG", "CLOCK", "BOX", "CANDLE")
WORDS = ("WHITE", "RED", "VINTAGE", "HANGING", "JUMBO", "SET OF 6", "REGENCY", "PARTY", "LARGE", "WOODEN")
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
STEPS = {"Reading the file": "parse", "Checking the cells": "check"}
"""What the import says that it is doing -> how it is called here; anything else is the rest."""


def lines_of(count: int, without_customer: float, invoice: int = 536365) -> Iterator[tuple[Any, ...]]:
    """Invoices of 1 to 41 lines, 4,000 products, 5,900 customers, 30 salespeople, two per cent returns."""
    draw = random.Random(20101201)
    products = [
        (
            f"{20000 + p}",
            f"{draw.choice(WORDS)} {draw.choice(WORDS)} {draw.choice(NOUNS)} {p}",
            draw.randint(19, 1999) / 100,
        )
        for p in range(4000)
    ]
    row, moment = 0, datetime(2010, 12, 1, 8)  # noqa: DTZ001 - a workbook knows no zones
    while row < count:
        moment += timedelta(minutes=draw.randint(1, 5))
        invoice += 1
        returned = draw.random() < 0.02
        customer = None if draw.random() < without_customer else draw.randint(12346, 18287)
        country = "United Kingdom" if draw.random() < 0.9 else draw.choice(("France", "Germany", "EIRE"))
        channel, seller = draw.choice(("Shop", "Online", "Fair")), f"Seller {draw.randint(1, 30)}"
        for _ in range(min(count - row, draw.randint(1, 41))):
            row += 1
            code, name, price = draw.choice(products)
            pieces = draw.randint(1, 48) * (-1 if returned else 1)
            number = f"{'C' if returned else ''}{invoice}"
            yield number, code, name, pieces, moment, price, customer, country, channel, seller


def make_file(path: Path, lines: int, without_customer: float, sheets: int = 1) -> None:
    """Write the lines as a workbook, spread over its sheets, or as CSV, by the ending of the path."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS, *lines_of(lines, without_customer)])
        return
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for place in range(sheets):
            sheet = workbook.add_worksheet(f"Orders {place + 1}")
            sheet.write_row(0, 0, HEADERS)
            # An order in two sheets would be refused: each has invoices of its own.
            rows = lines_of(lines // sheets, without_customer, 536365 + place * 1_000_000)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value)


@contextmanager
def somebody_else(store: Any) -> Iterator[list[float]]:
    """Somebody who wants to record an import all the time; how long each attempt took."""
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    waits: list[float] = []
    over = threading.Event()
    wanted = "SELECT 1" if store.is_sqlite else "LOCK TABLE import_batches IN ROW EXCLUSIVE MODE"

    def write() -> None:
        while not over.wait(0.05):
            start = time.perf_counter()
            # Whoever waits too long is refused in the end: that was a wait too.
            with suppress(OperationalError), store.write() as session:
                session.execute(text(wanted))
            waits.append(time.perf_counter() - start)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def timed(command: str, url: str | None, path: Path, sheets: int) -> dict[str, float]:
    """A command on the file, with a fresh store, timed step by step."""
    from core.access.actor import SYSTEM
    from core.facts import importing
    from core.policy.service import record_default_policy
    from core.store.engine import open_store
    from core.store.migrate import migrate

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(url, folder)
        migrate(store)
        record_default_policy(store, now=NOW)

        names = [None] if path.suffix == ".csv" else [f"Orders {place + 1}" for place in range(sheets)]
        asked = tuple(importing.SheetImport("transactions", name) for name in names)
        request = importing.ImportRequest(str(path), path.name, asked, create_customers=True)
        steps: dict[str, float] = defaultdict(float)
        start = time.perf_counter()
        now_doing, since = "parse", start

        def progress(_share: float, step: Any) -> None:
            nonlocal now_doing, since
            moment = time.perf_counter()
            steps[now_doing] += moment - since
            now_doing, since = STEPS.get(step.sentence, "rest"), moment

        with somebody_else(store) as waits:
            done = getattr(importing, command)(SYSTEM, store, request, now=NOW, progress=progress)
        end = time.perf_counter()
        steps[now_doing] += end - since
        print(done.counts, file=sys.stderr)
        return {**steps, "all": end - start, "wait": max(waits)}


def commit(path: Path, url: str | None, sheets: int) -> dict[str, float]:
    """The import through the product's own command."""
    return timed("commit_import", url, path, sheets)


def look(path: Path, url: str | None, sheets: int) -> dict[str, float]:
    """The check before it, which ends with the first result that a person sees."""
    return timed("preview", url, path, sheets)


def pandas_alone(path: Path, _url: str | None, _sheets: int) -> dict[str, float]:
    import pandas

    start = time.perf_counter()
    if path.suffix == ".csv":
        pandas.read_csv(path)
    else:
        pandas.read_excel(path, engine="openpyxl", sheet_name=None)
    return {"all": time.perf_counter() - start}


def calamine(path: Path, _url: str | None, sheets: int) -> dict[str, float]:
    from python_calamine import CalamineWorkbook

    start = time.perf_counter()
    workbook = CalamineWorkbook.from_path(path)
    for place in range(sheets):
        workbook.get_sheet_by_index(place).to_python()
    return {"all": time.perf_counter() - start}


WAYS: dict[str, Callable[[Path, str | None, int], dict[str, float]]] = {
    "import (parse, check, commit)": commit,
    "check only (parse, check, compare)": look,
    "pandas (openpyxl for a workbook), read alone": pandas_alone,
    "calamine, read alone": calamine,
}


def measure(way: str, path: Path, url: str | None, sheets: int) -> dict[str, float]:
    """Run one way in a process of its own: seconds by step, and peak memory in MiB."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path), "--sheets", str(sheets)]
    command += ["--database", url] if url else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--sheets", type=int, default=1, help="sheets of the workbook")
    arguments.add_argument("--form", choices=("xlsx", "csv"), default="xlsx")
    arguments.add_argument(
        "--without-customer", type=float, default=0.0, help="share of rows that are refused"
    )
    arguments.add_argument("--skip-openpyxl", action="store_true")
    arguments.add_argument(
        "--database", help="URL of a fresh database; SQLite in a temporary folder by default"
    )
    arguments.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.way:
        measured = WAYS[given.way](given.file, given.database, given.sheets)
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        cpu = sum(each.ru_utime + each.ru_stime for each in used)
        print(json.dumps(measured | {"cpu": cpu, "MiB": max(each.ru_maxrss for each in used) / 1024}))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / f"lines.{given.form}"
        if not path.exists():
            make_file(path, given.lines, given.without_customer, given.sheets)
        print(f"{given.lines:,} lines, {os.path.getsize(path) / 1e6:.1f} MB, {os.cpu_count()} cores")
        for way in WAYS:
            if (given.skip_openpyxl and "openpyxl" in way) or (path.suffix == ".csv" and "calamine" in way):
                continue
            measured = measure(way, path, given.database, given.sheets)
            told = ", ".join(f"{n} {v:,.1f} s" for n, v in measured.items() if n != "MiB")
            print(f"{way:44} {told}; peak {measured['MiB']:,.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
