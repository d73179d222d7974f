"""A report as one page of HTML that needs nothing else, neither script nor font nor picture, and prints to A4."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.grading.labels import LIFECYCLE_STAGE_LABELS, VALUE_TIER_LABELS
from core.language import mark
from core.measures.catalogue import MEASURES
from core.measures.labels import SIGNS, STANDINGS
from core.reviews import report_obligations
from core.reviews.document import Document, MeasureLine
from core.reviews.labels import MISSING, PLACES
from core.reviews.report_charts import LEFT_DRAWING, RIGHT_DRAWING, department_dots, department_funnel
from core.reviews.report_notes import HOW_TO_READ, TITLE, about, status
from core.reviews.report_queries import ReportHead
from core.reviews.report_words import sentences
from core.reviews.words import NOTHING, Speaker

_WORDS = {
    "revision": mark("Revision"),
    "as_of": mark("As of"),
    "findings": mark("Findings"),
    "no_findings": mark("Nothing stands out this month."),
    "measures": mark("Measures"),
    "measure": mark("Measure"),
    "value": mark("Value"),
    "interval": mark("95 % interval"),
    "target": mark("Target"),
    "against": mark("Against the target"),
    "change": mark("Change to the month before"),
    "departments": mark("Departments"),
    "left": LEFT_DRAWING,
    "right": RIGHT_DRAWING,
    "movement": mark("Grade movement"),
    "before": mark("Month before"),
    "now": mark("Now"),
    "no_movement": mark("Nobody was graded in this month."),
    "stage": mark("Lifecycle stage"),
    "obligations": mark("Obligations"),
    "obligation": mark("Obligation"),
    "no_obligations": mark("Nothing was due in this month."),
    "how_to_read": mark("How to read the figures"),
    "definitions": mark("What the measures count"),
    "about": mark("About this report"),
}


@dataclass(frozen=True)
class _Chapter:
    """A measure by department: its charts, ready drawn."""

    name: str
    note: str
    dots: Markup
    funnel: Markup | None


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(document: Document, head: ReportHead, speaker: Speaker) -> str:
    """The report as HTML in the reader's language. Everything that is data is escaped."""
    tiers = [
        tier for tier in VALUE_TIER_LABELS if any(tier in (row.before, row.now) for row in document.movement)
    ]
    return (
        _templates()
        .get_template("printed.html")
        .render(
            words={name: speaker.say(sentence) for name, sentence in _WORDS.items()},
            html_language=speaker.language.replace("_", "-"),
            title=speaker.say(TITLE),
            month=speaker.month(document.meta.month),
            status=status(document, head, speaker),
            revision=document.meta.revision,
            as_of=speaker.day(document.meta.as_of),
            is_draft=head.is_draft,
            findings=sentences(document, speaker),
            measures=[_measure(line, speaker) for line in document.measures],
            chapters=[chapter for line in document.measures if (chapter := _chapter(line, speaker))],
            places=[speaker.say(word) for word in PLACES.values()],
            tiers=[speaker.label(VALUE_TIER_LABELS, tier) for tier in tiers],
            movement=[
                (speaker.label(VALUE_TIER_LABELS, tier), _moves(document, tier, tiers, speaker))
                for tier in tiers
            ],
            stages=[
                (
                    speaker.label(LIFECYCLE_STAGE_LABELS, stage.stage),
                    speaker.number(stage.before),
                    speaker.number(stage.now),
                )
                for stage in document.stages
            ],
            counted=[speaker.say(word) for word in report_obligations.COUNTED],
            obligations=report_obligations.rows(document, speaker),
            how_to_read=[speaker.say(sentence) for sentence in HOW_TO_READ],
            definitions=[
                (speaker.measure(line.code), speaker.say(MEASURES[line.code].definition))
                for line in document.measures
                if line.code in MEASURES
            ],
            about=about(document, head, speaker),
        )
    )


def _measure(line: MeasureLine, speaker: Speaker) -> dict[str, str]:
    figure, kind = line.figure, line.kind
    return {
        "name": speaker.line(line),
        "value": speaker.value(kind, figure.value),
        "interval": speaker.figure_interval(kind, figure),
        "n": speaker.number(figure.n),
        "target": speaker.value(kind, line.target),
        "sign": SIGNS[line.standing],
        "standing": speaker.label(STANDINGS, line.standing),
        "code": line.standing,
        "change": speaker.difference(kind, line.move.difference) if line.move else NOTHING,
        "chance": speaker.chance(line.move) if line.move else "",
        "missing": speaker.label(MISSING, line.missing) if line.missing == "window_open" else "",
    }


def _chapter(line: MeasureLine, speaker: Speaker) -> _Chapter | None:
    dots, funnel = department_dots(line, speaker), department_funnel(line, speaker)
    if dots is None:
        return None
    note = speaker.say(
        mark("Company {value}, 95 % interval {interval}, n = {n}"),
        value=speaker.value(line.kind, line.figure.value),
        interval=speaker.figure_interval(line.kind, line.figure),
        n=speaker.number(line.figure.n),
    )
    # The charts have escaped their texts themselves.
    drawn = None if funnel is None else Markup(funnel)  # noqa: S704
    return _Chapter(speaker.line(line), note, Markup(dots), drawn)  # noqa: S704


def _moves(document: Document, before: str, tiers: list[str], speaker: Speaker) -> list[tuple[str, bool]]:
    """Customers by the tier they are in now, and whether that is the one they were in."""
    counted = {row.now: row.customers for row in document.movement if row.before == before}
    return [(speaker.number(counted[now]) if now in counted else "", now == before) for now in tiers]
