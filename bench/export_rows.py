"""Export of 100,000 customers to a workbook, beside what pandas with openpyxl takes to write the same rows.

    python bench/export_rows.py [--rows N] [--skip-openpyxl]

Ours opens each sealed phone, applies role and scope, and streams; the others are handed rows that lie in memory. Every
measurement runs in a process of its own; growth is the largest resident set less that before the export began.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
CITIES = ("杭州", "宁波", "广州", "深圳", "北京", "天津")


def fill(folder: Path, rows: int) -> None:
    """A store with that many customers, each with a phone of its own."""
    from sqlalchemy import insert

    from core.access.tables import Department
    from core.access.vault import open_vault
    from core.facts import identity
    from core.facts.tables import Customer
    from core.policy.service import record_default_policy
    from core.store.engine import open_store
    from core.store.migrate import migrate

    store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
    migrate(store)
    record_default_policy(store, now=NOW)
    vault = open_vault(store)
    people = []
    for key in range(1, rows + 1):
        phone = f"100{key:08d}"
        people.append(
            {
                "id": key,
                "code": f"C{key:07d}",
                "name": f"客户{key}",
                "phone_sealed": vault.seal(phone, identity.place("phone", key)),
                "phone_index": identity.digest(vault, "phone", phone),
                "department_id": 1,
                "region": "华东",
                "city": CITIES[key % len(CITIES)],
                "channel": "微信小程序",
                "annual_revenue": key * 10_000,
                "consent": key % 3 > 0,
                "created_at": NOW,
                "updated_at": NOW,
            }
        )
    with store.write() as session:
        session.add(Department(id=1, name="华东大区"))
        session.flush()
        session.execute(insert(Customer), people)
        session.commit()


def ours(folder: Path) -> dict[str, Any]:
    """The product's own export of all customers, phones in full."""
    from core.access.actor import SYSTEM
    from core.operations.exports import write_export
    from core.store.engine import open_store

    store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
    return measured(
        lambda: write_export(SYSTEM, store, "customers", folder / "ours.xlsx", now=NOW, language="zh_CN")
    )


def pandas_openpyxl(folder: Path) -> dict[str, Any]:
    """`DataFrame.to_excel` of the rows that ours has written."""
    import pandas as pd

    frame = pd.read_excel(folder / "ours.xlsx", engine="calamine", dtype=object)

    def write() -> int:
        frame.to_excel(folder / "theirs.xlsx", index=False, engine="openpyxl")
        return len(frame)

    return measured(write)


def measured(write: Any) -> dict[str, Any]:
    before, began, busy = resident(), time.perf_counter(), time.process_time()
    rows = write()
    return {
        "rows": rows,
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time() - busy, 1),
        "growth_mib": round((resident() - before) / 1024),
    }


def resident() -> int:
    """The largest resident set of this process so far, in KiB; what its parent held does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def apart(what: str, folder: Path) -> dict[str, Any]:
    ran = subprocess.run(
        (sys.executable, __file__, "--only", what, "--folder", str(folder)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--skip-openpyxl", action="store_true")
    parser.add_argument("--only", choices=("ours", "pandas"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps({"ours": ours, "pandas": pandas_openpyxl}[options.only](options.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, options.rows)
        print("ours", apart("ours", folder))
        if not options.skip_openpyxl:
            print("pandas with openpyxl", apart("pandas", folder))


if __name__ == "__main__":
    main()
