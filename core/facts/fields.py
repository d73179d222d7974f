"""The field catalogue: what a file may tell about each table, under which headers, in which form.

Templates, header matching, checking and exports all read it; a field that stands here is known everywhere.
Phones in the examples begin with 100: no subscriber number does (mobile numbers begin with 13 to 19, and 100
opens only short service numbers), so an example can never be somebody's phone.
"""

from __future__ import annotations

from core.facts.catalogue.activity import INTERACTIONS, SATISFACTION, TRANSACTIONS
from core.facts.catalogue.customers import CUSTOMERS
from core.facts.catalogue.leads import CHANNEL_COSTS, DEALS, LEADS
from core.facts.catalogue.model import Choice, Field, TableSpec

__all__ = [
    "CHANNEL_COSTS",
    "CUSTOMERS",
    "DEALS",
    "INTERACTIONS",
    "LEADS",
    "NO",
    "SATISFACTION",
    "SATISFACTION_WORDS",
    "TABLES",
    "TRANSACTIONS",
    "YES",
    "Choice",
    "Field",
    "TableSpec",
]

TABLES: dict[str, TableSpec] = {
    t.code: t for t in (CUSTOMERS, TRANSACTIONS, INTERACTIONS, SATISFACTION, LEADS, DEALS, CHANNEL_COSTS)
}
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
