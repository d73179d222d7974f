"""The leads behind a part of the funnel as a file: what the page lists, all of them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd

from core.access.actor import Actor
from core.acquisition.labels import BAND_LABELS
from core.acquisition.queries import FunnelFilter, leads
from core.facts.labels import LEAD_STAGES
from core.language import mark, translate
from core.operations.export_facts import Wanted, plain_number
from core.policy.queries import policy_at
from core.store.engine import Store

HEADERS = {
    "code": mark("Lead code"),
    "name": mark("Name"),
    "phone": mark("Phone"),
    "channel": mark("Channel"),
    "campaign": mark("Campaign"),
    "region": mark("Region"),
    "industry": mark("Industry"),
    "owner": mark("Owner"),
    "department": mark("Department"),
    "arrived_at": mark("Arrived at"),
    "first_response_at": mark("First response at"),
    "contacted_at": mark("Contacted at"),
    "qualified_at": mark("Qualified at"),
    "quoted_at": mark("Quoted at"),
    "won_at": mark("Won at"),
    "lost_at": mark("Given up at"),
    "lost_reason": mark("Reason of the loss"),
    "amount": mark("Worth"),
    "furthest": mark("Furthest stage"),
    "standing": mark("What became of it there"),
}
_WORDS = {"furthest": LEAD_STAGES, "standing": BAND_LABELS}


def leads_of_a_band(actor: Actor, store: Store, wanted: Wanted) -> pd.DataFrame:
    """HEADERS of the leads that the filters keep: the parts of a FunnelFilter, `stage` and `band`.

    Phones are masked as on the page; instants are minutes of the business time zone.
    """
    asked = dict(wanted.filters)
    stage, band = asked.pop("stage", None), asked.pop("band", None)
    found = leads(actor, store, FunnelFilter.from_json(asked), stage, band)[list(HEADERS)]
    found["amount"] = [plain_number(None if pd.isna(units) else int(units)) for units in found["amount"]]
    zone = ZoneInfo(policy_at(store, wanted.now.date()).business.time_zone)
    for column in (name for name in HEADERS if name.endswith("_at")):
        local = found[column].dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M")
        found[column] = local.astype(object).where(local.notna(), None)
    if wanted.language is None:
        return found
    for column, words in _WORDS.items():
        found[column] = [translate(words[code], wanted.language) for code in found[column]]
    return found.rename(columns={code: translate(text, wanted.language) for code, text in HEADERS.items()})
