"""The choices of an own field as a form words them anew: which line is which choice that records hold. Pure.

Records hold the code of a choice. A line that keeps a word keeps its code, wherever it stands, so that putting lines
into another order changes what no record says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Refused
from core.facts.catalogue.model import Choice
from core.facts.matching.names import normalise
from core.facts.own_fields.words import Words, both_words, former
from core.language import mark

MOST_CHOICES = 50


@dataclass(frozen=True)
class Rewording:
    """A choice that records may hold, and what it is to be called from now on."""

    choice: Choice
    words: Words


def rewordings(there: Sequence[Choice], lines: Sequence[Words]) -> list[Rewording]:
    """The choices that these lines call differently, for somebody to agree to. Refused as `worded_choices` is."""
    worded = _told_apart(lines)
    return [
        Rewording(choice, words)
        for choice, words in zip(_kept(there, worded), worded, strict=True)
        if choice is not None and _names(words) != _names((choice.zh, choice.en))
    ]


def worded_choices(there: Sequence[Choice], lines: Sequence[Words]) -> list[list[Any]]:
    """The choices as they are stored, in the order of the lines: code, Chinese, English, former words.

    Refused where a choice is taken away, or where nobody could tell which line is which.
    """
    worded = _told_apart(lines)
    present = [word for words in worded for word in words]
    number, stored = len(there), []
    for choice, words in zip(_kept(there, worded), worded, strict=True):
        if choice is None:
            number += 1
            stored.append([f"c{number}", *words])
        else:
            old = former([choice.zh, choice.en, *choice.synonyms], present)
            stored.append([choice.code, *words, *old])
    return stored


def _told_apart(lines: Sequence[Words]) -> list[Words]:
    if not 2 <= len(lines) <= MOST_CHOICES:
        raise Refused(mark("A field of choices has 2 to {most} of them."), most=MOST_CHOICES)
    worded = [both_words(line) for line in lines]
    for language in (0, 1):
        if len({normalise(words[language]) for words in worded}) < len(worded):
            raise Refused(mark("Two choices have the same name. Reword one of them."))
    return worded


def _kept(there: Sequence[Choice], worded: Sequence[Words]) -> list[Choice | None]:
    """For each line the choice that it goes on being, or None for a new one.

    It is the one of which the line has both words, or else one; lines that are new in both take the places of the
    choices that are left, in their order, where there are as many.
    """
    kept: dict[int, Choice] = {}
    for said in ((0, 1), (0,), (1,)):  # both words, the Chinese one, the English one
        free = {_names((c.zh, c.en), said): c for c in there if c not in kept.values()}
        for place, words in enumerate(worded):
            if place not in kept and (found := free.pop(_names(words, said), None)) is not None:
                kept[place] = found
    left = [each for each in there if each not in kept.values()]
    new = [place for place in range(len(worded)) if place not in kept]
    if len(new) < len(left):
        raise Refused(mark("A choice that records may hold is not taken away. Reword it, or add others."))
    if left and len(new) > len(left):
        raise Refused(
            mark(
                "Some lines are reworded and others are new, and nobody could tell which is which. Reword lines "
                "and save, then add the new ones."
            )
        )
    kept |= dict(zip(new, left, strict=False))
    return [kept.get(place) for place in range(len(worded))]


def _names(words: Words, languages: Sequence[int] = (0, 1)) -> tuple[str, ...]:
    return tuple(normalise(words[language]) for language in languages)
