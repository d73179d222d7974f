"""What is measured: every measure with its meaning, so that a number is read the same by everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.language import mark

Kind = Literal["share", "mean", "amount", "cost"]


@dataclass(frozen=True)
class Measure:
    """One measure. Its code is also the name of its target in the policy.

    `kind`: a share (0 to 1), a mean (of scores 1 to 5), an amount (mean of amounts of money), or a cost (money
    spent for each case). `numerator` and `denominator` say what is counted; the denominator is the n.
    `by_department`: whether its cases belong to departments and regions; without, only the company has a figure.
    `matures`: its cases count only when the window of the funnel after their period has passed.
    """

    code: str
    label: str
    definition: str
    kind: Kind
    numerator: str
    denominator: str
    higher_is_better: bool = True
    weekly: bool = True
    by_department: bool = True
    matures: bool = False


_CATALOGUE = (
    Measure(
        "completeness",
        mark("Completeness"),
        mark(
            "Fields that are filled, of those expected for the kind of customer, over the customers who ordered,"
            " were in contact or gave a score in the period; the fields as they stand on the day of the"
            " calculation. Intervals count customers, not fields. Changes are judged cautiously: periods share"
            " customers."
        ),
        "share",
        mark("fields filled"),
        mark("fields expected"),
    ),
    Measure(
        "accuracy",
        mark("Accuracy"),
        mark(
            "Fields that pass their rule, of those filled that have one, over the customers who ordered, were in"
            " contact or gave a score in the period; the fields as they stand on the day of the calculation."
            " Intervals count customers, not fields. Changes are judged cautiously: periods share customers."
        ),
        "share",
        mark("fields that pass"),
        mark("fields checked"),
    ),
    Measure(
        "first_response_on_time",
        mark("First response on time"),
        mark("Leads answered by their due time, of the leads whose answer was due in the period."),
        "share",
        mark("leads answered in time"),
        mark("leads due"),
    ),
    Measure(
        "warning_response_on_time",
        mark("Warning response on time"),
        mark("Work orders answered by their due time, of those whose first contact was due in the period."),
        "share",
        mark("work orders answered in time"),
        mark("work orders due"),
    ),
    Measure(
        "win_back",
        mark("Win-back"),
        mark("Work orders won back or retained, of those closed with an outcome in the period."),
        "share",
        mark("won back or retained"),
        mark("work orders closed"),
    ),
    Measure(
        "lead_conversion",
        mark("Lead conversion"),
        mark(
            "Leads won within the window of the funnel, of the leads that arrived in the period and whose window"
            " has passed."
        ),
        "share",
        mark("leads won"),
        mark("leads past their window"),
        matures=True,
    ),
    Measure(
        "acquisition_cost",
        mark("Acquisition cost"),
        mark("What the channels cost in the month, for each customer won in it."),
        "cost",
        mark("channel cost"),
        mark("customers won"),
        higher_is_better=False,
        weekly=False,
        by_department=False,
    ),
    Measure(
        "retention",
        mark("Retention"),
        mark(
            "Customers who ordered in the last three months, of those who ordered in the three months before;"
            " counted back from the end of the period. Changes are judged cautiously: periods share customers."
        ),
        "share",
        mark("customers who ordered again"),
        mark("customers of the three months before"),
        weekly=False,
    ),
    Measure(
        "repurchase",
        mark("Repurchase"),
        mark(
            "Customers with two orders or more, of those with at least one, in the twelve months up to the end of"
            " the period. Changes are judged cautiously: periods share customers."
        ),
        "share",
        mark("customers with two orders or more"),
        mark("customers with an order"),
        weekly=False,
    ),
    Measure(
        "average_order_value",
        mark("Average order value"),
        mark(
            "Net amount of an order, over the orders whose lines in the period come to more than nothing; a later"
            " return counts in its own period."
        ),
        "amount",
        mark("net amount"),
        mark("orders"),
    ),
    Measure(
        "satisfaction",
        mark("Satisfaction"),
        mark("Mean score, 1 to 5, of the answers given in the period."),
        "mean",
        mark("sum of scores"),
        mark("answers"),
    ),
    Measure(
        "satisfied_share",
        mark("Satisfied answers"),
        mark("Answers of 4 or 5, of all answers given in the period."),
        "share",
        mark("answers of 4 or 5"),
        mark("answers"),
    ),
    Measure(
        "churn",
        mark("Churn"),
        mark("Customers lost at the end of the month, of those active or dormant at its start."),
        "share",
        mark("customers lost"),
        mark("customers active or dormant"),
        higher_is_better=False,
        weekly=False,
    ),
    Measure(
        "high_value_share",
        mark("High value share"),
        mark(
            "Customers of high value, of all customers with a value tier at the end of the month. Changes are judged"
            " cautiously: periods share customers."
        ),
        "share",
        mark("customers of high value"),
        mark("customers with a tier"),
        weekly=False,
    ),
)

MEASURES: dict[str, Measure] = {measure.code: measure for measure in _CATALOGUE}
"""Code -> measure, in the order in which they are shown."""
