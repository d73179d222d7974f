"""Where a customer is, from a phone prefix or an address."""

from __future__ import annotations

import time

import pytest

from core.facts.cleaning.places import Place, place_of_address, place_of_phone, region_of
from core.facts.cleaning.places_china import REGIONS


@pytest.mark.parametrize(
    ("phone", "place"),
    [
        ("13812345678", ("江苏省", "连云港市")),
        ("+8613912345678", ("江苏省", "常州市")),
        ("057187654321", ("浙江省", "杭州市")),
        ("01012345678", ("北京市", "北京市")),
        ("04711234567", ("内蒙古自治区", "呼和浩特市")),
        ("15400001234", None),
        ("17012345678", None),
        ("10000001234", None),
        ("+12025550123", None),
        ("+85221234567", None),
        ("87654321", None),
        ("", None),
        ("张三", None),
    ],
)
def test_a_number_tells_where_it_was_issued(phone: str, place: tuple[str, str] | None) -> None:
    assert place_of_phone(phone) == (Place(*place) if place else None)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("浙江省杭州市西湖区文三路1号", ("浙江省", "杭州市")),
        ("浙江杭州西湖区", ("浙江省", "杭州市")),
        ("中国 浙江省 杭州市", ("浙江省", "杭州市")),
        ("杭州西湖区文三路", ("浙江省", "杭州市")),
        ("北京海淀区中关村", ("北京市", "北京市")),
        ("上海市浦东新区", ("上海市", "上海市")),
        ("上海浦东新区", ("上海市", "上海市")),
        ("广西南宁", ("广西壮族自治区", "南宁市")),
        ("西藏自治区拉萨", ("西藏自治区", "拉萨市")),
        ("内蒙古呼和浩特市", ("内蒙古自治区", "呼和浩特市")),
        ("新疆喀什地区", ("新疆维吾尔自治区", "喀什地区")),
        ("浙江省义乌市", ("浙江省", None)),
        ("吉林", ("吉林省", None)),
        ("吉林市", ("吉林省", "吉林市")),
        ("吉林省吉林市", ("吉林省", "吉林市")),
        ("海南藏族自治州", ("青海省", "海南藏族自治州")),
        ("收货人张三，广东省深圳市南山区", ("广东省", "深圳市")),
        ("长春市朝阳区", ("吉林省", "长春市")),
        ("湖北恩施", ("湖北省", "恩施土家族苗族自治州")),
        ("台北市", ("台湾省", "台北市")),
        ("南京西路100号", None),
        ("南京西路静安区", None),
        ("北京东路3号", None),
        ("朝阳区建国路", None),
        ("朝阳超市", None),
        ("中山小区", None),
        ("东方明珠广场", None),
        ("中山路5号", None),
        ("北京市场部", None),
        ("Hangzhou", None),
        ("", None),
    ],
)
def test_an_address_tells_its_place_only_for_certain(
    address: str, place: tuple[str, str | None] | None
) -> None:
    assert place_of_address(address) == (Place(*place) if place else None)


def test_every_full_name_is_its_own_place() -> None:
    for provinces in REGIONS.values():
        for province, cities in provinces.items():
            assert getattr(place_of_address(province), "province", None) == province
            for city in cities.split():
                assert place_of_address(province + city) == Place(province, city)
                assert place_of_address(city) == Place(province, city)


def test_there_are_34_provinces_in_8_regions() -> None:
    assert sum(map(len, REGIONS.values())) == 34
    assert len(REGIONS) == 8


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("浙江省", "华东"),
        ("浙江", "华东"),
        ("北京", "华北"),
        ("内蒙古", "华北"),
        ("杭州", None),
        ("火星", None),
    ],
)
def test_a_province_lies_in_a_region(name: str, region: str | None) -> None:
    assert region_of(name) == region


def test_a_hundred_thousand_numbers_are_placed_without_delay() -> None:
    place_of_phone("13800000000")
    started = time.process_time()
    for number in range(100_000):
        place_of_phone(f"1{380_000_0000 + number * 9973 % 10**9:010d}")
    assert time.process_time() - started < 10  # a tenth of it on an idle machine
