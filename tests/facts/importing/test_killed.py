"""Death in the middle of a commit: the file is in as a whole or not at all, and can come again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select, text

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, SheetImport, commit_import
from core.facts.tables import Customer, ImportBatch, Lead, OrderLine
from core.obligations.tables import Obligation
from core.store.engine import PROJECT

COMMIT_AND_DIE = """
import json, os, signal, sys, threading, time
from datetime import UTC, datetime
from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, commands, commit_import
from core.store.engine import open_store

lock = commands.lock_imports

def lock_and_die(session):
    lock(session)
    if share := float(sys.argv[2]):
        threading.Timer(share, os.kill, (os.getpid(), signal.SIGKILL)).start()
    global begun
    begun = time.monotonic()

commands.lock_imports = lock_and_die
commit_import(SYSTEM, open_store(), ImportRequest.from_json(json.loads(sys.argv[1])), now=datetime.now(UTC))
print(time.monotonic() - begun)
"""
CUSTOMERS, LINES, LEADS = 200, 2_000, 200


def workbook(path: Path, name: str) -> ImportRequest:
    """Customers, their orders and leads, with codes that begin with `name`."""
    orders = [(f"{name}{n % CUSTOMERS}", f"{name}{n}", "2026-10-01", n) for n in range(LINES)]
    leads = [(f"{name}{n}", "2026-10-01 09:00", "13800001234") for n in range(LEADS)]
    customers = [(f"{name}{n}", "张三", f"138{n:08}") for n in range(CUSTOMERS)]
    sheets = {
        "transactions": [("客户编号", "订单编号", "下单时间", "金额"), *orders],
        "leads": [("lead_code", "arrived_at", "phone"), *leads],
        "customers": [("客户编号", "客户名称", "手机号"), *customers],
    }
    with xlsxwriter.Workbook(str(path)) as book:
        for table, rows in sheets.items():
            sheet = book.add_worksheet(table)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return ImportRequest(str(path), path.name, tuple(SheetImport(table, table) for table in sheets))


def stored(store) -> list[int]:
    kinds = (Customer, OrderLine, Lead, Obligation, ImportBatch)
    with store.read() as session:
        return [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]


@pytest.mark.parametrize(
    ("database_url", "kills"),
    [
        ("sqlite", 3),
        ("postgresql", 3),
        pytest.param("sqlite", 30, marks=pytest.mark.full),
        pytest.param("postgresql", 30, marks=pytest.mark.full),
    ],
    indirect=["database_url"],
)
def test_a_commit_killed_at_any_moment_is_whole_or_nothing_and_goes_in_again(
    store, database_url, now, tmp_path, kills
):
    variables = {**os.environ, "DATABASE_URL": database_url, "APP_DATA_DIR": str(store.data_dir)}
    draw = random.Random(20261103)

    def commit(request: ImportRequest, die_after: float) -> subprocess.CompletedProcess:
        asked = [sys.executable, "-c", COMMIT_AND_DIE, json.dumps(request.to_json()), str(die_after)]
        return subprocess.run(
            asked, cwd=PROJECT, env=variables, stdout=subprocess.PIPE, text=True, check=False
        )

    lasted = float(commit(workbook(tmp_path / "whole.xlsx", "W"), 0).stdout)
    whole = stored(store)
    assert whole == [CUSTOMERS, LINES, LEADS, LEADS, 3]
    for number in range(kills):
        request = workbook(tmp_path / "killed.xlsx", f"K{number}-")
        before = stored(store)
        after = [had + new for had, new in zip(before, whole, strict=True)]
        commit(request, draw.uniform(0.001, lasted))
        assert stored(store) in (before, after)
        if store.is_sqlite:
            with store.read() as session:
                assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
                assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        taken = commit_import(SYSTEM, store, request, now=now).counts
        assert (taken.added + taken.unchanged, taken.rejected) == (CUSTOMERS + LINES + LEADS, 0)
        assert stored(store)[:4] == after[:4]
