"""Rows of a company, drawn at random: some of every table, odd values among them."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from core.facts.fields import Field
from core.facts.importing.planning import ORDER
from tests.conftest import NOW

ROWS = 3
odd = st.sampled_from([
    "=1+1", "NA", "张*", "007", "12345678901234567890", "a\nb", "'x", "'=1", "<script>", "-1", "@x", "None", "nan",
    "TRUE", "1e5", "17850.0", "#DIV/0!x", "总计x", "￥", '"a","b"', "a;b", "０７", "  spaced  ",
])  # fmt: skip
plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"], include_characters=" \n"),
    min_size=1, max_size=40,
)  # fmt: skip
texts = odd | plain
codes = st.sampled_from(["A", "0B", "=C"])
first, last = date(1990, 1, 1), NOW.date()
naive = {"min_value": datetime(1990, 1, 1), "max_value": datetime(2026, 11, 3)}  # noqa: DTZ001
days = st.dates(first, last).map(str)
BY_KIND = {
    "code": texts,
    "text": texts,
    "phone": st.sampled_from(["10000001234", "13800138000", "+442079460000", "010-62345678"]),
    "email": st.sampled_from(["a@example.com", "Ä@例子.中国", "=x@example.com"]),
    "date": days,
    "datetime": days | st.datetimes(**naive).map(lambda at: at.isoformat(" ")),
    "month": days,
    "integer": st.integers(0, 10**12 - 1).map(str),
    "score": st.integers(1, 5).map(str),
    "yes_no": st.sampled_from(["是", "否"]),
    **{
        kind: st.decimals(low, 10**12 - 1, places=4, allow_nan=False).map(lambda x: f"{x:f}")
        for kind, low in (("amount", 1 - 10**12), ("cost", 0), ("quantity", 1 - 10**12))
    },
}
BRIEFLY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    derandomize=True,
)
"""A company is large: to make a failing one smaller takes longer than to read what went wrong."""
NAMED = {"customer_code": codes, "contract_code": codes, "outlet_code": codes, "lead_code": codes}
"""Fields of the codes that other tables name."""


def cells(field: Field) -> st.SearchStrategy[str | None]:
    """What may stand in a cell of the field."""
    if field.choices:
        values = st.sampled_from([choice.code for choice in field.choices])
    elif field.code == "birthday":
        values = days
    elif field.code in ("stock_days", "sku_count"):
        values = st.integers(0, 9_000).map(str)
    else:
        values = NAMED.get(field.code, BY_KIND[field.kind])
    return values if field.required else st.none() | values


def company(tables: dict) -> st.SearchStrategy[dict]:
    """Some rows of every table."""
    return st.fixed_dictionaries({
        code: st.lists(st.tuples(*map(cells, tables[code].fields)), min_size=1, max_size=ROWS) for code in ORDER
    })  # fmt: skip
