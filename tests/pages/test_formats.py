"""Numbers, money, days and spans in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pages.frame import formats
from pages.frame.parts import plain

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(formats, "language", lambda: request.param)
    monkeypatch.setattr("pages.frame.words.language", lambda: request.param)
    return request.param


def test_money_is_short_where_room_is_short_and_exact_elsewhere(language: str) -> None:
    assert formats.amount(123_456_789, "CNY") == "¥12,346"
    assert formats.amount(123_456_789, "CNY", digits=2) == "¥12,345.68"
    assert formats.amount(-5_000, "CNY", digits=2) == "-¥0.50"
    long = formats.compact_amount(433_790_000_000, "CNY")
    assert long == {"zh_CN": "¥4,337.9万", "en": "¥43.4M"}[language]
    assert formats.compact_amount(123_456_789, "CNY") == {"zh_CN": "¥1.2万", "en": "¥12.3K"}[language]


def test_a_missing_value_is_a_dash_and_never_a_zero(language: str) -> None:
    missing = float("nan")
    assert {
        formats.number(None),
        formats.percent(missing),
        formats.amount(None, "CNY"),
        formats.day(None),
    } == {"–"}


def test_shares_and_counts(language: str) -> None:
    assert formats.percent(0.234) == "23%"
    assert formats.percent(0.234, digits=1) == "23.4%"
    assert formats.number(1234567) == "1,234,567"


def test_a_day_is_written_as_the_language_does(language: str) -> None:
    assert formats.day(date(2026, 3, 5)) == {"zh_CN": "2026年3月5日", "en": "Mar 5, 2026"}[language]


@pytest.mark.parametrize(
    ("ahead", "english", "chinese"),
    [
        (timedelta(hours=3, minutes=20), "3 h 20 min left", "还剩 3 小时 20 分"),
        (timedelta(hours=23), "23 h left", "还剩 23 小时"),
        (timedelta(minutes=59, seconds=59), "59 min left", "还剩 59 分钟"),
        (timedelta(days=2, hours=1), "2 d 1 h left", "还剩 2 天 1 小时"),
        (timedelta(0), "0 min late", "已超时 0 分钟"),
        (-timedelta(hours=2), "2 h late", "已超时 2 小时"),
    ],
)
def test_time_left_is_said_in_two_units_at_most(
    language: str, ahead: timedelta, english: str, chinese: str
) -> None:
    assert formats.time_left(NOON + ahead, NOON) == {"zh_CN": chinese, "en": english}[language]


def test_a_moment_is_shown_in_the_business_time_zone(language: str) -> None:
    assert formats.moment(NOON, "Asia/Shanghai").endswith("12:00")


@pytest.mark.parametrize(
    ("data", "safe"),
    [
        ("张*李*", r"张\*李\*"),
        ("# title", r"\# title"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        (":red[late]", r"\:red\[late\]"),
        ("two\nlines", "two lines"),
        ("a $x$ b", r"a \$x\$ b"),
    ],
)
def test_data_is_never_read_as_markup(data: str, safe: str) -> None:
    assert plain(data) == safe


def test_an_icon_code_in_data_stays_letters() -> None:
    assert ":material" not in plain(":material/home:").replace("\\", "")
