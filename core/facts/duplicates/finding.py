"""Which customers may be one: the same phone, or a name alike and nothing against it. Pure.

Every pair has a reason:

==================  ==================================================================================
same_name_phone     the same phone and the very same name, but for spaces, width and case
similar_name_phone  the same phone, and names alike: in place, legal form or a slip they may differ
same_name_birthday  persons: the same full name and the same birthday. A name alone says nothing of one
same_name_email     persons: the same full name and the same e-mail
same_phone          the same phone and other names, shared by no more customers than the policy allows: a
                    phone of many is a clerk's or a placeholder and says nothing
same_name           companies: the very same name, and neither province nor city against it
similar_name        companies: names alike, and neither province nor city against it; not the very same
                    names need a city or province in common
==================  ==================================================================================

Compared are only names that share one of their two rarest pairs of characters, so that the time grows with the
number of customers and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from core.facts.duplicates.name_likeness import (
    PROVINCES,
    core_of,
    likeness,
    place_named,
    place_of,
    same_words,
    says_nothing,
)
from core.policy.model import Policy

REASONS = (
    "same_name_phone", "similar_name_phone", "same_name_birthday", "same_name_email", "same_phone", "same_name",
    "similar_name",
)  # fmt: skip
"""The surest first."""
_RAREST = 2
_TOO_COMMON = 60
"""A pair of characters that more names share than these tells nothing apart."""
_PHONES_OF_ONE_NAME = 20


@dataclass(frozen=True, slots=True)
class Person:
    """What the search knows of a customer. Phone and e-mail are digests."""

    id: int
    name: str
    company: bool
    phone: bytes | None = None
    email: bytes | None = None
    birthday: date | None = None
    province: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers who may be one; `first` is the lower id, `likeness` that of their names in percent."""

    first: int
    second: int
    reason: str
    likeness: int


@dataclass
class _Found:
    pairs: dict[tuple[int, int], Pair] = field(default_factory=dict)

    def add(self, one: Person, other: Person, reason: str, alike: int) -> None:
        first, second = sorted((one.id, other.id))
        self.pairs.setdefault((first, second), Pair(first, second, reason, alike))


@dataclass(frozen=True)
class _Names:
    """What names come down to, by customer (empty for a placeholder), and the places that stand in names."""

    cores: dict[int, str]
    places: frozenset[str]

    def elsewhere(self, one: Person, other: Person) -> bool:
        """Whether the names say two different cities, or two different provinces."""
        here, there = place_named(one.name, self.places), place_named(other.name, self.places)
        level = (here in PROVINCES) == (there in PROVINCES)
        return bool(here and there) and here != there and level


def find_pairs(people: Sequence[Person], policy: Policy) -> list[Pair]:
    """The pairs among `people`, each once, with the strongest reason; by their ids."""
    places = frozenset((*PROVINCES, *_cities(people)))
    names = _Names(
        {each.id: "" if says_nothing(each.name) else core_of(each.name, places) for each in people}, places
    )
    found = _Found()
    least = policy.data_quality.similar_name_from * 100
    _by_phone(people, names, policy.accuracy.phone_shared_by_at_most, least, found)
    _persons([person for person in people if not person.company], names.cores, found)
    _companies([person for person in people if person.company], names, least, found)
    return [found.pairs[key] for key in sorted(found.pairs)]


def _cities(people: Iterable[Person]) -> set[str]:
    """The cities that customers are in; they also stand before names."""
    return {place for person in people if len(place := place_of(person.city)) > 1}


def _by_phone(people: Iterable[Person], names: _Names, most: int, least: float, found: _Found) -> None:
    groups: dict[bytes, list[Person]] = defaultdict(list)
    for person in people:
        if person.phone is not None:
            groups[person.phone].append(person)
    for group in groups.values():
        for one, other in _pairs_of_phone(group, names.cores, most):
            first, second = names.cores[one.id], names.cores[other.id]
            alike = likeness(first, second) if first and second else 0
            found.add(one, other, _reason_of_phone(one, other, alike, least), alike)


def _reason_of_phone(one: Person, other: Person, alike: int, least: float) -> str:
    if alike and same_words(one.name, other.name):
        return "same_name_phone"
    return "similar_name_phone" if alike >= least else "same_phone"


def _pairs_of_phone(group: list[Person], cores: dict[int, str], most: int) -> Iterator[tuple[Person, Person]]:
    if len(group) <= most:
        yield from combinations(group, 2)
        return
    # The phone says nothing here, but name and phone together do.
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in group:
        by_name[cores[person.id]].append(person)
    for name, same in by_name.items():
        if name and len(same) <= _PHONES_OF_ONE_NAME:
            yield from combinations(same, 2)


def _persons(people: Iterable[Person], cores: dict[int, str], found: _Found) -> None:
    groups: dict[tuple[str, str, object], list[Person]] = defaultdict(list)
    for person in people:
        name = cores[person.id]
        for reason, evidence in (("same_name_birthday", person.birthday), ("same_name_email", person.email)):
            if name and evidence is not None:
                groups[name, reason, evidence].append(person)
    for (_name, reason, _evidence), group in groups.items():
        if len(group) <= _PHONES_OF_ONE_NAME:
            for one, other in combinations(group, 2):
                same = same_words(one.name, other.name)
                found.add(one, other, reason if same else "similar_name", 100)


def _companies(people: list[Person], names: _Names, least: float, found: _Found) -> None:
    cores = names.cores
    known = [person for person in people if len(cores[person.id]) > 1]
    common = Counter(piece for person in known for piece in _pieces(cores[person.id]))
    blocks: dict[str, list[Person]] = defaultdict(list)
    for person in known:
        core = cores[person.id]
        # The whole name is a block of its own: names of common characters would otherwise share none.
        blocks["=" + core].append(person)
        for piece in sorted(_pieces(core), key=lambda piece: (common[piece], piece))[:_RAREST]:
            if common[piece] <= _TOO_COMMON:
                blocks[piece].append(person)
    for block in blocks.values():
        if len(block) <= _TOO_COMMON:
            for one, other in combinations(block, 2):
                alike = likeness(cores[one.id], cores[other.id])
                agree = _agree(one, other, same=alike == 100) and not names.elsewhere(one, other)
                if alike >= least and agree:
                    same = same_words(one.name, other.name)
                    found.add(one, other, "same_name" if same else "similar_name", alike)


def _pieces(core: str) -> set[str]:
    """Pairs of Chinese characters; of letters four, because pairs of them are in every name."""
    size = 4 if core.isascii() else 2
    return {core[at : at + size] for at in range(max(1, len(core) - size + 1))}


def _agree(one: Person, other: Person, *, same: bool) -> bool:
    """Whether the places do not speak against it, and for names that only are alike speak for it."""
    together = False
    for first, second in ((one.province, other.province), (one.city, other.city)):
        here, there = place_of(first), place_of(second)
        if here and there:
            if here != there:
                return False
            together = True
    return same or together
