"""What a golden file is: how it is made, and what reading it must give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PEOPLE = ("customer_code", "name", "phone")
ORDERS = ("customer_code", "ordered_at", "amount")


@dataclass(frozen=True)
class Golden:
    """One file and its expected result.

    `build` writes it and gives its path; `accepted`: row -> the values of `fields` as they are stored;
    `rejected`: row -> a part of "column: reason", or several; `cleaned`: field -> cells; `notes`: a part of each
    note, in order; `refused`: a part of the sentence where the whole file is refused.
    """

    name: str
    build: Callable[[Path], Path]
    accepted: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    rejected: Mapping[int, str | tuple[str, ...]] = field(default_factory=dict)
    cleaned: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""
    table: str = "customers"
    fields: tuple[str, ...] = PEOPLE
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    """What a person says of the file: encoding, delimiter."""
