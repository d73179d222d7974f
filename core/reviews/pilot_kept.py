"""The weekly counts of a pilot that has ended, kept with it: the mart forgets a week after a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from core.measures.catalogue import MEASURES
from core.measures.queries import Reading
from core.measures.readings import Counts, reading
from core.policy.model import Evidence
from core.statistics import Clusters


def to_json(found: Mapping[str, Sequence[Reading]], as_of: date | None) -> dict[str, Any]:
    """The counts by measure and week and the day as of which they were worked out, in a form that JSON can hold."""
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "weeks": {
            code: [
                {"week": each.start.isoformat(), "complete": each.complete, **asdict(each.counts)}
                for each in weeks
            ]
            for code, weeks in found.items()
        },
    }


def kept_readings(kept: Mapping[str, Any], evidence: Evidence) -> dict[str, list[Reading]]:
    """Code -> the figures that the counts of `to_json` give; measures that are not known any more are left out."""
    return {
        code: [
            reading(
                MEASURES[code],
                date.fromisoformat(each["week"]),
                _counts(each),
                evidence,
                complete=each["complete"],
            )
            for each in weeks
        ]
        for code, weeks in kept["weeks"].items()
        if code in MEASURES
    }


def kept_as_of(kept: Mapping[str, Any]) -> date | None:
    """The day as of which the kept counts were worked out; None where there were none."""
    return None if kept["as_of"] is None else date.fromisoformat(kept["as_of"])


def _counts(kept: Mapping[str, Any]) -> Counts:
    clusters = None if kept["clusters"] is None else Clusters(*kept["clusters"])
    return Counts(kept["numerator"], kept["denominator"], kept["squares"], clusters)
