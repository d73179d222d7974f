"""Entries of the staff directory made by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.access.actor import Role
from core.access.directory import MAX_NAME_LENGTH, add_department, add_person
from core.access.queries import departments, directory
from core.errors import NotAllowed, NotFound, Refused
from core.store.engine import Store
from tests.conftest import Actors

OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]


def test_a_department_and_a_person_of_it_are_added(store: Store, actors: Actors, now: datetime) -> None:
    south = add_department(actors.administrator, store, "  South \t coast ", now=now)
    added = add_person(actors.administrator, store, " Sun  Li ", south, now=now)
    known = departments(actors.administrator, store).set_index("id")["name"]
    assert known[south] == "South coast"
    person = directory(actors.administrator, store).set_index("id").loc[added]
    assert (person["name"], person["department"], bool(person["active"])) == ("Sun Li", "South coast", True)


def test_a_name_that_is_taken_is_refused_however_it_is_spaced(
    store: Store, actors: Actors, now: datetime
) -> None:
    with pytest.raises(Refused, match="department of this name"):
        add_department(actors.administrator, store, " East ", now=now)
    with pytest.raises(Refused, match="person of this name"):
        add_person(actors.administrator, store, "Emil ", None, now=now)


@pytest.mark.parametrize("name", ["", " \t ", "x" * (MAX_NAME_LENGTH + 1)])
def test_a_name_is_neither_blank_nor_endless(store: Store, actors: Actors, now: datetime, name: str) -> None:
    with pytest.raises(Refused, match="1 to 60 characters"):
        add_department(actors.administrator, store, name, now=now)
    with pytest.raises(Refused, match="1 to 60 characters"):
        add_person(actors.administrator, store, name, None, now=now)


def test_a_person_is_not_put_into_a_department_that_does_not_exist(
    store: Store, actors: Actors, now: datetime
) -> None:
    with pytest.raises(NotFound):
        add_person(actors.administrator, store, "Sun Li", 999, now=now)
    assert "Sun Li" not in set(directory(actors.administrator, store)["name"])


@pytest.mark.parametrize("role", OTHERS)
def test_only_an_administrator_adds_to_the_directory(
    store: Store, actors: Actors, now: datetime, role: Role
) -> None:
    with pytest.raises(NotAllowed):
        add_department(actors.of(role), store, "South", now=now)
    with pytest.raises(NotAllowed):
        add_person(actors.of(role), store, "Sun Li", None, now=now)
