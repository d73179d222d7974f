"""Words for the codes of long work, in English; the catalogue of the reader's language has the rest."""

from __future__ import annotations

from core.language import mark

JOB_KINDS: dict[str, str] = {
    "import_check": mark("Check of a file"),
    "import_commit": mark("Import"),
    "cycle": mark("Regrading"),
    "demo": mark("Demo company"),
    "export": mark("Download"),
}

JOB_STATUSES: dict[str, str] = {
    "queued": mark("Waiting"),
    "running": mark("Running"),
    "done": mark("Done"),
    "failed": mark("Failed"),
}
