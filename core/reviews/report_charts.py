"""The charts of one measure of a report, by department, for the page and for paper alike."""

from __future__ import annotations

from core.amounts import SCALE
from core.language import mark
from core.measures.catalogue import MEASURES
from core.reviews.document import MeasureLine
from core.reviews.dot_plot import dot_plot
from core.reviews.drawing import Dot, Line
from core.reviews.funnel_plot import Band, funnel_plot
from core.reviews.words import Speaker
from core.statistics import funnel_limits

_COMPANY = mark("Company {value}")
LEFT_DRAWING = mark("Left: value and 95 % interval.")
RIGHT_DRAWING = mark(
    "Right: value by number of cases. Thin curves: 95 %; strong ones: 99.8 %, and only outside these a"
    " department is really better or worse."
)


def department_dots(line: MeasureLine, speaker: Speaker) -> str | None:
    """The departments as dots with their intervals; None where none of them has a value."""
    dots = _dots(line, speaker)
    if not dots:
        return None
    target = None
    if line.target is not None:
        words = speaker.say(mark("Target {value}"), value=speaker.value(line.kind, line.target))
        target = Line(words, line.target / SCALE)
    alt = speaker.say(mark("{measure} by department, with 95 % intervals"), measure=speaker.line(line))
    return dot_plot(dots, _company(line, speaker), target, lambda value: _tick(line, speaker, value), alt)


def department_funnel(line: MeasureLine, speaker: Speaker) -> str | None:
    """The departments' shares by number of cases between the limits of chance; None for what is no share."""
    dots, company = _dots(line, speaker), _company(line, speaker)
    if line.kind != "share" or company is None or not dots:
        return None
    share = line.figure.numerator / line.figure.denominator

    def limits(n: int) -> tuple[Band, Band]:
        found = funnel_limits(share, n)
        return found.usual, found.wide

    return funnel_plot(
        dots,
        company,
        limits=limits,
        write=lambda value: _tick(line, speaker, value),
        alt=speaker.say(mark("{measure}: funnel plot"), measure=speaker.line(line)),
        cases=speaker.say(
            mark("n: {cases}"),
            cases=speaker.say(MEASURES[line.code].denominator) if line.code in MEASURES else "",
        ),
    )


def _company(line: MeasureLine, speaker: Speaker) -> Line | None:
    value = line.figure.value
    if value is None:
        return None
    return Line(speaker.say(_COMPANY, value=speaker.value(line.kind, value)), value / SCALE)


def _dots(line: MeasureLine, speaker: Speaker) -> list[Dot]:
    return [
        Dot(
            label=row.department,
            value=row.figure.value / SCALE,
            low=None if row.figure.low is None else row.figure.low / SCALE,
            high=None if row.figure.high is None else row.figure.high / SCALE,
            n=row.figure.n,
            place=row.place,
            note=f"{speaker.value(line.kind, row.figure.value)} · n = {speaker.number(row.figure.n)}",
        )
        for row in line.departments
        if row.figure.value is not None
    ]


def _tick(line: MeasureLine, speaker: Speaker, value: float) -> str:
    """A round value on an axis, without figures that say nothing."""
    if line.kind == "share":
        return f"{value * 100:g}%"
    return f"{value:g}" if line.kind == "mean" else f"{speaker.money_sign}{value:,.0f}"
