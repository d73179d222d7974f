"""The departments of a report's workbook: a row for each of each measure, and their values with intervals as charts."""

from __future__ import annotations

from core.language import mark
from core.measures.labels import STANDINGS
from core.reviews.document import DepartmentLine, MeasureLine
from core.reviews.labels import PLACES
from core.reviews.workbook_parts import AXIS, BETTER, CHART, GRID, INK, ROWS_OF_CHART, WORSE, Book, Sheet

HEADERS = (
    mark("Measure"),
    mark("Department"),
    mark("Value"),
    mark("Unit"),
    mark("n"),
    mark("Interval from"),
    mark("Interval to"),
    mark("Against the company"),
    mark("Against the target"),
    mark("Month before"),
    mark("Change"),
    mark("Change from"),
    mark("Change to"),
    mark("Real or noise"),
    mark("Up to the end of the interval"),
    mark("Down to its beginning"),
)
_WIDTHS = (24, 20, 12, 12, 9, 11, 11, 18, 21, 12, 12, 11, 11, 13, 14, 14)
_COMPANY = mark("Whole company")
_UP, _DOWN = 14, 15
_ACROSS = 3


def departments(book: Book) -> None:
    """The sheet of departments; the company's figure closes each measure."""
    sheet = Sheet(book, book.say(mark("Departments")), _WIDTHS)
    sheet.headers(0, [book.say(word) for word in HEADERS], frozen=True)
    row = 1
    blocks: list[tuple[MeasureLine, int, int]] = []
    for line in book.document.measures:
        if not line.departments:
            continue
        first = row
        for department in line.departments:
            _row(sheet, row, line, department)
            row += 1
        _company(sheet, row, line)
        if line.figure.value is not None:
            blocks.append((line, first, row))
        row += 1
    for number, (line, first, last) in enumerate(blocks):
        _chart(sheet, number, line, first, last, top=row + 1)


def _row(sheet: Sheet, row: int, line: MeasureLine, department: DepartmentLine) -> None:
    book, kind, figure = sheet.book, line.kind, department.figure
    sheet.text(row, 0, book.speaker.line(line))
    sheet.text(row, 1, department.department, bold=True)
    sheet.value(row, 2, figure.value, kind)
    sheet.text(row, 3, book.unit(kind))
    sheet.count(row, 4, figure.n)
    sheet.value(row, 5, figure.low, kind)
    sheet.value(row, 6, figure.high, kind)
    color = {"better": BETTER, "worse": WORSE}.get(department.place, INK)
    sheet.text(row, 7, book.speaker.label(PLACES, department.place), font_color=color)
    sheet.text(row, 8, book.speaker.label(STANDINGS, department.standing))
    sheet.move(row, 9, department.move, kind)
    if figure.value is not None and figure.low is not None and figure.high is not None:
        sheet.value(row, _UP, figure.high - figure.value, kind, font_color="#7A7E75")
        sheet.value(row, _DOWN, figure.value - figure.low, kind, font_color="#7A7E75")


def _company(sheet: Sheet, row: int, line: MeasureLine) -> None:
    book, figure = sheet.book, line.figure
    sheet.text(row, 0, book.speaker.line(line), bottom=4)
    sheet.text(row, 1, book.say(_COMPANY), italic=True, bottom=4)
    sheet.value(row, 2, figure.value, line.kind, italic=True, bottom=4)
    sheet.text(row, 3, book.unit(line.kind), bottom=4)
    sheet.count(row, 4, figure.n)
    sheet.value(row, 5, figure.low, line.kind)
    sheet.value(row, 6, figure.high, line.kind)
    sheet.text(row, 8, book.speaker.label(STANDINGS, line.standing))
    sheet.move(row, 9, line.move, line.kind)


def _chart(sheet: Sheet, number: int, line: MeasureLine, first: int, last: int, *, top: int) -> None:
    """Bars with the intervals at their ends, the company's last."""
    down, across = divmod(number, _ACROSS)
    chart = sheet.chart(
        "bar",
        sheet.book.speaker.line(line),
        row=top + down * ROWS_OF_CHART,
        left=across * (CHART[0] + 10),
    )
    company = last - first
    chart.add_series(
        {
            "name": sheet.book.speaker.line(line),
            "categories": sheet.cells(first, 1, last),
            "values": sheet.cells(first, 2, last),
            "fill": {"color": "#B1D6C9"},
            "gap": 60,
            "points": [None] * company + [{"fill": {"color": "#DEDAD2"}}],
            "y_error_bars": {
                "type": "custom",
                "plus_values": sheet.formula(first, _UP, last),
                "minus_values": sheet.formula(first, _DOWN, last),
                "line": {"color": INK, "width": 1.25},
            },
        }
    )
    # A bar chart counts from below; the table from above.
    chart.set_y_axis({**AXIS, "reverse": True, "major_gridlines": {"visible": False}})
    number_format = sheet.book.number_format(line.kind)
    chart.set_x_axis({**AXIS, "major_gridlines": GRID, "num_format": number_format, "min": 0})
