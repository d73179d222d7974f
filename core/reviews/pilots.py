"""What a pilot is made of, and where it stands on a day: pure.

A pilot runs in calendar weeks, Monday to Sunday, because its figures are weekly; so does the baseline before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import Refused
from core.facts.written import written
from core.language import Message, mark
from core.measures.catalogue import MEASURES

LONGEST_NAME = 60
LONGEST_STANDARD = 2_000
MOST_WEEKS = 52
"""Of the pilot and of the weeks before it together: weekly figures are worked out for no longer than a year."""
MOST_KPIS = 6
ONE_WEEK = timedelta(days=7)


class Standing(StrEnum):
    """How far a pilot is. On every day a pilot is in exactly one of these.

    ===========  ==========================  ======================  =====================
    ..           before the start            within its weeks        after its weeks
    ===========  ==========================  ======================  =====================
    not ended    COMING                      RUNNING                 OVERDUE
    ended        CALLED_OFF                  ENDED, if it was ended on or after its start
    ===========  ==========================  ======================  =====================
    """

    COMING = "coming"
    RUNNING = "running"
    OVERDUE = "overdue"
    """Its weeks are over and nobody has ended it yet."""
    ENDED = "ended"
    CALLED_OFF = "called_off"
    """Ended before its first day: it has no weeks and nothing to judge."""


@dataclass(frozen=True)
class Kpi:
    """A measure a pilot is held against, and the value it should reach; None: it is only watched."""

    measure: str
    target: float | None = None


@dataclass(frozen=True)
class Plan:
    """What is decided about a pilot when it is made or changed."""

    name: str
    starts_on: date
    """A Monday."""
    weeks: int
    baseline_weeks: int
    """The weeks before the start; 0: there is none, and the chart's limits come from the pilot alone."""
    kpis: tuple[Kpi, ...]
    standard: str = ""
    department_ids: tuple[int, ...] = ()
    """Empty: every department."""
    regions: tuple[str, ...] = ()
    """Empty: every region."""

    @property
    def ends_before(self) -> date:
        """The Monday after its last week."""
        return self.starts_on + self.weeks * ONE_WEEK

    @property
    def baseline_from(self) -> date:
        """The Monday of the first week of its baseline; the start where there is none."""
        return self.starts_on - self.baseline_weeks * ONE_WEEK


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def standing(starts_on: date, weeks: int, ended_on: date | None, today: date) -> Standing:
    """How far the pilot is on `today`."""
    if ended_on is not None:
        return Standing.CALLED_OFF if ended_on < starts_on else Standing.ENDED
    if today < starts_on:
        return Standing.COMING
    return Standing.RUNNING if today < starts_on + weeks * ONE_WEEK else Standing.OVERDUE


def week_number(starts_on: date, weeks: int, day: date) -> int:
    """Which week of the pilot `day` lies in, from 1; 0 before the start, `weeks` after the end."""
    return max(0, min(weeks, (day - starts_on).days // 7 + 1))


def last_week(starts_on: date, weeks: int, ended_on: date | None) -> date:
    """The Monday of the last week whose figures belong to the pilot; before the start where there is none."""
    last = starts_on + (weeks - 1) * ONE_WEEK
    return last if ended_on is None else min(last, monday_of(ended_on))


def pilotable() -> list[str]:
    """The measures that a pilot can be held against: known by week, and as soon as the week is over."""
    return [code for code, measure in MEASURES.items() if measure.weekly and not measure.matures]


def check(plan: Plan) -> None:
    """Refuse what cannot be piloted."""
    _check_words(plan)
    if plan.starts_on.weekday():
        raise Refused(
            mark("A pilot starts on a Monday, because its figures are weekly. Choose {monday}."),
            monday=monday_of(plan.starts_on) + ONE_WEEK,
        )
    _check_weeks(plan)
    _check_kpis(plan.kpis)


def _check_weeks(plan: Plan) -> None:
    if not 1 <= plan.weeks <= MOST_WEEKS:
        raise Refused(mark("A pilot lasts from 1 to {most} weeks."), most=MOST_WEEKS)
    if not 0 <= plan.baseline_weeks <= MOST_WEEKS:
        raise Refused(mark("The weeks before it are from 0 to {most}; 0 means none."), most=MOST_WEEKS)
    if plan.weeks + plan.baseline_weeks > MOST_WEEKS:
        raise Refused(
            mark(
                "A pilot and the weeks before it last {weeks} weeks together; weekly figures go back {most}. "
                "Choose fewer of one of them."
            ),
            weeks=plan.weeks + plan.baseline_weeks,
            most=MOST_WEEKS,
        )


def _check_words(plan: Plan) -> None:
    if not plan.name.strip():
        raise Refused(mark("Give the pilot a name."))
    for text, limit in ((plan.name, LONGEST_NAME), (plan.standard, LONGEST_STANDARD)):
        written(text, limit)


def _check_kpis(kpis: Sequence[Kpi]) -> None:
    if not 1 <= len(kpis) <= MOST_KPIS:
        raise Refused(mark("Choose from 1 to {most} KPIs that the pilot is held against."), most=MOST_KPIS)
    if len({kpi.measure for kpi in kpis}) < len(kpis):
        raise Refused(mark("A KPI is named twice. Name each once."))
    for kpi in kpis:
        _check_kpi(kpi)


def _check_kpi(kpi: Kpi) -> None:
    measure = MEASURES.get(kpi.measure)
    if measure is None or not measure.weekly:
        raise Refused(mark("“{measure}” is not measured by week. Choose another KPI."), measure=kpi.measure)
    if measure.matures:
        raise Refused(
            mark(
                "A week of “{measure}” is known only when the window of the funnel after it has passed, too late "
                "for a pilot. Choose another KPI."
            ),
            measure=Message(measure.label),
        )
    if kpi.target is not None and (kpi.target < 0 or (measure.kind == "share" and kpi.target > 1)):
        raise Refused(mark("The target of a share lies from 0 % to 100 %, of anything else above 0."))


def worse_than(target: float, value: float, higher_is_better: bool) -> bool:
    """Whether reaching `target` would be worse than the `value` there is already."""
    return target < value if higher_is_better else target > value
