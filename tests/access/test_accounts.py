"""Who can sign in, and what an administrator may change."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from core.access import queries, service
from core.access.accounts import require_another_administrator
from core.access.actor import SYSTEM, Role
from core.access.passwords import MIN_LENGTH
from core.access.sessions import IDLE, LINK_LIFE, LONGEST, token_hash
from core.access.tables import Account, AuditEntry, BrowserSession, Department, SignInLink, StaffMember
from core.access.throttle import LOCK, MAX_FAILURES
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.store.engine import Store
from tests.conftest import Actors

GOOD = "a long enough one"


@pytest.fixture
def ann(store: Store, now: datetime) -> int:
    """The id of an administrator `ann` whose password is GOOD."""
    account_id, _ = service.create_account(
        SYSTEM, store, username="Ann", display_name="Ann Lee", role="administrator", now=now
    )
    service.set_password(store, account_id, GOOD, now=now)
    return account_id


def test_the_right_password_opens_a_session_of_the_account(store: Store, ann: int, now: datetime) -> None:
    token = service.sign_in(store, " ANN ", GOOD, now=now)
    person = queries.actor_of_session(store, token, now=now)
    assert person is not None
    assert (person.actor.account_id, person.actor.name, person.must_set_password) == (ann, "Ann Lee", False)


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(
    store: Store, ann: int, now: datetime
) -> None:
    with pytest.raises(Refused) as wrong:
        service.sign_in(store, "ann", "not the password", now=now)
    with pytest.raises(Refused) as unknown:
        service.sign_in(store, "nobody at all", GOOD, now=now)
    assert wrong.value.message == unknown.value.message


@pytest.mark.parametrize("name", ["ann", "someone who does not exist"])
def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(
    store: Store, ann: int, now: datetime, name: str
) -> None:
    for _ in range(MAX_FAILURES):
        with pytest.raises(Refused, match="is wrong"):
            service.sign_in(store, name, "not the password", now=now)
    with pytest.raises(Refused, match="Wait 15 minutes"):
        service.sign_in(store, name, GOOD, now=now + LOCK - timedelta(seconds=1))


def test_after_the_lock_the_right_password_gets_in_and_the_count_starts_again(
    store: Store, ann: int, now: datetime
) -> None:
    for _ in range(MAX_FAILURES):
        with pytest.raises(Refused):
            service.sign_in(store, "ann", "not the password", now=now)
    later = now + LOCK
    with pytest.raises(Refused, match="is wrong"):
        service.sign_in(store, "ann", "not the password", now=later)
    assert service.sign_in(store, "ann", GOOD, now=later)
    with store.read() as session:
        assert session.get_one(Account, ann).failed_attempts == 0


def test_only_hashes_of_tokens_are_stored(store: Store, ann: int, now: datetime) -> None:
    token = service.sign_in(store, "ann", GOOD, now=now)
    link = service.reset_account(SYSTEM, store, ann, now=now)
    with store.read() as session:
        stored = {
            *session.scalars(select(BrowserSession.token_hash)),
            *session.scalars(select(SignInLink.token_hash)),
        }
    assert len(token) >= 43  # 256 bits in base64
    assert stored.isdisjoint({token, link})
    assert token_hash(link) in stored


def test_a_session_ends_after_twelve_idle_hours(store: Store, ann: int, now: datetime) -> None:
    token = service.sign_in(store, "ann", GOOD, now=now)
    assert queries.actor_of_session(store, token, now=now + IDLE - timedelta(seconds=1))
    assert queries.actor_of_session(store, token, now=now + IDLE) is None


def test_activity_keeps_a_session_alive_but_not_beyond_fourteen_days(
    store: Store, ann: int, now: datetime
) -> None:
    token = service.sign_in(store, "ann", GOOD, now=now)
    service.note_activity(store, token, now=now + LONGEST - timedelta(hours=1))
    assert queries.actor_of_session(store, token, now=now + LONGEST - timedelta(seconds=1))
    assert queries.actor_of_session(store, token, now=now + LONGEST) is None


def test_sign_out_ends_the_session_and_no_other(store: Store, ann: int, now: datetime) -> None:
    here, there = (service.sign_in(store, "ann", GOOD, now=now) for _ in range(2))
    service.sign_out(store, here, now=now)
    service.sign_out(store, here, now=now)
    assert queries.actor_of_session(store, here, now=now) is None
    assert queries.actor_of_session(store, there, now=now) is not None


def test_the_first_link_makes_the_administrator_and_works_once(store: Store, now: datetime) -> None:
    link = service.first_link(store, now=now)
    token = service.use_link(store, link, now=now)
    person = queries.actor_of_session(store, token, now=now)
    assert person is not None
    assert (person.username, person.actor.role, person.must_set_password) == (
        "admin",
        Role.ADMINISTRATOR,
        True,
    )
    with pytest.raises(Refused, match="used before"):
        service.use_link(store, link, now=now)


def test_a_newer_first_link_replaces_the_older_and_makes_no_second_account(
    store: Store, now: datetime
) -> None:
    older, newer = service.first_link(store, now=now), service.first_link(store, now=now)
    with pytest.raises(Refused):
        service.use_link(store, older, now=now)
    assert service.use_link(store, newer, now=now)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_first_link_is_made_even_when_the_usual_name_is_no_administrators_any_more(
    store: Store, now: datetime
) -> None:
    service.first_link(store, now=now)
    with store.write() as session:
        session.execute(update(Account).values(disabled_at=now))
        session.commit()
    token = service.use_link(store, service.first_link(store, now=now), now=now)
    person = queries.actor_of_session(store, token, now=now)
    assert person is not None
    assert (person.username, person.actor.role) == ("admin2", Role.ADMINISTRATOR)


def test_a_link_expires_after_half_an_hour(store: Store, now: datetime) -> None:
    link = service.first_link(store, now=now)
    with pytest.raises(Refused, match="expired"):
        service.use_link(store, link, now=now + LINK_LIFE)
    assert service.use_link(store, link, now=now + LINK_LIFE - timedelta(seconds=1))


def test_an_unused_first_link_leaves_the_password_alone_and_a_used_one_takes_it_away(
    store: Store, ann: int, now: datetime
) -> None:
    link = service.first_link(store, now=now)
    assert service.sign_in(store, "ann", GOOD, now=now)
    service.use_link(store, link, now=now)
    with pytest.raises(Refused):
        service.sign_in(store, "ann", GOOD, now=now)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("x" * (MIN_LENGTH - 1), "at least 10"),
        ("x" * 201, "at most 200"),
        ("Longusername", "not be the user name"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(
    store: Store, now: datetime, password: str, sentence: str
) -> None:
    account_id, _ = service.create_account(
        SYSTEM, store, username="longusername", display_name="L", role="manager", now=now
    )
    with pytest.raises(Refused, match=sentence):
        service.set_password(store, account_id, password, now=now)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    store: Store, ann: int, now: datetime
) -> None:
    here, there = (service.sign_in(store, "ann", GOOD, now=now) for _ in range(2))
    service.change_password(store, ann, GOOD, "another long one", now=now, keep=here)
    assert queries.actor_of_session(store, here, now=now) is not None
    assert queries.actor_of_session(store, there, now=now) is None
    assert service.sign_in(store, "ann", "another long one", now=now)


def test_changing_a_password_needs_the_current_one(store: Store, ann: int, now: datetime) -> None:
    with pytest.raises(Refused, match="current password is wrong"):
        service.change_password(store, ann, "a guess of it", "another long one", now=now)
    assert service.sign_in(store, "ann", GOOD, now=now)


def test_disabling_ends_sessions_at_once_and_shuts_the_account_out(
    store: Store, ann: int, actors: Actors, now: datetime
) -> None:
    token = service.sign_in(store, "ann", GOOD, now=now)
    service.disable_account(actors.administrator, store, ann, now=now)
    assert queries.actor_of_session(store, token, now=now) is None
    assert queries.actor_of_account(store, ann) is None
    with pytest.raises(Refused):
        service.sign_in(store, "ann", GOOD, now=now)
    service.enable_account(actors.administrator, store, ann, now=now)
    assert queries.actor_of_session(store, token, now=now) is None
    assert service.sign_in(store, "ann", GOOD, now=now)


def test_a_reset_takes_the_password_away_and_hands_out_a_link(
    store: Store, ann: int, actors: Actors, now: datetime
) -> None:
    token = service.sign_in(store, "ann", GOOD, now=now)
    link = service.reset_account(actors.administrator, store, ann, now=now)
    assert queries.actor_of_session(store, token, now=now) is None
    with pytest.raises(Refused):
        service.sign_in(store, "ann", GOOD, now=now)
    person = queries.actor_of_session(store, service.use_link(store, link, now=now), now=now)
    assert person is not None
    assert person.must_set_password


def test_the_last_administrator_is_neither_disabled_nor_demoted(
    store: Store, ann: int, now: datetime
) -> None:
    for change in (
        lambda: service.disable_account(SYSTEM, store, ann, now=now),
        lambda: service.change_role(SYSTEM, store, ann, "manager", now=now),
    ):
        with pytest.raises(Refused, match="last administrator"):
            change()
    bob, _ = service.create_account(
        SYSTEM, store, username="bob", display_name="Bob", role="administrator", now=now
    )
    service.change_role(SYSTEM, store, ann, "manager", now=now)
    with pytest.raises(Refused, match="last administrator"):
        service.disable_account(SYSTEM, store, bob, now=now)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_of_two_administrators_who_go_at_once_the_second_waits_for_the_first(
    store: Store, ann: int, now: datetime
) -> None:
    service.create_account(SYSTEM, store, username="bob", display_name="Bob", role="administrator", now=now)
    with store.write() as first, store.write() as second:
        require_another_administrator(first, first.get_one(Account, ann))
        second.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            require_another_administrator(second, second.get_one(Account, ann))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_touch_accounts(store: Store, actors: Actors, now: datetime, role: Role) -> None:
    actor, somebody = actors.of(role), actors.west_staff.account_id
    assert somebody is not None
    for attempt in (
        lambda: service.create_account(actor, store, username="x", display_name="x", role="manager", now=now),
        lambda: service.disable_account(actor, store, somebody, now=now),
        lambda: service.enable_account(actor, store, somebody, now=now),
        lambda: service.reset_account(actor, store, somebody, now=now),
        lambda: service.change_role(actor, store, somebody, "manager", now=now),
        lambda: queries.accounts(actor, store),
        lambda: queries.directory(actor, store),
        lambda: queries.departments(actor, store),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_name_that_is_taken_is_refused_however_it_is_typed(store: Store, ann: int, now: datetime) -> None:
    with pytest.raises(Refused, match="taken"):
        service.create_account(SYSTEM, store, username="ＡＮＮ", display_name="x", role="manager", now=now)


def test_a_role_with_a_reach_needs_its_department_or_person(
    store: Store, actors: Actors, now: datetime
) -> None:
    def make(role: str, **links: int) -> None:
        service.create_account(SYSTEM, store, username="new", display_name="New", role=role, now=now, **links)

    with pytest.raises(Refused, match="one department"):
        make("supervisor")
    with pytest.raises(Refused, match="own customers"):
        make("staff")
    with pytest.raises(Refused, match="has an account"):
        make("staff", staff_id=actors.staff.staff_id or 0)
    with pytest.raises(Refused, match="no role"):
        make("emperor")


def test_an_account_linked_to_a_person_belongs_to_the_persons_department(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        person = StaffMember(name="Newcomer", department_id=actors.west)
        session.add(person)
        session.commit()
    account_id, _ = service.create_account(
        SYSTEM, store, username="new", display_name="New", role="staff", staff_id=person.id, now=now
    )
    signed_in = queries.actor_of_account(store, account_id)
    assert signed_in is not None
    assert signed_in.actor.department_id == actors.west


def test_a_stale_change_of_role_is_refused(store: Store, actors: Actors, now: datetime) -> None:
    account_id = actors.manager.account_id
    assert account_id is not None
    service.change_role(SYSTEM, store, account_id, "operations", expected_version=1, now=now)
    with pytest.raises(StaleEdit):
        service.change_role(SYSTEM, store, account_id, "manager", expected_version=1, now=now)


def test_language_and_theme_are_kept_and_unknown_ones_refused(store: Store, actors: Actors) -> None:
    service.choose_language(actors.intern, store, "en")
    service.choose_theme(actors.intern, store, "dark")
    person = queries.actor_of_account(store, actors.intern.account_id or 0)
    assert person is not None
    assert (person.language, person.theme) == ("en", "dark")
    with pytest.raises(Refused):
        service.choose_language(actors.intern, store, "xx")
    with pytest.raises(NotFound):
        service.choose_theme(SYSTEM, store, "dark")


def test_work_is_assigned_within_the_own_department_and_never_to_who_has_left(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        session.execute(update(StaffMember).where(StaffMember.name == "Ida").values(left_at=now))
        session.commit()
    assert list(queries.assignable_staff(actors.supervisor, store)["name"]) == ["Emil", "Eve"]
    assert "Walt" in set(queries.assignable_staff(actors.manager, store)["name"])
    with pytest.raises(NotAllowed):
        queries.assignable_staff(actors.staff, store)


def test_the_lists_name_accounts_people_and_departments(store: Store, actors: Actors) -> None:
    listed = queries.accounts(actors.administrator, store).set_index("username")
    assert listed.loc["eve", "department"] == "East"
    assert not listed.loc["eve", "has_password"]
    people = queries.directory(actors.administrator, store).set_index("name")
    assert people.loc["Walt", "username"] == "walt"
    assert list(queries.departments(actors.administrator, store)["name"]) == ["East", "West"]


def test_every_change_is_audited_without_names(store: Store, ann: int, now: datetime) -> None:
    service.sign_in(store, "ann", GOOD, now=now)
    with pytest.raises(Refused):
        service.sign_in(store, "Zhang San", "wrong password", now=now)
    service.reset_account(SYSTEM, store, ann, now=now)
    with store.read() as session:
        entries = session.execute(select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.id)).all()
    assert [action for action, _ in entries] == [
        "account.created",
        "account.password_set",
        "session.attempted",
        "session.signed_in",
        "session.attempted",
        "account.reset",
    ]
    assert "Zhang" not in str(entries)
    assert "ann" not in str([detail for _, detail in entries]).casefold()


def test_a_department_alone_can_be_given_to_a_supervisor(store: Store, now: datetime) -> None:
    with store.write() as session:
        department = Department(name="North")
        session.add(department)
        session.commit()
    account_id, link = service.create_account(
        SYSTEM,
        store,
        username="sue",
        display_name="Sue",
        role="supervisor",
        department_id=department.id,
        now=now,
    )
    assert queries.actor_of_account(store, account_id) is not None
    assert service.use_link(store, link, now=now)
