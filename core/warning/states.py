"""The states of a work order and the steps between them: pure."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    BACKLOG = "backlog"
    """Waits, without a clock."""
    OPEN = "open"
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    RESOLVED = "resolved"
    """The outcome is recorded; the debrief is owed."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """Left the backlog because its customer no longer hits any indicator."""


UNCLOSED = (Status.BACKLOG, Status.OPEN, Status.CLAIMED, Status.CONTACTED, Status.RESOLVED)
IN_HAND = (Status.OPEN, Status.CLAIMED, Status.CONTACTED, Status.RESOLVED)
"""Given to somebody and not closed."""


class Step(StrEnum):
    CLAIM = "claim"
    LOG_ATTEMPT = "log_attempt"
    DISMISS = "dismiss"
    """Record the outcome `not_at_risk`: the only one that needs no contact."""
    RECORD_OUTCOME = "record_outcome"
    """Record any other outcome."""
    WRITE_DEBRIEF = "write_debrief"
    CLOSE = "close"
    ASSIGN = "assign"


STEPS: dict[Status, dict[Step, Status | None]] = {
    Status.BACKLOG: {
        Step.CLAIM: None,
        Step.LOG_ATTEMPT: None,
        Step.DISMISS: None,
        Step.RECORD_OUTCOME: None,
        Step.WRITE_DEBRIEF: None,
        Step.CLOSE: None,
        Step.ASSIGN: Status.OPEN,  # somebody decides not to wait: the clock begins
    },
    Status.OPEN: {
        Step.CLAIM: Status.CLAIMED,
        Step.LOG_ATTEMPT: None,
        Step.DISMISS: None,
        Step.RECORD_OUTCOME: None,
        Step.WRITE_DEBRIEF: None,
        Step.CLOSE: None,
        Step.ASSIGN: Status.OPEN,
    },
    Status.CLAIMED: {
        Step.CLAIM: None,
        Step.LOG_ATTEMPT: Status.CONTACTED,
        Step.DISMISS: Status.RESOLVED,
        Step.RECORD_OUTCOME: None,
        Step.WRITE_DEBRIEF: None,
        Step.CLOSE: None,
        Step.ASSIGN: Status.OPEN,  # the next person claims it anew; its clock runs on
    },
    Status.CONTACTED: {
        Step.CLAIM: None,
        Step.LOG_ATTEMPT: Status.CONTACTED,
        Step.DISMISS: Status.RESOLVED,
        Step.RECORD_OUTCOME: Status.RESOLVED,
        Step.WRITE_DEBRIEF: None,
        Step.CLOSE: None,
        Step.ASSIGN: Status.CONTACTED,
    },
    Status.RESOLVED: {
        Step.CLAIM: None,
        Step.LOG_ATTEMPT: Status.RESOLVED,
        Step.DISMISS: Status.RESOLVED,
        Step.RECORD_OUTCOME: Status.RESOLVED,
        Step.WRITE_DEBRIEF: Status.RESOLVED,
        Step.CLOSE: Status.CLOSED,
        Step.ASSIGN: Status.RESOLVED,
    },
    Status.CLOSED: dict.fromkeys(Step),
    Status.WITHDRAWN: dict.fromkeys(Step),
}
"""Status -> step -> the status after it; None where the step is refused."""


class Outcome(StrEnum):
    WON_BACK = "won_back"
    RETAINED = "retained"
    LOST = "lost"
    UNREACHABLE = "unreachable"
    NOT_AT_RISK = "not_at_risk"


class RootCause(StrEnum):
    PRICE = "price"
    PRODUCT = "product"
    SERVICE = "service"
    COMPETITOR = "competitor"
    NEED_GONE = "need_gone"
    OTHER = "other"


def outcome_step(outcome: Outcome) -> Step:
    """Which step records this outcome."""
    return Step.DISMISS if outcome is Outcome.NOT_AT_RISK else Step.RECORD_OUTCOME


def outcomes_after(status: Status, attempts: int) -> tuple[Outcome, ...]:
    """The outcomes that may be recorded now: without any contact only that there was no risk."""
    return tuple(
        each
        for each in Outcome
        if STEPS[status][outcome_step(each)] is not None and (attempts > 0 or each is Outcome.NOT_AT_RISK)
    )


def steps_after(status: Status, *, attempts: int, debriefed: bool) -> tuple[Step, ...]:
    """The steps that are possible now, in the order in which they are usually taken."""
    possible = [step for step in Step if STEPS[status][step] is not None]
    if attempts == 0 and Step.RECORD_OUTCOME in possible:
        possible.remove(Step.RECORD_OUTCOME)
    if not debriefed and Step.CLOSE in possible:
        possible.remove(Step.CLOSE)
    return tuple(possible)
