"""The first rows of a file: what is personal is masked, the rest is as it stands."""

from __future__ import annotations

from core.facts.fields import TABLES
from core.facts.matching.match import match_headers
from core.facts.matching.personal_shown import masked_rows

HEADERS = ["客户编号", "客户名称", "手机号", "邮箱", "城市", "紧急联系", "备注"]


def test_cells_are_masked_by_the_field_of_their_column():
    matching = match_headers(TABLES["customers"], HEADERS)
    row = ["C1", "张晓明", "13812345678", "zhang@example.com", "杭州", None, "老客户"]
    assert masked_rows([row], matching) == [
        ["C1", "张**", "138****5678", "z***@example.com", "杭州", None, "老客户"]
    ]


def test_a_column_without_a_field_shows_no_phone_and_no_address_either():
    matching = match_headers(TABLES["customers"], HEADERS)
    rows = [
        [None, None, None, None, None, "+86 139 0000 1234", "li@example.com"],
        [None] * 5 + ["C00001", ""],
    ]
    masked = masked_rows(rows, matching)
    assert masked[0][5:] == ["+86139****1234", "l***@example.com"]
    assert masked[1][5:] == ["C00001", ""]
