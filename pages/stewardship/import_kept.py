"""Kept matches at the columns of an import: the one that is applied, the others, and keeping this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.drafts import NO_KEPT_MATCH, Draft
from core.facts.matching.mappings import forget_mapping, save_mapping
from pages.frame.parts import plain
from pages.frame.session import current
from pages.frame.words import _, listed, ngettext, say
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_steps import change_draft

_KEY = "exchange.kept"
_TIMES = f"{_KEY}.times_kept"
"""How often a match was kept here: under a new key its popover is a new one, and closed."""
_LONGEST_NAME = 80


def kept_matches(plan: Plan, place: int) -> None:
    """The kept matches whose headers this sheet has; the one that is applied can be taken away."""
    fitting, applied = plan.kept[place], plan.applied(place)
    if not fitting:
        return
    title = (
        _("Kept match: {name}", name=plain(applied.name))
        if applied
        else ngettext("{n} kept match fits", "{n} kept matches fit", len(fitting))
    )
    with st.popover(title, icon=":material/bookmark:"):
        for each in fitting:
            used = applied is not None and applied.id == each.id
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    _("Without “{name}”", name=plain(each.name)) if used else plain(each.name),
                    icon=":material/bookmark_remove:" if used else None,
                    key=f"{_KEY}.use.{each.id}",
                    on_click=_use,
                    args=(plan, place, NO_KEPT_MATCH if used else each.id),
                    width="stretch",
                )
                st.button(
                    _("Forget"), key=f"{_KEY}.forget.{each.id}", type="tertiary", icon=":material/delete:",
                    on_click=_forget, args=(each.id,),
                )  # fmt: skip


def _use(plan: Plan, place: int, mapping_id: int) -> None:
    """Apply that match, or none; what was chosen by hand before gives way to it."""
    table = plan.chosen[place]

    def settle(draft: Draft) -> Draft:
        sheet = draft.sheet(place)
        chosen = dict(sheet.chosen) if mapping_id == NO_KEPT_MATCH else {**sheet.chosen, table: {}}
        return draft.with_sheet(
            place, replace(sheet, table=table, chosen=chosen, kept={**sheet.kept, table: mapping_id})
        )

    change_draft(plan.draft.token, settle)


def _forget(mapping_id: int) -> None:
    session = current()
    try:
        forget_mapping(session.actor, session.store, mapping_id, now=clock.now())
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")


def keep_match(plan: Plan) -> None:
    """Give the match a name, so that it is applied to the next file of this kind by itself. It holds every sheet whose
    columns are settled."""
    times = st.session_state.setdefault(_TIMES, 0)
    places = [place for place, matching in plan.matchings.items() if not matching.problems]
    with st.popover(_("Keep this match"), icon=":material/bookmark_add:", key=f"{_KEY}.keeping.{times}"):
        key = f"{_KEY}.name.{plan.draft.token}"
        st.text_input(_("Name of the match"), key=key, max_chars=_LONGEST_NAME)
        st.caption(_("Columns and words are then matched like this in files that have the same headers."))
        if len(plan.chosen) > 1:
            names = listed(plain(plan.sheet(place).name) for place in places)
            st.caption(_("Kept for these sheets: {sheets}.", sheets=names))
        st.button(_("Keep"), key=f"{_KEY}.keep", on_click=_save, args=(key, plan, places))


def _save(key: str, plan: Plan, places: Sequence[int]) -> None:
    session, said, now = current(), st.session_state[key], clock.now()
    kept: dict[tuple[str, str], object] = {}
    words: dict[tuple[str, str], dict[str, dict[str, str | None]]] = {}
    try:
        for place in places:
            matching = plan.matching(place)
            table, name = matching.table.code, said
            mapping = {
                each.key: each.field for each in matching.columns if each.header and each.how != "rejects"
            }
            if kept.get((table, name), mapping) != mapping:  # two sheets of a kind whose columns differ
                sheet = f" {plan.sheet(place).name}"
                name = said[: _LONGEST_NAME - len(sheet)] + sheet
            settled = words.setdefault((table, name), {})
            for code, cells in plan.values(place, plan.unread(place, matching)).items():
                settled[code] = {**settled.get(code, {}), **cells}
            save_mapping(session.actor, session.store, table, name, mapping, values=settled, now=now)
            kept[table, name] = mapping
        st.toast(_("The match is kept."), icon=":material/bookmark_added:")
        st.session_state[_TIMES] += 1
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")
