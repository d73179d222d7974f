"""The tables of a monthly report: measures, grade movement with lifecycle stages, obligations."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.grading.labels import LIFECYCLE_STAGE_LABELS, VALUE_TIER_LABELS
from core.reviews.document import Document, MeasureLine
from core.reviews.report_obligations import COUNTED
from core.reviews.report_obligations import rows as obligation_rows
from core.reviews.words import Speaker
from pages.frame import shown, tables
from pages.frame.parts import section
from pages.frame.status import STANDINGS, in_text
from pages.frame.words import NOTHING, _, label
from pages.review.monthly_report_departments import open_measure


def show_measures(document: Document, speaker: Speaker) -> None:
    """A row for each measure; a click opens its departments."""
    section(
        _("Measures"),
        _("Of the whole company, with 95 % intervals. Click a measure to compare its departments below."),
    )
    rows = [
        {
            "id": number,
            "measure": speaker.line(line),
            "value": speaker.value(line.kind, line.figure.value),
            "interval": speaker.figure_interval(line.kind, line.figure),
            "n": line.figure.n,
            "target": speaker.value(line.kind, line.target),
            "standing": _standing(line),
            "change": speaker.difference(line.kind, line.move.difference) if line.move else NOTHING,
            "chance": speaker.chance(line.move) if line.move else NOTHING,
            "before": speaker.value(line.kind, line.move.before if line.move else None),
        }
        for number, line in enumerate(document.measures)
    ]
    columns = {
        "measure": tables.text(_("Measure"), pinned=True, width=250),
        "value": tables.text(_("Value"), alignment="right", width=80),
        "interval": tables.text(_("95 % interval"), alignment="right", width=120),
        "n": tables.count("n", width=70),
        "target": tables.text(_("Target"), alignment="right", width=75),
        "standing": tables.text(_("Against the target"), width=165),
        "change": tables.text(_("Change"), alignment="right", width=110),
        "chance": tables.text(_("Real or noise"), width=105),
        "before": tables.text(_("Month before"), alignment="right", width=95),
    }
    codes = [line.code for line in document.measures]
    tables.records(
        pd.DataFrame(rows, dtype=object),
        columns,
        key="report.measures",
        alt=_("Measures of the month"),
        on_choose=lambda number: open_measure(codes[number]),
        height="content",
    )


def _standing(line: MeasureLine) -> str:
    """How the measure stands to its target, and whether that is final."""
    if line.missing != "window_open":
        return in_text(STANDINGS[line.standing])
    if line.figure.value is None:
        return STANDINGS[line.standing].shape + " " + _("Window still open")
    return in_text(STANDINGS[line.standing]) + " · " + _("not final")


def show_movement(document: Document, speaker: Speaker) -> None:
    """Customers by tier before and now, and by lifecycle stage."""
    section(_("Grade movement"), _("Customers by value tier at the end of the month before, and now"))
    moves, n = document.movement, speaker.number
    tiers = [tier for tier in VALUE_TIER_LABELS if any(tier in (row.before, row.now) for row in moves)]
    if tiers:
        counted = {(row.before, row.now): row.customers for row in moves}
        _table(
            [_("Month before ↓ · now →"), *(label(VALUE_TIER_LABELS, tier) for tier in tiers)],
            [
                [label(VALUE_TIER_LABELS, before), *(n(counted.get((before, now), 0)) for now in tiers)]
                for before in tiers
            ],
            name=_("Grade movement"),
        )
    else:
        st.caption(_("Nobody was graded in this month."))
    if document.stages:
        _table(
            [_("Lifecycle stage"), _("Month before"), _("Now"), _("Change")],
            [
                [
                    label(LIFECYCLE_STAGE_LABELS, stage.stage),
                    n(stage.before),
                    n(stage.now),
                    f"{stage.now - stage.before:+,}".replace("-", "−"),
                ]
                for stage in document.stages
            ],
            name=_("Lifecycle stage"),
        )


def show_obligations(document: Document, speaker: Speaker) -> None:
    """What was due in the month: kept or not, by kind and department."""
    section(_("Obligations"), _("Due in the month, as they stood when the report was drafted"))
    if not document.obligations:
        st.caption(_("Nothing was due in this month."))
        return
    owed = obligation_rows(document, speaker)
    _table(
        [_("Obligation"), *map(_, COUNTED)],
        [[row.name, *row.figures] for row in owed],
        strong=[number for number, row in enumerate(owed) if row.of_company],
        name=_("Obligations"),
    )


def _table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], strong: Sequence[int] = (), *, name: str
) -> None:
    """A small table of a name and figures, all escaped; rows under a `strong` one belong to it.

    Not a dataframe: it needs no sorting, shows every column in half a page, and costs the server a tenth.
    """

    def line(tag: str, cells: Sequence[str], name: str = "") -> str:
        first, *figures = (escape(cell) for cell in cells)
        others = "".join(f"<{tag} class=figure>{each}</{tag}>" for each in figures)
        return f"<tr{name}><{tag}>{first}</{tag}>{others}</tr>"

    body = "".join(
        line("td", row, ' class="total"' if number in strong else ' class="part"' if strong else "")
        for number, row in enumerate(rows)
    )
    head = line("th", headers)
    table = f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
    st.html(f'<div class="small-tables small-tables-figures">{table}</div>')
    shown.written_table(name, headers, rows)
