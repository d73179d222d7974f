"""The server's life: started by uvicorn too, unsafe settings refused, the worker kept and ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from core.store.engine import PROJECT
from core.web.serving import send_at_once
from core.web.worker import Worker
from tests.serving import served


def until(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_uvicorn_serves_the_same_app_and_prints_its_own_address(tmp_path: Path) -> None:
    with served(tmp_path, ("-m", "uvicorn", "app:app", "--port")) as server:
        with server.browser() as browser:
            assert browser.get("/").headers["location"] == "/sign-in"
        assert f"http://127.0.0.1:{server.port}/link/" in server.printed


def test_a_setting_that_would_let_clients_name_themselves_stops_the_start(tmp_path: Path) -> None:
    ended = subprocess.run(
        (sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"),
        cwd=PROJECT,
        env={
            **os.environ,
            "APP_DATA_DIR": str(tmp_path),
            "STREAMLIT_SERVER_TRUSTED_USER_HEADERS": '{"X-Other": "account_id"}',
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert b"trustedUserHeaders" in ended.stderr + ended.stdout


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    script = (
        "import os, pathlib, sys; folder = pathlib.Path(sys.argv[1]); "
        "(folder / str(os.getpid())).touch(); first = len(list(folder.iterdir())) == 1; "
        "sys.exit(1) if first else sys.stdin.read(); (folder / 'ended').touch()"
    )
    worker = Worker((sys.executable, "-c", script, str(marks)))
    worker.start()
    assert until(lambda: len(list(marks.iterdir())) == 2 and worker.alive())
    worker.stop()
    assert not worker.alive()
    assert (marks / "ended").exists()


def test_what_a_page_sends_is_not_held_back() -> None:
    with socket.socket() as listening, socket.socket() as browser:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        send_at_once()
        browser.connect(listening.getsockname())
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
