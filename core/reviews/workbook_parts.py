"""What the sheets of a report's workbook are made of: cells with their units and formats, and plain charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from core.amounts import SCALE
from core.language import mark
from core.reviews.document import Document, Move
from core.reviews.report_queries import ReportHead
from core.reviews.words import Speaker

CHART = (400, 220)
"""Pixels of a chart."""
ROWS_OF_CHART = 12
INK, PALE, BETTER, WORSE = "#22251F", "#DEDAD2", "#1F8A70", "#D4511E"

Style = dict[str, Any]


@dataclass
class Book:
    """An open workbook and what its sheets are written with."""

    workbook: Any
    document: Document
    head: ReportHead
    speaker: Speaker

    def __post_init__(self) -> None:
        self._formats: dict[str, Any] = {}

    def style(self, **properties: Any) -> Any:
        """The cell format with these properties; each is made once."""
        key = repr(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    def say(self, sentence: str, **values: object) -> str:
        return self.speaker.say(sentence, **values)

    def number_format(self, kind: str) -> str:
        """How a value of this kind of measure is shown."""
        if kind == "share":
            return "0.0%"
        return "0.00" if kind == "mean" else f'"{self.speaker.money_sign}"#,##0'

    def unit(self, kind: str) -> str:
        if kind == "share":
            return self.say(mark("share"))
        return self.say(mark("score 1 to 5")) if kind == "mean" else self.document.meta.currency


class Sheet:
    """One sheet, written from cell to cell."""

    def __init__(self, book: Book, title: str, widths: Sequence[float]) -> None:
        self.book, self.name = book, title[:31]
        self.page = book.workbook.add_worksheet(self.name)
        self.page.hide_gridlines(2)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer("&L&A&R&P / &N")
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def text(self, row: int, column: int, words: str, **style: Any) -> None:
        self.page.write_string(row, column, words, self.book.style(**style))

    def count(self, row: int, column: int, value: int | None) -> None:
        if value is not None:
            self.page.write_number(row, column, value, self.book.style(num_format="#,##0"))

    def value(self, row: int, column: int, units: int | None, kind: str, **style: Any) -> None:
        """A value of a measure as a number in its unit; blank where there is none."""
        if units is not None:
            shown = self.book.style(num_format=self.book.number_format(kind), **style)
            self.page.write_number(row, column, units / SCALE, shown)

    def headers(self, row: int, words: Sequence[str], *, frozen: bool = False) -> None:
        for column, word in enumerate(words):
            self.text(row, column, word, bold=True, bottom=2, bottom_color=INK, text_wrap=True)
        if frozen:
            self.page.freeze_panes(row + 1, 1)
            self.page.repeat_rows(row)

    def move(self, row: int, column: int, move: Move | None, kind: str) -> None:
        """The month before, the change, its interval and whether it is real: five cells; none without a change."""
        if move is None:
            return
        units = (move.before, move.difference, move.low, move.high)
        for place, each in enumerate(units, start=column):
            self.value(row, place, each, kind)
        self.text(row, column + 4, self.book.speaker.chance(move))

    def cells(self, first: int, column: int, last: int, to: int | None = None) -> list[Any]:
        """A range as series take it."""
        return [self.name, first, column, last, column if to is None else to]

    def formula(self, first: int, column: int, last: int) -> str:
        """A range of one column as error bars take it."""
        return f"={quote_sheetname(self.name)}!{xl_range_abs(first, column, last, column)}"

    def chart(
        self, kind: str, title: str, *, row: int, left: int = 0, column: int = 0, **options: Any
    ) -> Any:
        """Add a native chart, plain and quiet, `left` pixels from a column; `options` go to xlsxwriter's add_chart."""
        chart = self.book.workbook.add_chart({"type": kind, **options})
        chart.set_title({"name": title, "name_font": {"size": 11, "color": INK}})
        chart.set_size({"width": CHART[0], "height": CHART[1]})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_legend({"none": True})
        self.page.insert_chart(
            row, column, chart, {"description": title, "x_offset": left, "object_position": 2}
        )
        return chart


GRID: Style = {"visible": True, "line": {"color": PALE, "width": 0.75}}
AXIS: Style = {"line": {"color": INK, "width": 0.75}, "num_font": {"color": INK, "size": 9}}
