"""The app served on a data folder of a test's own, as a person starts it, and people who can sign in there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from core.access import service
from core.access.actor import SYSTEM
from core.clock import now
from core.operations.demo import load_demo
from core.store.engine import PROJECT, Store, open_store
from core.web.requests import SESSION_COOKIE
from core.web.startup import prepare

PASSWORD = "a long enough one"
RUN = ("manage.py", "run", "--port")
STARTS_WITHIN_S = 60
_LINK = re.compile(r"https?://\S+/link/[\w-]+")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Server:
    """A served app: where it listens, its store, what it prints."""

    port: int
    store: Store
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """What the server has printed so far."""
        return self.output.read_text(encoding="utf-8")

    def first_link(self) -> str:
        """The sign-in link of the first administrator, as printed."""
        return wait_for(lambda: _LINK.search(self.printed), "sign-in link on the terminal").group()

    def browser(self, **headers: str) -> httpx.Client:
        """A client that behaves as a browser on a page of the app does."""
        return httpx.Client(
            base_url=self.url,
            headers={"accept": "text/html", "accept-language": "en", "origin": self.url, **headers},
        )

    def account(self, name: str, role: str = "manager", shown: str | None = None) -> int:
        """The id of a new account `name` whose password is PASSWORD; `shown` is the person's name."""
        account_id, _ = service.create_account(
            SYSTEM,
            self.store,
            username=name,
            display_name=shown or f"{name} the tester",
            role=role,
            now=now(),
        )
        service.set_password(self.store, account_id, PASSWORD, now=now())
        return account_id

    def token(self, name: str) -> str:
        """The token of a fresh session of that account."""
        return service.sign_in(self.store, name, PASSWORD, now=now())

    def cookie(self, name: str) -> str:
        """The Cookie header of a fresh session of that account."""
        return f"{SESSION_COOKIE}={self.token(name)}"


def wait_for(look: Callable[[], _Found | None], what: str, seconds: float = STARTS_WITHIN_S) -> _Found:
    """What `look` gives as soon as it is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"there was no {what} within {seconds:.0f} s")


def with_demo(data_dir: Path) -> None:
    """Put the demo company into the empty data folder, before the app is served on it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{data_dir / 'customers.db'}", data_dir)
    prepare(store)
    load_demo(SYSTEM, store, now=now(), progress=lambda _share, _step: None)
    store.engine.dispose()


@contextmanager
def served(data_dir: Path, command: tuple[str, ...] = RUN) -> Iterator[Server]:
    """Serve the app until the block ends. `command`: arguments of Python, to which a free port is added."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    output = data_dir / "printed.txt"
    with output.open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, *command, str(port)),
            cwd=PROJECT,
            env=environment(data_dir),
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_healthy(port, process, output)
        # Addressed by URL, so that the environment of the tests does not matter.
        store = open_store(f"sqlite:///{data_dir / 'customers.db'}", data_dir)
        yield Server(port, store, process, output)
        store.engine.dispose()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of a program that works on `data_dir` alone.

    It has no locale, as on a bare machine: the terminal speaks English, and nothing may depend on the locale.
    """
    settled = ("DATABASE_URL", "LANG", "LANGUAGE")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in settled and not name.startswith("LC_")
    }
    return {**kept, "APP_DATA_DIR": str(data_dir), "LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    def healthy() -> bool:
        assert process.poll() is None, f"the server ended:\n{output.read_text(encoding='utf-8')}"
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    wait_for(healthy, "healthy server")
