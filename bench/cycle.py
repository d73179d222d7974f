"""The cycle over 541,000 imported order lines: mart, grades, indicators and work orders, each timed.

    python bench/cycle.py [--lines N] [--database URL]

The workbook is the one of `import_lines.py`; it is imported through the command line's own functions first. Wall
seconds; the first cycle writes everything, the second finds nothing new, the third is a later day.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.import_lines import make_file
from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, commit_import
from core.language import Message
from core.operations.cycle import run_cycle
from core.policy.service import record_default_policy
from core.store.engine import open_store
from core.store.migrate import migrate

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
DAYS = (date(2011, 9, 30), date(2011, 9, 30), date(2011, 10, 31))
"""Within the year that the invoices of the workbook fill."""


def main() -> None:
    """Print one JSON object a measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=541_000)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "orders.xlsx"
        make_file(workbook, options.lines, 0.0)
        store = open_store(options.database, Path(folder) / "data")
        migrate(store)
        record_default_policy(store, now=NOW)
        request = ImportRequest.of(str(workbook), workbook.name, "transactions", create_customers=True)
        started = time.perf_counter()
        imported = commit_import(SYSTEM, store, request, now=NOW)
        print(json.dumps({"import": round(time.perf_counter() - started, 2), "added": imported.added}))
        for as_of in DAYS:
            steps: list[tuple[str, float]] = []

            def note(_share: float, step: Message, steps: list[tuple[str, float]] = steps) -> None:
                steps.append((step.sentence, time.perf_counter()))

            started = time.perf_counter()
            result = run_cycle(SYSTEM, store, as_of, now=NOW, progress=note)
            ended = time.perf_counter()
            ends = [at for _, at in steps[1:]] + [ended]
            parts = {name: round(end - at, 2) for (name, at), end in zip(steps, ends, strict=True)}
            print(
                json.dumps(
                    {"as_of": str(as_of), "cycle": round(ended - started, 2), **parts, **result.to_json()}
                )
            )
        store.engine.dispose()


if __name__ == "__main__":
    main()
