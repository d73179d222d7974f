"""Drawings of a report: what stands in them does not lie upon each other."""

from __future__ import annotations

import re
from itertools import combinations

from core.reviews.drawing import Dot, Line
from core.reviews.funnel_plot import funnel_plot

_TEXT = re.compile(
    r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(start|end)" font-size="12">(department \d)</text>'
)


def test_names_of_departments_that_lie_close_do_not_overlap() -> None:
    """Four shares within half a point, of nearly as many cases each."""
    dots = [
        Dot(f"department {each}", 0.10 + each * 0.001, None, None, 300 + each * 4, "not_apart")
        for each in range(4)
    ]
    drawn = funnel_plot(
        dots,
        Line("Company 10.2%", 0.102),
        limits=lambda n: ((0.05, 0.15), (0.02, 0.18)),
        write=lambda value: f"{value:.0%}",
        alt="churn",
        cases="n",
    )
    names = [(float(x), float(y), anchor) for x, y, anchor, _name in _TEXT.findall(drawn)]
    assert len(names) == 4
    for (_x, y, anchor), (_other_x, other_y, other_anchor) in combinations(names, 2):
        assert anchor != other_anchor or abs(y - other_y) >= 12
