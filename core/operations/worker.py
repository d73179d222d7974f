"""The worker: takes jobs from the queue one at a time and lives or dies apart from the pages.

`python -m core.operations.worker` is what the app starts beside itself; it ends with the app.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from types import FrameType

from sqlalchemy.exc import OperationalError

from core import clock
from core.errors import ProductError
from core.language import Message, mark
from core.operations import jobs as handlers
from core.operations.log import describe, open_log
from core.store import jobs
from core.store.engine import Store, open_store
from core.store.presence import present

POLL_SECONDS = 0.5
REPORT_SECONDS = 0.5
HEARTBEAT_SECONDS = 15

_DEFECT = mark("Something went wrong that is not your fault. Tell your administrator: job {number}.")
_STOPPED = mark("The worker was told to stop. Run it again; nothing is saved twice.")


class _Reporter:
    """Writes progress from a thread of its own, newest first, and keeps the lease alive.

    The work may hold the only write lock of SQLite for many seconds; were progress written where the work
    is done, it would wait for itself.
    """

    def __init__(self, store: Store, job_id: int) -> None:
        self._store, self._job_id = store, job_id
        self._news: tuple[float, Message] | None = None
        self._guard, self._ended = Lock(), Event()
        self._lost = False

    def __call__(self, fraction: float, step: Message) -> None:
        """Say how far the work is. Raises LeaseLost when the job was given up in the meantime."""
        if self._lost:
            raise jobs.LeaseLost(self._job_id)
        with self._guard:
            self._news = (fraction, step)

    @contextmanager
    def running(self) -> Iterator[_Reporter]:
        thread = Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def _run(self) -> None:
        quiet = 0.0
        while not self._ended.wait(REPORT_SECONDS) and not self._lost:
            quiet += REPORT_SECONDS
            with self._guard:
                news, self._news = self._news, None
            if news is None and quiet < HEARTBEAT_SECONDS:
                continue
            try:
                jobs.report(self._store, self._job_id, *(news or (None, None)), now=clock.now())
                quiet = 0.0
            except jobs.LeaseLost:
                self._lost = True
            except OperationalError:
                continue  # the database is busy; the next report says more


def run_one(store: Store, worker: str) -> bool:
    """Take the next job and do it. False when none was waiting."""
    job = jobs.claim_next(store, worker, now=clock.now())
    if job is None:
        return False
    try:
        with _Reporter(store, job.id).running() as progress:
            result = handlers.run(store, job, now=clock.now(), progress=progress)
        jobs.finish(store, job.id, result, now=clock.now())
    except ProductError as refusal:
        jobs.fail(store, job.id, refusal.message, now=clock.now())
    except jobs.LeaseLost:
        open_log(store).warning("job %s was given up while it ran", job.id)
    except SystemExit:
        jobs.fail(store, job.id, Message(_STOPPED), now=clock.now())
        raise
    except Exception as error:  # a defect in one job must not end the worker
        open_log(store).error("job %s (%s): %s", job.id, job.kind, describe(error))
        jobs.fail(store, job.id, Message(_DEFECT, {"number": job.id}), now=clock.now())
    return True


def work(store: Store, *, once: bool = False, with_parent: bool = False) -> None:
    """Do jobs until told to stop (SIGTERM, SIGINT); with `once`, until none is waiting.

    `with_parent`: stop when standard input ends, as it does when the process that started this one dies. Before
    the first job it asks for a cycle where the figures of pages are missing.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if with_parent:
        Thread(target=_stop_with_parent, daemon=True).start()
    idle, caught_up = Event(), False
    with present(store) as name:
        while True:
            try:
                jobs.fail_lost(store, now=clock.now())
                if not caught_up:
                    handlers.catch_up(store, now=clock.now())
                    caught_up = True
                busy = run_one(store, name)
            except OperationalError as error:  # the database is away or locked: wait for it
                open_log(store).warning("worker: %s", describe(error))
                busy = False
            if not busy:
                if once:
                    return
                idle.wait(POLL_SECONDS)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)  # unwinds the running job, whose transaction is rolled back


def _stop_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    work(open_store(), with_parent=True)
