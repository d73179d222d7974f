"""Which fields of a customer are expected, and when a filled one can be right. Pure.

Completeness asks whether something stands in a field that this kind of customer ought to have; accuracy whether what
stands there can be true. A field that holds a placeholder is filled and wrong.

=====================  ==========================================================================================
field                  passes when
=====================  ==========================================================================================
name                   it holds a letter and is no placeholder
phone, email           at most `accuracy.phone_shared_by_at_most` customers share it
region, province,      it is no placeholder
city, industry,
channel
birthday               it lies before the day of the count, within `accuracy.oldest_age` years, and is not one of the
                       days that stand for an empty cell
annual_revenue,        it is not negative
sku_count
account_manager        that person still works here
=====================  ==========================================================================================

Department, kind and consent have no rule: one of their values is as good as another.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from core.dates import months_before
from core.policy.model import Policy

_BOTH = ("name", "phone", "region", "province", "city", "channel", "department", "account_manager")
EXPECTED = {
    "person": (*_BOTH, "birthday", "consent"),
    "company": (*_BOTH, "industry", "annual_revenue", "sku_count"),
}
"""Kind of customer -> the fields that count for completeness. An e-mail is welcome, and nobody has to have one."""
CHECKED = (
    "name", "phone", "email", "region", "province", "city", "industry", "channel", "birthday", "annual_revenue",
    "sku_count", "account_manager",
)  # fmt: skip
"""The fields that have a rule; those of them that are filled count for accuracy."""
FIELDS = (
    "name", "phone", "email", "region", "province", "city", "industry", "channel", "department", "account_manager",
    "birthday", "consent", "annual_revenue", "sku_count",
)  # fmt: skip
"""All fields that are judged; the place of a field here is its bit in `held`, `missing` and `wrong`."""
COLUMNS = ("customer_id", "expected", "filled", "checked", "passed", "held", "missing", "wrong")

_TEXTS = ("region", "province", "city", "industry", "channel")
_NOTHING_SAID = (
    r"(?i)^\s*(?:(?:测试|test)[\s_-]*(?:客户|用户|数据|公司|门店|customer|user|data)?[\s_-]*\d*|"
    r"未知(?:客户|用户)?|不详|不明|待补充|待完善|待定|待填|暂无|没有|无名|无|空|匿名|"
    r"unknown|unnamed|none|null|undefined|anonymous|dummy|tbd|todo|n\.?/a\.?|x{2,}|[^\p{L}]+)\s*$"
)
_NOT_APPLICABLE = r"(?i)^\s*(?:na|nan|nil)\s*$"
"""Placeholders elsewhere, yet names of people: Na and Nan are surnames."""
_EMPTY_DAYS = (date(1900, 1, 1), date(1970, 1, 1))
"""What the number nought becomes as a day, in spreadsheets and in computers."""


def judge(facts: ir.Table, policy: Policy, as_of: date) -> ir.Table:
    """One row a customer with `COLUMNS`: how many fields are expected and filled of these; how many of the filled
    ones have a rule and pass it; and as sets of bits which are filled (`held`), expected and not filled (`missing`),
    filled and not right (`wrong`).

    `facts` has id, kind, name, the texts region to channel, has_phone, phone_shared, has_email, email_shared (how
    many customers have the same), annual_revenue, sku_count, has_department, has_manager, manager_left, birthday and
    has_consent. `as_of` is the day up to which birthdays may lie.
    """
    filled = _filled(facts)
    right = _right(facts, policy, as_of)
    expected = {kind: ibis.literal(len(fields), "int64") for kind, fields in EXPECTED.items()}
    found = {kind: _count([filled[name] for name in fields]) for kind, fields in EXPECTED.items()}
    company = facts.kind == "company"
    lacking = {kind: _bits({name: ~filled[name] for name in fields}) for kind, fields in EXPECTED.items()}
    return facts.select(
        customer_id=facts.id,
        expected=ibis.ifelse(company, expected["company"], expected["person"]),
        filled=ibis.ifelse(company, found["company"], found["person"]),
        checked=_count([filled[name] for name in CHECKED]),
        passed=_count([filled[name] & right[name] for name in CHECKED]),
        held=_bits(filled),
        missing=ibis.ifelse(company, lacking["company"], lacking["person"]),
        wrong=_bits({name: filled[name] & ~right[name] for name in CHECKED}),
    )


def bit(field: str) -> int:
    """The field in a set of bits."""
    return 1 << FIELDS.index(field)


def fields_of(bits: int) -> list[str]:
    """The fields that stand in a set of bits."""
    return [field for field in FIELDS if bits & bit(field)]


def expected_bits(kind: str) -> int:
    """The fields that this kind of customer ought to have, as a set of bits."""
    return sum(bit(field) for field in EXPECTED["company" if kind == "company" else "person"])


def _filled(facts: ir.Table) -> dict[str, ir.BooleanValue]:
    """Field -> whether anything stands in it."""
    texts = {name: facts[name].fill_null("").strip() != "" for name in ("name", *_TEXTS)}
    values = {name: facts[name].notnull() for name in ("birthday", "annual_revenue", "sku_count")}
    return {
        **texts,
        **values,
        "phone": facts.has_phone,
        "email": facts.has_email,
        "department": facts.has_department,
        "account_manager": facts.has_manager,
        "consent": facts.has_consent,
    }


def _right(facts: ir.Table, policy: Policy, as_of: date) -> dict[str, ir.BooleanValue]:
    """Field -> whether what stands in it can be true; says nothing of what is not filled."""
    shared = policy.accuracy.phone_shared_by_at_most
    oldest = months_before(as_of, 12 * policy.accuracy.oldest_age)
    birthday = facts.birthday.fill_null(as_of)
    return {
        "name": _says_something(facts.name),
        "phone": facts.phone_shared <= shared,
        "email": facts.email_shared <= shared,
        **{
            name: _says_something(facts[name]) & ~facts[name].fill_null("").re_search(_NOT_APPLICABLE)
            for name in _TEXTS
        },
        "birthday": (birthday < as_of) & (birthday >= oldest) & birthday.notin(_EMPTY_DAYS),
        "annual_revenue": facts.annual_revenue.fill_null(0) >= 0,
        "sku_count": facts.sku_count.fill_null(0) >= 0,
        "account_manager": ~facts.manager_left,
    }


def _says_something(text: ir.StringValue) -> ir.BooleanValue:
    return ~text.fill_null("").re_search(_NOTHING_SAID)


def _bits(conditions: dict[str, ir.BooleanValue]) -> ir.IntegerValue:
    total = ibis.literal(0, "int64")
    for name, condition in conditions.items():
        total = total + condition.cast("int64") * bit(name)
    return total


def _count(conditions: list[ir.BooleanValue]) -> ir.IntegerValue:
    total = ibis.literal(0, "int64")
    for condition in conditions:
        total = total + condition.cast("int64")
    return total
