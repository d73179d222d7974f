"""A report as a workbook: a sheet a chapter, figures as numbers with their units, charts that stay charts.

The same report in the same language gives the same bytes. Every text is written as text, whatever it begins with.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from core.reviews.document import Document
from core.reviews.report_notes import TITLE
from core.reviews.report_queries import ReportHead
from core.reviews.words import Speaker
from core.reviews.workbook_parts import Book
from core.reviews.workbook_sheets import CHAPTERS

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(target: Path | BinaryIO, document: Document, head: ReportHead, speaker: Speaker) -> None:
    """Write the report into a path or an open binary file."""
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS) as workbook:
        title = f"{speaker.say(TITLE)} · {speaker.month(document.meta.month)}"
        # The one date that the format itself wants; that of the day of writing would differ at every download.
        created = document.meta.drafted_at.replace(tzinfo=None, microsecond=0)
        workbook.set_properties({"title": title, "created": created})
        book = Book(workbook, document, head, speaker)
        for chapter in CHAPTERS:
            chapter(book)
