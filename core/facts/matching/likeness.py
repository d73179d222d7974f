"""How alike two headers are, where one is no known name. Pure.

A header is *similar* to a name when it is known once words are taken away that change nothing ("买家手机号"),
abbreviations are written out ("Cust. phone no"), or a slip of the keyboard is forgiven ("Ammount"). A word that makes
another thing of it ("退款金额", "Tax amount") always stands in the way: a match that is missed costs a click, a wrong
one costs a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from core.facts.catalogue.model import Field, TableSpec
from core.facts.matching.names import (
    IN_BRACKETS,
    LATIN,
    NOT_A_WORD,
    Known,
    known_names,
    normalise,
    plain_header,
    telling,
)
from core.facts.matching.words import (
    EXPANDED,
    HARMLESS,
    HARMLESS_ANYWHERE,
    OTHER_WORDS,
    SAME_ENDING,
    TELLING_EN,
)

LIKE_ENOUGH = 85
"""Least likeness of a misspelt header, in percent (rapidfuzz's `ratio`). On the header lists of the tests, wrong pairs
of one script reach 83 where no word parts them already; right ones begin at 86."""
SWAPPED = 75
"""The same where two letters have changed places."""
SAME = 100
"""The score of a header that is known but for words that change nothing."""
CLEAR_BY = 4
"""By how many percent the best field has to lead the second."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_E_MAIL = re.compile(r"\be[-_ ]?mail\b")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PARTS = re.compile(
    r"[/|、;；\n]+|\bor\b|(?<=[\u3400-\u9fff])[\s_-]*(?=[A-Za-z])|(?<=[A-Za-z])[\s_-]*(?=[\u3400-\u9fff])"
)
_SHORTEST_SLIP, _SHORTEST_SWAP = 6, 5
_LONG = 9
_MOST_REMEMBERED = 4_000


@dataclass(frozen=True)
class Likeness:
    """The field that a header most likely means, the name that it is like, and how much (percent)."""

    field: str
    name: str
    score: int


@cache
def _spelt(fields: tuple[Field, ...]) -> tuple[dict[str, str], frozenset[str]]:
    """Normalised name -> the name as it is written, and all words of the names."""
    written, words = {}, set()
    for field in fields:
        for name in (field.label, *field.synonyms_en, *reversed(field.synonyms_zh)):
            written[normalise(name)] = name
            words.update(_words(name))
    return written, frozenset(words)


@cache
def _written_out(fields: tuple[Field, ...]) -> dict[str, str]:
    """The Latin names with abbreviations written out -> their normalised form."""
    return {"".join(_words(spelt)): name for name, spelt in _spelt(fields)[0].items() if name.isascii()}


def likenesses(table: TableSpec) -> Callable[[str], Likeness | None]:
    """Finds for a header the field whose name it is like without being known; None where that is not clear enough."""
    memory = _remembered((table.code, table.fields))  # once for all headers: there are many fields to compare

    def similar(header: str) -> Likeness | None:
        if header not in memory:
            if len(memory) >= _MOST_REMEMBERED:
                memory.clear()
            memory[header] = _similar(table, header)
        return memory[header]

    return similar


@cache
def _remembered(_table_fields: tuple[str, tuple[Field, ...]]) -> dict[str, Likeness | None]:
    """What was found for headers of a table: a page asks for the same ones at every click."""
    return {}


def _similar(table: TableSpec, header: str) -> Likeness | None:
    if not normalise(header):
        return None
    known, (written, words) = known_names(table.fields), _spelt(table.fields)
    telling_words = telling(plain_header(header).casefold()) | (TELLING_EN & {normalise(header)})
    found = (
        _in_two_languages(known, written, header)
        or _with_other_words(table, known, written, header)
        or _misspelt(known, written, words, header)
    )
    return None if found is None or telling_words - telling(found.name.casefold()) else found


def _words(header: str) -> list[str]:
    """The Latin words and numbers of a header, abbreviations written out."""
    plain = _HUMP.sub(" ", IN_BRACKETS.sub("", plain_header(header))).casefold()
    plain = _E_MAIL.sub("email", plain)
    return [EXPANDED.get(word, word) for word in LATIN.findall(plain)]


