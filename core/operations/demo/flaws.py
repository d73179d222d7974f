"""What is wrong in the demo company's customer data: placeholders, shared phones, days that mean nothing. Pure.

How much of it a department has is its `careless`. The customers themselves stay who they are: only how they were
entered suffers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.operations.demo import words
from core.operations.demo.customers import PHONE_PREFIX

_CLERKS = 3
"""Phones of clerks in each department that stand in place of customers' own."""
_WEIGHTS = {"name": 0.5, "phone": 3.0, "city": 2.2, "industry": 2.5, "channel": 1.5, "birthday": 2.5}
"""How many times more often than `careless` a field is wrong; on average over the filled ones it is about once."""
_BLANK = {"sku_count": 4.0, "annual_revenue": 3.0, "birthday": 3.0, "city": 1.0}
"""And how many times more often it was left blank."""
_PLACEHOLDERS = {
    "name": ("测试客户", "未知客户", "待补充"),
    "city": ("未知", "待补充"),
    "industry": ("未知", "无", "待完善"),
    "channel": ("未知",),
    "birthday": ("1970-01-01",),
}


def entered_carelessly(random: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """The customers as they were entered."""
    careless = customers["department"].map({d.name: d.careless for d in words.departments()}).to_numpy(float)
    entered = customers.copy()
    for field, weight in _WEIGHTS.items():
        wrong = _some(random, careless * weight) & _filled(customers[field])
        shown = (
            _clerks(random, customers) if field == "phone" else _placeholders(random, field, len(customers))
        )
        entered[field] = entered[field].mask(wrong, pd.Series(shown, index=entered.index))
    for field, weight in _BLANK.items():
        blank = pd.NA if field in ("sku_count", "annual_revenue") else ""
        entered[field] = entered[field].mask(_some(random, careless * weight), blank)
    return entered


def _some(random: np.random.Generator, share: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    chosen: npt.NDArray[np.bool_] = random.random(len(share)) < share
    return chosen


def _filled(values: pd.Series) -> npt.NDArray[np.bool_]:
    filled: npt.NDArray[np.bool_] = (values.fillna("").astype(str) != "").to_numpy()
    return filled


def _placeholders(random: np.random.Generator, field: str, count: int) -> npt.NDArray[np.str_]:
    return random.choice(np.array(_PLACEHOLDERS[field]), count)


def _clerks(random: np.random.Generator, customers: pd.DataFrame) -> list[str]:
    """For each customer the phone of a clerk of its department."""
    places = sorted(set(customers["department"]))
    numbers = {
        place: [f"{PHONE_PREFIX}{number:08d}" for number in random.integers(10**6, 10**7, _CLERKS)]
        for place in places
    }
    pick = random.integers(0, _CLERKS, len(customers))
    return [numbers[place][one] for place, one in zip(customers["department"], pick, strict=True)]
