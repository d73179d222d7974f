"""Units in the header of a column of numbers: 金额（万元）counts in ten thousands, Amount (USD) in dollars. Pure.

What stands in brackets is taken apart until each part is known: to change nothing (必填, 元), to say how much one of
the numbers is (万元, 分), or to name a currency. Whatever is left over may change what the numbers mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.facts.catalogue.model import Field
from core.facts.catalogue.units import DAYS
from core.facts.cleaning.currencies import HOME, foreign_names, own_names
from core.facts.matching.names import plain_header

KINDS = ("amount", "cost", "quantity", "integer", "score")
"""Kinds of fields whose numbers have a unit."""
UNKNOWN, ANOTHER = "unknown", "another"

_BRACKETS = re.compile(r"[(\[【{<]([^)\]】}>]*)[)\]】}>]")
_AT_END = re.compile(r"((?:[十百千]?万|千|[十百千]?亿)元)$")
_SCALES = {
    "十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "k": 10**3, "'000": 10**3, "’000": 10**3, "000": 10**3, "000s": 10**3,
    "'000s": 10**3, "thousand": 10**3, "thousands": 10**3, "w": 10**4, "mn": 10**6, "mio": 10**6, "million": 10**6,
    "millions": 10**6,
}  # fmt: skip
_LETTERS = frozenset(["w", "k"])
"""万 and thousand in money; of other things they may be watts and kelvins."""
_UNITS_OF_MONEY = {
    "分": Decimal("0.01"),
    "角": Decimal("0.1"),
    "cent": Decimal("0.01"),
    "cents": Decimal("0.01"),
}
_MONEY = frozenset(["", "元", "圆", "块", "yuan"])
_SCALED = re.compile(rf"(\d{{0,4}})({'|'.join(sorted(map(re.escape, _SCALES), key=len, reverse=True))})")
_COUNTED_ZH = (
    "件 个 盒 箱 台 套 只 瓶 袋 包 条 支 双 张 份 本 批 种 款 桶 罐 片 块 根 把 辆 部 卷 次 人 名 位 人次 户 家 笔 单 "
    "项 店 千克 公斤 克 吨 米 升 毫升 平方米 天 日 年"
)
_COUNTED_EN = (
    "kg g t m m2 ㎡ l ml pc pcs piece pieces unit units item items box boxes time times day days person persons people "
    "each"
)
_COUNTED = frozenset(["", *_COUNTED_ZH.split(), *_COUNTED_EN.split()])
"""What numbers of things count; it says nothing of how many. 打 is a dozen, so it is none of them."""
_PER = re.compile(r"(?:/|每|\bper )\s*(\S+)$")
_PRICED_BY = _COUNTED - {"天", "日", "day", "days", "times"}
"""Whatever a price is of, it stays a price; revenue of a day is none of a year."""
_DAYS = ("天", "日", "天数", "d", "day", "days")
_OTHER_TIMES = re.compile(
    r"(?:个?月|周|星期|小时|分钟|季度?|年)数?"
    r"|(?:in )?(?:months?|mths?|weeks?|wks?|hours?|hrs?|minutes?|quarters?|years?|yrs?)"
)
_SCORE = re.compile(
    r"(?:满分)?[5五][分星]?制?(?:满分)?|1 ?(?:[-~—–至到]|to) ?5 ?[分星]?|[分星]级?|out of 5|/5|stars?|points?"
)
_OTHER_SCORES = re.compile(r".*(?:[06-9]|\d\d|[%‰六七八九十百千]).*")
"""A number from 1 to 5 beside others may name the ends of the same scale: 1最差5最好."""
_HARMLESS_ZH = (
    "必填 选填 可选 可空 非必填 可不填 单位 合计 数字 数值 整数 小数 纯数字 阿拉伯数字 含税 不含税 本年 本月 当月 本期 "
    "实付 实收"
)
_HARMLESS_EN = "required optional mandatory number numeric integer decimal digits only unit in of *"
_HARMLESS = frozenset(["", *_HARMLESS_ZH.split(), *_HARMLESS_EN.split()])
_EXAMPLE = re.compile(r"如|例|示例|样例|e\.?g\b|for example|for instance")
_ADVICE = re.compile(r"(?:请|填写?|格式|保留|精确到|最多)[^十百千万亿分角%‰]*")
_PERIOD = re.compile(
    r"(?:19|20)\d\d年?(?:[-/.]?(?:0?\d|1[0-2])月?)?|[1-9]月|1[0-2]月|q[1-4]|y{2,4}[-/.]m{1,2}(?:[-/.]d{1,2})?"
)
_LISTED = re.compile(r"[,、;]\s*")
_BETWEEN = re.compile(r"[/、,:;|\s_·-]+")
_AROUND = re.compile(r"^(?:单位为?|[不未]?含税|未税)+|(?:[不未]?含税|未税)+$")
"""What stands before or behind a unit without a space: 含税万元."""


@dataclass(frozen=True)
class HeaderUnit:
    """What a header says of its numbers."""

    unit: str
    """As it is written."""
    factor: Decimal = Decimal(1)
    """How many units of the field one of the numbers is."""
    currency: str = ""
    """The currency that it names, where it is not the company's."""
    doubt: str = ""
    """UNKNOWN where nobody can say whether it changes the numbers, ANOTHER where they surely are no numbers of the
    field: months of days, points of a hundred."""


