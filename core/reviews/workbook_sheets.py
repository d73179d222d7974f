"""The chapters of a report's workbook, one sheet each."""

from __future__ import annotations

from collections.abc import Callable

from core.grading.labels import LIFECYCLE_STAGE_LABELS, VALUE_TIER_LABELS
from core.language import mark
from core.measures.catalogue import MEASURES
from core.reviews.document import Counts
from core.reviews.labels import OBLIGATION_KINDS
from core.reviews.report_notes import HOW_TO_READ, TITLE, about
from core.reviews.report_obligations import COUNTED, NOBODY, counted
from core.reviews.report_words import sentences
from core.reviews.workbook_departments import departments
from core.reviews.workbook_measures import measures
from core.reviews.workbook_parts import AXIS, BETTER, GRID, PALE, WORSE, Book, Sheet

_FAINT = "#5E625A"
_COMPANY = mark("Whole company")
_STATE_COLORS = (BETTER, "#E8A874", WORSE, PALE)
"""Of what was owed, as `Counts.STATES`."""


def summary(book: Book) -> None:
    """What the report is, and what in it is worth a sentence."""
    sheet, document = Sheet(book, book.say(mark("Summary")), (26, 110)), book.document
    title = f"{book.say(TITLE)} · {book.speaker.month(document.meta.month)}"
    sheet.text(0, 0, title, bold=True, font_size=16)
    row = 2
    sheet.text(row, 0, book.say(mark("Findings")), bold=True, bottom=2)
    sheet.text(row, 1, "", bottom=2)
    for number, sentence in enumerate(sentences(document, book.speaker), start=1):
        row += 1
        sheet.text(row, 0, str(number), align="right", font_color=_FAINT)
        sheet.text(row, 1, sentence, text_wrap=True)
    row += 2
    sheet.text(row, 0, book.say(mark("About this report")), bold=True, bottom=2)
    sheet.text(row, 1, "", bottom=2)
    for number, (label, words) in enumerate(about(document, book.head, book.speaker), start=row + 1):
        sheet.text(number, 0, label, font_color=_FAINT)
        sheet.text(number, 1, words, text_wrap=True)


def movement(book: Book) -> None:
    """Customers by tier before and now, and by lifecycle stage, as tables and charts."""
    sheet = Sheet(book, book.say(mark("Grade movement")), (34, *[16] * 7))
    say, label, rows = book.say, book.speaker.label, book.document.movement
    tiers = [tier for tier in VALUE_TIER_LABELS if any(tier in (row.before, row.now) for row in rows)]
    counted = {(row.before, row.now): row.customers for row in rows}
    corner = say(mark("Tier at the end of the month before, by tier now"))
    sheet.headers(0, [corner, *(label(VALUE_TIER_LABELS, tier) for tier in tiers)])
    for row, before in enumerate(tiers, start=1):
        sheet.text(row, 0, label(VALUE_TIER_LABELS, before), bold=True)
        for column, now in enumerate(tiers, start=1):
            sheet.count(row, column, counted.get((before, now), 0))
    first = len(tiers) + 3
    words = [say(mark("Lifecycle stage")), say(mark("Customers, month before")), say(mark("Customers now"))]
    sheet.headers(first, words)
    stages = book.document.stages
    for row, stage in enumerate(stages, start=first + 1):
        sheet.text(row, 0, label(LIFECYCLE_STAGE_LABELS, stage.stage), bold=True)
        sheet.count(row, 1, stage.before)
        sheet.count(row, 2, stage.now)
    if stages:
        _stage_chart(sheet, words, first + 1, first + len(stages))


def _stage_chart(sheet: Sheet, words: list[str], first: int, last: int) -> None:
    chart = sheet.chart("column", words[0], row=last + 2)
    for column, color in ((1, PALE), (2, BETTER)):
        chart.add_series(
            {
                "name": words[column],
                "categories": sheet.cells(first, 0, last),
                "values": sheet.cells(first, column, last),
                "fill": {"color": color},
                "gap": 80,
            }
        )
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis(AXIS)
    chart.set_y_axis({**AXIS, "major_gridlines": GRID, "num_format": "#,##0"})


def obligations(book: Book) -> None:
    """What was owed in the month: kept or not, by kind and department."""
    sheet = Sheet(book, book.say(mark("Obligations")), (34, 22, 10, 12, 12, 16, 14, 14))
    say = book.say
    words = (mark("Obligation"), mark("Department"), *COUNTED)
    sheet.headers(0, [say(word) for word in words], frozen=True)
    row, companies = 1, []
    for line in book.document.obligations:
        kind = book.speaker.label(OBLIGATION_KINDS, line.kind)
        companies.append(row)
        _counts(sheet, row, kind, say(_COMPANY), line.company, bold=True)
        for each in line.departments:
            row += 1
            _counts(sheet, row, kind, each.department or say(NOBODY), each.counts)
        row += 1
    for number, company in enumerate(companies):
        _obligation_chart(sheet, company, number, row + 1)


def _counts(sheet: Sheet, row: int, kind: str, whose: str, counts: Counts, *, bold: bool = False) -> None:
    sheet.text(row, 0, kind, bold=bold)
    sheet.text(row, 1, whose, bold=bold)
    for column, count in enumerate(counted(counts), start=2):
        sheet.count(row, column, count)
    sheet.value(row, 7, counts.kept, "share", bold=bold)


def _obligation_chart(sheet: Sheet, company: int, number: int, top: int) -> None:
    """One bar a department of one kind, parted by how it stood."""
    lines = sheet.book.document.obligations[number]
    chart = sheet.chart(
        "bar",
        sheet.book.speaker.label(OBLIGATION_KINDS, lines.kind),
        row=top,
        left=number * 410,
        subtype="stacked",
    )
    last = company + len(lines.departments)
    for column, color in enumerate(_STATE_COLORS, start=3):
        chart.add_series(
            {
                "name": [sheet.name, 0, column],
                "categories": sheet.cells(company, 1, last),
                "values": sheet.cells(company, column, last),
                "fill": {"color": color},
                "gap": 60,
            }
        )
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({**AXIS, "reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis({**AXIS, "major_gridlines": GRID, "num_format": "#,##0"})


def notes(book: Book) -> None:
    """How the figures are to be read, and what each measure counts."""
    sheet = Sheet(book, book.say(mark("Notes")), (28, 90, 34, 34))
    say = book.say
    sheet.text(0, 0, say(mark("How to read the figures")), bold=True, bottom=2)
    sheet.text(0, 1, "", bottom=2)
    for row, sentence in enumerate(HOW_TO_READ, start=1):
        sheet.text(row, 0, str(row), align="right", font_color=_FAINT)
        sheet.text(row, 1, say(sentence), text_wrap=True)
    first = len(HOW_TO_READ) + 2
    words = (mark("Measure"), mark("Definition"), mark("Numerator"), mark("Denominator"))
    sheet.headers(first, [say(word) for word in words])
    for row, line in enumerate(book.document.measures, start=first + 1):
        sheet.text(row, 0, book.speaker.measure(line.code), bold=True)
        measure = MEASURES.get(line.code)
        if measure is not None:  # a later version of the product may know it no longer
            for column, text in enumerate((measure.definition, measure.numerator, measure.denominator), 1):
                sheet.text(row, column, say(text), text_wrap=True)


CHAPTERS: tuple[Callable[[Book], None], ...] = (
    summary,
    measures,
    departments,
    movement,
    obligations,
    notes,
)
