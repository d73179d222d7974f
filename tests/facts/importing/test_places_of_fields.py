"""A field or kind of file that is added to the catalogue alone is missed at once, by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.facts.catalogue.model import Field
from core.facts.fields import TABLES
from core.facts.importing.places_of_fields import homeless
from core.facts.migration import imports

WEBSITE = Field("website", "text", "Website", ("网站",), ())


def test_every_field_of_the_catalogue_has_its_place():
    assert homeless() == []


@pytest.mark.parametrize(("table", "place"), [
    ("customers", "a column of tables.Customer"), ("leads", "leads.VALUES"), ("deals", "leads.VALUES"),
    ("transactions", "lines.VALUES"), ("contracts", "record_kinds.RECORD_KINDS"), ("usage", "entries.KINDS"),
])  # fmt: skip
def test_a_field_that_nothing_stores_is_named_with_the_place_that_lacks_it(table, place):
    more = replace(TABLES[table], fields=(*TABLES[table].fields, WEBSITE))
    assert homeless(TABLES | {table: more}) == [f"{table}.website: {place}"]


def test_a_kind_of_file_that_takes_no_way_is_named():
    visits = replace(TABLES["usage"], code="visits", fields=(WEBSITE,))
    assert homeless(TABLES | {"visits": visits}) == [
        "visits: planning.ORDER", "visits.website: record_kinds.RECORD_KINDS or entries.KINDS",
    ]  # fmt: skip


def test_the_migration_check_counts_every_kind_of_file():
    assert set(imports.RECORDS) == set(TABLES)
