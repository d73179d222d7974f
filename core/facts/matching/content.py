"""Which field the cells of a column look like, where its header says nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from core.facts.catalogue.model import Field, TableSpec
from core.facts.cleaning.text import plain
from core.facts.matching.values import words_understood
from core.language import Message, mark

SHARE = 0.8
"""How many of the filled cells have to look alike."""
FEWEST = 2
"""Filled cells of the sample that are needed to say anything."""
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
_MOBILE = re.compile(r"^(?:\+?86|0086)?1(?:[3-9]\d|00)\d{8}$")
_PARTED = re.compile(r"[\s\-()]")
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
    looked_for = _looked_for(table, free)
    texts = (
        {column: [plain(cell) for cell in cells] for column, cells in columns.items()} if looked_for else {}
    )
    for field, shape in looked_for:
        shares = {
            column: share
            for column, cells in texts.items()
            if column not in found and (share := _share(field, shape, cells, known_codes)) >= SHARE
        }
        if len(shares) == 1:
            ((column, share),) = shares.items()
            found[column] = (field.code, Message(WHY[shape], {"share": round(share * 100)}))
    return found


def contacts_instead(cells: Sequence[str]) -> Message | None:
    """That the cells of a column hold phones or e-mails, where they do; a choice is then never meant."""
    texts = [plain(cell) for cell in cells]
    for shape in ("phone", "email"):
        looks = _looks(None, shape, ())
        share = sum(bool(looks(text)) for text in texts) / len(texts) if len(texts) >= FEWEST else 0.0
        if share >= SHARE:
            return Message(WHY[shape], {"share": round(share * 100)})
    return None


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


def _share(field: Field, shape: str, texts: Sequence[str], known_codes: Collection[str]) -> float:
    """The share of the texts that look like that; 0 where it is not enough."""
    if len(texts) < FEWEST:
        return 0.0
    # A column that says one thing everywhere, or figures, may mean anything.
    if shape == "choice" and (len(set(texts)) < FEWEST or all(text.isdigit() for text in texts)):
        return 0.0
    looks = _looks(field, shape, known_codes)
    others, most = 0, (1 - SHARE) * len(texts) + 1e-9
    for text in texts:
        others += not looks(text)
        if others > most:  # a file may have hundreds of columns, and most look like nothing
            return 0.0
    return 1 - others / len(texts)


def _looks(field: Field | None, shape: str, known_codes: Collection[str]) -> Callable[[str], object]:
    """Whether a text looks like that."""
    if shape == "choice" and field is not None:
        words = words_understood(field)
        return lambda text: text.casefold() in words
    if shape == "code":
        return known_codes.__contains__
    if shape == "phone":
        return lambda text: _MOBILE.match(_PARTED.sub("", text))
    return {"email": _EMAIL, "date": _DATE, "amount": _NUMBER}[shape].match
