"""The stable 64-bit names of lines and entries that have none of their own.

A key is the lower 63 bits of what the last eight bytes of an MD5 say, so that it is the same in every version,
process and database: MD5 is fixed by RFC 1321, unlike the hashes of Python or DuckDB. It stands for `name=value`
of every value that is given, joined by the unit separator: a field that is added later, and blank in old files,
leaves old keys as they are. Amounts and quantities enter in ten-thousandths, instants in microseconds since
1970 UTC, people by the name in the file (who takes over for whom may change). No secrecy hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence


def said(columns: Sequence[str]) -> str:
    """SQL (DuckDB): the text of the given values of a row."""
    parts = ", ".join(f"'{column}=' || CAST({column} AS VARCHAR)" for column in columns)
    return f"concat_ws(chr(31), {parts})"


def digest(text: str) -> str:
    """SQL (DuckDB): the key of a text."""
    return f"CAST(md5_number_lower({text}) >> 1 AS BIGINT)"
