"""Reading one uploaded file (.xlsx, .xls, .csv, .txt) that may be damaged or hostile.

`outline` says what is in the file, `stage` turns one sheet into Parquet. Both read in a child process
with limits (`Limits`), so the caller lives on whatever the file holds; both raise `core.errors.Refused`
with a sentence that names file, sheet and cell. A staged sheet is a folder with two Parquet files:

`rows.parquet`, one row per row of the sheet below its header that holds anything:

    row      int64   number of the row as Excel shows it, 1 is the first
    c0 … cN  string  the cells as a person sees them; NULL where blank (or only white space)

    Integers have no ".0"; other numbers are the shortest decimal form, to the 15 digits Excel keeps;
    a number that its format shows as 00123 is so here too;
    dates are "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS", times "HH:MM:SS", booleans "TRUE" and "FALSE", an
    error is its text ("#DIV/0!"). Text is untouched: nothing is trimmed, "NA" and "00123" stay.
    `ci` belongs to `StagedSheet.columns[i]`, which knows its header and its letter in the sheet.

`flags.parquet`, one row per cell (or row) with a reason for doubt, in no particular order; mostly empty:

    row      int64   as above
    column   int32   i of `ci`; NULL where the whole row is meant
    flag     string  one of `FLAGS`
    shown    string  the text of the cell, the error, or what was found; may be NULL
"""

from __future__ import annotations

from core.facts.reading.delimited import DELIMITERS
from core.facts.reading.encodings import ENCODINGS
from core.facts.reading.limits import DEFAULT_LIMITS, Limits
from core.facts.reading.process import outline, stage
from core.facts.reading.staged import FLAGS, FileOutline, SheetOutline, StagedColumn, StagedSheet

__all__ = [
    "DEFAULT_LIMITS",
    "DELIMITERS",
    "ENCODINGS",
    "FLAGS",
    "FileOutline",
    "Limits",
    "SheetOutline",
    "StagedColumn",
    "StagedSheet",
    "outline",
    "stage",
]
