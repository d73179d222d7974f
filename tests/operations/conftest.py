"""Fixtures of the rooms that run several stations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from core.operations import cli


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
