"""The rows above a header: how many they are, and what is told of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.access.masking import mask_email, mask_phone
from core.facts.cleaning.text import visible
from core.facts.reading.cells import shown_column
from core.facts.reading.first_row import looks_like_data

QUOTED = 3
"""The first rows, which are told word for word."""
_LONGEST = 40
"""Characters of a row that are told."""
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in "，：；！？（）"}
"""Full width to half width; the signs with which Chinese is written stay."""
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DAY = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
_PHONE = re.compile(
    r"(?<!\d)(?:(?:(?:\+|00)?86\D{0,2})?1[3-9](?:[\s.·/—–_-]{0,2}\d){9}"
    r"|(?:(?:\+|00)?86\D{0,2})?[(（]?0\d{2,3}[)）]?[\s.—–-]{0,2}\d{3,4}[\s.—–-]?\d{4}"
    r"|\+\d[\d\s-]{6,15}\d|\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXx]"
    rf"|(?!{_DAY})\d{{7,}})(?!\d)"
)
"""Mobile numbers, numbers with an area code, numbers abroad, identity numbers, and any long number but a day."""


@dataclass
class RowsAbove:
    """The rows above a header that hold something."""

    count: int = 0
    quoted: list[str] = field(default_factory=list)
    """What the first of them say, masked and shortened; not those that look like data."""

    def add(self, row: Sequence[Any]) -> None:
        """Count one row; a blank one counts for nothing."""
        texts = [text for text in shown_column(row) if text]
        self.count += bool(texts)
        if texts and self.count <= QUOTED and not looks_like_data(texts):
            self.quoted.append(_shortened(_masked(" ".join(texts))))

    @property
    def told(self) -> list[str]:
        """The rows in quotation marks."""
        return [f"“{line}”" for line in self.quoted] + ["…"] * (self.count > len(self.quoted))


def _masked(line: str) -> str:
    line = visible(line).translate(_NARROW)
    line = _EMAIL.sub(lambda found: mask_email(found[0]), line)
    return _PHONE.sub(lambda found: mask_phone(re.sub(r"[^\dXx]", "", found[0])[-11:]), line)


def _shortened(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
