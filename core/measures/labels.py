"""The words and signs for codes of measures."""

from __future__ import annotations

from core.language import mark
from core.measures.readings import Standing

STANDINGS: dict[str, str] = {
    Standing.MET: mark("On target"),
    Standing.MISSED: mark("Off target"),
    Standing.UNDECIDED: mark("Undecided"),
    Standing.TOO_FEW: mark("Too few cases"),
    Standing.NO_DATA: mark("No data"),
    Standing.NO_TARGET: mark("No target"),
}
"""How a measure stands to its target."""

SIGNS: dict[str, str] = {
    Standing.MET: "●",
    Standing.MISSED: "▲",
    Standing.UNDECIDED: "◐",
    Standing.TOO_FEW: "○",
    Standing.NO_DATA: "□",
    Standing.NO_TARGET: "◇",
}
"""A shape for each standing, so that nobody depends on its colour."""
