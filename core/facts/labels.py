"""Words for the codes of facts, in English; the catalogue of the reader's language has the rest."""

from __future__ import annotations

from core.language import mark

TABLES = {
    "customers": mark("Customers"),
    "transactions": mark("Transactions"),
    "interactions": mark("Interactions"),
    "satisfaction": mark("Satisfaction"),
    "leads": mark("Leads"),
    "deals": mark("Deals"),
    "campaigns": mark("Campaigns"),
    "channel_costs": mark("Channel costs"),
    "contracts": mark("Contracts"),
    "payments": mark("Payments"),
    "products": mark("Products"),
    "usage": mark("Product usage"),
    "behaviour": mark("Behaviour events"),
    "outlets": mark("Outlets"),
    "displays": mark("Display feedback"),
}

RECORDS = {
    "campaigns": mark("Campaign"),
    "contracts": mark("Contract"),
    "payments": mark("Payment"),
    "products": mark("Product"),
    "outlets": mark("Outlet"),
}
"""One record of a table whose records have codes."""

OUTLET_KINDS = {
    "convenience": mark("Convenience store"),
    "family": mark("Family shop"),
    "supermarket": mark("Supermarket"),
    "hypermarket": mark("Hypermarket"),
    "other": mark("Other"),
}

LEAD_STAGES = {
    "arrived": mark("Arrived"),
    "contacted": mark("Contacted"),
    "qualified": mark("Qualified"),
    "quoted": mark("Quoted"),
    "won": mark("Won"),
}
"""In the order of `stages.STAGES`."""

CUSTOMER_KINDS = {"person": mark("Person"), "company": mark("Company")}

INTERACTION_KINDS = {
    "call": mark("Call"),
    "visit": mark("Visit"),
    "message": mark("Message"),
    "email": mark("E-mail message"),
    "meeting": mark("Meeting"),
    "other": mark("Other"),
}

DIRECTIONS = {"inbound": mark("Inbound"), "outbound": mark("Outbound")}

YES_NO = {"yes": mark("Yes"), "no": mark("No")}

MODES = {
    "add": mark("Add only what is new"),
    "update": mark("Replace only what is stored"),
    "both": mark("Add what is new and replace what is stored"),
}

MATCHES = {
    "exact": mark("Matched"),
    "synonym": mark("Matched by a known synonym"),
    "similar": mark("Similar header"),
    "content": mark("By its content"),
    "saved": mark("From a kept match"),
    "chosen": mark("Chosen by hand"),
    "none": mark("Ignored"),
    "rejects": mark("Known, not stored"),
}

FIELD_OWNERS = {
    "sales": mark("Sales"),
    "operations": mark("Operations"),
    "service": mark("Customer service"),
    "marketing": mark("Marketing"),
    "finance": mark("Finance"),
}
"""Who answers for a field."""

FIELD_KINDS = {
    "code": mark("Text that identifies, at most 64 characters"),
    "text": mark("Text, at most 2,000 characters"),
    "phone": mark("Phone number"),
    "email": mark("E-mail address"),
    "date": mark("Date, such as 2026-11-03"),
    "datetime": mark("Date, with a time if there is one, such as 2026-11-03 14:30"),
    "month": mark("Month, such as 2026-11, or a day in it"),
    "amount": mark("Number, at most four decimals"),
    "cost": mark("Number from 0 up, at most four decimals"),
    "quantity": mark("Number, at most four decimals"),
    "integer": mark("Whole number"),
    "choice": mark("One of the choices"),
    "yes_no": mark("Yes or no"),
    "score": mark("Whole number from 1 (worst) to 5 (best)"),
}
"""What may stand in a cell of a field, by the field's kind."""

LINES = "lines"
"""In a list of changed cells: how many lines an order has, where they cannot be told apart one by one."""
CHANGED_PARTS = {LINES: mark("Lines of the order")}

QUALITY_MEASURES: dict[str, str] = {
    "completeness": mark("Completeness"),
    "validity": mark("Accuracy"),
    "timeliness": mark("Freshness"),
}
QUALITY_PROBLEMS: dict[str, str] = {
    "any": mark("Missing or invalid"),
    "missing": mark("Missing"),
    "wrong": mark("Invalid"),
    "stale": mark("Not updated in time"),
}
DUPLICATE_REASONS: dict[str, str] = {
    "same_name_phone": mark("Same name and phone"),
    "similar_name_phone": mark("Same phone, similar name"),
    "same_name_birthday": mark("Same name and birthday"),
    "same_name_email": mark("Same name and e-mail"),
    "same_phone": mark("Same phone, other name"),
    "same_name": mark("Same name"),
    "similar_name": mark("Similar name"),
}
DUPLICATE_STATES: dict[str, str] = {
    "open": mark("To decide"),
    "distinct": mark("Not the same"),
    "merged": mark("Merged"),
}
