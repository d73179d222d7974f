"""Where a customer is, filled in from what the row says otherwise. Pure.

Of a new customer and of one who is changed: what is missing of region, province and city is filled in where it
contradicts nothing that is given. A place that a file gives also takes along what followed from the place before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.facts.checking.results import CleanedField
from core.facts.cleaning.places import Place, place_of_address, place_of_phone

PLACES = ("region", "province", "city")
"""From the coarsest to the finest."""
_TELLING = {*PLACES, "phone", "address"}
_SAMPLES = 5


def fill(rows: Sequence[dict[str, Any]], others: Iterable[Mapping[str, str]] = ()) -> list[CleanedField]:
    """Add to the rows (field code -> value, blank ones absent) what is missing of region, province and city; how many
    cells of each were filled, `others` (see `follow`) included."""
    filled: dict[str, Counter[str]] = defaultdict(Counter)
    added = [_missing(row) for row in rows]
    for row, missing in zip(rows, added, strict=True):
        row.update(missing)
    for cells in (*added, *others):
        for name, value in cells.items():
            filled[name][value] += 1
    return [
        CleanedField(
            name, values.total(), tuple(("", value) for value, _ in values.most_common(_SAMPLES)), "filled"
        )
        for name, values in filled.items()
    ]


def follow(
    row: Mapping[str, Any], changes: dict[str, Any], stored: Mapping[str, str | None]
) -> dict[str, str]:
    """Add to the changes of a stored customer what follows from the row for the places that it leaves blank; what of it
    was filled in. `stored`: region, province and city before.

    Coarser places that followed from the place before follow from the new one; a city that lies in another province
    than the one given is cleared. A region that the company draws otherwise stays.
    """
    said = {name for name, value in changes.items() if value is not None}
    if not _TELLING & said:
        return {}
    given = {name: row[name] for name in PLACES if name in row}
    held = {
        name: value for name, value in stored.items() if value and name not in given and name not in changes
    }
    if said & {"province", "city"}:
        replaced = _replaced(given, held, _place_of(stored))
        held = {name: value for name, value in (held | replaced).items() if value}
    else:
        replaced = {}
    missing = _missing({**held, **row})
    found = {name: value for name, value in (replaced | missing).items() if value != stored.get(name)}
    found = {name: value for name, value in found.items() if name not in changes}
    changes |= found
    return {name: value for name, value in found.items() if value}


def _replaced(
    given: Mapping[str, str], held: Mapping[str, str], before: Place | None
) -> dict[str, str | None]:
    """What becomes of held places that contradict the given ones."""
    place = _place_of(given)
    if place is None or not all(_agree(given[name], _told(place)[name]) for name in given):
        return {}
    found: dict[str, str | None] = {}
    for name, value in held.items():
        told, once = _told(place)[name], before and _told(before)[name]
        if told and not _agree(value, told) and once and _agree(value, once):
            found[name] = told
    city = place_of_address(held["city"]) if "city" in held else None
    if city and not _agree(city.province, place.province):
        found["city"] = None
    return found


def _place_of(known: Mapping[str, str | None]) -> Place | None:
    address = "".join(known.get(name) or "" for name in ("province", "city"))
    return place_of_address(address) if address else None


def _missing(row: Mapping[str, Any]) -> dict[str, str]:
    known = {name: row[name] for name in PLACES if name in row}
    if len(known) == len(PLACES):
        return {}
    found: dict[str, str] = {}
    for place in _places(row):
        told = _told(place)
        if all(_agree(known[name], told[name]) for name in known):
            found |= {name: value for name, value in told.items() if value and name not in known}
            known |= found
    return found


def _told(place: Place) -> dict[str, str | None]:
    return {"region": place.region, "province": place.province, "city": place.city}


def _places(row: Mapping[str, Any]) -> Iterator[Place]:
    """What the row tells, the surest first: a number may have been issued long ago and elsewhere."""
    for place in (_place_of(row), place_of_address(row["address"]) if "address" in row else None):
        if place:
            yield place
    place = place_of_phone(row["phone"]) if "phone" in row else None
    if place:
        yield place


def _agree(known: str, told: str | None) -> bool:
    """Whether two names can mean one place: 浙江 and 浙江省 do. What is not told contradicts nothing."""
    return told is None or told.startswith(known) or known.startswith(told)
