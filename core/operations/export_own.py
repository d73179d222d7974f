"""Own fields of customers in an export of grades: their columns, and what was asked of them, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from core.access.actor import Actor
from core.amounts import from_units
from core.facts.fields import Field
from core.grading.own_conditions import NO, NOT_STATED, YES, OwnCondition, own_filters
from core.language import Message, mark, translate
from core.store.engine import Store

_YES_NO = {YES: mark("Yes"), NO: mark("No")}


def own_columns(
    actor: Actor, store: Store, among: Collection[str], language: str | None
) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    """Code of each own field `among` the columns -> its header, and how its values are said."""
    return {
        field.code: (field.code if language is None else field.header(language), _saying(field, language))
        for field in own_filters(actor, store)
        if field.code in among
    }


def condition_in_words(field: Field, asked: OwnCondition, language: str) -> str:
    """What is asked of a field: its choices, its ends, or a part of its text."""
    if asked.values:
        comma = "、" if language.startswith("zh") else ", "
        return comma.join(value_in_words(field, value, language) for value in asked.values)
    least, most = (None if end is None else _measured(field, end) for end in (asked.least, asked.most))
    if least is not None and most is not None:
        said = Message(mark("{least} to {most}"), {"least": least, "most": most})
    elif least is not None:
        said = Message(
            mark("{least} or more") if field.kind != "date" else mark("from {least}"), {"least": least}
        )
    elif most is not None:
        said = Message(
            mark("{most} or less") if field.kind != "date" else mark("until {most}"), {"most": most}
        )
    elif asked.text:
        said = Message(mark("contains “{text}”"), {"text": asked.text})
    else:
        said = Message(mark("contains words that are not kept"))
    return translate(said, language)


def value_in_words(field: Field, value: str, language: str) -> str:
    """One of the values that a field of choices, or of yes and no, may be asked for."""
    if value == NOT_STATED:
        return translate(mark("not stated"), language)
    if value in _YES_NO and field.kind == "yes_no":
        return translate(_YES_NO[value], language)
    return next((choice.word(language) for choice in field.choices if choice.code == value), value)


def _measured(field: Field, end: int | date) -> str:
    if isinstance(end, date):
        return end.isoformat()
    number = f"{from_units(end).normalize():,f}" if field.kind == "amount" else f"{end:,}"
    return f"{number} {field.unit}".strip()


def _saying(field: Field, language: str | None) -> Callable[[Any], Any]:
    def say(value: Any) -> Any:
        if value is None:
            return None
        if field.kind == "amount":
            return from_units(value)
        if field.kind == "yes_no":
            value = YES if value else NO
        if language is None or field.kind not in ("choice", "yes_no"):
            return value
        return value_in_words(field, value, language)

    return say
