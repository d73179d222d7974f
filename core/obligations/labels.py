"""The words for codes of the ledger."""

from __future__ import annotations

from core.language import mark
from core.obligations.clock import State

STATES: dict[str, str] = {
    State.PENDING: mark("In time, still to do"),
    State.LATE: mark("Late"),
    State.MET: mark("Done in time"),
    State.MISSED: mark("Done late"),
}
