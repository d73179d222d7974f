"""The two maps of the segment explorer: value by lifecycle, and the eight cells of RFM."""

from __future__ import annotations

from itertools import product

import pandas as pd

from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from pages.customers.segment_filters import Picks, chart_key, pick_bar, pick_cell
from pages.frame.charts import bars, heatmap
from pages.frame.formats import compact_amount, number, percent
from pages.frame.words import _, label


def matrix(frame: pd.DataFrame, picks: Picks, currency: str, *, figures: bool) -> None:
    """Value tier by lifecycle stage; `frame` is what `segment_matrix` gives."""
    tiers = [code for code in VALUE_TIER_LABELS if code in set(frame["value_tier"])]
    stages = [code for code in LIFECYCLE_STAGE_LABELS if code in set(frame["lifecycle_stage"])]
    found = frame[["value_tier", "lifecycle_stage", "customers", "monetary"]].itertuples(
        index=False, name=None
    )
    counted = {(tier, stage): (int(n), units) for tier, stage, n, units in found}
    grid = list(product(tiers, stages))
    customers, spending = zip(*(counted.get(cell, (0, None)) for cell in grid), strict=True)
    total, most = sum(customers), max(customers)
    shown = pd.DataFrame(
        {
            "value_tier": [tier for tier, _stage in grid],
            "lifecycle_stage": [stage for _tier, stage in grid],
            "row_label": [label(VALUE_TIER_LABELS, tier) for tier, _stage in grid],
            "column_label": [label(LIFECYCLE_STAGE_LABELS, stage) for _tier, stage in grid],
            # The root lets small cells be told apart beside a large one.
            "depth": [(n / most) ** 0.5 for n in customers],
            "figure": [number(n) if n else "" for n in customers],
            "note": [percent(n / total) if n else "" for n in customers],
            "spending": [compact_amount(units, currency) for units in spending],
            "picked": [cell == (picks.tier, picks.stage) for cell in grid],
        },
        dtype=object,  # spares pandas a guess at each column
    )
    tooltip = [
        ("row_label", _("Value tier")),
        ("column_label", _("Lifecycle stage")),
        ("figure", _("Customers")),
        ("note", _("Share")),
    ]
    heatmap(
        shown,
        row="value_tier",
        column="lifecycle_stage",
        rows=[label(VALUE_TIER_LABELS, code) for code in tiers],
        columns=[label(LIFECYCLE_STAGE_LABELS, code) for code in stages],
        key=chart_key("matrix"),
        alt=_("Customers by value tier and lifecycle stage"),
        on_pick=pick_cell,
        tooltip=[*tooltip, ("spending", _("Spending in the period"))] if figures else tooltip,
    )


def rfm_cells(frame: pd.DataFrame, picks: Picks, currency: str, *, figures: bool) -> None:
    """The eight cells with customers and their share of spending; `frame` is what `cell_summary` gives."""
    cells = frame.set_index("rfm_cell").reindex(list(RFM_CELL_LABELS)).reset_index()
    cells["customers"] = cells["customers"].fillna(0).astype(int)
    customers, spending = int(cells["customers"].sum()), int(cells["monetary"].fillna(0).sum())
    shares = [
        percent(int(units) / spending) if spending > 0 and pd.notna(units) else percent(0)
        for units in cells["monetary"]
    ]
    shown = pd.DataFrame(
        {
            "rfm_cell": cells["rfm_cell"],
            "bar_label": [label(RFM_CELL_LABELS, code) for code in cells["rfm_cell"]],
            "length": cells["customers"],
            "customers": [number(n) for n in cells["customers"]],
            "share": [percent(n / customers) if customers else "" for n in cells["customers"]],
            "spending": [compact_amount(units, currency) for units in cells["monetary"]],
            "of_spending": shares,
            "picked": cells["rfm_cell"].eq(picks.rfm_cell) if picks.rfm_cell else True,
        }
    )
    shown["figure"] = shown["customers"] + " · " + shown["of_spending" if figures else "share"]
    tooltip = [("bar_label", _("RFM cell")), ("customers", _("Customers")), ("share", _("Share"))]
    money = [("spending", _("Spending in the period")), ("of_spending", _("Share of spending"))]
    bars(
        shown,
        code="rfm_cell",
        labels=list(shown["bar_label"]),
        key=chart_key("rfm"),
        alt=_("Customers in the eight cells of RFM"),
        on_pick=pick_bar,
        tooltip=[*tooltip, *money] if figures else tooltip,
    )
