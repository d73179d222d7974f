"""Instants as files write them: read again they are the same ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.facts.cleaning.dates import Reading, date_reader
from core.facts.fields import TABLES
from core.facts.outgoing import moment

OCCURRED_AT = TABLES["interactions"].field("occurred_at")


@pytest.mark.parametrize(
    ("zone", "first", "written"),
    [
        (
            "America/New_York",
            datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
            ("2026-11-01 01:30:00-04:00", "2026-11-01 01:30:00-05:00"),
        ),
        # There the hour that comes twice begins at midnight.
        (
            "America/Havana",
            datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
            ("2026-11-01", "2026-11-01 00:00:00-05:00"),
        ),
    ],
)
def test_the_hour_that_a_zone_has_twice_is_written_so_that_both_come_back(
    zone: str, first: datetime, written: tuple[str, str]
) -> None:
    read = date_reader(OCCURRED_AT, Reading(date(2026, 11, 3), zone))
    for instant, text in zip((first, first + timedelta(hours=1)), written, strict=True):
        assert moment(instant, ZoneInfo(zone)) == text
        value = read(text)[0]  # type: ignore[index]  # a refusal would have no first
        assert value.astimezone(UTC) == instant


def test_any_other_hour_is_written_without_an_offset() -> None:
    instant = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)
    assert moment(instant, ZoneInfo("America/New_York")) == "2026-10-31 23:30:00"
    assert moment(instant, ZoneInfo("Asia/Shanghai")) == "2026-11-01 11:30:00"
