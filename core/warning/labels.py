"""The words for codes of churn warning."""

from __future__ import annotations

from core.language import mark
from core.warning.states import Outcome, RootCause, Status, Step

INDICATORS: dict[str, str] = {
    "interactions_drop": mark("Fewer interactions"),
    "no_purchase": mark("No recent purchase"),
    "low_satisfaction": mark("Low satisfaction"),
}

INDICATOR_STATES: dict[str, str] = {
    "hit": mark("Hit"),
    "clear": mark("Clear"),
    "no_data": mark("No data"),
}

STATUSES: dict[str, str] = {
    Status.BACKLOG: mark("Waiting in the backlog"),
    Status.OPEN: mark("To be claimed"),
    Status.CLAIMED: mark("Claimed"),
    Status.CONTACTED: mark("Contacted"),
    Status.RESOLVED: mark("Outcome recorded"),
    Status.CLOSED: mark("Closed"),
    Status.WITHDRAWN: mark("Withdrawn"),
}

STEPS: dict[str, str] = {
    Step.CLAIM: mark("Claim"),
    Step.LOG_ATTEMPT: mark("Log a contact"),
    Step.DISMISS: mark("Record that there was no risk"),
    Step.RECORD_OUTCOME: mark("Record the outcome"),
    Step.WRITE_DEBRIEF: mark("Write the debrief"),
    Step.CLOSE: mark("Close"),
    Step.ASSIGN: mark("Assign"),
}

OUTCOMES: dict[str, str] = {
    Outcome.WON_BACK: mark("Won back"),
    Outcome.RETAINED: mark("Retained"),
    Outcome.LOST: mark("Lost"),
    Outcome.UNREACHABLE: mark("Could not be reached"),
    Outcome.NOT_AT_RISK: mark("Was not at risk"),
}

ROOT_CAUSES: dict[str, str] = {
    RootCause.PRICE: mark("Price"),
    RootCause.PRODUCT: mark("Product"),
    RootCause.SERVICE: mark("Service"),
    RootCause.COMPETITOR: mark("A competitor"),
    RootCause.NEED_GONE: mark("No longer needed"),
    RootCause.OTHER: mark("Another cause"),
}
