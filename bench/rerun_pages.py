"""How long the server takes to run each page of the demo company again, as after a click.

    python bench/rerun_pages.py [--reruns N] [--data FOLDER]

The app is served as a person starts it; a tab's websocket asks for one rerun after the other, so nothing of a
browser is measured. Milliseconds from asking to the page's end: median, 95th percentile, and the processor time
of the server a rerun, which other programs on the machine do not change much. The budget is 50 at the median
and 150 at the 95th percentile.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from core.access.accounts import actor_of
from core.access.actor import SYSTEM
from core.access.tables import Account
from core.clock import now
from core.facts.uploads import keep_upload
from core.warning.queries import worklist
from tests.serving import Server, served, with_demo
from tests.websocket import run_page, socket_of

MEDIAN_MS, P95_MS = 50, 150
WIDE = 500
"""Columns of the widest file that is read."""
WARM_UP = 3
TICKS_A_SECOND = 100
"""The unit of /proc/<pid>/stat on Linux."""


def main() -> None:
    """Print one line a page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reruns", type=int, default=50)
    parser.add_argument("--data", type=Path, help="a data folder that holds the demo company already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        if options.data is None:
            with_demo(folder)
        with served(folder) as server:
            account = f"bench{time.time_ns()}"
            server.account(account, "administrator")
            print(
                f"{'page':<22}{'median':>8}{'p95':>8}{'worst':>8}{'cpu':>8}  ms over {options.reruns} reruns"
            )
            for name, (page, query) in (pages(server) | wide_file(server, account)).items():
                with socket_of(server, Cookie=server.cookie(account)) as tab:
                    for _ in range(WARM_UP):
                        run_page(tab, page, query)
                    cpu = processor_ms(server)
                    taken = sorted(timed(tab, page, query) for _ in range(options.reruns))
                    cpu = (processor_ms(server) - cpu) / options.reruns
                median, p95 = statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]
                verdict = "" if median <= MEDIAN_MS and p95 <= P95_MS else "  over budget"
                print(f"{name:<22}{median:>8.0f}{p95:>8.0f}{taken[-1]:>8.0f}{cpu:>8.0f}{verdict}", flush=True)


def pages(server: Server) -> dict[str, tuple[str, str]]:
    """What is measured -> page and query."""
    first = worklist(SYSTEM, server.store, now=now(), limit=1).iloc[0]
    return {
        "home": ("", ""),
        "segment_explorer": ("segment_explorer", ""),
        "churn_worklist": ("churn_worklist", ""),
        "a work order": ("churn_worklist", f"order={first['id']}"),
        "customer, search": ("customer", ""),
        "a customer": ("customer", f"id={first['customer_id']}"),
        "funnel": ("funnel", ""),
        "leads of a band": ("funnel", "band=contacted~lost"),
        "pilot_kanban": ("pilot_kanban", ""),
        "weekly meeting": ("pilot_kanban", "view=meeting"),
        "a card": ("pilot_kanban", "card=1"),
        "monthly_report": ("monthly_report", ""),
        "data_exchange": ("data_exchange", ""),
        "administration": ("administration", ""),
    }


def wide_file(server: Server, account: str) -> dict[str, tuple[str, str]]:
    """The columns of a file of 500, brought in by that account."""
    with server.store.read() as session:
        actor = actor_of(session.scalars(select(Account).where(Account.username == account)).one())
    names = ["客户编号", "姓名", "手机号", *(f"指标{n}" for n in range(WIDE - 3))]
    rows = [
        [f"C{n}", "张三", f"154{n:08}", *(f"{n * place % 7}.5" for place in range(WIDE - 3))]
        for n in range(99)
    ]
    content = "".join(",".join(row) + "\n" for row in [names, *rows]).encode()
    kept = keep_upload(actor, server.store, "wide.csv", io.BytesIO(content), now=now())
    return {"columns of a wide file": ("data_exchange", f"file={kept.token}&step=columns")}


def timed(tab, page: str, query: str) -> float:
    """Milliseconds of one rerun."""
    started = time.perf_counter()
    run_page(tab, page, query)
    return (time.perf_counter() - started) * 1000


def processor_ms(server: Server) -> float:
    """Processor time of the server process so far."""
    stat = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) * 1000 / TICKS_A_SECOND


if __name__ == "__main__":
    main()
