"""Sentences in the reader's language: gettext catalogues, and messages that can be stored untranslated."""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh_CN", "en")
"""Codes of the languages of the interface. English is the language of the message ids."""

CATALOGUES = Path(__file__).parent / "locale"


_COMMAS = {"zh_CN": "、", "en": ", "}


def mark(sentence: str) -> str:
    """Mark a sentence for translation without translating it yet."""
    return sentence


@dataclass(frozen=True)
class Message:
    """A sentence with `{named}` places, and the values for them; translated when it is read.

    A value may be a Message itself, or a list of values, which is read as the language lists them. Values of other
    kinds are shown with `str`.
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    chinese: str = ""
    """What it says in Chinese where no catalogue knows it: words that people of the company chose, in both languages,
    or those that a field takes. It has no places."""

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold; `from_json` gives the message back."""
        values = {name: _to_json(value) for name, value in self.values.items()}
        own = {"chinese": self.chinese} if self.chinese else {}
        return {"sentence": self.sentence, "values": values, **own}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        """The message that `to_json` gave."""
        values = {name: _from_json(value) for name, value in stored["values"].items()}
        return cls(stored["sentence"], values, stored.get("chinese", ""))


def _to_json(value: object) -> object:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, list | tuple):
        return [_to_json(each) for each in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def _from_json(value: object) -> object:
    if isinstance(value, Mapping):
        return Message.from_json(value)
    return [_from_json(each) for each in value] if isinstance(value, list) else value


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
    values = {name: _said(value, language) for name, value in message.values.items()}
    text = catalogue(language).gettext(message.sentence)
    return text.format(**values) if values else text


def _said(value: object, language: str) -> object:
    if isinstance(value, Message):
        return translate(value, language)
    return (
        listed((str(_said(each, language)) for each in value), language)
        if isinstance(value, list | tuple)
        else value
    )


def listed(words: Iterable[str], language: str) -> str:
    """Words side by side, parted as the language does."""
    return _COMMAS[language].join(words)
