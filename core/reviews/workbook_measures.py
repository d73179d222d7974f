"""The measures of a report's workbook: a row each, its months beside it, and a chart of each over time."""

from __future__ import annotations

from xlsxwriter.utility import quote_sheetname, xl_range

from core.language import mark
from core.measures.labels import STANDINGS
from core.reviews.document import MeasureLine
from core.reviews.labels import MISSING
from core.reviews.workbook_parts import AXIS, BETTER, CHART, GRID, INK, ROWS_OF_CHART, WORSE, Book, Sheet

HEADERS = (
    mark("Measure"),
    mark("Value"),
    mark("Unit"),
    mark("n"),
    mark("Interval from"),
    mark("Interval to"),
    mark("Target"),
    mark("Against the target"),
    mark("Month before"),
    mark("Change"),
    mark("Change from"),
    mark("Change to"),
    mark("Real or noise"),
    mark("Numerator"),
    mark("Denominator"),
)
_WIDTHS = (26, 12, 13, 10, 11, 11, 11, 21, 12, 12, 11, 11, 13, 14, 14)
_ACROSS = 3
_MONTHS = len(HEADERS)
"""The column at which the months begin."""


def measures(book: Book) -> None:
    """The sheet of measures."""
    sheet, lines = Sheet(book, book.say(mark("Measures")), _WIDTHS), book.document.measures
    months = [f"{point.month:%Y-%m}" for point in (lines[0].trend if lines else ())]
    after = _MONTHS + len(months)
    sheet.page.set_column(_MONTHS, after - 1, 10)
    sheet.page.set_column(after, after, 18)
    sheet.page.set_column(after + 1, after + 1, 56)
    last = (book.say(mark("Trend")), book.say(mark("Remark")))
    sheet.headers(0, [*(book.say(word) for word in HEADERS), *months, *last], frozen=True)
    for row, line in enumerate(lines, start=1):
        _row(sheet, row, line)
    known = [(row, line) for row, line in enumerate(lines, 1) if any(p.value is not None for p in line.trend)]
    for number, (row, line) in enumerate(known):
        _chart(sheet, number, row, line, top=len(lines) + 2)


def _row(sheet: Sheet, row: int, line: MeasureLine) -> None:
    book, figure, kind = sheet.book, line.figure, line.kind
    sheet.text(row, 0, book.speaker.line(line), bold=True)
    sheet.value(row, 1, figure.value, kind, bold=True)
    sheet.text(row, 2, book.unit(kind))
    sheet.count(row, 3, figure.n)
    sheet.value(row, 4, figure.low, kind)
    sheet.value(row, 5, figure.high, kind)
    sheet.value(row, 6, line.target, kind)
    color = {"met": BETTER, "missed": WORSE}.get(line.standing, INK)
    sheet.text(row, 7, book.speaker.label(STANDINGS, line.standing), font_color=color)
    sheet.move(row, 8, line.move, kind)
    if kind in ("amount", "cost"):
        sheet.value(row, 13, figure.numerator, kind)
    else:
        sheet.count(row, 13, figure.numerator)
    sheet.count(row, 14, figure.denominator)
    for column, point in enumerate(line.trend, start=_MONTHS):
        sheet.value(row, column, point.value, kind)
    after = _MONTHS + len(line.trend)
    if line.trend:
        where = f"{quote_sheetname(sheet.name)}!{xl_range(row, _MONTHS, row, after - 1)}"
        sheet.page.add_sparkline(row, after, {"range": where, "markers": True, "series_color": BETTER})
    if line.missing is not None:
        sheet.text(row, after + 1, book.speaker.label(MISSING, line.missing))


def _chart(sheet: Sheet, number: int, row: int, line: MeasureLine, *, top: int) -> None:
    """The measure by month, in a grid below the table; its title says the target."""
    book, last = sheet.book, _MONTHS + len(line.trend) - 1
    title = book.speaker.line(line)
    if line.target is not None:
        target = book.speaker.value(line.kind, line.target)
        title += " · " + book.say(mark("target {target}"), target=target)
    down, across = divmod(number, _ACROSS)
    chart = sheet.chart("line", title, row=top + down * ROWS_OF_CHART, left=across * (CHART[0] + 10))
    chart.add_series(
        {
            "name": book.speaker.measure(line.code),
            "categories": sheet.cells(0, _MONTHS, 0, last),
            "values": sheet.cells(row, _MONTHS, row, last),
            "line": {"color": BETTER, "width": 2},
            "marker": {"type": "circle", "size": 4, "fill": {"color": BETTER}, "border": {"none": True}},
        }
    )
    chart.set_x_axis(AXIS)
    chart.set_y_axis({**AXIS, "major_gridlines": GRID, "num_format": book.number_format(line.kind)})
