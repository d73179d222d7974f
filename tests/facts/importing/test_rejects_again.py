"""The workbook of rejected rows is corrected and brought in again, as often as it takes."""

from __future__ import annotations

import pytest

from tests.facts.importing.results import rejected

HEADER = ["客户编号", "客户类型", "邮箱", "备忘"]
ADDED = {"en": ["Row in the file", "Where", "Reason"], "zh_CN": ["原文件行号", "位置", "原因"]}


@pytest.mark.parametrize("language", list(ADDED))
def test_rejected_rows_come_in_again_without_a_word_about_the_columns_added(bring, store, language) -> None:
    rows = [HEADER, ["C1", "散客", "nobody", "x"], ["C2", "公司", "b@b.cn", "y"]]
    first = bring("customers", rows, language=language)
    assert (first.rejected, first.ignored_columns) == (1, ("备忘",))
    header, row = rejected(store, first)
    assert (header, row[3:]) == ([*ADDED[language], *HEADER], rows[1])
    row[4] = "个人"
    again = bring("customers", [header, row], language=language)
    assert (again.rejected, again.ignored_columns) == (1, ("备忘",))
    header, row = rejected(store, again)
    assert header == [*ADDED[language], *HEADER], "the columns added are written anew, not a second time"
    assert row[3:] == ["C1", "个人", "nobody", "x"]
    row[5] = "a@a.cn"
    last = bring("customers", [header, row], language=language)
    assert (last.added, last.rejected) == (1, 0)


def test_places_and_reasons_are_listed_as_the_language_lists(bring, store) -> None:
    rows = [HEADER, ["C1", "散客", "nobody", "x"]]
    told = {
        language: rejected(store, bring("customers", rows, language=language))[1][1:3] for language in ADDED
    }
    assert told["zh_CN"][0] == "B (客户类型)、C (邮箱)"
    assert "个人、企业" in told["zh_CN"][1]
    assert told["en"][0] == "B (客户类型), C (邮箱)"
    assert "Person, Company" in told["en"][1]
