"""The two maps of the segment explorer: value by lifecycle, and the eight cells of RFM."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from pages.customers.segment_data import Cell, Group
from pages.customers.segment_filters import Picks, chart_key, pick_bar, pick_cell
from pages.frame.charts import bars, heatmap
from pages.frame.formats import compact_amount, number, percent
from pages.frame.words import _, label


def matrix(cells: Sequence[Cell], picks: Picks, currency: str, *, figures: bool) -> None:
    """Value tier by lifecycle stage."""
    tiers = [code for code in VALUE_TIER_LABELS if code in {cell.tier for cell in cells}]
    stages = [code for code in LIFECYCLE_STAGE_LABELS if code in {cell.stage for cell in cells}]
    counted = {(cell.tier, cell.stage): (cell.customers, cell.spending) for cell in cells}
    grid = list(product(tiers, stages))
    customers, spending = zip(*(counted.get(cell, (0, None)) for cell in grid), strict=True)
    total, most = sum(customers), max(customers)
    shown = {
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
    }
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


def rfm_cells(groups: Sequence[Group], picks: Picks, currency: str, *, figures: bool) -> None:
    """The eight cells with customers and their share of spending."""
    found = {group.rfm_cell: (group.customers, group.spending) for group in groups}
    customers, spending = zip(*(found.get(code, (0, None)) for code in RFM_CELL_LABELS), strict=True)
    everybody, everything = sum(customers), sum(units or 0 for units in spending)
    of_spending = [percent((units or 0) / everything if everything > 0 else 0) for units in spending]
    share = [percent(n / everybody) if everybody else "" for n in customers]
    counts = [number(n) for n in customers]
    beside = of_spending if figures else share
    labels = [label(RFM_CELL_LABELS, code) for code in RFM_CELL_LABELS]
    shown = {
        "rfm_cell": list(RFM_CELL_LABELS),
        "bar_label": labels,
        "length": customers,
        "customers": counts,
        "share": share,
        "spending": [compact_amount(units, currency) for units in spending],
        "of_spending": of_spending,
        "picked": [picks.rfm_cell in (None, code) for code in RFM_CELL_LABELS],
        "figure": [f"{n} · {part}" for n, part in zip(counts, beside, strict=True)],
    }
    tooltip = [("bar_label", _("RFM cell")), ("customers", _("Customers")), ("share", _("Share"))]
    money = [("spending", _("Spending in the period")), ("of_spending", _("Share of spending"))]
    bars(
        shown,
        code="rfm_cell",
        labels=labels,
        key=chart_key("rfm"),
        alt=_("Customers in the eight cells of RFM"),
        on_pick=pick_bar,
        tooltip=[*tooltip, *money] if figures else tooltip,
    )
