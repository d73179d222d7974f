"""How long the draft of the demo company's monthly report takes, and its two files.

    python bench/report_draft.py [--runs N] [--data FOLDER]

The budget of a draft is 3 seconds. Reading the published report again must give the same bytes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.access.actor import SYSTEM
from core.clock import now
from core.reviews import printed, workbook
from core.reviews.document import sha256, to_text
from core.reviews.report_queries import report_document, reports
from core.reviews.report_service import draft
from core.reviews.words import Speaker
from core.store.engine import open_store
from tests.serving import with_demo

BUDGET_S = 3.0


def main() -> None:
    """Print one line for each kind of work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, help="a data folder that holds the demo company already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        if options.data is None:
            with_demo(folder)
        store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
        latest, published = reports(SYSTEM, store)[:2]
        document = report_document(SYSTEM, store, latest.id)
        speaker = Speaker("zh_CN", document.meta.currency, document.meta.time_zone)
        work: dict[str, Callable[[], object]] = {
            "draft": lambda: draft(SYSTEM, store, latest.month, now=now()),
            "workbook": lambda: workbook.write(BytesIO(), document, latest, speaker),
            "page to print": lambda: printed.page(document, latest, speaker),
            "read the published one": lambda: report_document(SYSTEM, store, published.id),
        }
        for name, run in work.items():
            taken = [timed(run) for _ in range(options.runs)]
            over = name == "draft" and max(taken) > BUDGET_S
            print(
                f"{name:<24} first {taken[0]:.3f} s, median {statistics.median(taken):.3f} s{'  over budget' * over}"
            )
        again = to_text(report_document(SYSTEM, store, published.id))
        print(
            f"the published one: {len(again.encode())} bytes, seal intact: {sha256(again) == published.sha256}"
        )


def timed(run: Callable[[], object]) -> float:
    """Seconds of one run."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
