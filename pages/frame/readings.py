"""Measures as readers see them: figures in their units, differences, and tiles that say what they can bear."""

from __future__ import annotations

from collections.abc import Sequence

from core.amounts import SCALE
from core.measures.catalogue import Measure
from core.measures.queries import Reading, change, standing
from pages.frame.formats import compact_amount, month_name, number, percent
from pages.frame.kpis import KpiTile
from pages.frame.status import STANDINGS
from pages.frame.words import NOTHING, _

_MONTHS = 12
_JUDGED = ("met", "missed", "undecided")


def figure_of(measure: Measure, value: float | None, currency: str) -> str:
    """A value of the measure with its unit: `93.4%`, `4.21`, `¥1.2K`."""
    if value is None:
        return NOTHING
    if measure.kind == "share":
        return percent(value, 1)
    if measure.kind == "mean":
        return number(value, 2)
    return compact_amount(round(value * SCALE), currency)


def difference_of(measure: Measure, value: float | None, currency: str) -> str:
    """A difference of two values with its sign and unit: `+1.2 pp`, `−0.05`, `+¥120`, `±0.0 pp`; empty without one."""
    if value is None:
        return ""
    share = measure.kind == "share"
    written = number(abs(value) * 100, 1) if share else figure_of(measure, abs(value), currency)
    sign = "+" if value > 0 else "−"
    if not any(digit in written for digit in "123456789"):
        sign = "±"  # what rounds to nothing has no direction
    return _("{points} pp", points=sign + written) if share else sign + written


def tile_of(measure: Measure, by_month: Sequence[Reading], target: float | None, currency: str) -> KpiTile:
    """The tile of a measure: its last month that is complete, against its target and the month before.

    `by_month` is in the order of time. A month that is not over is left out: it would look like a fall.
    """
    judged = [each for each in by_month if each.complete][-_MONTHS:]
    if not judged:
        return KpiTile(_(measure.label), NOTHING, standing=STANDINGS["no_data"], help=_(measure.definition))
    last, before = judged[-1], judged[-2] if len(judged) > 1 else None
    stands, moved = standing(measure, last, target), change(measure, last, before)
    return KpiTile(
        label=_(measure.label),
        value=figure_of(measure, last.value, currency),
        note=_("{month} · n = {n}", month=month_name(last.start), n=number(last.n)),
        standing=STANDINGS[stands],
        target=_target(measure, target, currency) if stands in _JUDGED else "",
        change=difference_of(measure, moved.difference, currency),
        real=moved.real,
        better=moved.better,
        trend=[each.value for each in judged],
        goal=target,
        help=_(measure.definition),
    )


def _target(measure: Measure, value: float | None, currency: str) -> str:
    """Targets are round numbers: `90%`."""
    whole = measure.kind == "share" and value is not None and round(value * 100, 6).is_integer()
    return percent(value) if whole else figure_of(measure, value, currency)
