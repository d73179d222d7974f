"""Where a customer is, from what else is known: the prefix of a phone number, or an address. Pure.

Only for filling what is missing, and counted wherever it does: a number tells where it was issued, which may be
long ago and elsewhere. Nothing is guessed: what names no place for certain gives None. IP addresses are not asked: no
table of the catalogue holds one, they are personal data that nothing else needs, and the free tables of their places
are out of date within weeks and tell of the provider's node, not of the customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from core.facts.cleaning.places_china import FORMER_CITIES, NATIONS, REGIONS
from core.facts.cleaning.text import plain

_PREFIX_DIGITS = 7
"""Of a Chinese number; more do not tell more of its place."""
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_NO_PLACE = ("场", "道")
"""What makes something else of a full name: 北京市场部, 浙江省道."""
_STREET = "路街道巷弄里场厦楼园店"
_DISTRICT = re.compile(
    rf"^[^\W\d_区县市{_STREET}][^\W\d_{_STREET}]{{0,3}}?(?:(?<![小社校景厂库片业发宅])区|(?<![超夜门集])市|县)"
)
"""A district right behind a short name, as in 杭州西湖区; not 中山小区, 朝阳超市 or 南京西路静安区."""


@dataclass(frozen=True)
class Place:
    """A province, and the city where it is known, by their full names (浙江省, 杭州市)."""

    province: str
    city: str | None

    @property
    def region(self) -> str:
        """The large region the province is in, such as 华东."""
        return _regions()[self.province]


def region_of(province: str) -> str | None:
    """The large region of a province, by its full or its short name; None for a name that is none."""
    place = _names().get(plain(province))
    return place.region if place and not (place.city and place.city != place.province) else None


def place_of_phone(phone: str) -> Place | None:
    """Where a Chinese number (as it is stored: 13…, 0571…, +86…) was issued; None where that is not known."""
    digits = phone.removeprefix("+86").removeprefix("0086")
    if digits.startswith("+") or not digits.isdecimal():
        return None
    if digits.startswith("0"):
        return _issued(digits[1 : 1 + _PREFIX_DIGITS])
    return _issued(digits[:_PREFIX_DIGITS]) if _MOBILE.match(digits) else None


def place_of_address(text: str) -> Place | None:
    """The province and city that an address in Chinese names; None where it names none for certain.

    Short names (杭州) count only where they cannot be the name of a street (南京西路).
    """
    address = re.sub(r"\s", "", plain(text)).removeprefix("中华人民共和国").removeprefix("中国")
    found = _at_start(address)
    if found:
        return found
    full = _full_names().search(address)
    return _at_start(address[full.start() :]) if full else None


@lru_cache(maxsize=100_000)
def _issued(prefix: str) -> Place | None:
    # A hundred megabytes and half a second: only for who needs it
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415

    for length in range(len(prefix), 1, -1):
        described = GEOCODE_DATA.get("86" + prefix[:length])
        if described:
            return _described(described.get("zh", ""))
    return None


@cache
def _described(name: str) -> Place | None:
    """The place that a list of numbers calls by that name; only the province where it names several cities."""
    for province in sorted(_provinces(), key=len, reverse=True):
        if name.startswith(province):
            rest = name.removeprefix(province)
            full = _provinces()[province].province
            if full in _MUNICIPALITIES:
                return Place(full, full)
            rest = FORMER_CITIES.get(rest, rest)
            found = _names().get(rest) or _names().get(_short(rest))
            return Place(full, found.city if found and found.province == full else None)
    return None


def _at_start(address: str) -> Place | None:
    """The place an address begins with."""
    for length in range(min(len(address), _longest()), 1, -1):
        name, rest = address[:length], address[length:]
        place = _names().get(name)
        if place is None or rest.startswith(_NO_PLACE):
            continue
        city = place.city or _city_at_start(place.province, rest)
        if _is_full(name) or _stands_alone(rest) or (city and not place.city):
            return Place(place.province, city)
    return None


def _city_at_start(province: str, rest: str) -> str | None:
    for length in range(min(len(rest), _longest()), 1, -1):
        place = _names().get(rest[:length])
        within = place is not None and place.province == province and place.city
        if within and (_is_full(rest[:length]) or _stands_alone(rest[length:])):
            return within
    return None


def _stands_alone(rest: str) -> bool:
    """Whether what follows a short name does not make another name of it."""
    return not rest or _DISTRICT.match(rest) is not None


def _is_full(name: str) -> bool:
    return name.endswith(("省", "市", "自治区", "自治州", "地区", "盟", "林区", "特别行政区", "县"))


@cache
def _regions() -> dict[str, str]:
    return {province: region for region, provinces in REGIONS.items() for province in provinces}


@cache
def _provinces() -> dict[str, Place]:
    """The provinces by full and by short name; a municipality with itself as its city."""
    found = {}
    for province in _regions():
        place = Place(province, province if province in _MUNICIPALITIES else None)
        found[province] = found[_short(province)] = place
    return found


@cache
def _names() -> dict[str, Place]:
    """All names of provinces and cities, full and short; where a short one means two (吉林), the province."""
    full, short = {}, {}
    for province, city in _cities():
        full[city] = Place(province, city)
        short[_short(city)] = full[city]
    return short | full | _provinces()


def _cities() -> Iterator[tuple[str, str]]:
    for provinces in REGIONS.values():
        for province, cities in provinces.items():
            for city in cities.split():
                yield province, city


def _short(name: str) -> str:
    """The name as people shorten it: 浙江省 → 浙江, 恩施土家族苗族自治州 → 恩施."""
    short = re.sub(r"(特别行政区|自治区|自治州|自治县|地区|林区|省|市|盟|县)$", "", name)
    for nation in NATIONS:
        if short.endswith(nation) and short not in (nation, "内蒙古"):
            return short.removesuffix(nation)
    return short


@cache
def _full_names() -> re.Pattern[str]:
    names = sorted((name for name in _names() if _is_full(name)), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(names)})(?!{'|'.join(_NO_PLACE)})")


@cache
def _longest() -> int:
    return max(map(len, _names()))
