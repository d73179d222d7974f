"""Own fields: what the tables hold, field by field, and the fields that the company adds itself."""

from __future__ import annotations

from functools import partial, reduce

import streamlit as st

from core.access.actor import Permission
from core.facts.fields import TABLES as SPECS
from core.facts.labels import FIELD_KINDS, FIELD_OWNERS, TABLES
from core.facts.own_fields.queries import CatalogueField, CatalogueTable, field_catalogue
from pages.frame.filters import chosen, keep
from pages.frame.parts import page_header
from pages.frame.session import Session, enter
from pages.frame.shown import narrowed
from pages.frame.tables import height_of, records, text
from pages.frame.words import _, label, language, listed, ngettext
from pages.stewardship.administration_drawer import open_drawer, show_drawer
from pages.stewardship.own_field_for_column import forget_name, way_back
from pages.stewardship.own_fields_drawers import add_drawer, field_drawer

_PAGE = "own_fields"


def page() -> None:
    session = enter(Permission.IMPORT)
    tables = {table.code: table for table in field_catalogue(session.actor, session.store)}
    page_header(
        _("Own fields"),
        _(
            "What each table holds, field by field, for files, forms and exports alike; and what you add yourselves."
        ),
    )
    way_back(tables)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        table = tables[_chosen(list(tables))]
        may_change = session.actor.may(Permission.OWN_FIELDS)
        if may_change and table.open:
            st.button(
                _("Add a field"),
                icon=":material/add:",
                type="primary",
                key="own_fields.add",
                on_click=_add,
                args=(table.code,),
            )
    st.caption(_remark(table, may_change))
    _fields(table, may_change)
    if may_change:
        _drawers(session, table)


def _add(table: str) -> None:
    forget_name()
    open_drawer("add_field", table)


def _chosen(codes: list[str]) -> str:
    """The table that the address names, the first without one."""
    key = f"{_PAGE}.table"
    if st.session_state.get(key) not in codes:
        st.session_state[key] = (chosen("table", codes) or codes)[0]
    st.selectbox(_("Table"), codes, format_func=lambda code: label(TABLES, code), key=key, width=280)
    keep("table", [st.session_state[key]])
    narrowed(_("Table"), label(TABLES, st.session_state[key]))
    return str(st.session_state[key])


def _remark(table: CatalogueTable, may_change: bool) -> str:
    own = sum(each.id is not None and not each.retired for each in table.fields)
    if not table.open:
        return _("This table takes no own fields.")
    said = [ngettext("{n} own field", "{n} own fields", own)]
    if retired := sum(each.retired for each in table.fields):
        said.append(ngettext("{n} retired", "{n} retired", retired))
    if own and may_change:
        said.append(_("Click one to change or retire it."))
    return " · ".join(said)


def _fields(table: CatalogueTable, may_change: bool) -> None:
    other = "en" if language() == "zh_CN" else "zh_CN"
    fields = sorted(table.fields, key=lambda each: (each.retired, each.id is None))
    rows = {
        "id": [each.id or -place for place, each in enumerate(fields)],
        "field": [each.field.header(language()) for each in fields],
        "other": [each.field.header(other) for each in fields],
        "kind": [_kind(each) for each in fields],
        "remark": [_about(table, each) for each in fields],
        "owner": [label(FIELD_OWNERS, each.field.owner) if each.field.owner else "" for each in fields],
        "example": [_example(each) for each in fields],
        "code": [each.field.code for each in fields],
    }
    # Together as wide as the page is on a wide screen.
    columns = {
        "field": text(_("Field"), width=176, pinned=True),
        "kind": text(_("What may stand there"), width=210),
        "remark": text(_("Remarks"), width=186),
        "owner": text(_("Who answers for it"), width=116),
        "example": text(_("Example"), width=138),
        "other": text(_("In Chinese") if other == "zh_CN" else _("In English"), width=129),
        "code": text(_("Field code"), width=126),
    }
    own = {each.id for each in fields if each.id is not None} if may_change else set()
    records(
        rows,
        columns,
        key=f"own_fields.{table.code}",
        alt=_("Fields of the table"),
        on_choose=lambda key: open_drawer("field", key) if key in own else None,
        height=height_of(len(fields)),
    )


def _kind(each: CatalogueField) -> str:
    kind, unit = label(FIELD_KINDS, each.field.kind), each.field.unit
    if not unit:
        return kind
    return _("{label} ({unit})", label=kind, unit=unit if each.field.own else _(unit))


def _about(table: CatalogueTable, each: CatalogueField) -> str:
    """Whether a file needs the field, whether it is the company's own, and whether it tells of a person."""
    said = [_required(table, each)] if each.field.required else []
    if each.retired or each.id is not None:
        said.append(_("Own, retired") if each.retired else _("Own"))
    if each.field.personal:
        said.append(_("Personal data"))
    return " · ".join(said)


def _required(table: CatalogueTable, each: CatalogueField) -> str:
    spec = SPECS[table.code]
    instead = [spec.field(code).header(language()) for code in spec.instead.get(each.field.code, ())]
    if not instead:
        return _("Required")
    return _("Required without {others}", others=reduce(_both, instead))


def _both(one: str, other: str) -> str:
    return _("{one} and {other}", one=one, other=other)


def _example(each: CatalogueField) -> str:
    if each.field.choices and not each.field.example(language()):
        return listed(choice.word(language()) for choice in each.field.choices)
    return each.field.example(language())


def _drawers(session: Session, table: CatalogueTable) -> None:
    own = {each.id: each for each in table.fields if each.id is not None}
    show_drawer(
        {
            "add_field": (_("Add a field"), partial(add_drawer, session)),
            "field": (
                _("Own field"),
                lambda key: field_drawer(session, table.code, own[key]) if key in own else None,
            ),
        }
    )


if __name__ == "__main__":
    page()
