"""How often a name may be tried: after five wrong passwords sign-in with it rests for a quarter of an hour."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_FAILURES = 5
"""A person who mistypes gets through; a guesser gets 480 tries a day, nothing against ten characters."""
LOCK = timedelta(minutes=15)
MAX_UNKNOWN_NAMES = 10_000
"""Bounds the memory that guessing made-up names can take; the oldest are forgotten first."""


@dataclass(frozen=True)
class Attempts:
    """Failures since the last success or the last lock, and until when the name is locked."""

    failed: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def plus_one(self, now: datetime) -> Attempts:
        """After one more failure at `now`; the count starts again when a lock has run out."""
        failed = 1 if self.locked_until is not None else self.failed + 1
        return Attempts(failed, now + LOCK if failed >= MAX_FAILURES else None)


class UnknownNames:
    """Attempts on names that no account has, kept in memory: they must lock as known names do."""

    def __init__(self) -> None:
        self._attempts: OrderedDict[str, Attempts] = OrderedDict()

    def get(self, name: str) -> Attempts:
        return self._attempts.get(name, Attempts())

    def put(self, name: str, attempts: Attempts) -> None:
        self._attempts[name] = attempts
        self._attempts.move_to_end(name)
        while len(self._attempts) > MAX_UNKNOWN_NAMES:
            self._attempts.popitem(last=False)
