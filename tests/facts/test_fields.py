"""The catalogue holds together."""

from __future__ import annotations

import pytest

from core.facts.cleaning.cells import reader
from core.facts.cleaning.dates import Reading
from core.facts.fields import TABLES, Field
from core.facts.labels import FIELD_KINDS, FIELD_OWNERS, OUTLET_KINDS
from core.facts.labels import TABLES as LABELS
from core.facts.matching.match import match_headers
from core.facts.matching.names import normalise
from core.facts.templates import LONGEST_DROPDOWN, offered
from core.language import Message
from tests.conftest import NOW

FIELDS = [
    pytest.param(table.code, field, id=f"{table.code}-{field.code}")
    for table in TABLES.values()
    for field in table.fields
]


def test_no_header_stands_for_two_fields_of_a_table():
    for table in TABLES.values():
        seen: dict[str, str] = {}
        for field in table.fields:
            for name in (field.code, field.label, *field.synonyms_zh, *field.synonyms_en):
                assert seen.setdefault(normalise(name), field.code) == field.code, (table.code, name)


@pytest.mark.parametrize(("table", "field"), FIELDS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_headers_match_and_examples_can_be_imported(table: str, field: Field, language: str):
    matching = match_headers(TABLES[table], [field.header(language)])
    assert matching.columns[0].field == field.code
    assert matching.columns[0].how == "exact"
    read = reader(field, Reading(NOW.date(), "Asia/Shanghai"))
    # What only a lost lead has stays blank in the example of a won one.
    assert not field.example(language) or not isinstance(read(field.example(language)), Message)
    assert field.kind in FIELD_KINDS


def test_every_field_has_somebody_who_answers_for_it_and_amounts_have_a_unit():
    for table in TABLES.values():
        for field in table.fields:
            assert field.owner in FIELD_OWNERS, (table.code, field.code)
            assert field.unit or field.kind not in ("amount", "cost", "quantity", "score"), field.code


def test_words_of_a_table_that_a_dropdown_offers_fit_into_a_workbook():
    for table in TABLES.values():
        for field in table.fields:
            for language in ("zh_CN", "en"):
                assert len(",".join(offered(field, language))) <= LONGEST_DROPDOWN


def test_example_phones_are_of_a_range_that_nobody_has():
    phone = TABLES["customers"].field("phone")
    assert phone.example_zh.startswith("100")
    assert phone.example_en.startswith("100")


def test_every_choice_is_understood_by_its_words():
    for table in TABLES.values():
        for field in table.fields:
            read = reader(field, Reading(NOW.date(), "Asia/Shanghai"))
            for choice in field.choices:
                for word in (choice.code, choice.zh, choice.en, f" {choice.en.upper()} "):
                    assert read(word) == (choice.code, False)


def test_every_table_and_every_kind_of_outlet_has_a_label():
    assert list(LABELS) == list(TABLES)
    assert list(OUTLET_KINDS) == [choice.code for choice in TABLES["outlets"].field("kind").choices]


@pytest.mark.parametrize(("word", "code"), [
    ("小店", "family"), ("夫妻店/小店", "family"), ("ＫＡ", "hypermarket"), ("社区超市", "supermarket"),
    ("CVS", "convenience"), ("其它", "other"),
])  # fmt: skip
def test_kinds_of_outlets_are_understood_as_retailers_call_them(word: str, code: str):
    read = reader(TABLES["outlets"].field("kind"), Reading(NOW.date(), "Asia/Shanghai"))
    assert read(word) == (code, False)


def test_only_days_that_are_planned_may_lie_ahead():
    days = [f for table in TABLES.values() for f in table.fields if f.kind in ("date", "datetime")]
    for field in days:
        outcome = reader(field, Reading(NOW.date(), "Asia/Shanghai"))("2031-01-01")
        assert isinstance(outcome, Message) != field.planned, field.code
