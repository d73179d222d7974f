"""Of a kind a customer owes one thing at a time: the database refuses a second one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import text

from core.store import migrate
from core.store.engine import Store, open_store

DAY = "2026-11-0{} 00:00:00.000000"


def before_the_index(folder: Path) -> Store:
    """A database of the version before, in which two at once had made two of a kind owed."""
    store = open_store(f"sqlite:///{folder / 'before.db'}", folder)
    policy = {"day": "2026-11-01", "at": DAY.format(1)}
    with store.engine.execution_options(writes=True).connect() as connection, connection.begin():
        command.upgrade(migrate._config(connection), "0003")
        connection.execute(
            text(
                'INSERT INTO policy_versions (id, effective_from, "values", published_at, note) '
                "VALUES (1, :day, '{}', :at, '')"
            ),
            policy,
        )
        # id, kind, customer, due on, done on
        for row in (
            (1, "record_update", 1, 5, None),
            (2, "record_update", 1, 4, None),
            (3, "record_update", 1, 4, None),
            (4, "record_update", 1, 3, 3),
            (5, "data_fix", 1, 9, None),
            (6, "record_update", 2, 9, None),
        ):
            key, kind, customer, due, done = row
            connection.execute(
                text(
                    "INSERT INTO obligations "
                    "(id, kind, subject_kind, subject_id, triggered_at, due_at, done_at, policy_version) "
                    "VALUES (:key, :kind, 'customer', :customer, :at, :due, :done, 1)"
                ),
                {"key": key, "kind": kind, "customer": customer, "at": DAY.format(1), "due": DAY.format(due),
                 "done": done and DAY.format(done)},
            )  # fmt: skip
    return store


def test_what_was_owed_twice_is_owed_once_by_the_earlier_due_time_after_the_upgrade(tmp_path: Path) -> None:
    store = before_the_index(tmp_path)
    migrate.migrate(store)
    with store.engine.connect() as connection:
        counted = connection.execute(
            text("SELECT id FROM obligations WHERE cancelled_at IS NULL ORDER BY id")
        )
        assert [key for (key,) in counted] == [2, 4, 5, 6]
