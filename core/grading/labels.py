"""What the codes of grading are called on screen."""

from __future__ import annotations

from core.language import mark

NO_TIER = "none"
"""In filters and in the matrix: customers without a value tier."""

VALUE_TIER_LABELS = {
    "high": mark("High value"),
    "potential": mark("Potential"),
    "mid": mark("Mid value"),
    "low": mark("Low value"),
    NO_TIER: mark("No tier yet"),
}

LIFECYCLE_STAGE_LABELS = {
    "prospect": mark("Prospect"),
    "new": mark("New customer"),
    "active": mark("Active"),
    "dormant": mark("Dormant"),
    "lost": mark("Lost"),
}

RFM_CELL_LABELS = {
    "111": mark("Important, to value"),
    "011": mark("Important, to keep"),
    "101": mark("Important, to develop"),
    "001": mark("Important, to win back"),
    "110": mark("General, to value"),
    "010": mark("General, to keep"),
    "100": mark("General, to develop"),
    "000": mark("General, to win back"),
}

MEASURE_LABELS = {
    "recency_days": mark("Days since the last order"),
    "frequency": mark("Orders in the period"),
    "monetary": mark("Spending in the period"),
}
