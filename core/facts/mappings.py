"""Matches of headers to fields: which table a file is most likely of, and matches kept under a name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused
from core.facts.fields import TABLES
from core.facts.matching import match_headers
from core.facts.tables import SavedMapping
from core.language import mark
from core.store.engine import Store

LONGEST_NAME = 80


@dataclass(frozen=True)
class NamedMapping:
    """A match kept under a name: header -> field code, or None for a column to ignore."""

    id: int
    table_code: str
    name: str
    mapping: dict[str, str | None]


def save_mapping(
    actor: Actor,
    store: Store,
    table_code: str,
    name: str,
    mapping: Mapping[str, str | None],
    *,
    now: datetime,
) -> int:
    """Keep a match under a name, for files of the same headers; the same name again replaces it. Its id."""
    actor.require(Permission.IMPORT)
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise Refused(mark("Give the match a name of at most {n} characters."), n=LONGEST_NAME)
    problems = match_headers(TABLES[table_code], list(mapping), mapping).problems
    if problems:
        raise Refused(problems[0])
    same = select(SavedMapping).where(SavedMapping.table_code == table_code, SavedMapping.name == named)
    with store.write() as session:
        kept = session.scalar(same) or SavedMapping(table_code=table_code, name=named)
        kept.mapping, kept.saved_by = dict(mapping), actor.account_id
        session.add(kept)
        session.flush()
        audit.record(session, actor, "mapping.saved", "saved_mapping", kept.id, now=now, table=table_code)
        session.commit()
        return kept.id


def forget_mapping(actor: Actor, store: Store, mapping_id: int, *, now: datetime) -> None:
    """Keep this match no longer; imports made with it are not touched."""
    actor.require(Permission.IMPORT)
    with store.write() as session:
        kept = session.get(SavedMapping, mapping_id)
        if kept is None:
            raise NotFound(mark("This match is no longer kept."))
        session.delete(kept)
        audit.record(session, actor, "mapping.forgotten", "saved_mapping", mapping_id, now=now)
        session.commit()


def saved_mappings(actor: Actor, store: Store, headers: Collection[str]) -> list[NamedMapping]:
    """The kept matches that fit a file with these headers, by table and name: those whose headers are all there."""
    actor.require(Permission.IMPORT)
    query = select(SavedMapping).order_by(SavedMapping.table_code, SavedMapping.name)
    present = set(headers)
    with store.read() as session:
        return [
            NamedMapping(each.id, each.table_code, each.name, dict(each.mapping))
            for each in session.scalars(query)
            if present.issuperset(each.mapping)
        ]


def likeliest_table(headers: Sequence[str]) -> str:
    """The table of which the headers name most fields; among equals one that lacks nothing."""

    def fit(table_code: str) -> tuple[int, bool]:
        matching = match_headers(TABLES[table_code], headers)
        return len(matching.fields), not matching.problems

    return max(TABLES, key=fit)
