import tomllib

import pytest

from core.policy.model import Policy
from core.policy.service import DEFAULT_POLICY, default_policy


def test_values_and_policy_are_two_forms_of_the_same():
    policy = default_policy()
    assert Policy.from_values(policy.version, policy.effective_from, policy.values()) == policy


def test_a_policy_with_a_missing_key_is_none():
    policy = default_policy()
    values = policy.values()
    del values["scoring"]["window_months"]
    with pytest.raises(TypeError):
        Policy.from_values(1, policy.effective_from, values)


def test_a_policy_with_a_missing_section_is_none():
    policy = default_policy()
    values = policy.values()
    del values["lifecycle"]
    with pytest.raises(TypeError):
        Policy.from_values(1, policy.effective_from, values)


def test_a_policy_with_an_unknown_section_is_none():
    policy = default_policy()
    with pytest.raises(KeyError):
        Policy.from_values(1, policy.effective_from, policy.values() | {"weather": {}})


def test_every_default_names_its_unit_and_source():
    document = tomllib.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    document.pop("effective_from")
    entries = [(s, k, entry) for s, keys in document.items() for k, entry in keys.items()]
    assert entries
    assert [(s, k) for s, k, entry in entries if not (entry.get("unit") and entry.get("source"))] == []
