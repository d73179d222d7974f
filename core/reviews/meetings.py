"""What a weekly meeting has to talk about: what is red, what became of what was decided, what is due. Pure.

A meeting belongs to the week in which it is held and looks at the last week of the pilot that was over before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.measures.queries import Reading, Standing
from core.measures.readings import change
from core.reviews.board import CardView, Stage
from core.reviews.meeting_record import Agenda, Decision, DueCard, Moved, RedKpi
from core.reviews.pilot_kpis import KpiWeeks
from core.reviews.pilots import ONE_WEEK

LONGEST_MINUTES = 10_000
LONGEST_ATTENDEES = 500


def looked_at(week: date, starts_on: date, until: date) -> date | None:
    """The Monday of the week that a meeting held in `week` looks at; None in the first week of a pilot.

    `until` is the last week of the pilot: a meeting after its end looks at that one.
    """
    last = min(week - ONE_WEEK, until)
    return last if last >= starts_on else None


def agenda(
    week: date,
    weeks: tuple[date, date],
    kpis: Sequence[KpiWeeks],
    board: Sequence[CardView],
    *,
    earlier_meetings: Sequence[tuple[int, date]],
    meeting_of_card: Mapping[int, int | None],
    today: date,
    as_of: date | None,
) -> Agenda:
    """The agenda of the meeting held in `week`.

    `weeks` are the first and the last of the pilot; `kpis` hold only weeks that began before it; `earlier_meetings`
    are id and week of those before, the latest first: a decision stays until it is settled, and each of the last
    meeting is named once in any case; `as_of` is the day as of which the figures were worked out.
    """
    looks_at = looked_at(week, *weeks)
    of_measure = {each.kpi.measure: each for each in kpis}
    held_in = dict(earlier_meetings)
    last_id = earlier_meetings[0][0] if earlier_meetings else None
    decided = [
        (card, held_in[made_by])
        for card in board
        if (made_by := meeting_of_card.get(card.id)) is not None
        and (made_by == last_id or (made_by in held_in and card.stage != Stage.SETTLED))
    ]
    return Agenda(
        looks_at=looks_at,
        measured=bool(kpis) and all(_week(each, looks_at) is not None for each in kpis),
        as_of=as_of,
        red=tuple(red for each in kpis if (red := red_kpi(each, looks_at)) is not None),
        decisions=tuple(
            _decision(card, of_measure.get(card.measure or ""), looked_at(held, *weeks), looks_at)
            for card, held in decided
        ),
        due=due_cards(board, before_day=week + ONE_WEEK, today=today),
    )


def red_kpi(kpi: KpiWeeks, week: date | None) -> RedKpi | None:
    """The KPI as red in that week; None where it is not, or has no figure."""
    found = _week(kpi, week)
    if found is None or found.value is None:
        return None
    missed, signal = _missed(kpi, found), kpi.is_bad_signal(found.start)
    if not missed and not signal:
        return None
    return RedKpi(kpi.kpi.measure, found.start, found.value, found.n, kpi.kpi.target, missed, signal)


def _missed(kpi: KpiWeeks, week: Reading) -> bool:
    return kpi.latest == week and kpi.standing is Standing.MISSED


def _week(kpi: KpiWeeks | None, week: date | None) -> Reading | None:
    if kpi is None or week is None:
        return None
    return next((each for each in kpi.weeks if each.start == week and each.complete), None)


def due_cards(board: Sequence[CardView], *, before_day: date, today: date) -> tuple[DueCard, ...]:
    """The unsettled cards that are late or due before that day, the latest first."""
    open_cards = [(each.due_on, each) for each in board if each.stage != Stage.SETTLED]
    due = [(on, card) for on, card in open_cards if on is not None and on < before_day]
    return tuple(
        DueCard(card.id, card.title, card.stage, card.owner, on, card.days_late(today))
        for on, card in sorted(due, key=lambda each: (each[0], each[1].id))
    )


def _decision(card: CardView, kpi: KpiWeeks | None, before: date | None, now: date | None) -> Decision:
    then_week, now_week = _week(kpi, before), _week(kpi, now)
    return Decision(
        card_id=card.id,
        title=card.title,
        stage=card.stage,
        owner=card.owner,
        due_on=card.due_on,
        measure=card.measure,
        before=None if then_week is None else then_week.value,
        now=None if now_week is None else now_week.value,
        moved=Moved.NO_KPI if card.measure is None else moved(kpi, then_week, now_week),
    )


def moved(kpi: KpiWeeks | None, before: Reading | None, now: Reading | None) -> Moved:
    """What the KPI has done from one week to the other; a difference counts only where it is more than chance."""
    if kpi is None or before is None or now is None or before.start == now.start:
        return Moved.NO_FIGURE
    if before.value is None or now.value is None:
        return Moved.NO_FIGURE
    found = change(kpi.measure, now, before)
    if found.real is None:
        return Moved.TOO_FEW
    if not found.real:
        return Moved.NOISE
    return Moved.BETTER if found.better else Moved.WORSE
