"""The invented words the demo company is made of, read from data/demo."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.store.engine import PROJECT

FOLDER = PROJECT / "data" / "demo"


@dataclass(frozen=True)
class DemoDepartment:
    """A department of the demo company and its people."""

    name: str
    customers: int
    leads: float
    """Share of the company's leads that come to it."""
    online: bool
    """Serves private buyers through shops on the net; the others serve stores through field visits."""
    answers_late: float
    """Share of win-back contacts made after their time had run out."""
    careless: float
    """Share of the filled fields of its customers that are wrong."""
    supervisor: str
    account_managers: tuple[str, ...]
    intern: str

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody, the supervisor first, the intern last."""
        return (self.supervisor, *self.account_managers, self.intern)


@cache
def departments() -> tuple[DemoDepartment, ...]:
    """The four departments, in the order of their file."""
    rows = toml("departments.toml")["departments"]
    return tuple(
        DemoDepartment(**{**row, "account_managers": tuple(row["account_managers"])}) for row in rows
    )


@cache
def toml(name: str) -> dict[str, Any]:
    """A word list in TOML."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """A word list in CSV: one dict a row."""
    with Path(FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
