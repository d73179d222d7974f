"""Where a new customer is, filled in from what the row says otherwise. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.facts.checking import CleanedField
from core.facts.places import Place, place_of_address, place_of_phone

_PLACES = ("region", "province", "city")
_SAMPLES = 5


def fill(rows: Sequence[dict[str, Any]]) -> list[CleanedField]:
    """Add to the rows (field code -> value, blank ones absent) what is missing of region, province and city; how many
    cells of each were filled."""
    filled: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name, value in _missing(row).items():
            row[name] = value
            filled[name][value] += 1
    return [
        CleanedField(
            name, values.total(), tuple(("", value) for value, _ in values.most_common(_SAMPLES)), "filled"
        )
        for name, values in filled.items()
    ]


def _missing(row: Mapping[str, Any]) -> dict[str, str]:
    known = {name: row[name] for name in _PLACES if name in row}
    if len(known) == len(_PLACES):
        return {}
    found: dict[str, str] = {}
    for place in _places(row):
        told = {"region": place.region, "province": place.province, "city": place.city}
        if all(_agree(known[name], told[name]) for name in known):
            found |= {name: value for name, value in told.items() if value and name not in known}
            known |= found
    return found


def _places(row: Mapping[str, Any]) -> Iterator[Place]:
    """What the row tells, the surest first: a number may have been issued long ago and elsewhere."""
    address = "".join(row.get(name, "") for name in ("province", "city"))
    for text in (address, row.get("address", "")):
        place = place_of_address(text) if text else None
        if place:
            yield place
    place = place_of_phone(row["phone"]) if "phone" in row else None
    if place:
        yield place


def _agree(known: str, told: str | None) -> bool:
    """Whether two names can mean one place: 浙江 and 浙江省 do. What is not told contradicts nothing."""
    return told is None or told.startswith(known) or known.startswith(told)
