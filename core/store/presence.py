"""Whether a worker still lives: each holds a lock that the operating system releases with its process.

A lease alone cannot tell: on SQLite one long write keeps a worker from extending it, and a worker that
was killed would be shown as running until its lease ends.
"""

from __future__ import annotations

import fcntl
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.store.engine import Store


@contextmanager
def present(store: Store) -> Iterator[str]:
    """Hold the lock of a new worker; yields its name, which says on which machine it lives."""
    folder = _folder(store)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}"
    path = folder / _file_name(name)
    with path.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)


def is_alive(store: Store, worker: str) -> bool | None:
    """Whether the worker of that name still holds its lock; None when it lives on another machine."""
    if worker.partition(":")[0] != platform.node():
        return None
    try:
        with (_folder(store) / _file_name(worker)).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _folder(store: Store) -> Path:
    return store.data_dir / "workers"


def _file_name(worker: str) -> str:
    return worker.replace(":", "_") + ".lock"
