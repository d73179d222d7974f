"""One card of a pilot in full: what it is about, who owes it by when, what was said and done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from core.errors import StaleEdit
from core.reviews import board_service as service
from core.reviews.board import LONGEST_BODY, LONGEST_COMMENT, LONGEST_TITLE, CardView, Stage
from core.reviews.board_queries import CardPage, card
from core.reviews.labels import CARD_FIELDS, CARD_KINDS, CARD_STAGES, RULES
from core.reviews.pilot_queries import PilotView, people
from core.reviews.pilots import Standing
from pages.frame.filters import keep
from pages.frame.formats import day, moment
from pages.frame.parts import pairs, plain, strong
from pages.frame.session import Session, business
from pages.frame.steps import keys, show_refused, step_button, take, values
from pages.frame.words import NOTHING, _, label
from pages.review.pilot_kanban_board import due_words, forget_forms
from pages.review.pilot_kanban_history import history, measure_words, worded

_REFUSED = "kanban.card.refused"
_THEIRS = "kanban.card.theirs"


def detail(session: Session, pilot: PilotView, page: CardPage) -> None:
    """Show the card beside the board."""
    frozen = pilot.standing in (Standing.ENDED, Standing.CALLED_OFF)
    with st.container(border=True, key="kanban_card"):
        _title(page)
        _refused()
        if not frozen:
            _stage(page.card)
        if not frozen and st.session_state.get(keys("card", page.card.id)("editing")):
            _edit(session, pilot, page)
        else:
            _facts(page)
            if page.body:
                st.text(page.body)
            if not frozen:
                st.button(
                    _("Edit"), icon=":material/edit:", key="kanban.card.edit", on_click=_begin, args=(page,)
                )
        _comments(session, page, frozen=frozen)
        history(session, page)


def _title(page: CardPage) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        st.subheader(plain(page.card.title), anchor=False)
        st.button(
            _("Close"),
            icon=":material/close:",
            type="tertiary",
            key="kanban.card.close",
            on_click=_close,
        )


def _close() -> None:
    keep("card", [])
    forget_forms()


def _refused() -> None:
    if show_refused(_REFUSED):
        for line in st.session_state.pop(_THEIRS, []):
            st.text(line)


def _stage(shown: CardView) -> None:
    st.session_state["kanban.card.stage"] = shown.stage
    st.segmented_control(
        _("Stage"),
        [str(each) for each in Stage],
        format_func=lambda code: label(CARD_STAGES, code),
        key="kanban.card.stage",
        required=True,
        label_visibility="collapsed",
        on_change=take,
        args=(_REFUSED, _move, shown.id, shown.version),
    )


def _move(session: Session, card_id: int, version: int, now: datetime) -> None:
    stage = st.session_state["kanban.card.stage"]
    service.move_card(session.actor, session.store, card_id, stage, expected_version=version, now=now)


def _facts(page: CardPage) -> None:
    shown = page.card
    late = due_words(shown, page.today) if shown.days_late(page.today) > 0 else ""
    rows: list[tuple[str, object]] = [
        (_("Kind"), label(CARD_KINDS, shown.kind)),
        (_("Owner"), shown.owner or _("No owner")),
        (_("Due"), day(shown.due_on) + (f" · ▲ {late}" if late else "")),
        (_("KPI"), measure_words(shown.measure)),
        (_("Rule"), label(RULES, shown.rule)),
    ]
    if page.meeting_week is not None:
        rows.append((_("Decided"), _("weekly meeting of {day}", day=day(page.meeting_week))))
    pairs(rows, "card")


def _begin(page: CardPage) -> None:
    """Open the form on the version that was read: whoever saves in between is not overwritten unseen."""
    key = keys("card", page.card.id)
    st.session_state.update({key(name): value for name, value in _fields(page).items()})
    st.session_state[key("base")] = page.card.version
    st.session_state[key("editing")] = True


def _edit(session: Session, pilot: PilotView, page: CardPage) -> None:
    shown = page.card
    names = {
        int(row.id): str(row.name) for row in people(session.actor, session.store, pilot.id).itertuples()
    }
    if shown.owner_id is not None:
        names.setdefault(shown.owner_id, shown.owner or NOTHING)
    key = keys("card", shown.id)
    measures = list(
        dict.fromkeys([*(kpi.measure for kpi in pilot.plan.kpis), *filter(None, [shown.measure])])
    )
    with st.form(key("edit"), border=False):
        st.text_input(_("Title"), key=key("title"), max_chars=LONGEST_TITLE)
        st.text_area(_("What it is about"), key=key("body"), max_chars=LONGEST_BODY, height=110)
        _choice(_("Kind"), CARD_KINDS, key("kind"), optional=False)
        _choice(_("Owner"), names, key("owner"), show=names.__getitem__)
        st.date_input(_("Due"), key=key("due_on"), format="YYYY-MM-DD")
        _choice(_("KPI"), measures, key("measure"), show=measure_words)
        _choice(_("Rule"), RULES, key("rule"))
        with st.container(horizontal=True):
            step_button(_("Save the card"), _save, shown.id, shown.version, refused=_REFUSED, primary=True)
            st.form_submit_button(_("Cancel"), type="tertiary", on_click=forget_forms)


def _choice(
    title: str,
    options: Mapping[Any, str] | list[str],
    key: str,
    *,
    show: Callable[[Any], str] | None = None,
    optional: bool = True,
) -> None:
    words = options if isinstance(options, Mapping) else {}
    st.selectbox(
        title,
        list(options),
        format_func=show or (lambda code: label(words, code)),
        index=None if optional else 0,
        key=key,
        placeholder=_("None"),
    )


def _fields(page: CardPage) -> dict[str, Any]:
    shown = page.card
    return {
        "title": shown.title,
        "body": page.body,
        "kind": shown.kind,
        "owner": shown.owner_id,
        "due_on": shown.due_on,
        "measure": shown.measure,
        "rule": shown.rule,
    }


def _save(session: Session, card_id: int, _version: int, now: datetime) -> None:
    value = values("card", card_id)
    draft = service.CardDraft(
        title=value("title") or "",
        kind=value("kind"),
        body=value("body") or "",
        measure=value("measure"),
        rule=value("rule"),
        owner_id=value("owner"),
        due_on=value("due_on"),
    )
    try:
        service.edit_card(
            session.actor, session.store, card_id, draft, expected_version=value("base"), now=now
        )
    except StaleEdit:
        _show_difference(session, card_id, now)
        raise
    forget_forms()
    st.toast(_("Card saved."), icon=":material/check_circle:")


def _show_difference(session: Session, card_id: int, now: datetime) -> None:
    """Say what is stored where it differs from what was typed, and let the next save overwrite it knowingly."""
    page = card(session.actor, session.store, card_id, now=now)
    names = {page.card.owner_id: page.card.owner}
    st.session_state[_THEIRS] = [
        _("{field}, as it is now: {value}", field=label(CARD_FIELDS, name), value=worded(name, value, names))
        for name, value in _fields(page).items()
        if (value or None) != (values("card", card_id)(name) or None)
    ]
    st.session_state[keys("card", card_id)("base")] = page.card.version


def _comments(session: Session, page: CardPage, *, frozen: bool) -> None:
    zone = business(session.store).time_zone
    strong(_("Comments"))
    said = [each for each in page.entries if each.kind == "comment"]
    for each in reversed(said):
        author = plain(each.by or _("by the system"))
        with st.container(gap=None):
            st.caption(f"{author} · {moment(each.at, zone)}")
            st.text(each.text or "")
    if frozen:
        return
    key = keys("card", page.card.id)
    with st.form(key("comment_form"), border=False):
        st.text_area(
            _("Write a comment"),
            key=key("comment"),
            max_chars=LONGEST_COMMENT,
            height=68,
            label_visibility="collapsed",
            placeholder=_("Write a comment"),
        )
        step_button(_("Add comment"), _comment, page.card.id, page.card.version, refused=_REFUSED)


def _comment(session: Session, card_id: int, _version: int, now: datetime) -> None:
    service.comment(session.actor, session.store, card_id, values("card", card_id)("comment") or "", now=now)
    st.session_state[keys("card", card_id)("comment")] = ""
