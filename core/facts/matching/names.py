"""The names of fields, and what two spellings of one name share. Pure.

A header is *known* when nothing but width, case, spaces, punctuation, script and a unit in brackets parts it from
a field's name. A word that makes another thing of it ("退款金额", "Tax amount") is never taken away.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from core.facts.catalogue.model import Field
from core.facts.matching.words import TELLING_EN, TELLING_ZH, TRADITIONAL

IN_BRACKETS = re.compile(r"[(\[【{<].*?[)\]】}>]")
NOT_A_WORD = re.compile(r"[\W_]+")
LATIN = re.compile(r"[a-z]+|\d+")

Known = Mapping[str, tuple[str, str]]
"""Normalised name -> field code, and "exact" for the field's own names or "synonym"."""


@lru_cache(maxsize=8_192)
def normalise(header: str) -> str:
    """What two spellings of one header share: width, case, script, spaces, punctuation and units in brackets go.

    What stands in brackets stays where it makes another thing of the header, as in 金额（退款）.
    """
    plain = plain_header(header).casefold().strip().lstrip("*")
    without_unit = IN_BRACKETS.sub(lambda found: found[0] if telling(found[0]) - {"税"} else "", plain)
    return NOT_A_WORD.sub("", without_unit) or NOT_A_WORD.sub("", plain)


@cache
def known_names(fields: tuple[Field, ...]) -> Known:
    """Every name of the fields; the field's own names win over synonyms."""
    known: dict[str, tuple[str, str]] = {}
    for field in fields:
        for name in (*field.synonyms_zh[1:], *field.synonyms_en):
            known[normalise(name)] = (field.code, "synonym")
    for field in fields:
        for name in (field.code, field.label, field.synonyms_zh[0]):
            known[normalise(name)] = (field.code, "exact")
    return known


def without_headings(headers: Sequence[str]) -> list[str]:
    """The headers without the heading that stands over several columns, as in 基本信息/客户编号, 基本信息/客户名称.

    A heading stays where it makes another thing of the columns below (退款/金额), or where it tells columns of one
    name apart.
    """
    parted = [header.rpartition("/") for header in headers]
    over = Counter(heading for heading, _slash, name in parted if heading and name)
    often = Counter(normalise(name) for _heading, _slash, name in parted)
    needed = {heading for heading, _slash, name in parted if often[normalise(name)] > 1}
    return [
        name if over[heading] > 1 and heading not in needed and not says_another_thing(heading) else header
        for header, (heading, _slash, name) in zip(headers, parted, strict=True)
    ]


@lru_cache(maxsize=8_192)
def says_another_thing(header: str) -> bool:
    """Whether a header holds a word that makes another thing of whatever its cells look like."""
    return bool(telling(plain_header(header).casefold()))


def plain_header(header: str) -> str:
    """A header in characters of usual width and simplified script."""
    return unicodedata.normalize("NFKC", header).translate(TRADITIONAL)


def telling(text: str) -> set[str]:
    """The words of a text, in small letters, that make another thing of it."""
    return {word for word in TELLING_ZH if word in text} | (TELLING_EN & set(LATIN.findall(text)))
