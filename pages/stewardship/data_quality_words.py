"""Values of a customer's fields as a reader sees them."""

from __future__ import annotations

from datetime import date

from core.facts.labels import CUSTOMER_KINDS
from pages.frame.formats import amount, number, short_day
from pages.frame.words import NOTHING, _, label


def shown_value(field: str, value: object, currency: str) -> str:
    """The value of a field in words; the sign for nothing where nothing stands."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return short_day(value)
    if field == "annual_revenue" and isinstance(value, int):
        return amount(value, currency)
    if field == "kind":
        return label(CUSTOMER_KINDS, str(value))
    return number(value) if isinstance(value, int | float) else str(value)
