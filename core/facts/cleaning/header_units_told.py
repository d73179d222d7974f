"""What is said of the unit in a header: beside the match of its column, before it, and with the check. Pure."""

from __future__ import annotations

from core.facts.catalogue.model import Field
from core.facts.catalogue.units import DAYS
from core.facts.cleaning.header_units import ANOTHER, UNKNOWN, HeaderUnit
from core.language import Message, mark


def unit_notes(unit: HeaderUnit, column: str) -> list[Message]:
    """What is done with the numbers of a column, named as problems name it."""
    named = {"column": column, "unit": unit.unit, "currency": unit.currency, "factor": _plain(unit)}
    notes = []
    if unit.doubt:
        notes.append(mark("{column}: the header says {unit}; its numbers were taken as they stand."))
    elif unit.factor > 1:
        notes.append(mark("{column}: the header says {unit}, so its numbers were multiplied by {factor}."))
    elif unit.factor < 1:
        notes.append(mark("{column}: the header says {unit}, so its numbers were divided by {factor}."))
    if unit.currency:
        notes.append(
            mark(
                "{column}: the header says {currency}. Amounts are not converted; they are taken as amounts in your "
                "currency."
            )
        )
    return [Message(sentence, named) for sentence in notes]


def unit_reason(unit: HeaderUnit) -> Message:
    """What of a unit belongs to the reason of a match."""
    if unit.doubt:
        sentence = mark(
            "It says {unit}, which may change what its numbers mean. They are taken as they stand."
        )
    elif unit.factor == 1:
        sentence = mark("It says {currency}: amounts are not converted. Check them.")
    elif unit.currency and unit.factor > 1:
        sentence = mark(
            "It says {unit}: its numbers are multiplied by {factor}, but {currency} is not converted. Check them."
        )
    elif unit.currency:
        sentence = mark(
            "It says {unit}: its numbers are divided by {factor}, but {currency} is not converted. Check them."
        )
    elif unit.factor > 1:
        sentence = mark("It says {unit}: its numbers are multiplied by {factor}.")
    else:
        sentence = mark("It says {unit}: its numbers are divided by {factor}.")
    return Message(sentence, {"unit": unit.unit, "currency": unit.currency, "factor": _plain(unit)})


def unit_problem(unit: HeaderUnit, field: Field, column: str, *, asked: bool) -> Message | None:
    """Why numbers in this unit cannot be taken; `asked`: whether a person has looked at the match."""
    named = {"column": column, "unit": unit.unit, "field": field.named}
    if unit.doubt == ANOTHER:
        sentence = (
            mark(
                "{column}: the header says {unit}, but {field} is counted in days. Convert the numbers and correct "
                "the header, or ignore the column."
            )
            if field.unit == DAYS
            else mark(
                "{column}: the header says {unit}, but {field} goes from 1 to 5. Convert the scores and correct the "
                "header, or ignore the column."
            )
        )
        return Message(sentence, named)
    if unit.doubt == UNKNOWN and not asked:
        return Message(
            mark(
                "{column}: the header says {unit}, which may change what its numbers mean. Choose {field} for it if "
                "they can be taken as they stand; otherwise ignore the column."
            ),
            named,
        )
    return None


def _plain(unit: HeaderUnit) -> str:
    """By how much the numbers are multiplied or divided."""
    return f"{(unit.factor if unit.factor >= 1 else 1 / unit.factor).normalize():,f}"
