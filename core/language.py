"""Sentences in the reader's language: gettext catalogues, and messages that can be stored untranslated."""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh_CN", "en")
"""Codes of the languages of the interface. English is the language of the message ids."""

CATALOGUES = Path(__file__).parent / "locale"


def mark(sentence: str) -> str:
    """Mark a sentence for translation without translating it yet."""
    return sentence


@dataclass(frozen=True)
class Message:
    """A sentence with `{named}` places, and the values for them; translated when it is read.

    A value may be a Message itself. Values of other kinds are shown with `str`.
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    chinese: str = ""
    """What it says in Chinese where people of the company worded it, in both languages; no catalogue knows it, and it
    has no places."""

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold; `from_json` gives the message back."""
        values = {
            name: value.to_json()
            if isinstance(value, Message)
            else value
            if isinstance(value, int | float | bool | None)
            else str(value)
            for name, value in self.values.items()
        }
        own = {"chinese": self.chinese} if self.chinese else {}
        return {"sentence": self.sentence, "values": values, **own}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        """The message that `to_json` gave."""
        values = {
            name: cls.from_json(value) if isinstance(value, Mapping) else value
            for name, value in stored["values"].items()
        }
        return cls(stored["sentence"], values, stored.get("chinese", ""))


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of `language`, compiled in memory from its .po file, so that no binary is kept."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_of_terminal() -> str:
    """The language of the environment: Chinese where LC_ALL, LC_MESSAGES or LANG says so, else English."""
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return next((code for code in LANGUAGES if spoken.startswith(code[:2])), "en")


def translate(message: Message | str, language: str) -> str:
    """The sentence in `language` with its values filled in."""
    if isinstance(message, str):
        return catalogue(language).gettext(message)
    if message.chinese:
        return message.chinese if language == "zh_CN" else message.sentence
    values = {
        name: translate(value, language) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    text = catalogue(language).gettext(message.sentence)
    return text.format(**values) if values else text
