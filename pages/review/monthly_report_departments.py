"""One measure of a report by department: dots with intervals beside a funnel plot, as they are printed."""

from __future__ import annotations

import streamlit as st

from core.measures.catalogue import MEASURES
from core.reviews.document import Document, MeasureLine
from core.reviews.report_charts import LEFT_DRAWING, RIGHT_DRAWING, department_dots, department_funnel
from core.reviews.words import Speaker
from pages.frame.filters import keep
from pages.frame.parts import section
from pages.frame.words import _

_MEASURE = "report.measure"
_TOLD_APART = ("worse", "better")

# The drawings are our own, their texts escaped. Parsed as a picture, not as HTML, and shown in the page's colour of
# text: as a file of its own a picture could not know on which ground it stands.
_DRAWINGS = st.components.v2.component(
    "report_drawings",
    html='<div class="drawings"></div>',
    css="""
.drawings { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; color: var(--st-text-color);
  font-family: var(--st-font); font-variant-numeric: tabular-nums; }
.drawings svg { flex: 1 1 330px; min-width: 0; max-width: 540px; height: auto; }
""",
    js="""
export default function ({ data, parentElement }) {
  const read = (text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const drawn = data.drawings.map((text) => document.importNode(read(text), true));
  parentElement.querySelector(".drawings").replaceChildren(...drawn);
}
""",
)


def open_measure(code: str) -> None:
    """Compare the departments in this measure; for a callback."""
    st.session_state[_MEASURE] = code


def show_departments(document: Document, speaker: Speaker) -> None:
    """The departments in the measure that is open; at first one in which they can be told apart."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            section(
                _("Departments"),
                _("▲ really better · ● not told apart · ▼ really worse · ○ too few cases"),
            )
            line = _chosen(document, speaker)
        drawings = [] if line is None else [department_dots(line, speaker), department_funnel(line, speaker)]
        shown = [drawing for drawing in drawings if drawing]
        if line is not None and shown:
            _DRAWINGS(key="report_drawings", data={"drawings": shown})
            st.caption(_note(line, speaker))
        else:
            st.caption(_("No department has figures of this measure in this month."))


def _chosen(document: Document, speaker: Speaker) -> MeasureLine | None:
    names = {line.code: speaker.line(line) for line in document.measures}
    codes = list(names)
    if not codes:
        return None
    if st.session_state.get(_MEASURE) not in codes:
        asked = st.query_params.get("measure", "")
        st.session_state[_MEASURE] = asked if asked in codes else _telling(document)
    st.selectbox(_("Measure"), codes, format_func=lambda code: names[code], key=_MEASURE, width=280)
    keep("measure", [st.session_state[_MEASURE]])
    return document.measure(st.session_state[_MEASURE])


def _telling(document: Document) -> str:
    """A measure with a department that stands apart, else one that departments have, else the first."""
    lines = sorted(document.measures, key=lambda line: line.kind != "share")  # these have both drawings
    apart = (line for line in lines if any(row.place in _TOLD_APART for row in line.departments))
    known = (line for line in lines if any(row.figure.value is not None for row in line.departments))
    return next(apart, next(known, lines[0])).code


def _note(line: MeasureLine, speaker: Speaker) -> str:
    """What is counted, and how the drawings are to be read."""
    left = _(LEFT_DRAWING)
    right = _(RIGHT_DRAWING) if line.kind == "share" else ""
    counted = _(MEASURES[line.code].definition) if line.code in MEASURES else ""
    return " ".join(part for part in (counted, left, right) if part)
