"""Commands on policy: the first version of a new company, recorded from the file that ships with the product."""

from __future__ import annotations

import tomllib
from datetime import datetime

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
    """Record version 1 where no version exists yet; run at every migration."""
    with store.write() as session:
        if session.scalar(select(PolicyVersion.id).limit(1)) is not None:
            return
        policy = default_policy()
        session.add(
            PolicyVersion(
                effective_from=policy.effective_from,
                values=policy.values(),
                published_at=now,
                published_by=None,
                note="",
            )
        )
        session.commit()
