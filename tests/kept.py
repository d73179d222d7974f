"""Companies that are made once in each test process and copied for every further test that starts from them.

Making one means grading and measuring it, which takes a second or more; copying a database and its data folder
takes a tenth of that. Every test still has a store of its own, which it may change as it likes.
"""

from __future__ import annotations

import copy
import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from core.store import mart
from core.store.engine import Store
from tests import postgresql

_Made = TypeVar("_Made")
_numbers = itertools.count(1)


@dataclass
class Shelf:
    """What has been made so far, under `folder`: (kind of database, name) -> number of the copy, what `make` gave."""

    folder: Path
    made: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """Makes companies in `store`, or copies them into it. `socket`: of the PostgreSQL server, where it is there."""

    shelf: Shelf
    store: Store
    socket: Path | None

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gives, with the store as it leaves it; from the second time on both are copies.

        A name stands for one `make` in all tests, and what it starts from is always the same: an empty store, the
        people of `actors`, or another company that was kept.
        """
        key = (self.store.engine.dialect.name, name)
        if key in self.shelf.made:
            number, given = self.shelf.made[key]
            self._restore(number)
        else:
            given, number = make(), next(_numbers)
            self._save(number)
            self.shelf.made[key] = (number, given)
        return copy.deepcopy(given)

    def _save(self, number: int) -> None:
        self.store.engine.dispose()  # so that SQLite has no log beside it, and PostgreSQL lets itself be copied
        shelved = self.shelf.folder / str(number)
        shutil.copytree(self.store.data_dir, shelved / "data", ignore=shutil.ignore_patterns("mart"))
        if self._marts.exists():
            shutil.copytree(self._marts, shelved / "mart")
        if self.socket:
            self._copy_database(self._database, f"kept_{number}")

    def _restore(self, number: int) -> None:
        self.store.engine.dispose()
        shelved = self.shelf.folder / str(number)
        shutil.copytree(shelved / "data", self.store.data_dir, dirs_exist_ok=True)
        shutil.rmtree(self._marts, ignore_errors=True)
        if (shelved / "mart").exists():
            shutil.copytree(shelved / "mart", self._marts)
        if self.socket:
            postgresql.execute(self.socket, f"DROP DATABASE {self._database} WITH (FORCE)")
            self._copy_database(f"kept_{number}", self._database)

    @property
    def _marts(self) -> Path:
        """The folder of the mart's copies, which is named after the database."""
        return mart._root(self.store)

    @property
    def _database(self) -> str:
        assert self.store.engine.url.database is not None
        return self.store.engine.url.database

    def _copy_database(self, source: str, target: str) -> None:
        assert self.socket is not None
        postgresql.execute(self.socket, f"CREATE DATABASE {target} TEMPLATE {source}")
