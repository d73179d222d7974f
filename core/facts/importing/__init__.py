"""Files of facts: preview what an import would do, and commit it in one transaction."""

from __future__ import annotations

from core.facts.importing import places_of_fields as places_of_fields
from core.facts.importing.commands import commit_import, preview
from core.facts.importing.request import (
    MODES,
    Change,
    ImportCounts,
    ImportPreview,
    ImportRequest,
    ImportResult,
    Progress,
    SheetImport,
    SheetPreview,
    SheetResult,
)

__all__ = [
    "MODES",
    "Change",
    "ImportCounts",
    "ImportPreview",
    "ImportRequest",
    "ImportResult",
    "Progress",
    "SheetImport",
    "SheetPreview",
    "SheetResult",
    "commit_import",
    "preview",
]
