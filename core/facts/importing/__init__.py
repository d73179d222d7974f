"""Files of facts: preview what an import would do, and commit it in one transaction."""

from __future__ import annotations

from core.facts.importing.commands import commit_import, preview
from core.facts.importing.request import (
    MODES,
    ImportCounts,
    ImportPreview,
    ImportRequest,
    ImportResult,
    Progress,
)

__all__ = [
    "MODES",
    "ImportCounts",
    "ImportPreview",
    "ImportRequest",
    "ImportResult",
    "Progress",
    "commit_import",
    "preview",
]
