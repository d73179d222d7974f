"""How currencies are written in headers and cells. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

HOME = "CNY"
"""Where nobody says otherwise."""
_NAMES = {
    "CNY": ("¥", "￥", "人民币", "RMB"),
    "USD": ("US$", "$", "美元", "美金"),
    "EUR": ("€", "欧元"),
    "HKD": ("HK$", "$", "港元", "港币"),
    "JPY": ("¥", "￥", "日元"),
    "GBP": ("£", "英镑"),
    "TWD": ("NT$", "$", "新台币", "台币"),
    "AUD": ("$", "澳元"),
    "SGD": ("$", "新加坡元"),
    "KRW": ("韩元",),
    "MOP": ("澳门元",),
}


@lru_cache
def own_names(currency: str) -> tuple[str, ...]:
    """What the currency goes by, the longest first."""
    return tuple(sorted((currency, *_NAMES.get(currency, ())), key=len, reverse=True))


@lru_cache
def foreign_names(currency: str) -> tuple[str, ...]:
    """What others go by and this one never does, the longest first."""
    others = {name for code, names in _NAMES.items() for name in (code, *names)} - {*own_names(currency)}
    return tuple(sorted(others, key=lambda name: (-len(name), name)))


def code_of(name: str) -> str:
    """The code of the currency that most likely goes by a name of `foreign_names`."""
    return next(code for code, names in _NAMES.items() if name in (code, *names))


@lru_cache
def any_of(names: tuple[str, ...]) -> str:
    """A pattern of names: letters stand for themselves alone, signs and Chinese anywhere."""
    return "|".join(
        rf"(?<![A-Za-z]){name}(?![A-Za-z])" if name.isascii() and name.isalpha() else re.escape(name)
        for name in names
    )
