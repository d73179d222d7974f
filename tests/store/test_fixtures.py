"""The tests' own ground: each store is fresh, migrated and of the kind it claims."""

from sqlalchemy import select

from core.access.actor import Role
from core.access.tables import Account
from core.store.migrate import is_current


def test_a_store_is_migrated_and_of_the_kind_it_claims(store, request):
    assert is_current(store)
    assert store.is_sqlite == ("sqlite" in request.node.name)


def test_each_role_has_an_actor_with_an_account(store, actors):
    with store.read() as session:
        roles = {account.id: account.role for account in session.scalars(select(Account))}
    for role in Role:
        assert actors.of(role).role is role
        assert roles[actors.of(role).account_id] == role.value


def test_what_one_test_writes_the_next_does_not_see(store):
    with store.read() as session:
        assert session.scalars(select(Account)).all() == []
