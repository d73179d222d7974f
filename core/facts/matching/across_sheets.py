"""What the matches of several sheets of one file say of each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from core.facts.matching.match import Matching
from core.facts.matching.names import normalise
from core.language import Message, mark

CODE = "customer_code"


def ignored_codes(sheets: Mapping[int, tuple[str, Matching]]) -> dict[int, Message]:
    """The sheets of customers that have no codes, but ignore the column by which another sheet names customers.

    `sheets`: place -> name and match. Their rows would not find each other, and the same people be stored twice.
    """
    named = {
        normalise(each.header): (name, each.header)
        for name, matching in sheets.values()
        for each in matching.columns
        if each.field == CODE and matching.table.code != "customers"
    }
    found = {}
    for place, (name, matching) in sheets.items():
        if matching.table.code != "customers" or CODE in matching.fields:
            continue
        for each in matching.columns:
            if each.header and each.field is None and (other := named.get(normalise(each.header))):
                sentence = mark(
                    "The sheet {other} names its customers by {column}, but the sheet {sheet} ignores that column. "
                    "Match it with {field} there too, or the two will not find each other."
                )
                named_field = matching.table.field(CODE).named
                values = {"other": other[0], "column": other[1], "sheet": name, "field": named_field}
                found[place] = Message(sentence, values)
    return found
