"""The seal of a published report: what it says, rests on and who answers for it, signed with the house key.

A plain digest beside the document could be worked out anew by whoever changes both.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from core.access.vault import open_vault
from core.errors import Refused
from core.language import mark
from core.reviews.document import Document, from_text, sha256
from core.reviews.tables import Report
from core.store.engine import Store

DRAFT, PUBLISHED = "draft", "published"
_PURPOSE = "report"
BROKEN_SEAL = mark(
    "The content of this report does not match its seal: it was changed outside the product. Nothing of it is"
    " shown. Restore it from a backup."
)


def seal(store: Store, report: Report) -> str:
    """The seal of the report as it stands in its record."""
    return open_vault(store).sign(_sealed(report), _PURPOSE)


def opened(store: Store, report: Report) -> Document:
    """The document of a report, once it is found whole; Refused otherwise. A draft has its digest alone."""
    whole = sha256(report.document) == report.sha256 and (
        report.seal is None if report.status == DRAFT else _verified(store, report)
    )
    if not whole:
        raise Refused(BROKEN_SEAL)
    return from_text(report.document)


def _verified(store: Store, report: Report) -> bool:
    return report.seal is not None and open_vault(store).verify(_sealed(report), _PURPOSE, report.seal)


def _sealed(report: Report) -> bytes:
    parts = [
        report.month.isoformat(),
        report.revision,
        report.status,
        report.sha256,
        report.policy_version,
        report.data_version,
        report.reason,
        _instant(report.drafted_at),
        report.drafted_by_name,
        _instant(report.published_at),
        report.published_by_name,
    ]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
