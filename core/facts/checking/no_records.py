"""Rows below a header that are no records: sums with words around them, notes of a report, headers and headings.

Looked for where a record has its code, for there a row is taken for one that was never meant. What is refused so is
certain by the whole of its cell; a row that could as well be a record is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.facts.checking.flags import TOTAL
from core.facts.cleaning.text import plain, shorten
from core.facts.fields import Field
from core.facts.matching.match import Matching
from core.facts.matching.names import known_names, normalise
from core.facts.reading.staged import StagedSheet
from core.language import Message, mark

_HEADER = mark("This row repeats the names of the columns. Nothing of it was taken.")
_NOTE = mark("This is a note of the report (“{word}”), not a record. Nothing of it was taken.")
_HEADING = mark(
    "Nothing but {field} stands in this row, and it is unlike every other one: a heading, it seems. If it is a record, "
    "fill in more of its cells."
)
_SUMMED = r"(?:[合小总共累]计|总和)"
_WITH_MORE = r"(?::.*|\([^()]*\)(?:[:¥\d壹贰叁肆伍陆柒捌玖拾].*)?)?"
_SUM = re.compile(
    rf"(?:本[页月日期年季周次]|当[页月日期年]|上[页月期年]|全部|各项?)?{_SUMMED}(?:金额|数量|人数|户数|[数额])?{_WITH_MORE}"
    rf"|(?:期初|期末|上[期年月])(?:余额|数){_WITH_MORE}|上[年月期页]结转|结转[下次]页|承前页|过次页"
    r"|(?:总|合计)?[一-鿿]{0,6}(?:数量?|总额):[\d,.]+[一-鿿]{0,2}|(?:grand |sub-? ?)?totals?:.*",
    re.IGNORECASE,
)
_SUM_OF = re.compile(r".+?(?:合计|小计|总计|汇总)|汇总表?(?::.*)?|.+ total", re.IGNORECASE)
"""A sum of what stands in front of the word, where nothing else of the row but numbers speaks."""
_DIGIT = r"[\d一二三四五六七八九十]"
_REPORTED = re.compile(
    r"(?:(?:制表|制单|审核|复核|审批|批准|经办|填表|填报|编制|打印|导出)(?:人|员|时间|日期)?|统计(?:时间|日期|口径|范围)"
    r"|数据来源|(?:填表|备注)?说明|备?注|附注|注意事项|温馨提示|签[字名章]|盖章)\d*:.*"
    r"|(?:金额|货币|计量)?单位:(?:人民币)?[百千万亿]{0,2}[元件个台套箱吨人户家](?:[,;/].*)?"
    rf"|第{_DIGIT}+页(?:[,;/].*|[(|-]?共{_DIGIT}.*)?"
    r"|共\d+(?:页|条|行|户|家|个|笔|项|人|种)(?:记录|数据)?(?:[,;.。/].*|[合总小]计.*|第\d.*)?"
    r"|[-—=*~(]*(?:本页)?以下(?:空白|无正文|为空)[-—=*~)]*|[-—=_*~]{3,}|[必选]填项?|非必填"
    r"|(?:prepared|checked|approved|reviewed|printed|exported)(?: by| on| at)?:.*|(?:notes?|remarks?|source):.*"
    r"|page \d+(?: ?(?:of|/) ?\d+)?|end of (?:report|list|file)",
    re.IGNORECASE,
)
_WORTH_A_LOOK = (
    r"(?i)[合小总共累]\s*计|总和|汇总|余额|结转|前页|次页|[期数量额]\s*[:：]|total|制表|制单|审核|复核|审批|批准|经办|填表|填报|编制"
    r"|打印|导出|统计|来源|说明|注\s*\d*\s*[:：]|事项|提示|签|盖章|单位|页|共\s*\d|以下|[-—=_*~]{3}|必填|选填"
    r"|(?:ed|by|on|at|notes?|remarks?|source)\s*[:：]|page|end of"
)
"""Whatever one of the patterns above may match."""
_USUAL = r"^[A-Za-z]{0,6}[-_]?[0-9][0-9A-Za-z_-]*$"
"""What no pattern matches: most codes, which need no longer look."""
_CHINESE_ALONE = r"^[^0-9A-Za-z]*\p{Han}[^0-9A-Za-z]*$"
_NUMBER = re.compile(
    r"[-+(]?[¥$]?[-+]?\d[\d.,]*[)%]?[一-鿿]{0,2}|[-—–/]+|\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{0,2}日?)?"
)
_BETWEEN_WIDE = re.compile(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")
"""Spaces that only spread Chinese words, as in 总 计."""


def rows_without_record(staged: StagedSheet, matching: Matching) -> dict[int, Message]:
    """The number of each row that is no record, and why."""
    table, found = matching.table, dict[int, Message]()
    naming = {*(field.code for field in table.fields if field.required), *sum(table.instead.values(), ())}
    for code, column in matching.fields.items():
        field = table.field(code)
        if field.kind == "code" and code in naming:
            found = {**_Codes(staged, matching, field, column).no_records(), **found}
    return found


def _unspread(text: str) -> str:
    return _BETWEEN_WIDE.sub("", plain(text))


def _is_meant(code: str) -> bool:
    """Whether one of the patterns matches. Asked of texts alone: whole rows would take long, and much memory."""
    text = _unspread(code)
    return any(pattern.fullmatch(text) for pattern in (_SUM, _REPORTED, _SUM_OF))


class _Codes:
    """A column with the codes of records."""

    def __init__(self, staged: StagedSheet, matching: Matching, field: Field, column: int) -> None:
        self.staged, self.matching, self.field, self.column = staged, matching, field, column
        name = f"c{column}"
        read = pq.read_table(staged.path, columns=["row", name])
        usual = pc.match_substring_regex(read.column(1), _USUAL).fill_null(True)
        self.rows = read.column(0).to_numpy()
        self.unusual = ~usual.to_numpy()
        self.texts = read.column(1).filter(pc.invert(usual))

    def no_records(self) -> dict[int, Message]:
        names = sorted({name.casefold() for name in self._headers()})
        lowered = pc.utf8_trim_whitespace(pc.utf8_lower(self.texts))
        worthy = self.texts.filter(pc.match_substring_regex(self.texts, _WORTH_A_LOOK))
        meant = pa.array(filter(_is_meant, pc.unique(worthy).to_pylist()), pa.string())
        named = pc.is_in(lowered, value_set=pa.array(names))
        looked_at = self._are(pc.or_(pc.is_in(self.texts, value_set=meant), named))
        found = {}
        for row, cells in self._cells(self.rows[looked_at]):
            why = self._why(cells)
            if why is not None:
                found[row] = why
        return found | self._headings(found)

    def _headers(self) -> set[str]:
        """What the header of the column may be called."""
        field = self.field
        header = self.staged.headers[self.column]
        return {header, field.code, field.label, *field.synonyms_zh, *field.synonyms_en}

    def _are(self, wanted: Any) -> Any:
        """Whether the code of each row is one of those."""
        are = np.zeros(len(self.rows), dtype=bool)
        are[self.unusual] = wanted.to_numpy()
        return are

    def _cells(self, numbers: Any) -> Iterator[tuple[int, dict[int, str]]]:
        """Row and column -> text of these rows, without blanks."""
        wanted = pc.field("row").isin(numbers)
        for row in pq.read_table(self.staged.path, filters=wanted).to_pylist() if len(numbers) else ():
            number = row.pop("row")
            yield number, {int(name[1:]): text for name, text in row.items() if text is not None}

    def _why(self, cells: dict[int, str]) -> Message | None:
        """Why a row with these cells is no record."""
        if self._repeats_header(cells):
            return Message(_HEADER)
        text = _unspread(cells[self.column])
        word = {"word": shorten(text.partition(":")[0])}
        if _SUM.fullmatch(text):
            return Message(TOTAL, word)
        if _REPORTED.fullmatch(text):
            return Message(_NOTE, word)
        others = (_unspread(said) for at, said in cells.items() if at != self.column)
        if len(self.staged.columns) > 1 and _SUM_OF.fullmatch(text) and all(map(_NUMBER.fullmatch, others)):
            return Message(TOTAL, word)
        return None

    def _repeats_header(self, cells: dict[int, str]) -> bool:
        """Whether a row says nothing but what its columns are called."""
        known = known_names(self.matching.table.fields)
        fields = {column: code for code, column in self.matching.fields.items()}
        names = {column: normalise(text) for column, text in cells.items()}
        same = sum(name == normalise(self.staged.headers[column]) for column, name in names.items())
        if same == len(names):
            return True
        given = [known.get(name, ("",))[0] == fields[at] for at, name in names.items() if at in fields]
        return len(given) > 1 and all(given)

    def _headings(self, found: Iterable[int]) -> dict[int, Message]:
        """Rows with a Chinese word alone where all others have more cells and codes of letters and digits; none of
        those that were `found` before."""
        chinese = self._are(pc.match_substring_regex(self.texts, _CHINESE_ALONE))
        if not 0 < chinese.sum() <= len(chinese) // 2 or len(self.staged.columns) < 2:
            return {}
        table = pq.read_table(self.staged.path).drop_columns(["row"])
        filled = reduce(add, (column.is_valid().to_numpy().astype(np.int32) for column in table.columns))
        left = ~np.isin(self.rows, list(found))
        headings = left & chinese & (filled == 1)
        if (filled[left & ~headings] < 2).any() or (left & chinese & ~headings).any() or headings[left].all():
            return {}
        return dict.fromkeys(self.rows[headings].tolist(), Message(_HEADING, {"field": self.field.named}))
