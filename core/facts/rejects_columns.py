"""The columns that the workbook of rejected rows puts in front of those of the file. Pure.

When it is brought in again they are known: they are told apart from columns of the file, and nothing of them is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.language import LANGUAGES, mark, translate

HEADERS = (mark("Row in the file"), mark("Where"), mark("Reason"))
"""Row, place and reason, in the order in which they stand."""


def added_columns(headers: Sequence[str]) -> int:
    """How many columns at the front are such: the row, and those of the others that still follow it."""
    for language in LANGUAGES:
        row, *others = (translate(header, language) for header in HEADERS)
        if headers and headers[0] == row:
            count = 1
            for each in headers[1 : len(HEADERS)]:
                if each not in others:
                    break
                others = others[others.index(each) + 1 :]
                count += 1
            return count
    return 0
