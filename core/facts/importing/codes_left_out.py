"""Columns of a file of customers that may hold their codes, though nobody matched them."""

from __future__ import annotations

import re
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.facts.cleaning.text import names_contact, plain
from core.facts.matching.match import Matching
from core.facts.reading import StagedSheet

_CODE = re.compile(r"^(?=.*\d)[A-Za-z\d][A-Za-z\d\-_/#]{0,63}$")
_DAY = re.compile(r"^(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}$")
_COUNTS_ROWS = {"序号", "行号", "#"}
_SHORT = re.compile(r"\d{1,6}")
_SAYS_CODE = re.compile(
    r"编号|代码|编码|(?i:code)|(?:^|[^A-Za-z])(?i:id)(?![A-Za-z])|[^A-Za-z](?i:no)(?![A-Za-z])"
    r"|[a-z](?:ID|Id|No)(?![A-Za-z])"
)
"""Headers under which short numbers are codes; not No alone, which counts rows."""
_CODE_OF_PLACE = re.compile(
    r"[省市区县划政](?:编号|代码|编码)|(?:post(?:al)?|zip|area|city) ?code", re.IGNORECASE
)
FEWEST = 2
"""Rows that are needed to say anything."""


def codes_left_out(staged: StagedSheet, matching: Matching, decided: Collection[str]) -> list[str]:
    """The headers of ignored columns whose cells are all filled, all different, and all look like codes.

    Short numbers do only under a header that says so: they may as well count rows, orders, or name places.

    `decided`: what a mapping calls the columns that somebody ignored on purpose.
    """
    if matching.table.code != "customers" or "customer_code" in matching.fields or staged.rows < FEWEST:
        return []
    open_ones = [
        each
        for each in matching.columns
        if each.field is None and each.how != "rejects" and each.header and each.key not in decided
    ]
    columns = pq.read_table(staged.path, columns=[f"c{each.column}" for each in open_ones])
    return [
        each.header
        for each, cells in zip(open_ones, columns.columns, strict=True)
        if _are_codes(plain(each.header), cells, len(columns))
    ]


def _are_codes(header: str, cells: pa.ChunkedArray, rows: int) -> bool:
    if header in _COUNTS_ROWS or cells.null_count or rows < FEWEST or pc.count_distinct(cells).as_py() < rows:
        return False
    texts = {plain(text) for text in cells.to_pylist()}
    if all(map(_SHORT.fullmatch, texts)):
        running = texts == {str(number) for number in range(1, rows + 1)}
        return not running and _SAYS_CODE.search(header) is not None and not _CODE_OF_PLACE.search(header)
    return all(_CODE.match(text) and not _DAY.match(text) and not names_contact(text) for text in texts)
