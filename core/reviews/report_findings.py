"""What in a month is worth a sentence: codes with what their sentences need, the most urgent first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.reviews.document import DepartmentLine, Finding, MeasureLine, Meta, Movement, ObligationLine

HIGH = "high"
_JUDGED = ("met", "missed")


def findings(
    meta: Meta,
    measures: Sequence[MeasureLine],
    movement: Sequence[Movement],
    obligations: Sequence[ObligationLine],
) -> tuple[Finding, ...]:
    """The findings of a month. Of differences only those that are more than chance are named."""
    return (
        *_whole(meta, measures),
        *_targets(measures),
        *_changes(measures, better=False),
        *_obligations(obligations),
        *_departments(measures, "worse"),
        *_changes(measures, better=True),
        *_departments(measures, "better"),
        *_movement(movement),
        *_silent(measures),
    )


def _whole(meta: Meta, measures: Sequence[MeasureLine]) -> Iterator[Finding]:
    if not meta.complete:
        yield Finding("month_open", None, {"as_of": meta.as_of.isoformat()})
    judged = [line for line in measures if line.standing in _JUDGED]
    if judged:
        met = sum(line.standing == "met" for line in judged)
        yield Finding("targets", None, {"met": met, "judged": len(judged)})


def _targets(measures: Sequence[MeasureLine]) -> Iterator[Finding]:
    for line in measures:
        figure = line.figure
        if line.standing == "missed":  # only what has a target, a value and an interval is judged
            yield Finding(
                "missed",
                None,
                {
                    "measure": line.code,
                    "target": line.target or 0,
                    "value": figure.value or 0,
                    "low": figure.low or 0,
                    "high": figure.high or 0,
                    "n": figure.n,
                },
            )


def _changes(measures: Sequence[MeasureLine], *, better: bool) -> Iterator[Finding]:
    for line in measures:
        move, value = line.move, line.figure.value
        if move is None or not move.real or value is None or not move.difference:
            continue
        if ((move.difference > 0) == line.higher_is_better) == better:
            code = "got_better" if better else "got_worse"
            yield Finding(code, None, {"measure": line.code, "value": value, "before": move.before})


def _departments(measures: Sequence[MeasureLine], place: str) -> Iterator[Finding]:
    for line in measures:
        for row in line.departments:
            if row.place == place:
                yield Finding(f"department_{place}", row.department_id, _against(line, row))


def _against(line: MeasureLine, row: DepartmentLine) -> dict[str, int | str]:
    return {
        "department": row.department,
        "measure": line.code,
        "value": row.figure.value or 0,
        "company": line.figure.value or 0,
        "n": row.figure.n,
    }


def _obligations(obligations: Sequence[ObligationLine]) -> Iterator[Finding]:
    for line in obligations:
        if line.company.broken:
            counts: dict[str, int | str] = {"broken": line.company.broken, "due": line.company.due}
            yield Finding("obligations", None, {"kind": line.kind, **counts})


def _movement(movement: Sequence[Movement]) -> Iterator[Finding]:
    gained = sum(row.customers for row in movement if row.now == HIGH != row.before)
    lost = sum(row.customers for row in movement if row.before == HIGH != row.now)
    if gained or lost:
        yield Finding("high_value", None, {"gained": gained, "lost": lost})


def _silent(measures: Sequence[MeasureLine]) -> Iterator[Finding]:
    """The measures that say nothing, in one sentence for each reason; their codes are parted by blanks."""
    few = [line.code for line in measures if line.figure.value is not None and not line.figure.enough]
    none = [line.code for line in measures if line.figure.value is None]
    for code, measures_of in (("too_few", few), ("unmeasured", none)):
        if measures_of:
            yield Finding(code, None, {"measures": " ".join(measures_of)})
