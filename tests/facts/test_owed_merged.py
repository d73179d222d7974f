"""What is owed about customers who become one, and two again, follows from the facts of each."""

from __future__ import annotations

from sqlalchemy import select

from core.facts import update_clock
from core.facts.duplicates.merge_service import undo_merge
from core.facts.importing.undo import undo_import
from core.facts.service import edit_customer
from core.facts.update_clock_queries import late
from core.obligations.tables import Obligation
from tests.facts.conftest import records
from tests.facts.owing import (
    DAY,
    FULL,
    HOUR,
    add,
    all_of,
    at,
    merge_of,
    order,
    owed_both,
    since,
    whose,
)


def test_a_merge_across_departments_hands_over_and_its_undoing_gives_back(store, actors, bring, now):
    gone = owed_both(store, actors, bring, now)
    kept = add(store, actors.west_staff, "K1")
    before = since(store)
    merged = merge_of(store, actors, kept, gone, now + HOUR)
    assert whose(store) == all_of(actors.west_staff)
    for reader in (actors.staff, actors.supervisor):
        assert late(reader, store, now=now + 30 * DAY).total == 0
    assert [each.code for each in late(actors.west_staff, store, now=now + 30 * DAY).first] == ["K1"]
    undo_merge(actors.manager, store, merged, now=now + 2 * HOUR)
    assert whose(store) == all_of(actors.staff)
    assert since(store) == before


def test_a_merge_that_completes_the_record_meets_what_is_owed_until_it_is_undone(store, actors, bring, now):
    kept = add(store, actors.staff, "C1", phone_index=b"2" * 16)
    gone = add(store, actors.staff, "G1", **FULL)
    order(bring, now)
    before = since(store)
    merged = merge_of(store, actors, kept, gone, now + HOUR, **dict.fromkeys(FULL, True))
    assert since(store) == []
    (entry,) = records(store, select(Obligation))
    assert (entry.done_at, entry.cancelled_at) == (now + HOUR, None)
    undo_merge(actors.manager, store, merged, now=now + 2 * HOUR)
    assert since(store) == before


def test_what_was_done_while_two_were_one_was_done_to_the_kept_one(store, actors, bring, now):
    kept, gone = add(store, actors.staff, "C1"), add(store, actors.staff, "C2")
    order(bring, now, code="C2")
    order(bring, now + HOUR, code="C1")
    merged = merge_of(store, actors, kept, gone, now + 2 * HOUR)
    assert since(store) == [(kept, now, now + DAY)]
    edit_customer(actors.staff, store, kept, {"city": "Ningbo"}, 2, now=now + 3 * HOUR)
    undo_merge(actors.manager, store, merged, now=now + 4 * HOUR)
    assert since(store) == [(gone, now, now + DAY)]
    of_kept = select(Obligation).where(Obligation.subject_id == kept, Obligation.cancelled_at.is_(None))
    assert [each.done_at for each in records(store, of_kept)] == [now + 3 * HOUR]


def test_what_came_to_the_kept_one_meanwhile_is_still_owed_after_the_undoing(store, actors, bring, now):
    kept, gone = add(store, actors.staff, "C1"), add(store, actors.staff, "C2")
    order(bring, now, code="C2")
    merged = merge_of(store, actors, kept, gone, now + HOUR)
    order(bring, now + 2 * HOUR, code="C1")
    then = now + 3 * HOUR
    undo_merge(actors.manager, store, merged, now=then)
    assert since(store) == [(kept, then, then + DAY), (gone, now, now + DAY)]


def test_a_merge_asks_for_nothing_that_was_answered_before(store, actors, bring, now):
    kept, gone = add(store, actors.staff, "C1"), add(store, actors.staff, "C2")
    order(bring, now, code="C2")
    update_clock.confirm(actors.staff, store, gone, now=now + HOUR)
    merge_of(store, actors, kept, gone, now + 2 * HOUR)
    assert since(store) == []


def test_what_an_import_had_met_about_a_customer_merged_away_since_is_not_owed_anew_when_it_is_undone(
    store, actors, bring, now
):
    kept, gone = add(store, actors.staff, "C1"), add(store, actors.staff, "C2")
    order(bring, now, code="C2")
    region = [["Customer code", "Region"], ["C2", "North"]]
    batch = bring("customers", region, at(now + HOUR), mode="both").batch
    order(bring, now + 2 * HOUR, number="2", code="C2")
    merged = merge_of(store, actors, kept, gone, now + 3 * HOUR)
    undo_import(actors.manager, store, batch, now=now + 4 * HOUR)
    assert [subject for subject, *_ in since(store)] == [kept]
    undo_merge(actors.manager, store, merged, now=now + 5 * HOUR)
    assert [subject for subject, *_ in since(store)] == [gone]
