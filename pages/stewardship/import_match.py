"""Step two of an import: which header stands for which field, and how to import."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.fields import TABLES as SPECS
from core.facts.importing import MODES, ImportRequest
from core.facts.labels import MATCHES
from core.facts.labels import MODES as MODE_LABELS
from core.facts.matching import ColumnMatch, Matching, match_headers
from core.facts.reading import FileOutline, SheetOutline
from core.facts.uploads import upload_outline
from core.operations import jobs as operations
from pages.frame.parts import plain, section
from pages.frame.session import Session, current
from pages.frame.words import _, label, say
from pages.stewardship.import_file import keep_match, place_on_screen, show_file
from pages.stewardship.import_steps import Draft, draft, keep_draft, leave, open_step

_Color = Literal["green", "blue", "violet", "gray"]
_COLORS: dict[str, _Color] = {"exact": "green", "synonym": "blue", "chosen": "violet", "none": "gray"}
_IGNORE = ""
_COLUMNS_SHOWN = 40
_SAMPLES, _SAMPLE_LENGTH = 3, 40
_KEY = "exchange.match"


def show_match(session: Session, token: str) -> bool:
    """The upload of that token: what is in it and what it means, until it is sent to be checked. False when its
    rows cannot be read."""
    try:
        with st.spinner(_("Looking into the file…")):
            found = upload_outline(session.actor, session.store, token)
    except ProductError as refused:
        st.error(plain(say(refused.message)), icon=":material/block:")
        st.button(_("Choose another file"), icon=":material/undo:", on_click=leave)
        return False
    plan = show_file(session, found, draft(token))
    sheet = found.sheets[plan.sheet or 0]
    if sheet.problem is not None:
        st.error(plain(say(sheet.problem)), icon=":material/block:")
        return False
    matching = _columns(sheet, plan)
    plan = _options(plan)
    _go_on(found, plan, matching)
    return True


def _columns(sheet: SheetOutline, plan: Draft) -> Matching:
    """Every header with some of its values, the field it stands for, and how that was found."""
    matching = match_headers(SPECS[plan.table or ""], sheet.headers, plan.corrections)
    note = _(
        "{used} of {all} columns are used; the others are ignored. A field with * is required.",
        used=len(matching.fields),
        all=len(sheet.headers),
    )
    section(_("Columns"), note)
    if matching.problems:
        sentences = [plain(say(problem)) for problem in matching.problems]
        st.warning("\n".join(f"- {each}" for each in sentences) if len(sentences) > 1 else sentences[0],
                   icon=":material/rule:")  # fmt: skip
    rows = matching.columns
    if len(rows) > _COLUMNS_SHOWN and not st.toggle(
        _("Show all {n} columns", n=len(rows)), key=f"{_KEY}.all.{plan.token}"
    ):
        rows = tuple(each for each in rows if each.field) or rows[:_COLUMNS_SHOWN]
    with st.container(border=True, gap="small", key="import_columns"):
        for each in rows:
            _column(each, sheet, plan)
    return matching


def _column(each: ColumnMatch, sheet: SheetOutline, plan: Draft) -> None:
    fields = SPECS[plan.table or ""].fields
    words = {_IGNORE: _("Ignore this column")}
    words |= {field.code: _(field.label) + (" *" if field.required else "") for field in fields}
    left, right = st.columns([3, 2], gap="xsmall", vertical_alignment="center")
    with left.container(gap=None):
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
        ):
            st.text(each.header or each.letter, width="content")
            st.badge(label(MATCHES, each.how), color=_COLORS[each.how])
        st.caption(plain(_sample(sheet, each.column)) or "\u00a0")
    key = _field_key(plan, each.column)
    # What the match says now counts: a field taken by another column leaves this one.
    st.session_state[key] = each.field or _IGNORE
    right.selectbox(
        _("Field for {header}", header=plain(each.header)),
        list(words),
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=_choose,
        args=(plan, each.header, key),
    )


def _field_key(plan: Draft, column: int) -> str:
    return f"{_KEY}.{plan.token}.{plan.table}.{plan.sheet}.{column}"


def _choose(plan: Draft, header: str, key: str) -> None:
    # What was kept since the page last ran in full counts too.
    kept = replace(draft(plan.token), table=plan.table, sheet=plan.sheet)
    keep_draft(_chosen(kept, header, st.session_state[key] or None))


def _chosen(plan: Draft, header: str, field: str | None) -> Draft:
    """The draft with that header corrected. A field stands for one column only: the last choice wins."""
    others = {name: None if field and code == field else code for name, code in plan.corrections.items()}
    return replace(plan, chosen=plan.chosen | {plan.place: others | {header: field}})


def _sample(sheet: SheetOutline, column: int) -> str:
    values = [row[column] for row in sheet.sample if column < len(row)]
    return " · ".join(value[:_SAMPLE_LENGTH] for value in values[:_SAMPLES] if value)


def _options(plan: Draft) -> Draft:
    """What to do with rows that are stored already, with unknown customers, and with rows that are refused."""
    section(_("How to import"))
    with st.container(border=True):
        left, middle, right = st.columns(3, gap="medium")
        modes = {code: label(MODE_LABELS, code) for code in MODES}
        unknown = (_("Reject the row"), _("Add the customer"))
        rejected = (_("Import the other rows"), _("Import nothing"))
        mode = left.radio(
            _("Rows that are stored already"),
            MODES,
            index=MODES.index(plan.mode),
            format_func=modes.__getitem__,
            key=f"{_KEY}.mode.{plan.token}",
        )
        create = plan.create_customers
        names_customers = plan.table != "customers" and "customer_code" in SPECS[plan.table or ""].codes
        if names_customers:
            create = middle.radio(
                _("Rows of customers that are not stored"),
                [False, True],
                index=int(plan.create_customers),
                format_func=unknown.__getitem__,
                key=f"{_KEY}.create.{plan.token}",
            )
        whole = right.radio(
            _("When a row is rejected"),
            [False, True],
            index=int(plan.all_or_nothing),
            format_func=rejected.__getitem__,
            key=f"{_KEY}.whole.{plan.token}",
        )
    return keep_draft(plan, mode=mode, create_customers=bool(create), all_or_nothing=bool(whole))


def _go_on(found: FileOutline, plan: Draft, matching: Matching) -> None:
    ready = not matching.problems
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Check the file"),
            type="primary",
            icon=":material/fact_check:",
            disabled=not ready,
            on_click=_check,
            args=(found, plan, matching),
            key="exchange.check",
        )
        if ready:
            keep_match(plan, lambda: _match(found, _on_screen(found, plan, matching)))
        st.caption(_("Nothing is saved yet."))


def _on_screen(found: FileOutline, plan: Draft, matching: Matching) -> Draft:
    """The draft as the widgets stand; `plan` and `matching` are of the page's last full run, and a click may come
    before the page has run with the last choice."""
    held, token = st.session_state, plan.token
    sheet, table = place_on_screen(found, plan)
    now = replace(draft(token), sheet=sheet, table=table)
    if now.place == plan.place:
        for each in matching.columns:
            field = held.get(_field_key(plan, each.column), each.field) or None
            if field != each.field:
                now = _chosen(now, each.header, field)
    return replace(
        now,
        mode=held[f"{_KEY}.mode.{token}"],
        create_customers=bool(held.get(f"{_KEY}.create.{token}", plan.create_customers)),
        all_or_nothing=bool(held[f"{_KEY}.whole.{token}"]),
    )


def _match(found: FileOutline, plan: Draft) -> Matching:
    return match_headers(SPECS[plan.table or ""], found.sheets[plan.sheet or 0].headers, plan.corrections)


def _check(found: FileOutline, plan: Draft, matching: Matching) -> None:
    session = current()
    now = keep_draft(_on_screen(found, plan, matching))
    sheet = found.sheets[now.sheet or 0]
    if sheet.problem is not None or _match(found, now).problems:
        return  # the page, as it is shown next, says what is missing
    asked = ImportRequest(
        path=now.token,
        file_name=found.file_name,
        table_code=now.table or "",
        sheet=sheet.name or None,
        mapping=now.corrections,
        mode=now.mode,
        create_customers=now.create_customers and now.table != "customers",
        all_or_nothing=now.all_or_nothing,
        language=session.language,
    )
    open_step(
        job=operations.ask(session.actor, session.store, "import_check", asked.to_json(), now=clock.now())
    )
