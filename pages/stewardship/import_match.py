"""Step three of an import: which column stands for which field, what words in cells mean, and how to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core import clock
from core.facts import drafts
from core.facts.drafts import Draft
from core.facts.labels import MATCHES, TABLES
from core.facts.matching import ColumnMatch, Matching
from core.operations import jobs as operations
from pages.frame.choosers import Chooser, choosers
from pages.frame.parts import plain, refusal, section
from pages.frame.session import Session
from pages.frame.words import _, label, say
from pages.stewardship.import_kept import keep_match, kept_matches
from pages.stewardship.import_options import options
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_sheets import show_file
from pages.stewardship.import_steps import change_draft, load_draft, open_step
from pages.stewardship.import_values import values_box

_SHAPES = {
    "exact": ("●", "good"),
    "synonym": ("●", "good"),
    "similar": ("◐", "warning"),
    "content": ("○", "warning"),
    "saved": ("◆", "good"),
    "chosen": ("✓", "good"),
    "none": ("–", "neutral"),
}
"""How sure a match is, by its shape."""
_DOUBTFUL = ("similar", "content")
_SAMPLES, _SAMPLE_LENGTH = 3, 40
_KEY = "exchange.match"


def show_columns(plan: Plan) -> None:
    """Every column of a sheet with some of its cells, the field it stands for, and how that was found."""
    show_file(plan.found)
    place = _sheet_in_hand(plan)
    matching = plan.matching(place)
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="import_columns"
    ):
        note = _(
            "{used} of {all} columns are used; the others are ignored. A field with * is required.",
            used=len(matching.fields),
            all=len(matching.columns),
        )
        section(_("Columns"), note)
        kept_matches(plan, place)
    _problems(matching)
    choosers(
        f"{_KEY}.{plan.draft.token}.{place}.{matching.table.code}",
        [_row(plan, place, each, matching) for each in matching.columns],
        {"": _fields(matching)},
        on_choose=lambda choices: _choose(plan, place, matching, choices),
        choose=_("Field for {title}"),
        search=_("Search for a column or field"),
        kinds={"": _("All"), "look": _("To look at"), "ignored": _("Ignored")},
        once=True,
    )
    unread = plan.unread(place, matching)
    values_box(plan, place, matching.table, unread, _("in the first rows"))
    options(plan)
    _go_on(plan, place, matching, unread)


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
    shape = "▲" if plan.matching(place).problems else "●"
    return f"{shape} {plain(plan.sheet(place).name)} · {label(TABLES, plan.chosen[place])}"


def _problems(matching: Matching) -> None:
    if not matching.problems:
        return
    sentences = [plain(say(problem)) for problem in matching.problems]
    text = "\n".join(f"- {each}" for each in sentences) if len(sentences) > 1 else sentences[0]
    st.warning(text, icon=":material/rule:")


def _fields(matching: Matching) -> dict[str, str]:
    return {"": _("Ignore this column")} | {
        field.code: say(field.named) + (" *" if field.required else "") for field in matching.table.fields
    }


def _row(plan: Plan, place: int, each: ColumnMatch, matching: Matching) -> Chooser:
    shape, tone = _SHAPES[each.how]
    values = (row[each.column] for row in plan.sheet(place).sample if each.column < len(row))
    samples = tuple(dict.fromkeys(value[:_SAMPLE_LENGTH] for value in values if value))[:_SAMPLES]
    twice = each.field is not None and sum(other.field == each.field for other in matching.columns) > 1
    if twice:
        shape, tone = "▲", "warning"
    kind = "look" if twice or each.how in _DOUBTFUL else "" if each.field else "ignored"
    return Chooser(
        id=each.key,
        title=each.header or _("Column {letter}, without a header", letter=each.letter),
        value=each.field or "",
        note=each.letter,
        samples=samples,
        shape=shape,
        tone=tone,
        how=label(MATCHES, each.how),
        why=_("Another column stands for it too. Choose one.") if twice else say(each.why),
        kind=kind,
    )


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


def _go_on(plan: Plan, place: int, matching: Matching, unread: Mapping[str, Mapping[str, int]]) -> None:
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
            keep_match(plan, place, matching, plan.values(place, unread))
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
