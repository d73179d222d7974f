"""Units in the header of a column of amounts: 金额（万元）counts in ten thousands, Amount (USD) in dollars. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.facts.catalogue.model import Field
from core.facts.catalogue.units import CURRENCY
from core.facts.matching.names import plain_header
from core.language import Message, mark

_BRACKETS = re.compile(r"[(\[【{<]([^)\]】}>]*)[)\]】}>]")
_AT_END = re.compile(r"((?:[十百千]?万|千|[十百千]?亿)元)$")
_SIGNS = re.compile(
    r"单位|人民币|rmb|cny|usd|eur|hkd|jpy|gbp|twd|[¥￥$€£:\s./,_-]|\bin\b|(?:美|港|欧|日)?元|圆|不?含税"
)
_USUAL = ("", CURRENCY, "元", "人民币", "CNY", "RMB")
"""Units of amounts as they are stored; a company may have given a field of its own another one."""
_FACTORS = {
    "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9,
    "k": 10**3, "thousand": 10**3, "thousands": 10**3, "mn": 10**6, "mio": 10**6, "million": 10**6,
    "millions": 10**6,
}  # fmt: skip
_CURRENCIES = (
    "USD", "EUR", "HKD", "JPY", "GBP", "TWD", "AUD", "SGD", "KRW", "MOP", "美元", "美金", "欧元", "港元", "港币",
    "日元", "英镑", "新台币", "台币", "澳门元", "澳元", "新加坡元", "韩元", "€", "£", "US$", "HK$", "$",
)  # fmt: skip


@dataclass(frozen=True)
class HeaderUnit:
    """What a header says of its numbers."""

    unit: str
    """As it is written."""
    factor: int = 1
    currency: str = ""
    """The currency that it names, where it is none of China's."""


def header_unit(field: Field, header: str) -> HeaderUnit | None:
    """The unit in the header of an amount; None where it says none, or the usual one."""
    if field.kind not in ("amount", "cost") or field.unit not in _USUAL:
        return None
    plain = plain_header(header)
    for said in (*_BRACKETS.findall(plain), *_AT_END.findall(plain)):
        factor = _FACTORS.get(_SIGNS.sub("", said.casefold()), 1)
        currency = next((each for each in _CURRENCIES if each.casefold() in said.casefold()), "")
        if factor > 1 or currency:
            return HeaderUnit(said.strip(), factor, currency)
    return None


def unit_notes(unit: HeaderUnit, column: str) -> list[Message]:
    """What is done with the numbers of a column, named as problems name it."""
    notes = []
    if unit.factor > 1:
        sentence = mark("{column}: the header says {unit}, so its numbers were multiplied by {factor}.")
        notes.append(Message(sentence, {"column": column, "unit": unit.unit, "factor": f"{unit.factor:,}"}))
    if unit.currency:
        sentence = mark(
            "{column}: the header says {currency}. Amounts are not converted; they are taken as amounts in your "
            "currency."
        )
        notes.append(Message(sentence, {"column": column, "currency": unit.currency}))
    return notes


def unit_reason(unit: HeaderUnit) -> Message:
    """What of a unit belongs to the reason of a match."""
    if not unit.currency:
        sentence = mark("It says {unit}: its numbers are multiplied by {factor}.")
        return Message(sentence, {"unit": unit.unit, "factor": f"{unit.factor:,}"})
    if unit.factor == 1:
        return Message(
            mark("It says {currency}: amounts are not converted. Check them."), {"currency": unit.currency}
        )
    sentence = mark(
        "It says {unit}: its numbers are multiplied by {factor}, but {currency} is not converted. Check them."
    )
    values = {"unit": unit.unit, "factor": f"{unit.factor:,}", "currency": unit.currency}
    return Message(sentence, values)
