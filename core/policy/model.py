"""The policy as rules read it: typed, complete, with the version it comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from functools import cache
from typing import Any, get_type_hints


def is_section(kind: object) -> bool:
    """Whether a field of `Policy` is a section of keys rather than a plain value."""
    return isinstance(kind, type) and is_dataclass(kind)


@dataclass(frozen=True)
class Business:
    time_zone: str
    """IANA name of the zone in which a day begins and ends."""
    currency: str
    """ISO 4217 code."""


@dataclass(frozen=True)
class Scoring:
    window_months: int


@dataclass(frozen=True)
class Tiers:
    high_from_rank: float
    low_below_rank: float
    potential_r_from: int
    potential_f_or_m_from: int


@dataclass(frozen=True)
class Cells:
    upper_from_rank: float


@dataclass(frozen=True)
class Lifecycle:
    new_days: int
    active_days: int
    dormant_days: int


@dataclass(frozen=True)
class InteractionsDrop:
    window_days: int
    at_most_share: float
    at_least_before: int


@dataclass(frozen=True)
class NoPurchase:
    quarters: int
    at_least_orders_before: int


@dataclass(frozen=True)
class LowSatisfaction:
    at_most_score: int
    window_days: int


@dataclass(frozen=True)
class WorkOrders:
    respond_within_hours: int
    cooldown_days: int
    new_per_person_a_day: int


@dataclass(frozen=True)
class Policy:
    """Every threshold, window and clock in force; units and sources stand in `data/policy/default.toml`."""

    version: int
    effective_from: date
    business: Business
    scoring: Scoring
    tiers: Tiers
    cells: Cells
    lifecycle: Lifecycle
    interactions_drop: InteractionsDrop
    no_purchase: NoPurchase
    low_satisfaction: LowSatisfaction
    work_orders: WorkOrders

    @classmethod
    def from_values(
        cls, version: int, effective_from: date, values: Mapping[str, Mapping[str, Any]]
    ) -> Policy:
        """The policy of stored `values` (section -> key -> value).

        A section or key that is missing or unknown raises TypeError or KeyError: a policy is complete or none.
        """
        kinds = _sections()
        sections: dict[str, Any] = {name: kinds[name](**keys) for name, keys in values.items()}
        return cls(version=version, effective_from=effective_from, **sections)

    def values(self) -> dict[str, dict[str, Any]]:
        """Section -> key -> value: what `from_values` takes."""
        return {k: v for k, v in asdict(self).items() if isinstance(v, dict)}


@cache
def _sections() -> dict[str, Any]:
    """Name -> class of the sections; worked out once, because reading the hints anew costs more than a query."""
    return {name: kind for name, kind in get_type_hints(Policy).items() if is_section(kind)}
