"""The tables of the funnel page as sheets of one workbook: stages, breakdown, channels and months, as it shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.access.actor import Actor
from core.acquisition.labels import CHANNEL_TIER_LABELS, REMARKS, VERDICTS
from core.acquisition.queries import (
    BREAKDOWNS,
    FunnelFilter,
    Seen,
    breakdown,
    by_entry_month,
    channels,
    funnel,
    seen,
)
from core.acquisition.shares import Share
from core.facts.labels import LEAD_STAGES
from core.language import mark, translate
from core.operations.export_facts import Wanted, plain_number
from core.store.engine import Store

SHEETS = {
    "stages": mark("Stages"),
    "breakdown": mark("Who converts"),
    "channels": mark("Channels"),
    "months": mark("By month of arrival"),
}
_CONVERSION = {
    "n": mark("n past it"),
    "won": mark("Won"),
    "conversion": mark("Conversion"),
    "low": mark("Interval from (95 %)"),
    "high": mark("Interval to (95 %)"),
}
HEADERS: dict[str, dict[str, str]] = {
    "stages": {
        "stage": mark("Stage"),
        "reached": mark("Reached it"),
        "went_on": mark("Went on"),
        "lost": mark("Lost here"),
        "open": mark("In the window"),
        "n": mark("n past it"),
        "of_previous": mark("Of the stage before"),
        "low": _CONVERSION["low"],
        "high": _CONVERSION["high"],
        "of_start": mark("Of all"),
        "days_median": mark("Days to the next (median)"),
        "days_n": mark("Leads with these days"),
        "disordered": mark("Left out: dates out of order"),
    },
    "breakdown": {
        "value": mark("Value"),
        "leads": mark("Leads"),
        **_CONVERSION,
        "verdict": mark("Beside all others"),
    },
    "channels": {
        "channel": mark("Channel"),
        "tier": mark("Suggested tier"),
        "leads": mark("Leads"),
        **_CONVERSION,
        "cost": mark("Cost"),
        "acquisition_cost": mark("Cost of a customer"),
        "remark": mark("Remark on the cost"),
        "months_without_cost": mark("Months without a cost"),
        "first_month": mark("Cost and won from"),
        "last_month": mark("Cost and won until"),
        "customers": mark("Customers"),
        "high_value": mark("Of high value"),
    },
    "months": {
        "month": mark("Month of arrival"),
        "leads": mark("Leads"),
        **_CONVERSION,
    },
}
_WORDS = {
    "stage": LEAD_STAGES,
    "verdict": VERDICTS,
    "tier": CHANNEL_TIER_LABELS,
    "remark": REMARKS,
}
_NOT_STATED = mark("not stated")
_Rows = Sequence[dict[str, Any]]


def funnel_tables(actor: Actor, store: Store, wanted: Wanted) -> dict[str, pd.DataFrame]:
    """Sheet -> its table. The filters are the parts of a FunnelFilter and `by`, a key of BREAKDOWNS.

    Shares go from 0 to 1, amounts in currency units; the months are those that are over, as on the page.
    """
    asked = dict(wanted.filters)
    by = asked.pop("by", None)
    known, filters = seen(actor, store), FunnelFilter.from_json(asked)
    rows: dict[str, _Rows] = {
        "stages": _stages(actor, store, filters, known),
        "breakdown": _breakdown(actor, store, filters, known, by if by in BREAKDOWNS else "channel"),
        "channels": _channels(actor, store, filters, known),
        "months": [
            {"month": f"{each.month:%Y-%m}", "leads": each.leads, **_conversion(each.conversion)}
            for each in by_entry_month(actor, store, filters, seen=known)
            if each.complete
        ],
    }
    nobody = mark("in the pool") if by == "owner" else _NOT_STATED
    if wanted.language is not None:
        for sheet, column, word in (("breakdown", "value", nobody), ("channels", "channel", _NOT_STATED)):
            for row in rows[sheet]:
                row[column] = row[column] or translate(word, wanted.language)
    return dict(_sheet(sheet, rows[sheet], wanted.language) for sheet in SHEETS)


def _stages(actor: Actor, store: Store, filters: FunnelFilter, known: Seen | None) -> _Rows:
    view = funnel(actor, store, filters, seen=known)
    rows = []
    for each in view.stages if view else ():
        bands, share = each.bands, each.of_previous
        within = share.interval if share and share.n else (None, None)
        rows.append(
            {
                "stage": each.stage,
                "reached": bands.entrants,
                "went_on": bands.went_on,
                "lost": bands.lost,
                "open": bands.open,
                "n": bands.matured,
                "of_previous": share and share.value,
                "low": within[0],
                "high": within[1],
                "of_start": each.of_start.value,
                "days_median": bands.days_median,
                "days_n": bands.days_n,
                "disordered": bands.disordered,
            }
        )
    return rows


def _breakdown(actor: Actor, store: Store, filters: FunnelFilter, known: Seen | None, by: str) -> _Rows:
    return [
        {"value": row.label, "leads": row.leads, **_conversion(row.conversion), "verdict": row.verdict}
        for row in breakdown(actor, store, filters, by, seen=known)
    ]


def _channels(actor: Actor, store: Store, filters: FunnelFilter, known: Seen | None) -> _Rows:
    table = channels(actor, store, filters, seen=known)
    ends = {
        name: month and f"{month:%Y-%m}"
        for name, month in (("first_month", table.first_month), ("last_month", table.last_month))
    }
    rows = []
    for row in table.rows.astype(object).where(table.rows.notna(), None).to_dict("records"):
        amounts = {name: plain_number(row[name]) for name in ("cost", "acquisition_cost")}
        rows.append({**row, **ends, "n": row["matured"], **amounts})
    return rows


def _conversion(share: Share) -> dict[str, Any]:
    low, high = share.interval if share.n else (None, None)
    return {"n": share.n, "won": share.k, "conversion": share.value, "low": low, "high": high}


def _sheet(sheet: str, rows: _Rows, language: str | None) -> tuple[str, pd.DataFrame]:
    """Its name and table, in the reader's words; in codes without a language."""
    headers = HEADERS[sheet]
    frame = pd.DataFrame(rows, columns=list(headers), dtype=object)
    if language is None:
        return sheet, frame
    for column in _WORDS.keys() & set(headers):
        words = {code: translate(text, language) for code, text in _WORDS[column].items()}
        frame[column] = frame[column].map(words)
    words = {code: translate(text, language) for code, text in headers.items()}
    return translate(SHEETS[sheet], language), frame.rename(columns=words)