def header_unit(field: Field, header: str, currency: str = HOME) -> HeaderUnit | None:
    """The unit in the header of a column of numbers; None where it says none, or the field's own."""
    if field.kind not in KINDS:
        return None
    named = {each for name in (field.label, *field.synonyms_zh, *field.synonyms_en) for each in _stated(name)}
    said = [each for each in _stated(header) if each not in named]
    found = [
        unit for each in said if (unit := _said(field.kind, field.unit, field.own, currency, each.strip()))
    ]
    return max(found, key=lambda unit: ("", UNKNOWN, ANOTHER).index(unit.doubt), default=None)


def is_money(kind: str, *, own: bool) -> bool:
    """Whether numbers of fields of this kind are surely money; the company's own may be of anything."""
    return kind in ("amount", "cost") and not own


def _stated(header: str) -> list[str]:
    """What stands in brackets, and a unit of money at the end."""
    plain = plain_header(header)
    return [*_BRACKETS.findall(plain), *_AT_END.findall(plain)]


@lru_cache(maxsize=1_024)
def _said(kind: str, unit: str, own: bool, company: str, said: str) -> HeaderUnit | None:
    """What one bracket says of the numbers of a field of this kind and unit."""
    text = re.sub(r"^(?:单位|unit)\s*:\s*", "", said.casefold())
    text = ",".join(part for part in _LISTED.split(text) if not _is_harmless(part))
    if not text or (own and text == unit.casefold()):
        return None
    if kind == "score":
        return _in_another(said, text, _SCORE.fullmatch(text) is not None, _OTHER_SCORES)
    if unit == DAYS:
        counted = _AROUND.sub("", text.split(",")[0])  # what comes after says when they were counted
        return _in_another(said, counted, counted in _DAYS, _OTHER_TIMES)
    currency = ""
    if kind in ("amount", "cost"):
        text, currency = _without_currency(text, company)
    factors = _factors(kind, unit.casefold() if own else "", text, money=is_money(kind, own=own))
    if len(factors) > 1 or None in factors:
        return HeaderUnit(said, currency=currency, doubt=UNKNOWN)
    factor = next(iter(factors), None) or Decimal(1)
    return HeaderUnit(said, factor, currency) if factor != 1 or currency else None


def _is_harmless(part: str) -> bool:
    return bool(
        part in _HARMLESS or _EXAMPLE.match(part) or _ADVICE.fullmatch(part) or _PERIOD.fullmatch(part)
    )


def _in_another(said: str, text: str, same: bool, others: re.Pattern[str]) -> HeaderUnit | None:
    """The unit of numbers that are not converted: of days, and of scores."""
    if same:
        return None
    return HeaderUnit(said, doubt=ANOTHER if others.fullmatch(text) else UNKNOWN)


def _without_currency(text: str, currency: str) -> tuple[str, str]:
    """The text without the names of currencies, and the one that is not this one."""
    foreign = [name for name in foreign_names(currency) if name.casefold() in text]
    for name in (*foreign, *own_names(currency), "本币"):
        text = text.replace(name.casefold(), " ")
    per = _PER.search(text)
    return text[: per.start()] if per and per[1] in _PRICED_BY else text, next(iter(foreign), "")


def _factors(kind: str, own_unit: str, text: str, *, money: bool) -> set[Decimal | None]:
    """How many units of the field its numbers are, by each part of the text that says so; None where nobody knows."""
    bases, known = (_MONEY, _UNITS_OF_MONEY) if kind in ("amount", "cost") else (_COUNTED, {})
    letter = own_unit in _LETTERS
    if own_unit and (letter or bases is _COUNTED or _times(own_unit, bases, known) is None):
        scale = None if letter else _SCALED.match(own_unit)  # the company measures in something of its own
        bases, known = frozenset(["", own_unit[scale.end() :] if scale else own_unit]), {}
    unit = _times(own_unit, bases, known) or Decimal(1)
    parts = [_AROUND.sub("", part) for part in _BETWEEN.split(text)]
    said = [part for part in parts if part not in _HARMLESS]
    times = [
        None if not money and part.lstrip("0123456789") in _LETTERS - bases else _times(part, bases, known)
        for part in said
    ]
    return {each and each / unit for each in times}


def _times(text: str, bases: Collection[str], known: Mapping[str, Decimal]) -> Decimal | None:
    """How many of a unit among `bases` 万元, 千件 or 10K are."""
    if text in bases or text in known:
        return known.get(text, Decimal(1))
    found = _SCALED.match(text)
    if found is None or text[found.end() :] not in (*bases, ""):
        return None
    return Decimal(found[1] or 1) * _SCALES[found[2]]
