"""Which columns of a file of customers may hold their codes, though nobody matched them."""

from __future__ import annotations

import pytest

from core.facts.fields import TABLES
from core.facts.importing.codes_left_out import codes_left_out
from core.facts.matching.match import match_headers
from tests.facts.conftest import staged_rows


@pytest.fixture
def left_out(tmp_path):
    def run(header, cells):
        people = [[cell, f"张{number}"] for number, cell in enumerate(cells)]
        staged = staged_rows([[header, "姓名"], *people], tmp_path)
        return codes_left_out(staged, match_headers(TABLES["customers"], staged.headers), ())

    return run


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("No", ["V1", "V2"]),
        ("档案", ["V1", "V2"]),
        ("档案", ["20880001", "20880002"]),
        ("档案编号", ["1001", "1005"]),
        ("档案编号", ["0001", "0002"]),
        ("档案ID", ["1001", "1005"]),
        ("Card No.", ["1001", "1005"]),
        ("cardNo", ["1001", "1005"]),
        ("Card code", ["1001", "1005"]),
        ("小市场编号", ["1001", "1005"]),
    ],
)
def test_what_may_be_codes_is_named(left_out, header, cells):
    assert left_out(header, cells) == [header]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("序号", ["1", "2"]),
        ("序号", ["A1", "A2"]),
        ("行号", ["3", "7"]),
        ("＃", ["3", "7"]),
        ("No.", ["3", "7"]),
        ("档案编号", ["2", "1"]),
        ("去年订单数", ["12", "7"]),
        ("区县代码", ["330106", "330105"]),
        ("行政区划代码", ["330106", "330105"]),
        ("Postal code", ["330106", "330105"]),
        ("Paid", ["12", "7"]),
        ("Piano", ["12", "7"]),
        ("档案编号", ["1001", "1001"]),
        ("档案编号", ["1001", None]),
    ],
)
def test_counts_of_rows_small_numbers_and_codes_of_places_are_not(left_out, header, cells):
    assert left_out(header, cells) == []
