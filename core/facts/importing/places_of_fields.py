"""Whether every kind of file of the catalogue, and every field in it, has its place on the way into the database."""

from __future__ import annotations

from collections.abc import Mapping

from core.facts.fields import TABLES, TableSpec
from core.facts.importing import entries, leads, lines, people
from core.facts.importing.planning import ORDER
from core.facts.importing.record_kinds import RECORD_KINDS
from core.facts.tables import Customer

_LEADS = {"lead_code", *leads.VALUES, "phone", "owner", "customer_code"}
_READ_TOGETHER = {"stock_days", "counted_on"}
"""How long a product lies in stock, and when that was counted, are stored as the day since when."""


def homeless(tables: Mapping[str, TableSpec] = TABLES) -> list[str]:
    """What of the catalogue an import would drop, each with the place that lacks it."""
    found = [f"{code}: planning.ORDER" for code in tables if code not in ORDER]
    for code, table in tables.items():
        known, place = _known(code)
        found += [f"{code}.{field}: {place}" for field in table.codes if field not in known]
    return found


def _known(table_code: str) -> tuple[set[str], str]:
    """The fields of a table that the import stores or looks up, and where they are listed."""
    if table_code == "customers":
        stored = {name for name in people.PLAIN if name in Customer.__table__.columns}
        return stored | {"customer_code", *people.NAMED, *people.SEALED}, "a column of tables.Customer"
    if table_code in ("leads", "deals"):
        return _LEADS, "leads.VALUES"
    if table_code == "transactions":
        return {"customer_code", "order_no", "line_no", *lines.VALUES}, "lines.VALUES"
    if table_code in RECORD_KINDS:
        kind = RECORD_KINDS[table_code]
        named = {"customer_code": kind.customer, "contract_code": kind.contract, "owner": kind.owner}
        looked_up = {code for code, wanted in named.items() if wanted}
        return {*kind.key, *kind.values, *looked_up, *_READ_TOGETHER}, "record_kinds.RECORD_KINDS"
    if table_code in entries.KINDS:
        entry = entries.KINDS[table_code]
        return {"customer_code", "outlet_code", entry.instant, *entry.values}, "entries.KINDS"
    return set(), "record_kinds.RECORD_KINDS or entries.KINDS"


_forgotten = homeless()
if _forgotten:  # at once and by name, for whatever is forgotten imports would drop without a word
    raise LookupError(f"The import knows no place for {', '.join(_forgotten)}")
