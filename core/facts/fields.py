"""The field catalogue: what a file may tell about each table, under which headers, in which form.

Templates, header matching, checking and exports all read it. A field that stands here and nowhere in the import
stops the start by its name, see `importing.places_of_fields`.
Phones in the examples begin with 100: no subscriber number does (mobile numbers begin with 13 to 19, and 100
opens only short service numbers), so an example can never be somebody's phone.
"""

from __future__ import annotations

from core.facts.catalogue.activity import INTERACTIONS, SATISFACTION, TRANSACTIONS
from core.facts.catalogue.customers import CUSTOMERS
from core.facts.catalogue.leads import CAMPAIGNS, CHANNEL_COSTS, DEALS, LEADS
from core.facts.catalogue.model import Choice, Field, TableSpec
from core.facts.catalogue.presence import DISPLAYS, OUTLETS
from core.facts.catalogue.trade import CONTRACTS, PAYMENTS, PRODUCTS
from core.facts.catalogue.usage import BEHAVIOUR, USAGE

__all__ = [
    "BEHAVIOUR",
    "CAMPAIGNS",
    "CHANNEL_COSTS",
    "CONTRACTS",
    "CUSTOMERS",
    "DEALS",
    "DISPLAYS",
    "INTERACTIONS",
    "LEADS",
    "NO",
    "OUTLETS",
    "PAYMENTS",
    "PRODUCTS",
    "SATISFACTION",
    "SATISFACTION_WORDS",
    "TABLES",
    "TRANSACTIONS",
    "USAGE",
    "YES",
    "Choice",
    "Field",
    "TableSpec",
]

TABLES: dict[str, TableSpec] = {
    t.code: t
    for t in (
        CUSTOMERS, TRANSACTIONS, INTERACTIONS, SATISFACTION, LEADS, DEALS, CAMPAIGNS, CHANNEL_COSTS, CONTRACTS,
        PAYMENTS, PRODUCTS, USAGE, BEHAVIOUR, OUTLETS, DISPLAYS,
    )
}  # fmt: skip
"""Table code -> what its files may hold."""

SATISFACTION_WORDS = {
    "非常满意": 5,
    "很满意": 5,
    "满意": 4,
    "一般": 3,
    "不满意": 2,
    "非常不满意": 1,
    "很不满意": 1,
}
"""Answers in words that surveys in Chinese use for the five scores."""

YES = frozenset(
    ("是", "有", "同意", "已同意", "授权", "已授权", "对", "yes", "y", "true", "t", "1", "√", "✓")
)
NO = frozenset(("否", "无", "不同意", "未同意", "拒绝", "未授权", "错", "no", "n", "false", "f", "0", "×"))
