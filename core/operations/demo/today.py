"""Leads of the last hours before the demo company is loaded, so that there is something to answer now. Pure."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from core.operations.demo import words
from core.operations.demo.customers import PHONE_PREFIX, person_names
from core.operations.demo.leads import COLUMNS

_TO_ANSWER = (4, 13, 22, 34, 43, 51)
"""Minutes before now at which leads came that nobody answered yet; their hour runs."""
_TOO_LATE = (79, 148)
"""And those whose hour has run out."""
_ANSWERED = {66: 12, 95: 31, 121: 8, 170: 22, 207: 17, 244: 85}
"""Minutes before now -> minutes until the answer."""
_AT_ANY_HOUR = ("微信小程序", "抖音直播", "信息流广告")
_IN_WORKING_HOURS = ("老客转介绍", "业务陌拜", *_AT_ANY_HOUR)


def with_the_last_hours(leads: pd.DataFrame, now: datetime, seed: int) -> pd.DataFrame:
    """The leads, and behind them those of the hours before `now` (business-local, without a zone)."""
    fresh = leads_of_the_last_hours(np.random.default_rng(seed), now)
    return pd.concat([leads, fresh.astype(leads.dtypes.to_dict())], ignore_index=True)


def leads_of_the_last_hours(random: np.random.Generator, now: datetime) -> pd.DataFrame:
    """Leads as in `leads.draw_leads`, relative to `now`.

    Whatever the hour: at night they come from channels that people use at night. The department that is late
    elsewhere has let its hour run out here too.
    """
    minutes = sorted((*_TO_ANSWER, *_TOO_LATE, *_ANSWERED), reverse=True)
    departments = words.departments()
    late = max(departments, key=lambda d: d.answers_late)
    in_time = [d for d in departments if d is not late]
    names = person_names(random, len(minutes))
    rows = []
    for number, ago in enumerate(minutes):
        arrived = pd.Timestamp(now).floor("min") - pd.Timedelta(minutes=ago)
        department = late if ago in _TOO_LATE else in_time[number % len(in_time)]
        channels = _IN_WORKING_HOURS if 9 <= arrived.hour < 18 else _AT_ANY_HOUR
        managers = department.account_managers
        answered = _ANSWERED.get(ago)
        rows.append(
            {
                "lead_code": f"XS{arrived:%y%m%d%H%M}",
                "name": names[number],
                "phone": f"{PHONE_PREFIX}{random.integers(10_000_000, 100_000_000)}",
                "arrived_at": arrived,
                "channel": channels[int(random.integers(len(channels)))],
                "campaign": "",
                "region": next(
                    r["region"] for r in words.rows("regions.csv") if r["department"] == department.name
                ),
                "industry": "",
                # The first of each department, whose account a visitor tries first, has something to do.
                "owner": managers[0]
                if ago in _TO_ANSWER[:3]
                else managers[int(random.integers(len(managers)))],
                "first_response_at": None if answered is None else arrived + pd.Timedelta(minutes=answered),
                "lost_reason": "",
                "customer_code": "",
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
