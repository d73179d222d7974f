"""Step three of an import: which column stands for which field, what words in cells mean, and how to import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import streamlit as st

from core import clock
from core.facts import drafts
from core.facts.drafts import Draft
from core.facts.labels import MATCHES
from core.facts.matching.match import ColumnMatch, Matching
from core.language import Message
from core.operations import jobs as operations
from pages.frame.choosers import Chooser, choosers
from pages.frame.parts import plain, refusal, section
from pages.frame.session import Session
from pages.frame.words import _, label, say
from pages.stewardship.import_first_row import say_first_row
from pages.stewardship.import_kept import keep_match, kept_matches
from pages.stewardship.import_options import options
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_sheets import show_file
from pages.stewardship.import_steps import change_draft, load_draft, open_step, sheet_as
from pages.stewardship.import_values import values_box
from pages.stewardship.own_field_for_column import offer_fields

_SHAPES = {
    "exact": ("●", "good"),
    "synonym": ("●", "good"),
    "similar": ("◐", "warning"),
    "content": ("○", "warning"),
    "saved": ("◆", "good"),
    "chosen": ("✓", "good"),
    "none": ("–", "neutral"),
    "rejects": ("–", "neutral"),
}
"""How sure a match is, by its shape."""
_DOUBTFUL = ("similar", "content")
_SAMPLES, _SAMPLE_LENGTH = 3, 40
_KEY = "exchange.match"


def show_columns(plan: Plan) -> None:
    """Every column of a sheet with some of its cells, the field it stands for, and how that was found."""
    show_file(plan.found)
    place, matching = columns_box(plan)
    offer_fields(plan, place, matching)
    options(plan)
    _go_on(plan, place, matching)


def columns_box(plan: Plan) -> tuple[int, Matching]:
    """The columns of the sheet in hand and the words to settle in them: its place, and what its columns stand for."""
    place = _sheet_in_hand(plan)
    matching = plan.matching(place)
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="import_columns"
    ):
        section(_("Columns"), _used(matching))
        kept_matches(plan, place)
    say_first_row(plan, place)
    _problems(matching, *plan.doubts.values())
    choosers(
        f"{_KEY}.{plan.draft.token}.{place}.{matching.table.code}",
        _rows(plan, place, matching),
        {"": _fields(matching)},
        on_choose=lambda choices: _choose(plan, place, matching, choices),
        choose=_("Field for {title}"),
        search=_("Search for a column or field"),
        kinds={"": _("All"), "look": _("To look at"), "ignored": _("Ignored")},
        once=True,
    )
    values_box(plan, place, matching.table, plan.unread(place, matching), _("in the first rows"))
    return place, matching


def _used(matching: Matching) -> str:
    used, every = len(matching.fields), sum(each.how != "rejects" for each in matching.columns)
    if used == every:
        return _("All {all} columns are used. A field with * is required.", all=every)
    return _(
        "{used} of {all} columns are used; the others are ignored. A field with * is required.", used=used, all=every
    )  # fmt: skip


def _sheet_in_hand(plan: Plan) -> int:
    """The sheet whose columns are shown, chosen where there are several."""
    places = list(plan.chosen)
    asked = st.query_params.get("at", "")
    place = int(asked) if asked.isdecimal() and int(asked) in places else places[0]
    if len(places) > 1:
        names = {each: _sheet_label(plan, each) for each in places}
        key = f"{_KEY}.at.{plan.draft.token}"
        if st.session_state.get(key) not in places:
            st.session_state[key] = place
        chosen = st.segmented_control(
            _("Sheet"),
            places,
            format_func=names.__getitem__,
            key=key,
            required=True,
            label_visibility="collapsed",
        )
        place = place if chosen is None else chosen
        st.query_params["at"] = str(place)
    return place


def _sheet_label(plan: Plan, place: int) -> str:
    shape = "▲" if plan.matching(place).problems else "◐" if place in plan.doubts else "●"
    return f"{shape} {sheet_as(plan.sheet(place).name, plan.chosen[place])}"


def _problems(matching: Matching, *doubts: Message) -> None:
    """What stands in the way of this sheet, and what should be looked at in the whole file."""
    sentences = [plain(say(problem)) for problem in (*matching.problems, *doubts)]
    if not sentences:
        return
    text = "\n".join(f"- {each}" for each in sentences) if len(sentences) > 1 else sentences[0]
    st.warning(text, icon=":material/rule:")


def _fields(matching: Matching) -> dict[str, str]:
    return {"": _("Ignore this column")} | {
        field.code: say(field.named) + (" *" if field.required else "") for field in matching.table.fields
    }


def _rows(plan: Plan, place: int, matching: Matching) -> list[Chooser]:
    counts = Counter(each.field for each in matching.columns if each.field)
    how, why = cache(lambda code: label(MATCHES, code)), cache(say)  # hundreds of columns are ignored alike
    sample = plan.rows_shown(place)
    return [
        _row(each, sample, how(each.how), say(each.why) if each.why.values else why(each.why.sentence),
             twice=counts[each.field or ""] > 1)
        for each in matching.columns
    ]  # fmt: skip


def _row(
    each: ColumnMatch, sample: Sequence[Sequence[str | None]], how: str, why: str, *, twice: bool
) -> Chooser:
    shape, tone = _SHAPES[each.how]
    if twice:
        shape, tone = "▲", "warning"
    kind = "look" if twice or each.how in _DOUBTFUL else "ignored" if each.how == "none" else ""
    return Chooser(
        id=each.key,
        title=each.header or _("Column {letter}, without a header", letter=each.letter),
        value=each.field or "",
        note=each.letter if each.letter != each.header else "",
        samples=_samples(sample, each.column),
        shape=shape,
        tone=tone,
        how=how,
        why=_("Another column stands for it too. Choose one.") if twice else why,
        kind=kind,
    )


def _samples(sample: Sequence[Sequence[str | None]], column: int) -> tuple[str, ...]:
    """The first different values of a column."""
    found: dict[str, None] = {}
    for row in sample:
        if column < len(row) and (value := row[column]):
            found[value[:_SAMPLE_LENGTH]] = None
            if len(found) == _SAMPLES:
                break
    return tuple(found)


def _choose(plan: Plan, place: int, matching: Matching, choices: Mapping[str, str]) -> None:
    table, keys = matching.table, {each.key for each in matching.columns}
    known = {
        key: code or None
        for key, code in choices.items()
        if key in keys and (not code or code in table.codes)
    }

    def settle(draft: Draft) -> Draft:
        return draft.with_sheet(place, draft.sheet(place).corrected(table.code, known))

    change_draft(plan.draft.token, settle)


def _go_on(plan: Plan, place: int, matching: Matching) -> None:
    waiting = [each for each in plan.chosen if plan.matching(each).problems]
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Check the file"),
            type="primary",
            icon=":material/fact_check:",
            disabled=bool(waiting),
            key="exchange.check",
        )
        if not matching.problems:
            keep_match(plan)
        others = [plan.sheet(each).name for each in waiting if each != place]
        st.caption(
            _("Sheet {sheet} still waits for its columns.", sheet=plain(others[0]))
            if others
            else _("Nothing is saved yet.")
        )
    # Here and not in a callback: choices that came with the press are settled by now.
    if pressed and not waiting:
        ask_check(plan.session, plan)


def ask_check(session: Session, plan: Plan) -> None:
    """Have the file checked as it stands, and follow that."""
    with refusal():
        asked = plan.request(session.language).to_json()
        job = operations.ask(session.actor, session.store, "import_check", asked, now=clock.now())
        draft = load_draft(session, plan.draft.token)
        drafts.keep_draft(session.actor, session.store, replace(draft, checked=job))
        open_step(job=job)
        st.rerun()
