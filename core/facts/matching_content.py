"""Which field the cells of a column look like, where its header says nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from core.facts.catalogue.model import Field, TableSpec
from core.facts.cleaning_text import plain
from core.facts.matching_values import words_understood
from core.language import Message, mark

SHARE = 0.8
"""How many of the filled cells have to look alike."""
FEWEST = 2
"""Filled cells of the sample that are needed to say anything."""
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
_MOBILE = re.compile(r"^(?:\+?86|0086)?1(?:[3-9]\d|00)\d{8}$")
_DATE = re.compile(
    r"^(19|20)\d\d(?:[-/.年])\d{1,2}(?:[-/.月])\d{1,2}日?(?:[ T].*)?$|^\d{1,2}/\d{1,2}/(19|20)\d\d\b"
)
_NUMBER = re.compile(
    r"^[¥￥$]?-?\d{1,3}(?:,\d{3})*\.\d{1,4}元?$|^[¥￥$]?-?\d+\.\d{1,4}元?$|^[¥￥$]\s?\d[\d,]*$"
)

WHY: Mapping[str, str] = {
    "phone": mark("{share}% of the sampled cells look like phone numbers."),
    "email": mark("{share}% of the sampled cells look like e-mail addresses."),
    "date": mark("{share}% of the sampled cells look like dates, and no other column does."),
    "amount": mark("{share}% of the sampled cells look like amounts, and no other column does."),
    "code": mark("{share}% of the sampled cells are codes of stored customers."),
    "choice": mark("{share}% of the sampled cells are choices of this field."),
}
"""Why a column was taken for a field, by what its cells look like."""


def by_content(
    table: TableSpec,
    columns: Mapping[int, Sequence[str]],
    free: Collection[str],
    known_codes: Collection[str] = (),
) -> dict[int, tuple[str, Message]]:
    """Column -> field and why, for columns without a match (`columns`: their filled cells) and fields still `free`.

    A field is given only where one column alone looks like it, and one field alone could be meant: phone, e-mail, the
    required date, the required amount, the customer's code by codes that are stored, and choices by their words.
    """
    found: dict[int, tuple[str, Message]] = {}
    for field, shape in _looked_for(table, free):
        shares = {
            column: share
            for column, cells in columns.items()
            if column not in found and (share := _share(field, shape, cells, known_codes)) >= SHARE
        }
        if len(shares) == 1:
            ((column, share),) = shares.items()
            found[column] = (field.code, Message(WHY[shape], {"share": round(share * 100)}))
    return found


def _looked_for(table: TableSpec, free: Collection[str]) -> list[tuple[Field, str]]:
    """The free fields that cells can speak for, and what the cells then look like; the plainest first."""
    shapes = {"phone": "phone", "email": "email", "choice": "choice"}
    wanted = [(field, shapes[field.kind]) for field in table.fields if field.kind in shapes]
    if "customer_code" in table.codes:
        wanted.insert(0, (table.field("customer_code"), "code"))
    for shape, kinds in (("date", ("date", "datetime")), ("amount", ("amount", "cost"))):
        required = [field for field in table.fields if field.required and field.kind in kinds]
        wanted += [(field, shape) for field in required if len(required) == 1]
    return [(field, shape) for field, shape in wanted if field.code in free]


def _share(field: Field, shape: str, cells: Sequence[str], known_codes: Collection[str]) -> float:
    """The share of the cells that look like that."""
    texts = [plain(cell) for cell in cells]
    if len(texts) < FEWEST:
        return 0.0
    if shape == "choice":
        words = words_understood(field)
        # A column that says one thing everywhere, or figures, may mean anything.
        if len(set(texts)) < FEWEST or all(text.isdigit() for text in texts):
            return 0.0
        return sum(text.casefold() in words for text in texts) / len(texts)
    if shape == "code":
        return sum(text in known_codes for text in texts) / len(texts)
    if shape == "phone":
        texts = [re.sub(r"[\s\-()]", "", text) for text in texts]
    pattern = {"phone": _MOBILE, "email": _EMAIL, "date": _DATE, "amount": _NUMBER}[shape]
    return sum(pattern.match(text) is not None for text in texts) / len(texts)
