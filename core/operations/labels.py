"""Words for the codes of long work, in English; the catalogue of the reader's language has the rest."""

from __future__ import annotations

from core.language import mark

JOB_KINDS: dict[str, str] = {
    "import_check": mark("Check of a file"),
    "import_commit": mark("Import"),
    "import_undo_plan": mark("What undoing an import would do"),
    "import_undo": mark("Undoing of an import"),
    "cycle": mark("Regrading"),
    "demo": mark("Demo company"),
    "export": mark("Download"),
    "report_draft": mark("Draft of a report"),
    "duplicates": mark("Search for duplicates"),
    "migration_check": mark("Migration check"),
}

JOB_STATUSES: dict[str, str] = {
    "queued": mark("Waiting"),
    "running": mark("Running"),
    "done": mark("Done"),
    "failed": mark("Failed"),
}

TASKS: dict[str, str] = {
    "win_back_response": mark("Contact the customer"),
    "first_response": mark("Answer the lead"),
    "record_update": mark("Complete the record"),
    "card": mark("Finish the card"),
    "data_fix": mark("Correct the customer's data"),
}
"""Kind of the ledger -> what whoever owes it has to do."""
