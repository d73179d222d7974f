"""How to import: what to do with rows that are stored already, with unknown customers, with rows that are refused."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.facts.drafts import Draft
from core.facts.importing import MODES
from core.facts.labels import MODES as MODE_LABELS
from pages.frame.parts import section
from pages.frame.words import _, label
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_steps import change_draft

_KEY = "exchange.options"


def options(plan: Plan) -> None:
    """The choices side by side."""
    section(_("How to import"))
    draft = plan.draft
    names_customers = any(
        table != "customers" and "customer_code" in plan.tables[table].codes for table in plan.chosen.values()
    )
    with st.container(border=True):
        # Without a question in the middle the others close up, on a phone too.
        left, middle, right = st.columns(3, gap="medium")
        modes = {code: label(MODE_LABELS, code) for code in MODES}
        with left:
            _radio(draft.token, "mode", _("Rows that are stored already"), modes, draft.mode)
            if draft.mode != "add":
                _blanks(draft)
        if names_customers:
            with middle:
                unknown = {False: _("Reject the row"), True: _("Add the customer")}
                title = _("Rows of customers that are not stored")
                _radio(draft.token, "create_customers", title, unknown, draft.create_customers)
        with right if names_customers else middle:
            rejected = {False: _("Import the other rows"), True: _("Import nothing")}
            _radio(draft.token, "all_or_nothing", _("When a row is rejected"), rejected, draft.all_or_nothing)


def _blanks(draft: Draft) -> None:
    key = f"{_KEY}.clear_blanks.{draft.token}"
    st.session_state[key] = draft.clear_blanks
    st.checkbox(
        _("A blank cell empties the stored value"),
        key=key,
        on_change=_keep,
        args=(draft.token, "clear_blanks", key),
        help=_(
            "Otherwise a blank keeps what is stored. Codes, names, contact data, who is in charge and the steps of a "
            "lead are kept in any case. The check shows every value that would go."
        ),
    )


def _radio(token: str, what: str, title: str, names: dict[Any, str], present: Any) -> None:
    key = f"{_KEY}.{what}.{token}"
    st.session_state[key] = present
    st.radio(
        title, list(names), format_func=names.__getitem__, key=key, on_change=_keep, args=(token, what, key)
    )


def _keep(token: str, what: str, key: str) -> None:
    asked = st.session_state[key]
    change_draft(token, lambda draft: draft.changed(**{what: asked}))
