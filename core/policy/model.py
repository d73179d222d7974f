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
class FirstResponse:
    within_hours: int


@dataclass(frozen=True)
class BusinessHours:
    """When the company is open, for clocks that run only then."""

    opens: str
    """`09:00`, in the business time zone; so `closes`, up to `24:00`."""
    closes: str
    weekdays: str
    """ISO numbers with commas between, 1 is Monday."""
    holidays_of: str
    """ISO 3166 code of the country whose public holidays are closed and whose make-up days are open; empty: none."""
    extra_days_off: str
    """ISO days with commas between; so `extra_days_on`, which weigh more than all else."""
    extra_days_on: str


@dataclass(frozen=True)
class UpdateClock:
    """After which facts, and by when, a customer's record has to be completed."""

    within_hours: float
    hours: str
    """wall, business"""
    transactions: bool
    interactions: bool
    behaviour: bool
    not_older_than_days: int
    """How old a fact may be when it comes on record; an older one owes nothing."""


@dataclass(frozen=True)
class Funnel:
    window_days: int
    """Days from arrival within which a lead counts as won; after them it counts as not won."""


@dataclass(frozen=True)
class ChannelTiers:
    """Ratios to the whole company's figure, see `core.acquisition.channels`."""

    smallest_leads: int
    core_cost_up_to: float
    core_conversion_from: float
    inefficient_cost_from: float
    inefficient_conversion_up_to: float


@dataclass(frozen=True)
class Accuracy:
    """The rules of fields that depend on a number."""

    phone_shared_by_at_most: int
    oldest_age: int


@dataclass(frozen=True)
class DataQuality:
    """What is asked of records beside the rules of their fields."""

    fresh_within_days: int
    """Days within which a record is to be updated or confirmed."""
    fresh_target: float
    """Share of records from 0 to 1."""
    fix_within_days: int
    """Days after a reminder."""
    similar_name_from: float
    """Likeness of two names, from 0 to 1, from which they may mean the same company."""


@dataclass(frozen=True)
class Evidence:
    """How much is needed before a figure is compared or ranked."""

    smallest_n: int
    widest_interval: float
    """Of a share, from 0 to 1."""


@dataclass(frozen=True)
class Targets:
    """The value each measure should reach, under the code of the measure; shares from 0 to 1, amounts in units."""

    completeness: float
    accuracy: float
    first_response_on_time: float
    warning_response_on_time: float
    win_back: float
    lead_conversion: float
    acquisition_cost: float
    retention: float
    repurchase: float
    average_order_value: float
    satisfaction: float
    satisfied_share: float
    churn: float
    high_value_share: float


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
    first_response: FirstResponse
    business_hours: BusinessHours
    update_clock: UpdateClock
    funnel: Funnel
    channel_tiers: ChannelTiers
    accuracy: Accuracy
    data_quality: DataQuality
    evidence: Evidence
    targets: Targets

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
