"""Monthly reports as long work and as files: the draft with the measures brought up to date, workbook and page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound
from core.grading.queries import freshness
from core.language import Message, mark
from core.measures.queries import worked_out_at
from core.operations.cycle import business_today, run_cycle
from core.operations.exports import export_folder
from core.reviews import printed, workbook
from core.reviews.report_queries import report_document, reports
from core.reviews.report_service import draft
from core.reviews.words import Speaker
from core.store.engine import Store
from core.store.jobs import Progress

FORMS = {"workbook": "xlsx", "page": "html"}
"""What a report can be fetched as -> the ending of its file."""
_CYCLE_SHARE = 0.8


def draft_report(
    actor: Actor, store: Store, payload: Mapping[str, Any], *, now: datetime, progress: Progress
) -> dict[str, Any]:
    """The draft of a job. `payload`: month, its first day in ISO form. The result says `report`, its id.

    Measures of an earlier day, or of facts that have changed since, are worked out anew by a cycle first.
    """
    month = date.fromisoformat(str(payload["month"]))
    today = business_today(store, now=now)
    if worked_out_at(store) != today or freshness(store).stale:
        run_cycle(
            actor,
            store,
            today,
            now=now,
            progress=lambda share, step: progress(share * _CYCLE_SHARE, step),
        )
    progress(_CYCLE_SHARE, Message(mark("Writing the report")))
    return {"report": draft(actor, store, month, now=now)}


def report_file(
    actor: Actor, store: Store, report_id: int, form: str, language: str, *, now: datetime
) -> tuple[Path, str]:
    """Write the report as `form` (a key of FORMS) within the actor's reach: where the file lies, and a name for it."""
    actor.require(Permission.EXPORT)
    document = report_document(actor, store, report_id)
    head = next((each for each in reports(actor, store) if each.id == report_id), None)
    if head is None or form not in FORMS:
        raise NotFound(mark("There is no such report."))
    speaker = Speaker(language, document.meta.currency, document.meta.time_zone)
    path = export_folder(store, now=now) / f"{secrets.token_urlsafe(16)}.{FORMS[form]}"
    if form == "workbook":
        workbook.write(path, document, head, speaker)
    else:
        path.write_text(printed.page(document, head, speaker), encoding="utf-8")
    with store.write() as session:
        audit.record(session, actor, "export.written", "report", report_id, now=now, form=form)
        session.commit()
    return path, f"monthly-report-{head.month:%Y-%m}-r{head.revision}.{FORMS[form]}"
