"""The document of a month, put together from what the measures, the ledger and the month's ends say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.amounts import to_units
from core.measures.catalogue import MEASURES, Measure
from core.measures.readings import Reading, change, standing
from core.policy.model import Targets
from core.reviews.document import (
    DepartmentLine,
    Document,
    Figure,
    MeasureLine,
    Meta,
    Move,
    Movement,
    ObligationLine,
    Point,
    StageCount,
)
from core.reviews.labels import PLACES
from core.reviews.report_findings import findings
from core.statistics import Z_95, Interval, funnel_limits

_Z_998 = 3.090232306167813
"""The 99.9 % point of the standard normal distribution."""

Readings = Mapping[str, Mapping[int | None, Reading]]
"""Code -> department -> its figure; under None the company's."""


@dataclass(frozen=True)
class Material:
    """What a report is made of."""

    meta: Meta
    targets: Targets
    departments: Mapping[int, str]
    """Id -> name."""
    now: Readings
    before: Readings
    trend: Mapping[str, Sequence[Reading]]
    movement: tuple[Movement, ...]
    stages: tuple[StageCount, ...]
    obligations: tuple[ObligationLine, ...]
    entered: Mapping[str, date]
    """Code -> the month of `now`, of measures whose cases need time to ripen."""


def compose(material: Material) -> Document:
    """The report of that material, measures in the order of the catalogue."""
    lines = tuple(_line(MEASURES[code], material) for code in MEASURES if None in material.now.get(code, {}))
    return Document(
        meta=material.meta,
        findings=findings(material.meta, lines, material.movement, material.obligations),
        measures=lines,
        movement=material.movement,
        stages=material.stages,
        obligations=material.obligations,
    )


def place(measure: Measure, company: Reading, department: Reading) -> str:
    """How a department stands to the company: apart only outside the 99.8 % limits of the funnel plot.

    A mean or an amount, which has no such limits, is apart where its own interval at 99.8 % does not hold the
    company's value. Not at 95 %: of the many departments and measures of a report some lie outside that by chance.
    """
    if department.value is None:
        return "no_data"
    if not department.enough or company.value is None:
        return "too_few"
    share = measure.kind == "share"
    limits = funnel_limits(company.value, department.n).wide if share else _wide(department)
    held = department.value if share else company.value
    if limits is None or limits.low <= held <= limits.high:
        return "not_apart"
    return "better" if (department.value > company.value) is measure.higher_is_better else "worse"


def _wide(reading: Reading) -> Interval | None:
    """The interval at 99.8 %, as many standard errors wider on each side as the quantiles are apart."""
    if reading.value is None or reading.low is None or reading.high is None:
        return None
    wider = _Z_998 / Z_95
    return Interval(
        reading.value - wider * (reading.value - reading.low),
        reading.value + wider * (reading.high - reading.value),
    )


def _line(measure: Measure, material: Material) -> MeasureLine:
    now, before = material.now[measure.code], material.before.get(measure.code, {})
    company, entered = now[None], material.entered.get(measure.code)
    target: float | None = getattr(material.targets, measure.code, None)
    departments = [
        DepartmentLine(
            department_id=each,
            department=material.departments[each],
            figure=_figure(reading),
            move=_move(measure, reading, before.get(each)),
            standing=str(standing(measure, reading, target)),
            place=place(measure, company, reading),
        )
        for each, reading in now.items()
        if each is not None and each in material.departments
    ]
    return MeasureLine(
        code=measure.code,
        kind=measure.kind,
        higher_is_better=measure.higher_is_better,
        entered=entered,
        target=_units(target),
        standing=str(standing(measure, company, target)),
        figure=_figure(company),
        move=_move(measure, company, before.get(None)),
        missing=_missing(measure, company, entered),
        trend=tuple(
            # What has not ripened yet is no point of comparison.
            Point(each.start, _units(each.value) if each.complete or not measure.matures else None, each.n)
            for each in material.trend.get(measure.code, ())
            if each.start <= material.meta.month
        ),
        departments=tuple(sorted(departments, key=lambda row: _order(measure, row))),
    )


def _order(measure: Measure, row: DepartmentLine) -> tuple[int, int, str]:
    """The really better first, the best of them on top; who cannot be told apart stands in the order of the names."""
    ranked = row.place in ("better", "worse")
    value = row.figure.value or 0
    return (
        list(PLACES).index(row.place),
        (-value if measure.higher_is_better else value) if ranked else 0,
        row.department,
    )


def _figure(reading: Reading) -> Figure:
    return Figure(
        value=_units(reading.value),
        low=_units(reading.low),
        high=_units(reading.high),
        numerator=reading.numerator,
        denominator=reading.denominator,
        n=reading.n,
        enough=reading.enough,
    )


def _move(measure: Measure, reading: Reading, before: Reading | None) -> Move | None:
    moved = change(measure, reading, before)
    if before is None or before.value is None or moved.difference is None:
        return None
    return Move(
        before=to_units(Decimal(str(before.value))),
        difference=to_units(Decimal(str(moved.difference))),
        low=_units(moved.low),
        high=_units(moved.high),
        real=moved.real,
    )


def _missing(measure: Measure, company: Reading, entered: date | None) -> str | None:
    if measure.matures and entered is None:
        return "window_open"
    return "nothing_counted" if company.value is None else None


def _units(value: float | None) -> int | None:
    return None if value is None else to_units(Decimal(str(value)))
