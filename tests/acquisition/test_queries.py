"""What pages read of the funnel: counted by hand, within reach, and opening to exactly the leads behind a number."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import update

from core.access.actor import SYSTEM, Actor, Permission, Role
from core.access.vault import open_vault
from core.acquisition.funnel import BANDS
from core.acquisition.queries import (
    EVERY_LEAD,
    NOT_STATED,
    FunnelFilter,
    basis,
    breakdown,
    by_entry_month,
    channels,
    funnel,
    lead,
    leads,
    options,
    seen,
)
from core.acquisition.shares import Share, Verdict
from core.errors import NotAllowed, Refused
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.sealing import Holder, write_own
from core.facts.own_fields.service import add_field
from core.facts.stages import STAGES
from core.facts.tables import Lead
from core.operations.cycle import run_cycle
from core.store.engine import Store
from tests.acquisition.conftest import AS_OF
from tests.conftest import NOW, Actors

READERS = [role for role in Role if role is not Role.INTERN]


def counts(actor: Actor, store: Store, filters: FunnelFilter = EVERY_LEAD) -> list[tuple[int, int, int, int]]:
    """Entrants, went on, lost and open of each stage."""
    view = funnel(actor, store, filters)
    assert view is not None
    found = [each.bands for each in view.stages]
    return [(each.entrants, each.went_on, each.lost, each.open) for each in found]


def codes(actor: Actor, store: Store, **filters: object) -> set[str]:
    return set(leads(actor, store, FunnelFilter(**filters))["code"])


def hand_over(store: Store, actors: Actors, code: str) -> None:
    """Give a lead to Walt, in the west."""
    with store.write() as session:
        walt = {"owner_id": actors.west_staff.staff_id, "department_id": actors.west}
        session.execute(update(Lead).where(Lead.code == code).values(**walt))
        session.commit()


def test_before_the_first_cycle_there_is_no_funnel(store: Store, actors: Actors) -> None:
    assert funnel(actors.manager, store) is None
    assert breakdown(actors.manager, store) == by_entry_month(actors.manager, store) == []
    assert leads(actors.manager, store).empty
    assert channels(actors.manager, store).rows.empty
    assert options(actors.manager, store).months == ()


def test_without_leads_the_funnel_is_complete_and_empty(store: Store, actors: Actors) -> None:
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    assert counts(actors.manager, store) == [(0, 0, 0, 0)] * 5
    view = funnel(actors.manager, store)
    assert view is not None
    assert [each.of_start.value for each in view.stages] == [None] * 5
    assert channels(actors.manager, store).rows.empty


def test_the_company_s_funnel_is_counted_as_by_hand(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    """A2 was quoted without a date for qualified: it has passed that stage all the same."""
    assert counts(actors.manager, store) == [
        (7, 4, 2, 1),
        (4, 3, 1, 0),
        (3, 2, 0, 1),
        (2, 1, 1, 0),
        (1, 1, 0, 0),
    ]


def test_shares_say_what_they_are_counted_over(store: Store, actors: Actors, company: dict[str, int]) -> None:
    view = funnel(actors.manager, store)
    assert view is not None
    assert (view.as_of, view.window_days, view.leads, view.matured) == (AS_OF, 90, 7, 4)
    assert [each.of_start for each in view.stages] == [
        Share(4, 4),
        Share(3, 4),
        Share(2, 4),
        Share(2, 4),
        Share(1, 4),
    ]
    assert [each.of_previous for each in view.stages] == [
        None,
        Share(3, 4),
        Share(2, 3),
        Share(2, 2),
        Share(1, 2),
    ]
    assert [each.bands.days_median for each in view.stages] == [2, 2, 7, 10, None]


@pytest.mark.parametrize("role", READERS)
def test_every_band_opens_to_exactly_the_leads_it_counts(
    store: Store, actors: Actors, company: dict[str, int], role: Role
) -> None:
    actor = actors.of(role)
    for filters in (EVERY_LEAD, FunnelFilter(channels=("expo",)), FunnelFilter(regions=(NOT_STATED,))):
        counted = counts(actor, store, filters)
        for (position, stage), (at, band) in product(enumerate(STAGES), enumerate(BANDS)):
            listed = leads(actor, store, filters, stage, band)
            assert len(listed) == counted[position][1 + at]
        for position, stage in enumerate(STAGES):
            assert len(leads(actor, store, filters, stage)) == counted[position][0]


def test_who_was_lost_at_the_door_is_named(store: Store, actors: Actors, company: dict[str, int]) -> None:
    listed = leads(actors.manager, store, EVERY_LEAD, "arrived", "lost")
    assert list(listed["code"]) == ["A6", "A4"]
    assert list(listed["standing"]) == ["lost", "lost"]
    assert list(listed["owner"]) == ["Emil", "Walt"]


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_the_leads_in_its_reach(
    store: Store, actors: Actors, company: dict[str, int], role: Role
) -> None:
    actor = actors.of(role)
    if not actor.may(Permission.SEE_DETAILS):
        with pytest.raises(NotAllowed):
            funnel(actor, store)
        return
    reach = {Role.SUPERVISOR: {"A1", "A2", "A6"}, Role.STAFF: {"A1", "A2", "A6"}}
    assert set(leads(actor, store)["code"]) == reach.get(role, set(company))


@pytest.mark.parametrize("read", [funnel, breakdown, by_entry_month, leads, channels, options])
def test_nothing_is_read_without_the_right_to_details(store: Store, actors: Actors, read) -> None:
    with pytest.raises(NotAllowed):
        read(actors.intern, store)


def test_a_lead_handed_over_moves_to_its_new_owner_at_once(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    hand_over(store, actors, "A1")
    assert set(leads(actors.staff, store)["code"]) == {"A2", "A6"}
    assert counts(actors.staff, store)[0][0] == 2
    assert "A1" in set(leads(actors.west_staff, store)["code"])


def test_all_questions_of_a_run_look_at_the_same_leads(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    known = seen(actors.staff, store)
    hand_over(store, actors, "A1")
    view = funnel(actors.staff, store, seen=known)
    assert view is not None
    assert view.leads == sum(row.leads for row in breakdown(actors.staff, store, seen=known)) == 3
    assert channels(actors.staff, store, seen=known).rows["leads"].sum() == 3
    assert counts(actors.staff, store)[0][0] == 2


def test_what_is_kept_of_a_reach_changes_with_every_lead_that_changes_hands(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    """A1 goes and A3 comes: the same number of leads, and another person's."""
    before = seen(actors.staff, store)
    again = seen(actors.staff, store)
    assert before is not None
    assert again is not None
    assert (again.stamp, again.leads) == (before.stamp, before.leads)
    hand_over(store, actors, "A1")
    with store.write() as session:
        emil = {"owner_id": actors.staff.staff_id, "department_id": actors.east}
        session.execute(update(Lead).where(Lead.code == "A3").values(**emil))
        session.commit()
    after = seen(actors.staff, store)
    assert after is not None
    assert after.stamp != before.stamp
    ids = {company[code] for code in ("A2", "A3", "A6")}
    assert set(after.leads["id"].to_pylist()) == ids


