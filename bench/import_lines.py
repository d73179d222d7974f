"""Import of 541,000 order lines from a workbook of about 25 MB, beside what others take to read it alone.

    python bench/import_lines.py [--lines N] [--without-customer SHARE] [--skip-openpyxl] [--database URL]

The workbook has the eight columns of UCI's Online Retail II and is made by seed, the same every time. Every
measurement runs in a process of its own; memory is the largest resident set of that process or its children.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

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
)
NOUNS = ("LANTERN", "HOLDER", "T-LIGHT", "BAG", "BUNTING", "CAKE STAND", "MUG", "CLOCK", "BOX", "CANDLE")
WORDS = ("WHITE", "RED", "VINTAGE", "HANGING", "JUMBO", "SET OF 6", "REGENCY", "PARTY", "LARGE", "WOODEN")
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def make_workbook(path: Path, lines: int, without_customer: float) -> None:
    """Write the workbook: invoices of 1 to 41 lines, 4,000 products, 5,900 customers, two per cent returns."""
    import xlsxwriter

    draw = random.Random(20101201)
    products = [
        (
            f"{20000 + p}",
            f"{draw.choice(WORDS)} {draw.choice(WORDS)} {draw.choice(NOUNS)} {p}",
            draw.randint(19, 1999) / 100,
        )
        for p in range(4000)
    ]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Year 2010-2011")
        day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, header in enumerate(HEADERS):
            sheet.write_string(0, column, header)
        row, moment, invoice = 0, datetime(2010, 12, 1, 8), 536365  # noqa: DTZ001 - a workbook knows no zones
        while row < lines:
            moment += timedelta(minutes=draw.randint(1, 40))
            invoice += 1
            returned = draw.random() < 0.02
            customer = None if draw.random() < without_customer else draw.randint(12346, 18287)
            country = "United Kingdom" if draw.random() < 0.9 else draw.choice(("France", "Germany", "EIRE"))
            for _ in range(min(lines - row, draw.randint(1, 41))):
                row += 1
                code, name, price = draw.choice(products)
                sheet.write_string(row, 0, f"{'C' if returned else ''}{invoice}")
                sheet.write_string(row, 1, code)
                sheet.write_string(row, 2, name)
                sheet.write_number(row, 3, draw.randint(1, 48) * (-1 if returned else 1))
                sheet.write_datetime(row, 4, moment, day)
                sheet.write_number(row, 5, price)
                if customer is not None:
                    sheet.write_number(row, 6, customer)
                sheet.write_string(row, 7, country)


def ours(path: Path, url: str | None) -> dict[str, float]:
    """The import through the product's own command, into a fresh store, timed step by step."""
    from core.access.actor import SYSTEM
    from core.facts.importing import ImportRequest, commit_import
    from core.policy.service import record_default_policy
    from core.store.engine import open_store
    from core.store.migrate import migrate

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(url, folder)
        migrate(store)
        record_default_policy(store, now=NOW)
        steps: dict[str, float] = {}

        def progress(_share: float, step: object) -> None:
            steps.setdefault(step.sentence, time.perf_counter())  # type: ignore[attr-defined]

        def run() -> dict[str, float]:
            request = ImportRequest(str(path), path.name, "transactions", create_customers=True)
            steps.clear()
            start = time.perf_counter()
            result = commit_import(SYSTEM, store, request, now=NOW, progress=progress)
            end = time.perf_counter()
            print(result, file=sys.stderr)
            marks = [start, *(steps[s] for s in ("Checking the cells", "Saving")), end]
            parse, check, commit = (b - a for a, b in pairwise(marks))
            return {"parse": parse, "check": check, "commit": commit, "all": end - start}

        first = run()
        return first | {"again": run()["all"]}


def pandas_openpyxl(path: Path, _url: str | None) -> dict[str, float]:
    import pandas

    start = time.perf_counter()
    pandas.read_excel(path, engine="openpyxl")
    return {"all": time.perf_counter() - start}


def calamine(path: Path, _url: str | None) -> dict[str, float]:
    from python_calamine import CalamineWorkbook

    start = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return {"all": time.perf_counter() - start}


def pandas_to_sql(path: Path, _url: str | None) -> dict[str, float]:
    """Writing only: the frame is read before the clock starts."""
    import pandas
    from sqlalchemy import create_engine

    frame = pandas.read_excel(path, engine="calamine")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/lines.db")
        start = time.perf_counter()
        frame.to_sql("lines", engine, index=False)
        return {"all": time.perf_counter() - start}


WAYS = {
    "import (parse, check, commit)": ours,
    "pandas.read_excel, openpyxl (read alone)": pandas_openpyxl,
    "calamine (read alone)": calamine,
    "pandas.to_sql (write alone)": pandas_to_sql,
}


def measure(way: str, path: Path, url: str | None) -> dict[str, float]:
    """Run one way in a process of its own: seconds by step, and peak memory in MiB."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    command += ["--database", url] if url else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--lines", type=int, default=541_000)
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
        measured = WAYS[given.way](given.file, given.database)
        peak = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(json.dumps(measured | {"MiB": peak / 1024}))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "lines.xlsx"
        if not path.exists():
            make_workbook(path, given.lines, given.without_customer)
        print(f"{given.lines:,} lines, {os.path.getsize(path) / 1e6:.1f} MB, {os.cpu_count()} cores")
        for way in WAYS:
            if given.skip_openpyxl and "openpyxl" in way:
                continue
            measured = measure(way, path, given.database)
            told = ", ".join(f"{n} {v:,.1f} s" for n, v in measured.items() if n != "MiB")
            print(f"{way:42} {told}; peak {measured['MiB']:,.0f} MiB")


if __name__ == "__main__":
    main()
