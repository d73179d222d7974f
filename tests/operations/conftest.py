"""Fixtures of the rooms that run several stations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from core.access.actor import SYSTEM
from core.language import Message
from core.operations import cli
from core.operations.demo import load_demo
from core.policy.service import record_default_policy
from core.store.engine import Store, open_store
from core.store.migrate import migrate

DEMO_NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
"""When the demo company was loaded: a Thursday."""
Demo = tuple[Store, list[tuple[float, Message]]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A store with the demo company, and what was reported on the way. Shared: tests only look at it.

    SQLite: it is written as the services write it, which are tested on both databases.
    """
    folder = tmp_path_factory.mktemp("demo")
    store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
    migrate(store)
    record_default_policy(store, now=DEMO_NOW)
    reports: list[tuple[float, Message]] = []
    load_demo(SYSTEM, store, now=DEMO_NOW, progress=lambda share, step: reports.append((share, step)))
    yield store, reports
    store.engine.dispose()


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> dict[str, Any]:
        """The JSON object of the last line."""
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def command_line(store, database_url, monkeypatch, capsys) -> Callable[..., Ran]:
    """Runs a command in this process, against the test's own store."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("APP_DATA_DIR", str(store.data_dir))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments: object) -> Ran:
        code = cli.main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture
def command(command_line) -> Callable[..., dict[str, Any]]:
    """Runs a command with --json, insists on success, and gives what it says."""

    def run(*arguments: object) -> dict[str, Any]:
        ran = command_line(*arguments, "--json")
        assert (ran.code, ran.err) == (0, "")
        return ran.values

    return run
