"""The document of a report: the same values give the same bytes, and the bytes give the values back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reviews.document import (
    Counts,
    DepartmentCounts,
    DepartmentLine,
    Document,
    Figure,
    Finding,
    MeasureLine,
    Meta,
    ObligationLine,
    from_text,
    sha256,
    to_text,
)

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
META = Meta(date(2026, 10, 1), 1, date(2026, 10, 31), NOW, True, 7, 1, (1, 2), "Asia/Shanghai", "CNY")
NONE = Figure(None, None, None, 0, 0, 0, False)

_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
_findings = st.builds(
    Finding,
    code=_texts,
    department_id=st.none() | st.integers(1, 9),
    values=st.dictionaries(_texts, st.integers() | _texts, max_size=3),
)
_documents = st.builds(
    Document,
    meta=st.from_type(Meta),
    findings=st.lists(_findings, max_size=2).map(tuple),
    measures=st.lists(st.from_type(MeasureLine), max_size=2).map(tuple),
)


def line(code: str, *departments: DepartmentLine) -> MeasureLine:
    return MeasureLine(code, "share", True, None, None, "no_target", NONE, None, None, (), departments)


@given(_documents)
def test_a_document_comes_back_from_its_text_and_gives_the_same_text_again(document: Document) -> None:
    text = to_text(document)
    assert from_text(text) == document
    assert to_text(from_text(text)) == text


@given(_documents)
def test_the_text_is_canonical_json_without_fractions(document: Document) -> None:
    text = to_text(document)

    def no_fraction(written: str) -> None:
        raise AssertionError(f"{written} could be written differently elsewhere")

    read = json.loads(text, parse_float=no_fraction)
    assert json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text


def test_the_seal_changes_with_every_character() -> None:
    assert sha256("报告") == sha256("报告")
    assert sha256("报告") != sha256("报告 ")


@pytest.mark.parametrize("broken", ['{"meta":{}}', "{}", "[]"])
def test_a_text_that_is_no_document_is_not_read_as_one(broken: str) -> None:
    with pytest.raises((ValueError, AttributeError)):
        from_text(broken)


def test_a_department_keeps_the_companys_figures_and_its_own_rows_only() -> None:
    rows = [
        DepartmentLine(id_, name, NONE, None, "no_data", "no_data")
        for id_, name in ((1, "East"), (2, "West"))
    ]
    owed = [DepartmentCounts(id_, None, Counts(1, 0, 0, 0)) for id_ in (1, 2, None)]
    document = Document(
        META,
        tuple(Finding("department_worse", id_, {}) for id_ in (None, 1, 2)),
        (line("win_back", *rows),),
        (),
        (),
        (ObligationLine("card", Counts(3, 0, 0, 0), tuple(owed)),),
    )
    seen = document.of_department(1)
    assert [row.department for row in seen.measures[0].departments] == ["East"]
    assert [row.department_id for row in seen.obligations[0].departments] == [1]
    assert [finding.department_id for finding in seen.findings] == [None, 1]
    assert seen.obligations[0].company.due == 3
    nobody = document.of_department(None)
    assert nobody.measures[0].departments == nobody.obligations[0].departments == ()
    assert [finding.department_id for finding in nobody.findings] == [None]
    assert replace(seen, findings=(), measures=(), obligations=()).meta == META