def _bare(header: str, harmless: Collection[str]) -> list[str]:
    """The header without words that change nothing; of a Latin one also with all its words written out."""
    plain = IN_BRACKETS.sub("", plain_header(header)).casefold()
    if not _HAN.search(plain):
        words = _words(header)
        return ["".join(words), "".join(word for word in words if word not in harmless)]
    text = re.sub(r"(信息|字段|栏|1|一)$", "", NOT_A_WORD.sub("", plain))
    while prefix := next((each for each in harmless if text.startswith(each)), ""):
        text = text[len(prefix) :]
    return [text]


def _in_two_languages(known: Known, written: Mapping[str, str], header: str) -> Likeness | None:
    """“手机号/电话”, “手机号 Mobile”: every part is known, and all for one field."""
    parts = [normalise(part) for part in _PARTS.split(plain_header(header)) if part and normalise(part)]
    fields = {known[part][0] if part in known else None for part in parts}
    if len(parts) < 2 or len(fields) != 1 or None in fields:
        return None
    return Likeness(known[parts[0]][0], written.get(parts[0], parts[0]), SAME)


def _with_other_words(
    table: TableSpec, known: Known, written: Mapping[str, str], header: str
) -> Likeness | None:
    written_out = _written_out(table.fields)
    for bare in _bare(header, HARMLESS.get(table.code, HARMLESS_ANYWHERE)):
        name = bare if bare in known else written_out.get(bare)
        if name is not None and len(bare) >= 2:
            return Likeness(known[name][0], written.get(name, name), SAME)
    return None


def _misspelt(
    known: Known, written: Mapping[str, str], words: frozenset[str], header: str
) -> Likeness | None:
    """The best name within reach of a slip, if it leads clearly."""
    text = normalise(header)
    scored: dict[str, Likeness] = {}
    for name, (field, _how) in known.items():
        swapped = len(text) == len(name) and sorted(text) == sorted(name)
        score = fuzz.ratio(text, name, score_cutoff=SWAPPED if swapped else LIKE_ENOUGH)
        if (
            score
            and score > getattr(scored.get(field), "score", 0)
            and _a_slip(header, written.get(name, name), words)
        ):
            scored[field] = Likeness(field, written.get(name, name), min(round(score), SAME - 1))
    ranked = sorted(scored.values(), key=lambda each: -each.score)
    if not ranked or (len(ranked) > 1 and ranked[0].score - ranked[1].score < CLEAR_BY):
        return None
    return ranked[0]


def _a_slip(header: str, name: str, words: frozenset[str]) -> bool:
    """Whether what parts the two can be a slip of the hand and not another word."""
    text, other = normalise(header), normalise(name)
    if _HAN.search(text) or _HAN.search(other):
        return _lacks_one(text, other)
    mine, theirs = set(_words(header)), set(_words(name))
    if len(mine - theirs) > 1 or len(theirs - mine) > 1:
        return False
    extra, missing = "".join(mine - theirs), "".join(theirs - mine)
    if not extra or not missing or extra in words or extra in OTHER_WORDS or extra in TELLING_EN:
        return not extra and not missing
    shorter, apart = min(len(extra), len(missing)), OSA.distance(extra, missing)
    if sorted(extra) == sorted(missing):
        return shorter >= _SHORTEST_SWAP
    if len(extra) != len(missing):
        return apart <= 1 + (shorter >= _LONG) and shorter >= _SHORTEST_SWAP
    return apart <= 1 + (shorter >= _LONG) and shorter >= _SHORTEST_SLIP


def _lacks_one(text: str, name: str) -> bool:
    """“客户名” lacks a character of “客户名称”, “订单号码” has one too many; the last says what kind of thing it is.

    Any other character more makes another word: 客户单号 is no 客户号.
    """
    if min(len(text), len(name)) < 3 or OSA.distance(text, name) > 1:
        return False
    ending = any(text[-1] in each and name[-1] in each for each in SAME_ENDING)
    if len(text) > len(name):
        return ending and text[:-1] == name
    return len(text) < len(name) and (ending or text[-1] == name[-1])
