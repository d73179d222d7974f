"""What the forms of a work order share: their button, their keys, and the choice of a cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.warning.labels import ROOT_CAUSES
from core.warning.work_order import WorkOrderView
from pages.frame.steps import step_button
from pages.frame.words import _, label

REFUSED = "worklist.refused"
"""Where the session state keeps the sentence of a refused step until it has been shown."""


def button(
    words: str,
    done: str,
    step: Callable[..., None],
    view: WorkOrderView,
    *,
    primary: bool = True,
    **look: Any,
) -> None:
    """Takes the step on the order as the page shows it; a button of a form unless `in_form` denies it."""
    step_button(
        words,
        step,
        view.id,
        view.version,
        refused=REFUSED,
        done=done,
        forget=_prefix(view.id),
        primary=primary,
        width="stretch",
        **look,
    )


def cause(title: str, key: str, *, optional: bool) -> None:
    """A choice of the causes of a churn."""
    st.selectbox(
        title,
        list(ROOT_CAUSES),
        format_func=lambda code: label(ROOT_CAUSES, code),
        index=None,
        key=key,
        placeholder=_("Not known yet") if optional else _("Choose a cause"),
    )


def _prefix(order_id: int) -> str:
    return f"order.{order_id}."


def keys_of(order_id: int) -> Callable[[str], str]:
    """Name of a field -> its key in the session state."""
    return lambda name: _prefix(order_id) + name


def values_of(order_id: int) -> Callable[[str], Any]:
    """Name of a field -> what stands in it."""
    return lambda name: st.session_state.get(_prefix(order_id) + name)
