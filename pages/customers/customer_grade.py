"""Why a customer has its grade: figures, scores, cut-offs, the rules' version, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.amounts import Money
from core.grading.labels import MEASURE_LABELS
from core.grading.queries import GradeExplanation
from core.language import Message, mark
from pages.frame import tables
from pages.frame.formats import amount, day, number
from pages.frame.parts import strong
from pages.frame.words import NOTHING, _, label, say

_CUT_SCORES = (2, 3, 4, 5)
_HEADINGS = {
    "recency_days": mark("R · days ago"),
    "frequency": mark("F · orders"),
    "monetary": mark("M · spending"),
}
"""Short, so that the table fits a phone; the full name stands in the help."""


def grade_card(grade: GradeExplanation | None, currency: str) -> None:
    """The card that explains the grade; None stands for a customer without one."""
    with st.container(border=True, key="grade"):
        strong(_("Why this grade"))
        if grade is None:
            st.caption(_("Not graded yet: grades come with the next grading after an import."))
            return
        with st.container(gap="xsmall"):
            for sentence in grade.why:
                st.text(say(sentence))
        if grade.measures:
            _scores(grade, currency)
        strong(_("What would change it"))
        with st.container(gap="xsmall"):
            for sentence in grade.what_would_change:
                st.text(f"• {say(_priced(sentence))}")
        st.caption(
            _(
                "Rules version {version}, as of {day}, among {n} graded customers",
                version=grade.policy_version,
                day=day(grade.as_of),
                n=number(grade.graded),
            )
        )


def _priced(sentence: Message) -> Message:
    """The sentence with its amounts as the reader writes them."""
    written = {
        name: amount(value.units, value.currency, 2) if isinstance(value, Money) else value
        for name, value in sentence.values.items()
    }
    return replace(sentence, values=written)


def _scores(grade: GradeExplanation, currency: str) -> None:
    written: dict[str, Callable[[int], str]] = {"monetary": lambda units: amount(units, currency)}
    rows = {"what": [_("Value"), _("Score (1-5)"), *(_("Score {score} from", score=n) for n in _CUT_SCORES)]}
    columns: dict[str, Any] = {"what": tables.text("", width=95)}
    for each in grade.measures:
        shown = written.get(each.measure, number)
        sign = "≤" if each.measure == "recency_days" else "≥"
        cuts = [NOTHING if bound is None else f"{sign} {shown(bound)}" for bound in each.bounds]
        rows[each.measure] = [shown(each.value), str(each.score), *cuts]
        columns[each.measure] = tables.text(
            label(_HEADINGS, each.measure), alignment="right", help=label(MEASURE_LABELS, each.measure)
        )
    tables.read_only(rows, columns, alt=_("Scores and cut-offs"))
    st.caption(
        _(
            "The cut-offs are those among the customers graded together. What would change the grade is worked out "
            "for this customer alone, with all others unchanged."
        )
    )
