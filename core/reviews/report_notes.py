"""What stands beside the figures of a report: what it is, and how its figures are to be read."""

from __future__ import annotations

from core.language import mark
from core.reviews.document import Document
from core.reviews.labels import REPORT_STATUSES
from core.reviews.report_queries import ReportHead
from core.reviews.words import NOTHING, Speaker

TITLE = mark("Monthly execution report")

HOW_TO_READ = (
    mark("An interval holds the true value in 95 of 100 cases; n is the number of cases counted."),
    mark(
        "A target is reached or missed only where the whole interval lies on that side of it; otherwise the figure"
        " is not told apart from it."
    ),
    mark(
        "A change is real where the interval of the difference does not hold zero, and noise where it does."
        " Differences of shares are after Newcombe, of means after Welch."
    ),
    mark(
        "A department is better or worse than the company only outside the 99.8 % limits of the funnel plot, or,"
        " for means and amounts, where its interval at 99.8 % does not hold the company's value: among so many"
        " departments and measures some lie outside 95 % by chance alone. The others are listed by name, not"
        " ranked."
    ),
    mark("Fewer cases than the rules ask for, or a wide interval: too few cases, and nothing is compared."),
    mark(
        "The target and the number of cases that is enough are those of the rules in force on the last day of the"
        " month."
    ),
    mark(
        "Lead conversion is that of the newest month whose leads are all past their window. It is named beside the"
        " measure, and the change is to the month before that one."
    ),
    mark("What was owed counts in the month in which it was due, as it stood when the report was drafted."),
)


def about(document: Document, head: ReportHead, speaker: Speaker) -> list[tuple[str, str]]:
    """Label -> text of what the report is, rests on, and who made it."""
    meta, say = document.meta, speaker.say
    rows = [
        (say(mark("Month")), speaker.month(meta.month)),
        (say(mark("Revision")), str(meta.revision)),
        (say(mark("Status")), status(document, head, speaker)),
        (say(mark("As of")), speaker.day(meta.as_of)),
        (say(mark("Drafted")), _by(speaker.moment(head.drafted_at), head.drafted_by)),
    ]
    if head.published_at is not None:
        rows.append((say(mark("Published")), _by(speaker.moment(head.published_at), head.published_by)))
    if head.reason:
        rows.append((say(mark("Reason of the revision")), head.reason))
    sealed = [] if head.seal is None else [(say(mark("Seal (HMAC-SHA256, house key)")), head.seal)]
    return [
        *rows,
        (say(mark("Rule version")), str(meta.policy_version)),
        (say(mark("All rule versions used")), speaker.listed(map(str, meta.policy_versions))),
        (say(mark("Data version")), str(meta.data_version)),
        (say(mark("Time zone")), meta.time_zone),
        (say(mark("Currency")), meta.currency),
        (say(mark("Content (SHA-256)")), head.sha256),
        *sealed,
    ]


def status(document: Document, head: ReportHead, speaker: Speaker) -> str:
    """`Draft`, `Published`, `Draft · the month is not over`."""
    words = speaker.label(REPORT_STATUSES, head.status)
    if document.meta.complete:
        return words
    return words + " · " + speaker.say(mark("the month is not over"))


def _by(moment: str, person: str | None) -> str:
    return f"{moment} · {person}" if person else moment or NOTHING
