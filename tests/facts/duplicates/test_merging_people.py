"""Merges, and their undoing, when people leave or somebody works with one of the two at the same moment."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

from sqlalchemy import select, text

from core.errors import NotFound, ProductError, StaleEdit
from core.facts import contacts_service
from core.facts.contacts_service import log_contact
from core.facts.duplicates import merge_service
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.tables import Customer, Interaction
from core.language import translate
from core.obligations.tables import Obligation
from core.operations.staff import hand_over
from tests.conftest import NOW
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import records

LATER = NOW + timedelta(hours=1)
LEFT = "Whoever had it has left: it goes to the person who took over."


def two(store, kept_by, gone_by):
    """Two customers of these people; (kept, gone)."""
    with store.write() as session:
        kept, gone = (
            add_customer(session, code, **served_by(who)) for code, who in (("K", kept_by), ("G", gone_by))
        )
        session.commit()
    return kept, gone


def served(store):
    return {c.code: (c.account_manager_id, c.department_id) for c in records(store, select(Customer))}


def test_undoing_a_merge_gives_the_kept_customer_to_whoever_took_over_from_who_left(store, actors):
    kept, gone = two(store, actors.staff, actors.west_staff)
    taken = {"account_manager": True, "department": True}
    done = merge(actors.manager, store, kept, gone, taken, expected_versions=(1, 1), now=NOW)
    hand_over(actors.administrator, store, actors.staff.staff_id, actors.supervisor.staff_id, now=NOW)
    undone = undo_merge(actors.manager, store, done, now=LATER)
    assert translate(undone.differing, "en") == LEFT
    assert served(store) == {
        "K": (actors.supervisor.staff_id, actors.east),
        "G": (actors.west_staff.staff_id, actors.west),
    }


def test_a_merge_can_be_undone_when_the_account_manager_that_it_had_set_has_left(store, actors):
    kept, gone = two(store, actors.staff, actors.west_staff)
    taken = {"account_manager": True, "department": True}
    done = merge(actors.manager, store, kept, gone, taken, expected_versions=(1, 1), now=NOW)
    hand_over(actors.administrator, store, actors.west_staff.staff_id, actors.supervisor.staff_id, now=NOW)
    undone = undo_merge(actors.manager, store, done, now=LATER)
    assert undone.differing is None
    assert served(store) == {
        "K": (actors.staff.staff_id, actors.east),
        "G": (actors.supervisor.staff_id, actors.east),
    }


def contact(actors, store, customer):
    said = {"occurred_at": NOW, "kind": "call", "direction": None, "content": ""}
    return log_contact(actors.manager, store, customer, now=NOW, **said)


class Meanwhile(Thread):
    """What somebody else does at the same time; `refused` is what it was refused with."""

    def __init__(self, command):
        super().__init__(daemon=True)
        self._command, self.refused = command, None

    def run(self):
        try:
            self._command()
        except ProductError as refused:
            self.refused = refused


def where(store):
    """Whose the contacts are, and what is owed."""
    owed = select(Obligation.subject_id).where(Obligation.cancelled_at.is_(None))
    return set(records(store, select(Interaction.customer_id))), set(records(store, owed))


def until_somebody_waits(store):
    """PostgreSQL lets both begin; SQLite lets the second wait before its first statement."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(0 if store.is_sqlite else 10_000):
        with store.read() as session:
            if session.scalar(waiting):
                return


def test_a_contact_logged_while_two_become_one_goes_over_to_the_kept_customer(store, actors, monkeypatch):
    kept, gone = two(store, actors.staff, actors.staff)
    merging = Meanwhile(
        lambda: merge(actors.manager, store, kept, gone, {}, expected_versions=(1, 1), now=NOW)
    )
    after_contact = contacts_service.update_clock.after_contact

    def beside(*told, **values):
        merging.start()
        until_somebody_waits(store)
        after_contact(*told, **values)

    monkeypatch.setattr(contacts_service.update_clock, "after_contact", beside)
    contact(actors, store, gone)
    merging.join()
    assert merging.refused is None
    assert where(store) == ({kept}, {kept})


def test_a_contact_with_a_customer_who_is_merged_away_at_that_moment_is_refused(store, actors, monkeypatch):
    kept, gone = two(store, actors.staff, actors.staff)
    logging = Meanwhile(lambda: contact(actors, store, gone))
    move = merge_service.move

    def beside(*told, **values):
        logging.start()
        until_somebody_waits(store)
        return move(*told, **values)

    monkeypatch.setattr(merge_service, "move", beside)
    merge(actors.manager, store, kept, gone, {}, expected_versions=(1, 1), now=NOW)
    logging.join()
    assert isinstance(logging.refused, NotFound if store.is_sqlite else StaleEdit)
    assert where(store) == (set(), set())
