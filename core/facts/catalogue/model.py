"""What the field catalogue is made of: choices, fields, and kinds of file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.language import Message


@dataclass(frozen=True)
class Choice:
    """One permitted value: its code, its words in both languages, and what else means the same."""

    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()

    def word(self, language: str) -> str:
        return self.zh if language == "zh_CN" else self.en


@dataclass(frozen=True)
class Field:
    """One column that a file may bring.

    `kind` is a key of `labels.FIELD_KINDS`; `label` the English name and `synonyms_zh[0]` the Chinese one;
    `personal` marks what is sealed in the database, masked on screen and never quoted in a message.
    """

    code: str
    kind: str
    label: str
    synonyms_zh: tuple[str, ...]
    synonyms_en: tuple[str, ...] = ()
    required: bool = False
    personal: bool = False
    choices: tuple[Choice, ...] = ()
    example_zh: str = ""
    example_en: str = ""
    unit: str = ""
    """What its numbers count, as a marked sentence; empty where they need no unit."""
    owner: str = ""
    """Who answers for it: a key of `labels.FIELD_OWNERS`."""
    planned: bool = False
    """Whether its day may lie ahead, as the end of a contract does; other days have been."""
    own: bool = False
    """Whether the company added it: it is then stored under its code in the record's `own`."""

    @property
    def named(self) -> Message:
        """Its name in the reader's language; the company worded that of an own field in both."""
        return Message(self.label, chinese=self.synonyms_zh[0] if self.own else "")

    def header(self, language: str) -> str:
        """The header that templates and exports write."""
        return self.synonyms_zh[0] if language == "zh_CN" else self.label

    def example(self, language: str) -> str:
        return self.example_zh if language == "zh_CN" else self.example_en


@dataclass(frozen=True)
class TableSpec:
    """One kind of file. `instead` names, for a required field, the fields that together can stand for it."""

    code: str
    label: str
    fields: tuple[Field, ...]
    instead: dict[str, tuple[str, ...]] = field(default_factory=dict)
    retired: tuple[Field, ...] = ()
    """Fields that the company added and asks for no more: a match that was settled before may still name them."""

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """The fields that the company added."""
        return tuple(f for f in self.fields if f.own)

    def field(self, code: str) -> Field:
        return next(f for f in self.fields if f.code == code)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f.code for f in self.fields)


def text(code: str, label: str, zh: tuple[str, ...], en: tuple[str, ...], examples: tuple[str, str]) -> Field:
    """A field of plain text that may be left out."""
    return Field(code, "text", label, zh, en, example_zh=examples[0], example_en=examples[1])


def owned(
    owner: str, fields: Iterable[Field], units: dict[str, str] | None = None, **others: tuple[str, ...]
) -> tuple[Field, ...]:
    """The fields with who answers for them: `owner`, and for the codes in `others` the one named there.

    `units`: field code -> what its numbers count.
    """
    owners = {code: other for other, codes in others.items() for code in codes}
    return tuple(
        replace(f, owner=owners.get(f.code, owner), unit=(units or {}).get(f.code, f.unit)) for f in fields
    )
