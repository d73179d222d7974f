"""Commands on policy: the first version of a new company, recorded from the file that ships with the product."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.policy.model import Policy
from core.policy.tables import PolicyVersion
from core.store.engine import PROJECT, Store

DEFAULT_POLICY = PROJECT / "data" / "policy" / "default.toml"


def default_policy() -> Policy:
    """The policy a new company starts with, as version 1."""
    document = tomllib.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    effective_from = document.pop("effective_from")
    values = {
        section: {key: entry["value"] for key, entry in entries.items()}
        for section, entries in document.items()
    }
    return Policy.from_values(1, effective_from, values)


def record_default_policy(store: Store, *, now: datetime) -> None:
    """Record version 1 where no version exists yet, and give recorded ones the keys that the product has learnt
    since; run at every migration. A value that a version has is never touched."""
    defaults = default_policy()
    with store.write() as session:
        recorded = session.scalars(select(PolicyVersion)).all()
        for version in recorded:
            version.values = completed(version.values, defaults.values())
        if not recorded:
            session.add(
                PolicyVersion(
                    effective_from=defaults.effective_from,
                    values=defaults.values(),
                    published_at=now,
                    published_by=None,
                    note="",
                )
            )
        session.commit()


def completed(
    values: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """`values` (section -> key -> value) with the sections and keys of `defaults` that they lack."""
    sections = dict.fromkeys((*defaults, *values))
    return {name: {**defaults.get(name, {}), **values.get(name, {})} for name in sections}
