"""Words for the codes of reviews, in English; the catalogue of the reader's language has the rest."""

from __future__ import annotations

from core.language import mark
from core.reviews.board import Kind, Stage
from core.reviews.meeting_record import Moved
from core.reviews.pilots import Standing

# --- Monthly reports ---

REPORT_STATUSES: dict[str, str] = {"draft": mark("Draft"), "published": mark("Published")}

PLACES: dict[str, str] = {
    "better": mark("Really better"),
    "not_apart": mark("Not told apart"),
    "worse": mark("Really worse"),
    "too_few": mark("Too few cases"),
    "no_data": mark("No data"),
}
"""How a department stands to the company, in the order in which departments are listed."""

MISSING: dict[str, str] = {
    "nothing_counted": mark("Nothing to count in this month."),
    "window_open": mark("The window is still open; not final."),
}

OBLIGATION_KINDS: dict[str, str] = {
    "win_back_response": mark("First contact of a work order"),
    "first_response": mark("First response to a lead"),
    "record_update": mark("Update of a customer's record"),
    "card": mark("Card of a pilot"),
    "data_fix": mark("Correction of a customer's data"),
}

FINDINGS: dict[str, str] = {
    "month_open": mark("The month is not over: the figures run up to {as_of} and will change."),
    "targets": mark("Of the measures that can be judged, {met} of {judged} reach their target."),
    "missed": mark("{measure} missed the target of {target}: {value}, 95 % interval {interval}, n = {n}."),
    "got_worse": mark("{measure} got worse: {value} after {before} in the month before, more than chance."),
    "got_better": mark("{measure} got better: {value} after {before} in the month before, more than chance."),
    "department_worse": mark("{measure}: really worse than the company ({company}): {departments}."),
    "department_better": mark("{measure}: really better than the company ({company}): {departments}."),
    "obligations": mark("{kind}: of {due} due in the month, {broken} not kept in time."),
    "high_value": mark("High value: {gained} customers rose to it, {lost} left it."),
    "too_few": mark("Too few cases to be compared: {measures}."),
    "unmeasured": mark("Nothing to measure in this month: {measures}."),
}
"""The sentences of what is worth saying, by code; their places are filled by `core.reviews.report_words`."""

# Pilots, their board and their weekly meeting.

PILOT_STANDINGS: dict[str, str] = {
    Standing.COMING: mark("Not started yet"),
    Standing.RUNNING: mark("Running"),
    Standing.OVERDUE: mark("Its weeks are over"),
    Standing.ENDED: mark("Has ended"),
    Standing.CALLED_OFF: mark("Called off before it started"),
}

CARD_STAGES: dict[str, str] = {
    Stage.FOUND: mark("Found"),
    Stage.PLANNED: mark("Planned"),
    Stage.TRYING: mark("Trying"),
    Stage.CHECKING: mark("Checking"),
    Stage.SETTLED: mark("Settled"),
}

CARD_KINDS: dict[str, str] = {
    Kind.PROBLEM: mark("Problem"),
    Kind.IDEA: mark("Idea"),
    Kind.DECISION: mark("Decision"),
}

CARD_FIELDS: dict[str, str] = {
    "title": mark("Title"),
    "body": mark("What it is about"),
    "kind": mark("Kind"),
    "measure": mark("KPI"),
    "rule": mark("Rule"),
    "owner": mark("Owner"),
    "due_on": mark("Due"),
}

RULES: dict[str, str] = {
    "first_response.within_hours": mark("Time to the first response to a lead"),
    "update_clock.within_hours": mark("Time to complete a customer's record"),
    "work_orders.respond_within_hours": mark("Time to the first contact after a warning"),
    "work_orders.cooldown_days": mark("Days of rest after a closed work order"),
    "work_orders.new_per_person_a_day": mark("New work orders a person and day"),
    "interactions_drop.at_most_share": mark("Warning: share of interactions that are left"),
    "interactions_drop.window_days": mark("Warning: days in which interactions are counted"),
    "no_purchase.quarters": mark("Warning: quarters without a purchase"),
    "low_satisfaction.at_most_score": mark("Warning: satisfaction score up to"),
    "lifecycle.active_days": mark("Days since the last order: active"),
    "lifecycle.dormant_days": mark("Days since the last order: dormant"),
    "tiers.high_from_rank": mark("Rank from which a customer is of high value"),
    "tiers.low_below_rank": mark("Rank below which a customer is of low value"),
    "scoring.window_months": mark("Months of orders that are graded"),
    "funnel.window_days": mark("Days within which a lead counts as won"),
    "accuracy.phone_shared_by_at_most": mark("Customers who may share one phone"),
}
"""The policy values that a card may concern, `section.key`."""

MOVED: dict[str, str] = {
    Moved.BETTER: mark("Better, more than chance"),
    Moved.WORSE: mark("Worse, more than chance"),
    Moved.NOISE: mark("No more than noise"),
    Moved.TOO_FEW: mark("Too few cases to tell"),
    Moved.NO_FIGURE: mark("No second week to compare yet"),
    Moved.NO_KPI: mark("Names no KPI"),
}
"""What the KPI of a decision has done since it was taken."""
