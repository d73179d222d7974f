"""Two who make the same thing owed at once make it owed once."""

from __future__ import annotations

from threading import Thread

from core.facts import update_clock
from core.facts.quality import reminders
from core.facts.quality.asked import asked_of_me
from core.facts.quality.reminders import remind
from tests.factmaking import make_owed
from tests.facts.owing import ORDERS, add, contact, since


def while_somebody_else(store, monkeypatch, module, rival):
    """Let `rival` act after the command that follows has seen what is stored: PostgreSQL lets it in at once, SQLite
    only afterwards. What is returned waits for its end."""
    known, others = module.known_people, []

    def look(session):
        if not others:
            others.append(Thread(target=rival))
            others[0].start()
            if not store.is_sqlite:
                others[0].join()
        return known(session)

    monkeypatch.setattr(module, "known_people", look)
    return lambda: [each.join() for each in others]


def test_two_who_remind_at_once_ask_once(store, actors, now, monkeypatch):
    customer = add(store, actors.staff)
    told = []
    wait = while_somebody_else(
        store, monkeypatch, reminders, lambda: told.append(remind(actors.manager, store, [customer], now=now))
    )
    told.append(remind(actors.supervisor, store, [customer], now=now))
    wait()
    assert sorted((each.customers, each.already) for each in told) == [(0, 1), (1, 0)]
    assert len(asked_of_me(actors.staff, store)) == 1


def test_two_contacts_at_once_make_one_update_owed(store, actors, now, monkeypatch):
    customer = add(store, actors.staff)
    wait = while_somebody_else(
        store, monkeypatch, update_clock, lambda: contact(store, actors.supervisor, customer, now)
    )
    contact(store, actors.staff, customer, now)
    wait()
    assert [row[:1] for row in since(store)] == [(customer,)]


def test_an_import_beside_a_contact_leaves_out_only_what_the_contact_made_owed(
    store, actors, bring, now, policy, monkeypatch
):
    customers = [add(store, actors.staff, code) for code in ("C1", "C2", "C3")]

    def log_one():
        with store.write() as session:
            make_owed(session, policy, customers[1], now)
            session.commit()

    wait = while_somebody_else(store, monkeypatch, update_clock, log_one)
    bring("transactions", [ORDERS, *([code, "1", "2026-11-02", "10"] for code in ("C1", "C2", "C3"))])
    wait()
    assert [subject for subject, *_ in since(store)] == customers
