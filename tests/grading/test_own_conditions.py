"""Customers found by own fields: every kind, on both databases, within reach, and never by what is personal."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.access.actor import Actor
from core.errors import Refused
from core.facts.own_fields.service import add_field, change_field, retire_field, take_up_field
from core.facts.service import edit_customer
from core.grading.own_conditions import NOT_STATED, OwnCondition, own_filters
from core.grading.queries import SegmentFilter, graded_customers, segment_matrix
from core.policy.model import Policy
from core.store.engine import Store
from core.store.versions import data_version
from tests.conftest import Actors
from tests.factmaking import own_field
from tests.grading.test_queries import graded_company
from tests.kept import Kept

FIELDS = {
    "size": ("choice", {"choices": [("大", "Large"), ("小", "Small")]}),
    "vip": ("yes_no", {}),
    "joined": ("date", {}),
    "staff": ("integer", {}),
    "credit": ("amount", {}),
    "note": ("text", {}),
    "wechat": ("text", {"personal": True}),
}
VALUES = {
    "C1": {"own_size": "大", "own_vip": True, "own_joined": date(2026, 1, 31), "own_staff": "9",
           "own_credit": "-250.5", "own_note": "Needs 100% cold chain", "own_wechat": "wx_zhang"},
    "C2": {"own_size": "小", "own_vip": False, "own_joined": date(2026, 2, 1), "own_staff": "0",
           "own_credit": "500,000.25", "own_note": "needs nothing"},
    "W": {"own_size": "大", "own_staff": "100", "own_credit": "9000000", "own_note": "100 pallets"},
}  # fmt: skip


@pytest.fixture
def ids(store: Store, actors: Actors, policy: Policy, now: datetime, kept: Kept) -> dict[str, int]:
    """The graded company, with own fields of every kind; C3 and P say nothing in them."""
    return kept.once("with own fields", lambda: with_own_fields(store, actors, policy, now))


def with_own_fields(store: Store, actors: Actors, policy: Policy, now: datetime) -> dict[str, int]:
    made = graded_company(store, actors, policy, now)
    for code, (kind, more) in FIELDS.items():
        add_field(actors.manager, store, "customers", code=code, kind=kind, label=("", code), now=now, **more)
    for customer, values in VALUES.items():
        edit_customer(actors.manager, store, made[customer], values, 1, now=now)
    return made


def found(actor: Actor, store: Store, *asked: OwnCondition) -> str:
    return " ".join(sorted(graded_customers(actor, store, SegmentFilter(own=asked))["code"]))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (OwnCondition("own_size", values=("c1",)), "C1 W"),
        (OwnCondition("own_size", values=("c1", "c2")), "C1 C2 W"),
        (OwnCondition("own_size", values=("c2", NOT_STATED)), "C2 C3 P"),
        (OwnCondition("own_vip", values=("yes",)), "C1"),
        (OwnCondition("own_vip", values=("no",)), "C2"),
        (OwnCondition("own_vip", values=(NOT_STATED,)), "C3 P W"),
        (OwnCondition("own_joined", least=date(2026, 2, 1)), "C2"),
        (OwnCondition("own_joined", most=date(2026, 1, 31)), "C1"),
        (OwnCondition("own_joined", least=date(2026, 1, 31), most=date(2026, 2, 1)), "C1 C2"),
        (OwnCondition("own_staff", least=9), "C1 W"),
        (OwnCondition("own_staff", least=0, most=9), "C1 C2"),
        (OwnCondition("own_staff", most=0), "C2"),
        (OwnCondition("own_credit", least=-2_505_000, most=-2_505_000), "C1"),
        (OwnCondition("own_credit", least=5_000_002_500), "C2 W"),
        (OwnCondition("own_note", text="NEEDS"), "C1 C2"),
        (OwnCondition("own_note", text="100%"), "C1"),
        (OwnCondition("own_note"), "C1 C2 C3 P W"),
    ],
    ids=str,
)
def test_a_condition_keeps_exactly_the_customers_it_names(
    store: Store, actors: Actors, ids: dict[str, int], asked: OwnCondition, codes: str
) -> None:
    assert found(actors.manager, store, asked) == codes
    assert found(actors.manager, store, OwnCondition.from_json(asked.to_json())) == codes


def test_all_conditions_have_to_hold_and_nobody_finds_customers_out_of_reach(
    store: Store, actors: Actors, ids: dict[str, int]
) -> None:
    large, many = OwnCondition("own_size", values=("c1",)), OwnCondition("own_staff", least=50)
    assert found(actors.manager, store, large, many) == "W"
    assert found(actors.staff, store, large) == "C1"
    assert found(actors.west_staff, store, large) == "W"
    assert segment_matrix(actors.staff, store, SegmentFilter(own=(large,)))["customers"].sum() == 1


def test_what_is_asked_about_stands_beside_the_customers(
    store: Store, actors: Actors, ids: dict[str, int]
) -> None:
    asked = [OwnCondition(f"own_{code}") for code in FIELDS if code != "wechat"]
    rows = graded_customers(actors.manager, store, SegmentFilter(own=tuple(asked))).set_index("code")
    shown = rows.loc["C2", [each.field for each in asked]].tolist()
    assert shown == ["c2", False, date(2026, 2, 1), 0, 5_000_002_500, "needs nothing"]
    assert rows.loc["C3", [each.field for each in asked]].isna().all()
    assert "own_size" not in graded_customers(actors.manager, store)


def test_personal_fields_and_amounts_are_filters_only_for_those_who_may(
    store: Store, actors: Actors, ids: dict[str, int]
) -> None:
    for actor, missing in ((actors.manager, {"wechat"}), (actors.intern, {"wechat", "credit"})):
        offered = {field.code for field in own_filters(actor, store)}
        assert offered == {f"own_{code}" for code in FIELDS.keys() - missing}
        for code in missing:
            with pytest.raises(Refused):
                found(actor, store, OwnCondition(f"own_{code}", least=1, text="wx"))
    assert found(actors.intern, store, OwnCondition("own_size", values=("c1",))) == "C1"


def test_a_changed_value_and_a_new_name_count_at_once_without_a_new_data_version(
    store: Store, actors: Actors, ids: dict[str, int], now: datetime
) -> None:
    small = OwnCondition("own_size", values=("c2",))
    with store.read() as session:
        before = data_version(session)
    field_id = add_field(
        actors.manager, store, "customers", code="plan", kind="choice", label=("", "Plan"),
        choices=[("甲", "A"), ("乙", "B")], now=now,
    )  # fmt: skip
    edit_customer(actors.manager, store, ids["P"], {"own_size": "小", "own_plan": "B"}, 1, now=now)
    words = [("甲", "Basic"), ("乙", "Bold"), ("丙", "Third")]
    change_field(
        actors.manager, store, field_id, seen=own_field(store, field_id), label=("", "Tariff"), choices=words, now=now
    )  # fmt: skip
    assert found(actors.manager, store, small) == "C2 P"
    assert found(actors.manager, store, OwnCondition("own_plan", values=("c2",))) == "P"
    with store.read() as session:
        assert data_version(session) == before


def test_a_retired_field_is_refused_and_finds_the_same_when_it_is_taken_up_again(
    store: Store, actors: Actors, ids: dict[str, int], now: datetime
) -> None:
    field_id = add_field(
        actors.manager, store, "customers", code="tmp", kind="yes_no", label=("", "Tmp"), now=now
    )
    edit_customer(actors.manager, store, ids["C3"], {"own_tmp": True}, 1, now=now)
    asked = OwnCondition("own_tmp", values=("yes",))
    retire_field(actors.manager, store, field_id, now=now)
    with pytest.raises(Refused, match="retired"):
        found(actors.manager, store, asked)
    take_up_field(actors.manager, store, field_id, now=now + timedelta(days=1))
    assert found(actors.manager, store, asked) == "C3"


def test_a_filter_survives_its_way_through_json() -> None:
    filters = SegmentFilter(
        value_tiers=("high",),
        customers=(3, 4),
        own=(OwnCondition("own_joined", least=date(2026, 1, 2)), OwnCondition("own_staff", most=0)),
    )
    stored = filters.to_json()
    assert stored["own"] == [
        {"field": "own_joined", "least": "2026-01-02"},
        {"field": "own_staff", "most": 0},
    ]
    assert SegmentFilter.from_json({**stored, "what": "else"}) == filters
    assert SegmentFilter().to_json() == {}
