"""What own fields and their choices are called: tidied, and told apart from what they were called before. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from core.errors import Refused
from core.facts.matching.names import normalise
from core.language import mark

LONGEST_LABEL = 40
Words = tuple[str, str]
"""In Chinese and in English; where one is blank the other stands for it."""


def both_words(words: Words) -> Words:
    """Both words tidied; the other one where one is blank."""
    zh, en = (tidy(word) for word in words)
    zh, en = zh or en, en or zh
    if not zh or max(len(zh), len(en)) > LONGEST_LABEL:
        raise Refused(mark("A name has 1 to {most} characters."), most=LONGEST_LABEL)
    return zh, en


def tidy(word: str) -> str:
    """Without line breaks and other signs that nobody sees."""
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in word)
    return " ".join(seen.split())


def former(words: Iterable[str], present: Iterable[str]) -> list[str]:
    """The words that were said before, each once, without those that say something at present."""
    known = {normalise(word) for word in present}
    return list({normalise(word): word for word in words if normalise(word) not in known}.values())
