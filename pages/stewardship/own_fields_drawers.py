"""The drawers of the own fields page: one adds a field, one changes or retires it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from core import clock
from core.errors import Refused
from core.facts.fields import Field
from core.facts.labels import FIELD_KINDS, FIELD_OWNERS, TABLES
from core.facts.own_fields.catalogue import PREFIX
from core.facts.own_fields.choices import Rewording, rewordings
from core.facts.own_fields.queries import CatalogueField, records_by_choice
from core.facts.own_fields.service import (
    KINDS,
    LONGEST_UNIT,
    PERSONAL_TABLES,
    add_field,
    change_field,
    retire_field,
    take_up_field,
)
from core.facts.own_fields.words import LONGEST_LABEL, Words
from core.language import mark
from pages.frame.parts import pairs, plain, refusal
from pages.frame.session import Session
from pages.frame.words import _, label, ngettext
from pages.stewardship.administration_drawer import finish, sure
from pages.stewardship.own_field_for_column import name_wanted

_SLASHES = re.compile("[/／]")
_ASKED = "own_fields.asked"
"""The field and the lines of which the drawer asks whether their new words are meant."""


def add_drawer(session: Session, table: str) -> None:
    """Add a field to a table."""
    st.caption(label(TABLES, table))
    kind = st.selectbox(
        _("Kind"), KINDS, format_func=lambda code: label(FIELD_KINDS, code), key="own_fields.kind"
    )
    with st.form("own_fields.new", border=False):
        zh, en = _labels(*name_wanted())
        code = st.text_input(
            _("Field code (required)"),
            max_chars=30,
            placeholder="wechat",
        )
        st.caption(
            _(
                "Small letters, digits, underscores; it never changes. Files and interfaces write {prefix} before "
                "it: “wechat” becomes “{prefix}wechat”.",
                prefix=plain(PREFIX),
            )
        )
        unit, owner = _about(kind, "", "")
        choices = _choices([]) if kind == "choice" else ""
        personal = False
        if kind == "text" and table in PERSONAL_TABLES:
            personal = st.checkbox(
                _("Personal data"),
                help=_("It is encrypted, masked where phones are masked, and never analysed."),
            )
        if st.form_submit_button(_("Add the field"), type="primary", width="stretch"):
            with refusal():
                add_field(
                    session.actor, session.store, table, code=code.strip(), kind=kind, label=(zh, en), unit=unit,
                    owner=owner or "", personal=personal, choices=_read_choices(choices), now=clock.now(),
                )  # fmt: skip
                finish(_("The field is there, in files, forms and exports."))


def field_drawer(session: Session, table: str, chosen: CatalogueField) -> None:
    """Change or retire an own field of a table, or take a retired one up again."""
    field, key = chosen.field, chosen.id or 0
    pairs(
        [(_("Field code"), field.code), (_("Kind"), label(FIELD_KINDS, field.kind)),
         (_("Personal data"), _("Yes") if field.personal else _("No"))],
        "own_field",
    )  # fmt: skip
    if chosen.retired:
        st.caption(_("It is asked for no more. What was entered in it is kept."))
        if st.button(_("Take it up again"), type="primary", width="stretch"):
            with refusal():
                take_up_field(session.actor, session.store, key, now=clock.now())
                finish(_("The field is asked for again."))
        return
    if _changing(session, table, chosen):
        return
    consequence = _(
        "Files, forms and exports will ask for it no more. What was entered is kept, and it can be taken up again."
    )
    if sure(f"retire.{key}", _("Retire the field"), consequence):
        with refusal():
            retire_field(session.actor, session.store, key, now=clock.now())
            finish(_("The field was retired."))


def _changing(session: Session, table: str, chosen: CatalogueField) -> bool:
    """The form that words a field anew; whether it waits for an answer to what it asks."""
    field, key = chosen.field, chosen.id or 0
    with st.form(f"own_fields.change.{key}", border=False):
        zh, en = _labels(chosen.label_zh, field.label)
        unit, owner = _about(field.kind, field.unit, field.owner)
        lines = _choices([(c.zh, c.en) for c in field.choices]) if field.kind == "choice" else ""
        saved = st.form_submit_button(_("Save"), type="primary", width="stretch")
    asked = st.session_state.pop(_ASKED, None) == (key, lines)
    if not saved and not asked:
        return False
    with refusal():
        choices = _read_choices(lines)
        reworded = rewordings(field.choices, choices) if lines else []
        if reworded and not _meant(session, table, field, reworded):
            st.session_state[_ASKED] = (key, lines)
            return True
        change_field(
            session.actor, session.store, key, seen=field, label=(zh, en), unit=unit, owner=owner or "",
            choices=choices, now=clock.now(),
        )  # fmt: skip
        finish(_("Saved."))
    return False


def _meant(session: Session, table: str, field: Field, reworded: Sequence[Rewording]) -> bool:
    """Name every choice that records hold and that would be called differently; True when that is meant."""
    held = records_by_choice(session.actor, session.store, table, field)
    with st.container(border=True):
        st.caption(_("Records that hold these choices will say the new word:"))
        for each in reworded:
            before, after = _in_both(each.choice.zh, each.choice.en), _in_both(*each.words)
            st.text(
                ngettext(
                    "{before} → {after}, in {n} record",
                    "{before} → {after}, in {n} records",
                    held.get(each.choice.code, 0),
                    before=before,
                    after=after,
                )
            )
        st.caption(_("A choice that means something else stands on a line of its own, beside the old ones."))
        with st.container(horizontal=True):
            meant = st.button(_("Reword and save"), type="primary", key="own_fields.reword")
            st.button(_("Cancel"), type="tertiary", key="own_fields.reword.no", on_click=_forget)
    return meant


def _forget() -> None:
    st.session_state.pop(_ASKED, None)


def _in_both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh} / {en}"


def _labels(zh: str, en: str) -> Words:
    return (
        st.text_input(_("Name in Chinese"), zh, max_chars=LONGEST_LABEL),
        st.text_input(
            _("Name in English"),
            en,
            max_chars=LONGEST_LABEL,
            help=_("Where one is blank the other stands for it."),
        ),
    )


def _about(kind: str, unit: str, owner: str) -> tuple[str, str | None]:
    """Unit, where numbers have one, and who answers for the field."""
    owners = ["", *FIELD_OWNERS]
    given = st.text_input(_("Unit"), unit, max_chars=LONGEST_UNIT) if kind in ("integer", "amount") else ""
    return given, st.selectbox(
        _("Who answers for it"),
        owners,
        index=owners.index(owner),
        format_func=lambda code: label(FIELD_OWNERS, code) if code else _("nobody yet"),
    )


def _choices(there: Sequence[Words]) -> str:
    return st.text_area(
        _("Choices"),
        "\n".join(_in_both(zh, en) for zh, en in there),
        help=_(
            "One on each line, as “高 / High”. Lines may be moved, reworded and added; none is taken away."
        ),
        height=160,
    )


def _read_choices(lines: str) -> list[Words]:
    found = []
    for line in filter(str.strip, lines.splitlines()):
        words = [word.strip() for word in _SLASHES.split(line)]
        if len(words) > 2:
            raise Refused(mark("A choice has one name in each language. Put one slash between them."))
        found.append((words[0], words[-1]))
    return found