def test_what_one_person_sees_is_never_given_to_another(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    known = {role: seen(actors.of(role), store) for role in READERS}
    assert len({(each.actor, each.stamp) for each in known.values() if each}) == len(READERS)
    for read in (funnel, breakdown, by_entry_month, channels, options):
        with pytest.raises(ValueError, match="another"):
            read(actors.staff, store, seen=known[Role.MANAGER])
        with pytest.raises(NotAllowed):
            read(actors.intern, store, seen=known[Role.MANAGER])


def test_phones_are_shown_whole_only_to_roles_that_see_them(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    def phone(actor: Actor) -> str:
        return leads(actor, store, FunnelFilter(industries=("教育",)))["phone"].item()

    assert phone(actors.manager) == "13812345678"
    assert phone(actors.operations) == "138****5678"


def test_a_lead_tells_its_own_fields_and_personal_ones_only_to_roles_that_see_contact_data(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    lead_id = int(leads(actors.manager, store)["id"].iloc[0])
    for code, kind, more in (
        ("need", "choice", {"choices": [("冷链", "Cold"), ("常温", "Dry")]}),
        ("wechat", "text", {"personal": True}),
        ("visit", "date", {}),
    ):
        add_field(actors.manager, store, "leads", code=code, kind=kind, label=("", code), now=NOW, **more)
    with store.write() as session:
        found, fields = session.get_one(Lead, lead_id), catalogue(session)["leads"].own_fields
        holder = Holder(open_vault(store), "leads", found.id)
        found.own = write_own(fields, {"own_need": "c2", "own_wechat": "wx_ada"}, {}, holder)
        session.commit()
    for actor, wechat, masked in ((actors.manager, "wx_ada", False), (actors.operations, "w***", True)):
        own = lead(actor, store, lead_id, now=NOW).own
        assert [(each.field.code, each.value, each.masked) for each in own] == [
            ("own_need", "c2", False),
            ("own_wechat", wechat, masked),
            ("own_visit", None, False),
        ]


def test_filters_narrow_by_what_files_say_and_by_what_they_do_not_say(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    actor = actors.manager
    assert codes(actor, store, channels=("expo",)) == {"A1", "A2", "A6"}
    assert codes(actor, store, channels=("expo", NOT_STATED)) == {"A1", "A2", "A6", "A7"}
    assert codes(actor, store, regions=("华南",)) == {"A3", "A5"}
    assert codes(actor, store, owners=(actors.staff.staff_id,), regions=("华东",)) == {"A1", "A2", "A6"}
    assert codes(actor, store, departments=(actors.west,)) == {"A3", "A4", "A5"}
    assert codes(actor, store, first_month=date(2026, 6, 1), last_month=date(2026, 10, 1)) == {
        "A3",
        "A4",
        "A5",
        "A6",
    }


def test_a_filter_is_the_same_after_a_round_through_json() -> None:
    filters = FunnelFilter(channels=("expo", NOT_STATED), owners=(3,), first_month=date(2026, 6, 1))
    assert FunnelFilter.from_json({**filters.to_json(), "unknown": ["x"]}) == filters
    assert EVERY_LEAD.to_json() == {}


def test_an_unknown_stage_is_refused_in_words(store: Store, actors: Actors, company: dict[str, int]) -> None:
    with pytest.raises(Refused, match="no stage dreamt"):
        leads(actors.manager, store, EVERY_LEAD, "dreamt", "lost")


def test_a_breakdown_says_too_few_cases_instead_of_a_rank(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    rows = breakdown(actors.manager, store, EVERY_LEAD, "channel")
    assert [(row.label, row.leads, row.conversion, row.verdict) for row in rows] == [
        ("expo", 3, Share(1, 2), Verdict.TOO_FEW),
        ("web", 3, Share(0, 2), Verdict.TOO_FEW),
        (None, 1, Share(0, 0), Verdict.TOO_FEW),
    ]


def test_a_breakdown_by_owner_names_the_owners(store: Store, actors: Actors, company: dict[str, int]) -> None:
    rows = breakdown(actors.manager, store, EVERY_LEAD, "owner")
    assert [(row.value, row.label, row.leads) for row in rows] == [
        (actors.staff.staff_id, "Emil", 3),
        (actors.west_staff.staff_id, "Walt", 3),
        (None, None, 1),
    ]


def test_the_trend_is_by_month_of_arrival_and_says_which_months_can_still_change(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    found = by_entry_month(actors.manager, store)
    assert [(each.month.month, each.leads, each.conversion, each.complete) for each in found] == [
        (5, 2, Share(1, 2), True),
        (6, 2, Share(0, 2), True),
        (10, 2, Share(0, 0), False),
        (11, 1, Share(0, 0), False),
    ]


def test_options_are_those_of_the_leads_in_reach(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    found = options(actors.manager, store)
    assert found.channels == ("expo", "web", NOT_STATED)
    assert found.regions == ("华东", "华南", NOT_STATED)
    assert [name for _id, name in found.owners] == ["Emil", "Walt"]
    assert [each.month for each in found.months] == [5, 6, 10, 11]
    assert options(actors.staff, store).channels == ("expo",)


def test_figures_are_stale_when_facts_came_after_the_cycle(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    from core.store.versions import raise_data_version

    before = basis(store)
    with store.write() as session:
        raise_data_version(session)
        session.commit()
    after = basis(store)
    assert before is not None
    assert after is not None
    assert (before.stale, after.stale) == (False, True)
