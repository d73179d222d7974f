"""The catalogue is total: every measure has its target, its working, its words."""

from __future__ import annotations

from dataclasses import fields

from core.measures.catalogue import MEASURES
from core.measures.workings import WORKINGS
from core.policy.model import Targets


def test_every_measure_has_a_target_and_every_target_a_measure():
    assert [each.name for each in fields(Targets)] == list(MEASURES)


def test_every_measure_is_worked_out():
    assert list(WORKINGS) == list(MEASURES)


def test_every_measure_says_what_it_is():
    for code, measure in MEASURES.items():
        assert measure.code == code
        assert measure.definition.endswith(".")
        assert all((measure.label, measure.numerator, measure.denominator))


def test_less_is_better_of_cost_and_churn_only():
    assert {code for code, measure in MEASURES.items() if not measure.higher_is_better} == {
        "acquisition_cost",
        "churn",
    }
