"""Customers who may be one: found by phone and name, once a month, and told apart by place and number."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from core.access.vault import open_vault
from core.errors import NotAllowed
from core.facts import identity
from core.facts.duplicates.finding import Person, find_pairs
from core.facts.duplicates.name_likeness import PROVINCES, core_of, likeness, place_named, says_nothing
from core.facts.duplicates.queries import pair_counts, pairs
from core.facts.duplicates.service import search_monthly, search_now, tell_apart
from core.facts.service import edit_customer
from core.facts.tables import Customer, DuplicatePair
from core.policy.service import default_policy
from tests.conftest import NOW
from tests.factmaking import add_customer

POLICY = default_policy()
PLACES = frozenset((*PROVINCES, "杭州", "苏州", "宁波"))
BORN = date(1990, 5, 1)


@pytest.mark.parametrize(
    "name",
    ["明德商贸", "杭州明德商贸有限公司", "杭州市明德商贸有限责任公司", "浙江明德商贸股份有限公司",
     "明德商贸（杭州）有限公司", "明德商贸(浙江)", " 明德 商贸 ", "浙江省杭州市明德商贸有限公司"],
)  # fmt: skip
def test_a_company_is_known_without_form_brackets_and_place(name):
    assert core_of(name, PLACES) == "明德商贸"


def test_a_place_is_left_where_nothing_else_would_be():
    assert core_of("杭州", PLACES) == "杭州"
    assert core_of("Acme Trading Co., Ltd.", PLACES) == "acmetrading"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("明德商贸", "明德商贸", 100),
        ("宏达食品", "宏远食品", 0),
        ("福满塘超市2店", "福满塘超市3店", 0),
        ("福满塘超市", "福满塘超市2店", 0),
        ("拾味生活超市2店", "元味生活超市2店", 0),
        ("明德商贸", "明德商贸城西分店", 0),
    ],
)
def test_names_of_other_companies_and_branches_are_not_alike(first, second, expected):
    assert likeness(first, second) == expected


def test_a_slip_in_a_long_name_is_alike():
    assert likeness("瑞祥恒源博远食品", "瑞祥恒原博远食品") >= POLICY.data_quality.similar_name_from * 100


@pytest.mark.parametrize("name", ["测试客户", "test 2", "待补充", "", "未知", "---", "123"])
def test_placeholders_are_no_names(name):
    assert says_nothing(name)


def test_the_place_in_a_name_is_seen_in_front_and_in_brackets():
    assert (place_named("杭州明德", PLACES), place_named("明德（苏州）", PLACES)) == ("杭州", "苏州")


def company(key, name, **fields):
    return Person(key, name, True, **fields)


def person(key, name, **fields):
    return Person(key, name, False, **fields)


def found(*people):
    return [(each.first, each.second, each.reason) for each in find_pairs(people, POLICY)]


def test_the_same_phone_with_and_without_the_same_name():
    assert found(person(1, "张晓明", phone=b"1"), person(2, "张 晓明", phone=b"1"), person(3, "李华", phone=b"2"),
                 person(4, "王芳", phone=b"2")) == [(1, 2, "same_name_phone"), (3, 4, "same_phone")]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("明德商贸", "明德 商贸", "same_name_phone"),
        ("杭州明德商贸有限公司", "明德商贸（杭州）", "similar_name_phone"),
        ("杭州明德商贸", "苏州明德商贸", "similar_name_phone"),
        ("瑞祥恒源博远食品", "瑞祥恒原博远食品", "similar_name_phone"),
        ("明德商贸", "明德商贸城西分店", "same_phone"),
        ("福满塘超市2店", "福满塘超市3店", "same_phone"),
        ("测试", "测试", "same_phone"),
    ],
)
def test_of_one_phone_it_is_said_what_of_the_names_is_alike(first, second, reason):
    cities = [company(8, "甲", city="杭州市"), company(9, "乙", city="苏州市")]
    assert found(company(1, first, phone=b"1"), company(2, second, phone=b"1"), *cities) == [(1, 2, reason)]


def test_companies_of_the_very_same_name_are_told_from_those_of_similar_ones():
    assert found(company(1, "明德商贸"), company(2, "明德 商贸")) == [(1, 2, "same_name")]


def test_a_phone_of_many_says_nothing_but_with_the_name_it_does():
    clerks = [person(key, f"客{key}", phone=b"9") for key in range(1, 6)]
    assert found(*clerks) == []
    assert found(*clerks, person(9, "客3", phone=b"9")) == [(3, 9, "same_name_phone")]


def test_persons_need_more_than_a_name():
    assert found(person(1, "张伟", city="杭州市"), person(2, "张伟", city="杭州市")) == []
    assert found(person(1, "张伟", birthday=BORN), person(2, "张伟", birthday=BORN)) == [
        (1, 2, "same_name_birthday")
    ]
    assert found(person(1, "张伟", email=b"e"), person(2, "张伟", email=b"e")) == [(1, 2, "same_name_email")]


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ({"city": "杭州市"}, {"city": "杭州"}, True),
        ({"city": "杭州市"}, {}, True),
        ({"city": "杭州市"}, {"city": "宁波市"}, False),
        ({"province": "浙江省"}, {"province": "江苏"}, False),
    ],
)
def test_companies_of_one_name_are_one_unless_their_places_differ(first, second, together):
    pair = found(company(1, "杭州明德商贸有限公司", **first), company(2, "明德商贸", **second))
    assert pair == ([(1, 2, "similar_name")] if together else [])


def test_the_place_in_the_name_counts_where_the_field_is_empty():
    cities = [company(8, "甲", city="杭州市"), company(9, "乙", city="苏州市")]
    assert found(company(1, "杭州明德商贸"), company(2, "苏州明德商贸"), *cities) == []


def test_two_placeholders_are_not_one_customer():
    assert found(company(1, "测试客户", city="杭州"), company(2, "测试客户", city="杭州")) == []


def two(store, actors):
    with store.write() as session:
        first = add_customer(session, "A", name="张晓明", department_id=actors.east)
        second = add_customer(session, "B", name="张晓明", department_id=actors.east)
        for key in (first, second):
            identity.put(open_vault(store), session.get_one(Customer, key), "phone", "10000000001")
        session.commit()
    return first, second


def test_pairs_are_searched_for_once_a_month(store, actors):
    first, second = two(store, actors)
    month = date(2026, 11, 3)
    assert search_monthly(actors.system, store, POLICY, month, now=NOW).new == 1
    assert search_monthly(actors.system, store, POLICY, month.replace(day=28), now=NOW) is None
    assert search_monthly(actors.system, store, POLICY, date(2026, 12, 1), now=NOW).new == 0
    with store.read() as session:
        pair = session.scalars(select(DuplicatePair)).one()
        assert (pair.first_id, pair.second_id, pair.found_on) == (first, second, month)


def test_a_decision_is_remembered_and_what_is_no_pair_any_more_goes(store, actors):
    first, _second = two(store, actors)
    assert search_now(actors.operations, store, now=NOW).open == 1
    (pair,) = pairs(actors.supervisor, store)
    tell_apart(actors.supervisor, store, pair.id, now=NOW)
    assert search_now(actors.operations, store, now=NOW).open == 0
    assert pair_counts(actors.manager, store) == {"distinct": 1}
    with store.write() as session:
        session.delete(session.get_one(DuplicatePair, pair.id))
        session.commit()
    assert search_now(actors.operations, store, now=NOW).open == 1
    edit_customer(actors.manager, store, first, {"phone": "10000000009"}, 1, now=NOW)
    assert search_now(actors.operations, store, now=NOW).open == 0
    assert pairs(actors.manager, store) == []


def test_what_is_alike_is_told_anew_when_a_name_was_corrected(store, actors):
    first, _second = two(store, actors)
    search_now(actors.operations, store, now=NOW)
    edit_customer(actors.manager, store, first, {"name": "李华"}, 1, now=NOW)
    assert search_now(actors.operations, store, now=NOW).new == 0
    (pair,) = pairs(actors.supervisor, store)
    assert (pair.reason, pair.likeness) == ("same_phone", 0)


def test_who_may_not_import_does_not_start_a_search(store, actors):
    with pytest.raises(NotAllowed):
        search_now(actors.staff, store, now=NOW)


def test_what_became_of_customers_while_the_search_ran_is_minded(store, actors, monkeypatch):
    """One of a pair goes (its import is undone), one of another is merged, and a second search finds all first."""
    with store.write() as session:
        ids = [
            add_customer(session, f"C{n}", name=("明德商贸", "宏图食品", "启航科技")[n // 2], kind="company")
            for n in range(6)
        ]
        session.commit()
    seen = []

    def meanwhile(people, policy):
        found = find_pairs(people, policy)
        seen.append([(pair.first, pair.second) for pair in found])
        if len(seen) == 1:
            search_now(actors.operations, store, now=NOW)
            with store.write() as session:
                session.execute(delete(DuplicatePair).where(DuplicatePair.first_id == ids[0]))
                session.execute(delete(Customer).where(Customer.id == ids[0]))
                session.execute(update(Customer).where(Customer.id == ids[3]).values(merged_into_id=ids[2]))
                session.commit()
        return found

    monkeypatch.setattr("core.facts.duplicates.service.find_pairs", meanwhile)
    found = search_now(actors.operations, store, now=NOW)
    twins = list(zip(ids[::2], ids[1::2], strict=True))
    assert seen == [twins, twins]
    assert (found.open, found.new) == (1, 0)
    with store.read() as session:
        left = session.execute(select(DuplicatePair.first_id, DuplicatePair.second_id)).all()
    assert [tuple(pair) for pair in left] == twins[2:]
