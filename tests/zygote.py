"""Children of the reader that are forked from one process with everything imported.

A fresh interpreter takes ten times as long to start as to read a small file. So what tests import is read in forks
of one, each with its own limits, as `core.facts.reading.child` sets them. Tests of hostile files, and what runs in a
program of its own, start it as the product does.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
from typing import IO

from core.facts.reading.process import ROOT

_SIZE = struct.calcsize("<q")
_PROGRAM = "from tests.zygote import serve; serve(int(__import__('sys').argv[1]))"


def serve(number: int) -> None:
    """Fork a child for each three descriptors that arrive; answer with its id, its status and its peak memory."""
    from core.facts.reading import child  # here, so that the process that asks need not import it

    with socket.socket(fileno=number) as asked:
        while True:
            _, descriptors, _, _ = socket.recv_fds(asked, 1, 3)
            if not descriptors:
                return
            forked = os.fork()
            if not forked:
                asked.close()
                _be_child(child.main, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            asked.send(struct.pack("<q", forked))
            _, status, used = os.wait4(forked, 0)
            asked.send(struct.pack("<qq", status, used.ru_maxrss))


def _be_child(main: object, descriptors: list[int]) -> None:
    code = 1
    try:
        os.setsid()
        for place, descriptor in enumerate(descriptors):
            os.dup2(descriptor, place)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        main()  # type: ignore[operator] # handed in untyped, so that nothing is imported above
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Zygote:
    """Starts one child after the other; `memory` lists the peak memory of each that has ended, in bytes."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(theirs.fileno())], cwd=ROOT, pass_fds=(theirs.fileno(),)
        )
        theirs.close()
        self._busy = threading.Lock()
        self.memory: list[int] = []

    def start(self, complaints: IO[bytes]) -> Forked:
        """In place of `process._start`. Waits until the child before has ended."""
        self._busy.acquire()
        child_input, our_output = os.pipe()
        our_input, child_output = os.pipe()
        socket.send_fds(self._socket, [b"x"], [child_input, child_output, complaints.fileno()])
        os.close(child_input)
        os.close(child_output)
        (pid,) = struct.unpack("<q", self._socket.recv(_SIZE, socket.MSG_WAITALL))
        return Forked(self, pid, our_output, our_input)

    def status(self, flags: int) -> int | None:
        """How the child ended; None while it runs and `flags` say not to wait."""
        try:
            answer = self._socket.recv(2 * _SIZE, flags)
        except BlockingIOError:
            return None
        status, kilobytes = struct.unpack("<qq", answer)
        self.memory.append(kilobytes * 1024)
        self._busy.release()
        return os.waitstatus_to_exitcode(status)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


class Forked:
    """What `process` uses of a `Popen`."""

    def __init__(self, zygote: Zygote, pid: int, output: int, source: int) -> None:
        self._zygote, self.pid = zygote, pid
        self.stdin = os.fdopen(output, "w", encoding="utf-8")
        self.stdout = os.fdopen(source, encoding="utf-8")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._zygote.status(socket.MSG_DONTWAIT)
        return self.returncode

    def wait(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._zygote.status(socket.MSG_WAITALL)
        self.stdout.close()
        return self.returncode
