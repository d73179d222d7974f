"""Reading in a child process, so that no file can hurt the caller."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Timer
from typing import IO, Any

from core.errors import Refused
from core.facts.reading.limits import DEFAULT_LIMITS, Limits
from core.facts.reading.refusals import damaged, needs_memory, unexpected
from core.facts.reading.staged import FileOutline, StagedSheet
from core.language import Message, mark

Progress = Callable[[float], None]
log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]


def outline(
    path: Path,
    file_name: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    encoding: str | None = None,
    delimiter: str | None = None,
    headless: Collection[int] = (),
) -> FileOutline:
    """What is in the file at `path`, called `file_name` by whoever uploaded it.

    `encoding` and `delimiter` are those of a text file where a person knows them better (one of `ENCODINGS`, of
    `DELIMITERS`); None finds them. Both are ignored for a workbook.
    `headless`: places of the sheets that have no header, so that their first row is data.
    Raises Refused when the file cannot be read; what is wrong with a single sheet stands in its `problem`.
    """
    request = {
        "do": "outline",
        "path": str(path.resolve()),
        "encoding": encoding,
        "delimiter": delimiter,
        "headless": list(headless),
    }
    return FileOutline.from_json(_ask(request, file_name, limits, None))


def stage(
    path: Path,
    file_name: str,
    sheet: str | None,
    into: Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    encoding: str | None = None,
    delimiter: str | None = None,
    headless: bool = False,
    progress: Progress | None = None,
) -> StagedSheet:
    """Read one sheet into Parquet files in the folder `into`, which is made if need be.

    `sheet` None means the first visible one; a text file has only one. `encoding` and `delimiter` as for
    `outline`; `headless`: it has no header. `progress` is called with the share of the rows done, 0 to 1. Raises
    Refused when the sheet cannot be read; `into` then holds nothing of use.
    """
    request = {
        "do": "stage",
        "path": str(path.resolve()),
        "encoding": encoding,
        "delimiter": delimiter,
        "sheet": sheet,
        "into": str(into.resolve()),
        "headless": headless,
    }
    return StagedSheet.from_json(_ask(request, file_name, limits, progress))


def _ask(
    request: dict[str, Any], file_name: str, limits: Limits, progress: Progress | None
) -> dict[str, Any]:
    """The child's answer to a request."""
    answer: dict[str, Any] = {}
    timed_out = False
    with tempfile.TemporaryFile() as complaints:
        child = _start(complaints)

        def stop() -> None:
            nonlocal timed_out
            timed_out = True
            _kill(child)

        clock = Timer(limits.seconds, stop)
        clock.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with suppress(BrokenPipeError), child.stdin:
                json.dump(request | {"file_name": file_name, "limits": asdict(limits)}, child.stdin)
            for line in child.stdout:
                answer = json.loads(line) if line.endswith("\n") else {}
                if progress and "progress" in answer:
                    progress(answer["progress"])
            child.wait()
        finally:
            clock.cancel()
            _kill(child)
        if "result" in answer and child.returncode == 0:
            result: dict[str, Any] = answer["result"]
            return result
        if "refused" in answer:
            raise Refused(Message.from_json(answer["refused"]))
        raise _died(child.returncode, timed_out, complaints, file_name, limits)


def _start(complaints: IO[bytes]) -> subprocess.Popen[str]:
    """The child, in a process group of its own and without the caller's secrets in its environment."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "core.facts.reading.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        cwd=ROOT,
        env=environment | {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def _kill(child: subprocess.Popen[str]) -> None:
    """End the child with all it started; harmless when it has ended and was waited for."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _died(returncode: int, timed_out: bool, complaints: IO[bytes], file_name: str, limits: Limits) -> Refused:
    """Why a child that gave no answer ended."""
    complaints.seek(0)
    last_words = complaints.read(20_000).decode("utf-8", "replace")
    if timed_out or returncode == -signal.SIGXCPU:
        return Refused(
            mark(
                "{file} could not be read within {seconds} seconds. Split it and upload the parts one by one."
            ),
            file=file_name,
            seconds=limits.seconds,
        )
    if returncode == -signal.SIGKILL or "memory allocation" in last_words:
        return needs_memory(file_name)
    log.error("The reader of an uploaded file ended with %s: %s", returncode, last_words)
    return unexpected(file_name) if returncode > 0 else damaged(file_name)
