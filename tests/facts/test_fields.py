"""The catalogue holds together."""

from __future__ import annotations

import pytest

from core.facts.cleaning import reader
from core.facts.cleaning_dates import Reading
from core.facts.fields import TABLES, Field
from core.facts.labels import FIELD_KINDS
from core.facts.matching import match_headers, normalise
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
