"""Fields that are expected, filled, checked and right."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pytest

from core.facts.quality.rules import CHECKED, COLUMNS, EXPECTED, judge
from core.policy.service import default_policy

AS_OF = date(2026, 11, 3)
POLICY = default_policy()
BLANK = {
    "id": 1, "kind": "person", "name": "", "region": None, "province": None, "city": " ", "industry": None,
    "channel": None, "has_phone": False, "phone_shared": 0, "has_email": False, "email_shared": 0,
    "annual_revenue": None, "sku_count": None, "has_department": False, "has_manager": False, "manager_left": False,
    "birthday": None, "has_consent": False,
}  # fmt: skip
FULL = BLANK | {
    "name": "张晓明", "region": "华东", "province": "浙江", "city": "杭州", "industry": "零售", "channel": "抖音",
    "has_phone": True, "phone_shared": 3, "has_email": True, "email_shared": 1, "annual_revenue": 0, "sku_count": 5,
    "has_department": True, "has_manager": True, "birthday": date(1990, 5, 1), "has_consent": True,
}  # fmt: skip
SCHEMA = {
    "id": "int64", "kind": "string", "name": "string", "region": "string", "province": "string", "city": "string",
    "industry": "string", "channel": "string", "has_phone": "boolean", "phone_shared": "int64",
    "has_email": "boolean", "email_shared": "int64", "annual_revenue": "int64", "sku_count": "int64",
    "has_department": "boolean", "has_manager": "boolean", "manager_left": "boolean", "birthday": "date",
    "has_consent": "boolean",
}  # fmt: skip


def judged(*customers: dict[str, Any]) -> list[tuple[int, ...]]:
    facts = ibis.memtable([tuple(c[name] for name in SCHEMA) for c in customers], schema=ibis.schema(SCHEMA))
    rows = ibis.duckdb.connect().to_pyarrow(judge(facts, POLICY, AS_OF)).to_pylist()
    return [tuple(row[name] for name in COLUMNS[1:5]) for row in rows]


def wrong(**changes: Any) -> int:
    """How many fields of a full customer no longer pass after the changes."""
    ((_, _, checked, passed),) = judged(FULL | changes)
    return checked - passed


def test_nothing_known_is_nothing_filled_and_nothing_wrong() -> None:
    assert judged(BLANK, BLANK | {"kind": "company"}) == [(10, 0, 0, 0), (11, 0, 0, 0)]


def test_everything_known_is_complete_and_right() -> None:
    assert judged(FULL, FULL | {"kind": "company"}) == [(10, 10, 12, 12), (11, 11, 12, 12)]


def test_what_is_expected_differs_between_persons_and_companies() -> None:
    assert set(EXPECTED["person"]) ^ set(EXPECTED["company"]) == {
        "birthday", "consent", "industry", "annual_revenue", "sku_count",
    }  # fmt: skip
    no_birthday = FULL | {"birthday": None}
    assert [row[1] for row in judged(no_birthday, no_birthday | {"kind": "company"})] == [9, 11]


@pytest.mark.parametrize(
    "name",
    ["测试", "测试客户1", "test", "Test 2", "test_user", "未知", "未知客户", "无", "n/a", "N/A", "NULL", "none",
     "unknown", "xxx", "-", "???", "123", "１２３", "待补充", " 匿名 "],
)  # fmt: skip
def test_a_placeholder_is_no_name_and_no_text(name: str) -> None:
    assert wrong(name=name) == 1
    assert wrong(city=name) == 1


@pytest.mark.parametrize(
    "name", ["张", "Na", "NA", "O'Neil", "7-Eleven", "测试仪器厂", "无锡商店", "Testa", "Ünal", "3M"]
)
def test_a_name_of_letters_is_a_name(name: str) -> None:
    assert wrong(name=name) == 0


def test_na_is_a_surname_and_no_city() -> None:
    assert wrong(city="NA") == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"phone_shared": 3}, 0),
        ({"phone_shared": 4}, 1),
        ({"email_shared": 4}, 1),
        ({"annual_revenue": -1}, 1),
        ({"sku_count": -1}, 1),
        ({"manager_left": True}, 1),
        ({"birthday": AS_OF}, 1),
        ({"birthday": date(2026, 11, 2)}, 0),
        ({"birthday": date(1970, 1, 1)}, 1),
        ({"birthday": date(1900, 1, 1)}, 1),
        ({"birthday": date(1916, 11, 2)}, 1),
        ({"birthday": date(1916, 11, 3)}, 0),
    ],
)
def test_each_rule_has_its_limit(changes: dict[str, Any], expected: int) -> None:
    assert wrong(**changes) == expected


def test_every_rule_can_fail() -> None:
    bad = {
        "name": {"name": "test"}, "phone": {"phone_shared": 9}, "email": {"email_shared": 9},
        **{text: {text: "未知"} for text in ("region", "province", "city", "industry", "channel")},
        "birthday": {"birthday": date(2030, 1, 1)}, "annual_revenue": {"annual_revenue": -1},
        "sku_count": {"sku_count": -1}, "account_manager": {"manager_left": True},
    }  # fmt: skip
    assert set(bad) == set(CHECKED)
    assert all(wrong(**changes) == 1 for changes in bad.values())
