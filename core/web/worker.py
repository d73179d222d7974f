"""The worker beside the server: started with it, restarted when it dies, ended with it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

from core.store.engine import PROJECT

_COMMAND = (sys.executable, "-m", "core.operations.worker")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a dead worker is started again; doubled each time it dies young, so that a broken one does
not keep the machine busy."""
_HEALTHY_AFTER = 60.0
_GRACE = 10.0
"""Seconds that a worker gets to lay down its job when the server ends."""

_log = logging.getLogger(__name__)


class Worker:
    """Keeps one worker process running. The worker ends itself when its standard input does, so that it does
    not outlive a server that was killed."""

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        self._command = command
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def alive(self) -> bool:
        """Whether a worker process is running now."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask the worker to end, and end it when it does not."""
        self._ending.set()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._thread.join(_GRACE)

    def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while not self._ending.is_set():
            started = time.monotonic()
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdin=subprocess.PIPE,
                cwd=PROJECT,
                start_new_session=True,  # Ctrl+C in the terminal is for the server, which then ends the worker
            )
            code = self._process.wait()
            if self._ending.is_set():
                return
            if time.monotonic() - started > _HEALTHY_AFTER:
                pause = _FIRST_PAUSE
            _log.warning("the worker ended with code %s; starting it again in %.0f s", code, pause)
            self._ending.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
