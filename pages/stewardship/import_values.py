"""Words in cells that nobody would understand, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from core.facts.catalogue.model import Field, TableSpec
from core.facts.drafts import Draft
from core.facts.labels import YES_NO
from core.facts.matching.values import suggest_values, value_codes
from pages.frame.choosers import Chooser, choosers
from pages.frame.formats import number
from pages.frame.parts import section
from pages.frame.words import _, label, language, say
from pages.stewardship.import_plan import UNSETTLED, Plan
from pages.stewardship.import_steps import change_draft

_EMPTY = "-"
_PART = "\t"
_KEY = "exchange.values"

Counts = Mapping[str, Mapping[str, int]]


def values_box(plan: Plan, place: int, table: TableSpec, unread: Counts, where: str) -> None:
    """A list of such words with how often they stand there (`where`), each with what it stands for.

    Words that somebody has settled stay in the list, so that it can be changed.
    """
    settled = plan.draft.sheet(place).values.get(table.code, {})
    values = plan.values(place, unread)
    words = {
        code: list(dict.fromkeys([*unread.get(code, {}), *settled.get(code, {})]))
        for code in table.codes
        if code in unread or settled.get(code)
    }
    if not words:
        return
    section(
        _("Words to settle"),
        _(
            "These fields take certain values only. Say what each word stands for; else its rows are rejected."
        ),
    )
    choosers(
        f"{_KEY}.{plan.draft.token}.{place}.{table.code}",
        [
            _row(
                table.field(code),
                cell,
                _note(table.field(code), unread.get(code, {}).get(cell, 0), where),
                values.get(code, {}),
                settled.get(code, {}),
            )
            for code, cells in words.items()
            for cell in cells
        ],
        {code: _choices(table.field(code)) for code in words},
        on_choose=lambda choices: _choose(plan, place, table, choices),
        choose=_("Value for {title}"),
        search=_("Search for a word"),
        samples=False,
    )


def _note(field: Field, count: int, where: str) -> str:
    named = say(field.named)
    return " · ".join((named, _("× {n} {where}", n=number(count), where=where))) if count else named


def _row(
    field: Field, cell: str, note: str, meant: Mapping[str, str | None], settled: Mapping[str, str | None]
) -> Chooser:
    value = (meant[cell] or _EMPTY) if cell in meant else ""
    if settled.get(cell, UNSETTLED) != UNSETTLED:
        shape, tone, how = "✓", "good", _("Chosen by hand")
    elif cell in suggest_values(field, [cell]) and value:
        shape, tone, how = "◐", "warning", _("Suggested")
    elif value:
        shape, tone, how = "◆", "good", _("From a kept match")
    else:
        shape, tone, how = "▲", "warning", _("Not settled: its rows are rejected")
    return Chooser(f"{field.code}{_PART}{cell}", cell, value, note, (), shape, tone, how, options=field.code)


def _choices(field: Field) -> dict[str, str]:
    chinese = language() == "zh_CN"
    words = {choice.code: choice.zh if chinese else choice.en for choice in field.choices}
    if field.kind == "yes_no":
        words = {code: label(YES_NO, code) for code in value_codes(field)}
    return {"": _("Not settled"), _EMPTY: _("Leave the cell empty"), **words}


def _choose(plan: Plan, place: int, table: TableSpec, choices: Mapping[str, str]) -> None:
    def settle(draft: Draft) -> Draft:
        sheet = draft.sheet(place)
        for name, value in choices.items():
            code, _part, cell = name.partition(_PART)
            if code in table.codes and value in ("", _EMPTY, *value_codes(table.field(code))):
                meant = None if value == _EMPTY else value or UNSETTLED
                sheet = sheet.meaning(table.code, code, {cell: meant})
        return draft.with_sheet(place, sheet)

    change_draft(plan.draft.token, settle)
