"""Which choice a cell's word stands for, where a field takes only certain values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from rapidfuzz import fuzz

from core.facts.catalogue.model import Field
from core.facts.cleaning.text import names_contact, plain
from core.facts.fields import NO, YES

YES_NO_CODES = ("yes", "no")
LIKE_ENOUGH = 80
"""Least likeness of a misspelt choice, in percent (rapidfuzz's `ratio`); a person confirms every suggestion."""
MOST_VALUES = 200
"""Different values of one field that are listed; more than these were never choices."""

LONGEST_VALUE = 80
"""Longer cells are no words that could stand for a choice."""

_MEANS_NOTHING = re.compile(
    r"^(?:[-–—_/\\.*?？]+|n/?a|null|none|nil|nan|#n/a|tbd|select|choose|please select|select one|unknown|unspecified|"
    r"not set|not available|请选择|请填写|选择|未选择|未填写|未填|未知|不详|待定|待补充|暂无|无|空|其他未知|空白)$"
)
_YES = re.compile(r"^(?:是|有|已|同意|可以|开通|yes|true|on|agreed?|ok|确认)")
_NO = re.compile(r"^(?:否|无|未|不|没|拒|no|false|off|declined?|refused?|denied)")


def takes_values(field: Field) -> bool:
    """Whether a field takes only certain values, so that words can be mapped to them."""
    return field.kind in ("choice", "yes_no")


def value_codes(field: Field) -> tuple[str, ...]:
    """The codes that a word may be mapped to."""
    return YES_NO_CODES if field.kind == "yes_no" else tuple(choice.code for choice in field.choices)


def is_a_word(cell: str) -> bool:
    """Whether the cell could stand for a choice: it is short, and nobody's phone or e-mail, which is kept nowhere."""
    return len(cell) <= LONGEST_VALUE and not names_contact(cell)


def is_understood(field: Field, cell: str) -> bool:
    """Whether the cell is read without any mapping."""
    return plain(cell).casefold() in words_understood(field)


def not_understood(field: Field, cells: Iterable[str | None]) -> dict[str, int]:
    """Filled cells that nobody would understand -> how often they stand there, the most frequent first."""
    counts: dict[str, int] = {}
    for cell in cells:
        if cell and is_a_word(cell) and plain(cell) and not is_understood(field, cell):
            counts[cell] = counts.get(cell, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def suggest_values(field: Field, cells: Iterable[str]) -> dict[str, str | None]:
    """Cell -> the code that it most likely stands for, or None where it says nothing ("Select", "-").

    Cells that nothing obvious can be said of are left out.
    """
    suggested: dict[str, str | None] = {}
    for cell in cells:
        text = plain(cell).casefold()
        if is_understood(field, cell):
            continue
        if _MEANS_NOTHING.match(text):
            suggested[cell] = None
        elif code := _yes_or_no(text) if field.kind == "yes_no" else _likeliest(field, text):
            suggested[cell] = code
    return suggested


def _yes_or_no(text: str) -> str | None:
    if _NO.match(text):
        return "no"
    return "yes" if _YES.match(text) else None


def _likeliest(field: Field, text: str) -> str | None:
    """The one choice that has a word within the text or around it, else the one it is spelt like."""
    words = words_understood(field)
    within = {code for word, code in words.items() if len(word) > 1 and (word in text or _begins(word, text))}
    if len(within) == 1 and not _denies(text, words, within):
        return within.pop()
    alike = {code for word, code in words.items() if len(word) > 3 and fuzz.ratio(text, word) >= LIKE_ENOUGH}
    return alike.pop() if not within and len(alike) == 1 else None


def _begins(word: str, text: str) -> bool:
    """“已付” begins “已付款”."""
    return len(text) > 1 and word.startswith(text)


def _denies(text: str, words: Mapping[str, str], found: set[str]) -> bool:
    """“未付款” holds “付款”, and says the contrary: a word in front that turns the meaning is no decoration."""
    return any(
        re.search(rf"(?:未|不|非|没|无|not |un|non-?)\s*{re.escape(word)}", text)
        for word, code in words.items()
        if code in found
    )


@cache
def words_understood(field: Field) -> Mapping[str, str]:
    """Words that the cells of the field are read by, small and plain -> code."""
    if field.kind == "yes_no":
        return dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no")
    return {
        plain(word).casefold(): choice.code
        for choice in field.choices
        for word in (*choice.synonyms, choice.en, choice.zh, choice.code)
    }
