"""Matches kept under a name, and the guess which table a file is of."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.errors import NotAllowed, NotFound, Refused
from core.facts.fields import TABLES
from core.facts.matching.mappings import (
    forget_mapping,
    guess_table,
    importable_tables,
    known_codes,
    likeliest_table,
    save_mapping,
    saved_mappings,
)
from core.facts.matching.match import ColumnMatch
from core.facts.matching.suggested import suggest
from core.facts.own_fields.service import add_field
from core.facts.tables import Customer
from core.language import translate
from core.store.engine import Store
from tests.conftest import Actors

MATCH = {"买家": "customer_code", "下单": "ordered_at", "实付": "amount", "店员备注": None}


def test_a_kept_match_is_offered_for_a_file_that_has_all_its_headers(
    store: Store, actors: Actors, now: datetime
) -> None:
    kept = save_mapping(actors.operations, store, "transactions", "  Shop  till ", MATCH, now=now)
    (offered,) = saved_mappings(actors.manager, store, [*MATCH, "another"])
    assert (offered.id, offered.table_code, offered.name) == (kept, "transactions", "Shop till")
    assert offered.mapping == MATCH


def test_a_kept_match_is_not_offered_when_one_of_its_headers_is_missing(
    store: Store, actors: Actors, now: datetime
) -> None:
    save_mapping(actors.operations, store, "transactions", "Till", MATCH, now=now)
    assert saved_mappings(actors.operations, store, ["买家", "下单", "实付"]) == []


def test_the_same_name_again_replaces_the_match_of_that_table(
    store: Store, actors: Actors, now: datetime
) -> None:
    first = save_mapping(actors.operations, store, "transactions", "Till", MATCH, now=now)
    changed = {**MATCH, "店员备注": "product_name"}
    assert save_mapping(actors.manager, store, "transactions", "Till", changed, now=now) == first
    (offered,) = saved_mappings(actors.operations, store, list(MATCH))
    assert offered.mapping == changed


def test_a_match_that_could_not_be_imported_is_not_kept(store: Store, actors: Actors, now: datetime) -> None:
    with pytest.raises(Refused, match="Amount"):
        save_mapping(
            actors.operations,
            store,
            "transactions",
            "Till",
            {"a": "customer_code", "b": "ordered_at"},
            now=now,
        )
    assert saved_mappings(actors.operations, store, ["a", "b"]) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_match_needs_a_name_of_reasonable_length(
    store: Store, actors: Actors, now: datetime, name: str
) -> None:
    with pytest.raises(Refused, match="80 characters"):
        save_mapping(actors.operations, store, "transactions", name, MATCH, now=now)


def test_a_match_can_be_forgotten_once(store: Store, actors: Actors, now: datetime) -> None:
    kept = save_mapping(actors.operations, store, "transactions", "Till", MATCH, now=now)
    forget_mapping(actors.operations, store, kept, now=now)
    assert saved_mappings(actors.operations, store, list(MATCH)) == []
    with pytest.raises(NotFound):
        forget_mapping(actors.operations, store, kept, now=now)


def test_only_who_may_import_keeps_sees_and_forgets_matches(
    store: Store, actors: Actors, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        save_mapping(actors.staff, store, "transactions", "Till", MATCH, now=now)
    with pytest.raises(NotAllowed):
        saved_mappings(actors.supervisor, store, list(MATCH))
    with pytest.raises(NotAllowed):
        forget_mapping(actors.intern, store, 1, now=now)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("table_code", TABLES)
def test_a_file_with_the_headers_of_a_table_is_taken_for_that_table(table_code: str, language: str) -> None:
    headers = [field.header(language) for field in TABLES[table_code].fields]
    assert likeliest_table(headers) == table_code


def test_a_bare_list_of_orders_is_taken_for_transactions() -> None:
    assert likeliest_table(["客户编号", "日期", "金额"]) == "transactions"


def test_what_words_stand_for_is_kept_with_the_match(store: Store, actors: Actors, now: datetime) -> None:
    values = {"channel": {"散客": "person", "Select": None}, "salesperson": {}}
    save_mapping(actors.operations, store, "transactions", "Till", MATCH, values=values, now=now)
    (offered,) = saved_mappings(actors.operations, store, list(MATCH))
    assert offered.values == {"channel": {"散客": "person", "Select": None}}


def test_the_match_that_settles_most_headers_is_offered_first_then_the_newest(
    store: Store, actors: Actors, now: datetime
) -> None:
    few = {header: MATCH[header] for header in ("买家", "下单", "实付")}
    for name, mapping in (("few", few), ("old", MATCH), ("new", MATCH)):
        save_mapping(actors.operations, store, "transactions", name, mapping, now=now)
    assert [each.name for each in saved_mappings(actors.operations, store, list(MATCH))] == [
        "new",
        "old",
        "few",
    ]


def test_a_guess_says_on_how_many_headers_it_stands_and_heeds_the_sheets_name() -> None:
    guess = guess_table(TABLES, ["客户编号", "下单时间", "金额", "店员", ""])
    assert (guess.table_code, guess.why.values) == ("transactions", {"n": 3, "all": 4})
    unsaid = ["日期", "客户编号"]
    assert guess_table(TABLES, unsaid, "满意度").table_code == "satisfaction"
    assert guess_table(TABLES, unsaid, "跟进记录").table_code == "interactions"


def test_cells_are_known_as_codes_of_customers_that_are_stored(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        session.add(Customer(code="C1", created_at=now, updated_at=now))
        session.commit()
    assert known_codes(actors.operations, store, ["C1", " C1 ", "C2", ""]) == {"C1"}
    with pytest.raises(NotAllowed):
        known_codes(actors.staff, store, ["C1"])


def test_a_column_that_a_kept_match_ignores_is_asked_again_once_a_field_has_its_name(
    store: Store, actors: Actors, now: datetime
) -> None:
    headers = ["客户编号", "微信号"]
    ignoring: dict[str, str | None] = {"客户编号": "customer_code", "微信号": None}

    def found() -> ColumnMatch:
        (kept,) = saved_mappings(actors.operations, store, headers)
        table = importable_tables(actors.operations, store)["customers"]
        return suggest(table, headers, [], kept=kept.mapping, kept_name=kept.name).columns[1]

    save_mapping(actors.operations, store, "customers", "CRM", ignoring, now=now)
    assert (found().field, found().how) == (None, "none")
    add_field(
        actors.manager, store, "customers", code="wechat", kind="text", label=("微信号", "WeChat"), now=now
    )
    assert (found().field, found().how) == ("own_wechat", "exact")
    assert "by now a field goes by its name" in translate(found().why, "en")
    save_mapping(actors.operations, store, "customers", "CRM", ignoring, now=now)
    assert (found().field, found().how) == (None, "none")
