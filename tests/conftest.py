"""Fixtures of all tests: a migrated store on each database, people of each role, a fixed instant."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from core.access.actor import SYSTEM, Actor, Role
from core.access.tables import Account, Department, StaffMember
from core.facts.reading import process
from core.policy.model import Policy
from core.policy.service import default_policy, record_default_policy
from core.store.engine import Store, open_store
from core.store.migrate import migrate
from tests import machine, postgresql, spreading
from tests.kept import Kept, Shelf
from tests.zygote import Forked, Zygote

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in Shanghai."""

_numbers = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run; the closing list names it, and CI fails for it. Long files first."""
    items.sort(key=lambda item: spreading.place(item.nodeid))
    no_server, no_browser = machine.postgresql() is None, machine.chromium() is None

    def left_out(item: pytest.Item) -> bool:
        databases = item.callspec.params.values() if hasattr(item, "callspec") else ()
        needs_browser = item.get_closest_marker("browser") is not None
        return (no_server and "postgresql" in databases) or (no_browser and needs_browser)

    lost = [item for item in items if left_out(item)]
    if lost:
        config.hook.pytest_deselected(items=lost)
        items[:] = [item for item in items if item not in lost]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> spreading.Spreading | None:
    return spreading.Spreading(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if machine.IN_CI and machine.missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lacking = machine.missing()
    if lacking:
        terminalreporter.section("not run here")
        for package, consequence in lacking.items():
            terminalreporter.line(f"not run here: {consequence} (Debian package {package})")


@pytest.fixture
def now() -> datetime:
    """A fixed instant."""
    return NOW


@pytest.fixture
def policy() -> Policy:
    """The policy a new company starts with; every fresh store has it as version 1."""
    return default_policy()


@pytest.fixture(scope="session", autouse=True)
def reader() -> Iterator[None]:
    """Files are read in forks of one process, which is started for the first of them."""
    started: list[Zygote] = []

    def start(complaints: IO[bytes]) -> Forked:
        if not started:
            started.append(Zygote())
        return started[0].start(complaints)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(process, "_start", start)
        yield
    for zygote in started:
        zygote.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the default policy, closed (so that no log stands beside it), to be copied."""
    folder = tmp_path_factory.mktemp("template")
    store = open_store(f"sqlite:///{folder / 'template.db'}", folder)
    _prepare(store)
    store.engine.dispose()
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The socket folder of a running PostgreSQL that holds the database `template_of_tests`."""
    programs = machine.postgresql()
    assert programs is not None
    with postgresql.server(programs) as socket:
        postgresql.execute(socket, "CREATE DATABASE template_of_tests")
        store = open_store(postgresql.url(socket, "template_of_tests"), socket.parent)
        _prepare(store)
        store.engine.dispose()
        yield socket


def _prepare(store: Store) -> None:
    migrate(store)
    record_default_policy(store, now=NOW)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database of the test's own; where no other kind is of interest, the
    tests let `database_url` be this."""
    shutil.copyfile(sqlite_template, tmp_path / "customers.db")
    return f"sqlite:///{tmp_path / 'customers.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database of the test's own, on each kind of database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    socket = request.getfixturevalue("postgresql_server")
    name = f"test_{next(_numbers)}"
    postgresql.execute(socket, f"CREATE DATABASE {name} TEMPLATE template_of_tests")
    yield postgresql.url(socket, name)
    postgresql.execute(socket, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh store: migrated, with the default policy as version 1, its data folder `tmp_path`."""
    opened = open_store(database_url, tmp_path)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The companies that tests start from, as far as they have been made."""
    return Shelf(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def kept(request: pytest.FixtureRequest, shelf: Shelf, store: Store) -> Kept:
    """Makes a company in the test's store, or copies it there when an earlier test has made it."""
    return Kept(shelf, store, None if store.is_sqlite else request.getfixturevalue("postgresql_server"))


@dataclass(frozen=True)
class Actors:
    """One actor of each role, with account and staff entries; `east` and `west` are two departments' ids.

    The supervisor, the staff member and the intern belong to the east, their colleagues to the west.
    """

    east: int
    west: int
    administrator: Actor
    manager: Actor
    operations: Actor
    supervisor: Actor
    staff: Actor
    intern: Actor
    west_supervisor: Actor
    west_staff: Actor
    system: Actor = SYSTEM

    def of(self, role: Role) -> Actor:
        """The actor of `role` (of the east, where it has a department)."""
        return getattr(self, role.value)


@pytest.fixture
def actors(store: Store, now: datetime) -> Actors:
    """People of each role, recorded in the store."""
    with store.write() as session:
        east, west = Department(name="East"), Department(name="West")
        session.add_all([east, west])
        session.flush()

        def person(name: str, role: Role, department: Department | None) -> Actor:
            member = StaffMember(name=name, department_id=department.id if department else None)
            session.add(member)
            session.flush()
            account = Account(
                username=name.lower(),
                display_name=name,
                role=role.value,
                department_id=member.department_id,
                staff_id=member.id,
                created_at=now,
            )
            session.add(account)
            session.flush()
            return Actor(account.id, name, role, member.department_id, member.id)

        recorded = Actors(
            east=east.id,
            west=west.id,
            administrator=person("Ada", Role.ADMINISTRATOR, None),
            manager=person("Mai", Role.MANAGER, None),
            operations=person("Olga", Role.OPERATIONS, None),
            supervisor=person("Eve", Role.SUPERVISOR, east),
            staff=person("Emil", Role.STAFF, east),
            intern=person("Ida", Role.INTERN, east),
            west_supervisor=person("Wanda", Role.SUPERVISOR, west),
            west_staff=person("Walt", Role.STAFF, west),
        )
        session.commit()
    return recorded
