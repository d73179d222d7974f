"""Matches of headers to fields: which table a file is most likely of, and matches kept under a name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused
from core.facts.cleaning.cells import LONGEST_CODE
from core.facts.fields import TABLES, TableSpec
from core.facts.matching.match import column_keys, match_headers
from core.facts.matching.names import known_names, normalise, without_headings
from core.facts.own_fields.catalogue import catalogue
from core.facts.rejects_columns import added_columns
from core.facts.tables import Customer, SavedMapping
from core.language import Message, mark
from core.store.engine import Store

LONGEST_NAME = 80
MOST_CODES = 500
"""Cells that are looked up to see whether they are codes of customers."""
IGNORED_FIELD = ""
"""What a kept match says of a column that is ignored although a field of the company goes by its name."""
SHEET_NAMES = {
    "customers": ("客户", "客户信息", "客户资料", "客户表", "会员"),
    "transactions": ("订单", "交易", "订单明细", "销售明细", "orders", "sales"),
    "interactions": ("互动", "跟进记录", "沟通记录", "contacts log"),
    "satisfaction": ("满意度", "评价", "survey"),
    "leads": ("线索", "商机"),
    "channel_costs": ("渠道费用", "费用", "costs"),
    "campaigns": ("营销活动", "活动", "推广活动"),
    "products": ("产品", "商品", "库存", "产品库存", "stock", "inventory"),
    "contracts": ("合同", "合同台账"),
    "payments": ("回款", "收款", "应收", "回款计划", "receivables"),
    "outlets": ("门店", "网点", "终端", "stores", "shops"),
    "displays": ("陈列", "陈列反馈", "陈列检查", "巡店记录"),
    "usage": ("产品使用", "使用记录"),
    "behaviour": ("行为", "行为事件", "行为记录", "events"),
}
"""What people call a sheet of such rows."""


Values = Mapping[str, Mapping[str, str | None]]
"""Field code -> what a cell says -> the code it stands for, or None where it says nothing."""


@dataclass(frozen=True)
class NamedMapping:
    """A match kept under a name: header -> field code, or None or `IGNORED_FIELD` for a column to ignore; and what its
    words mean."""

    id: int
    table_code: str
    name: str
    mapping: dict[str, str | None]
    values: dict[str, dict[str, str | None]]


@dataclass(frozen=True)
class Guess:
    """The table that a sheet is most likely of, and why."""

    table_code: str
    why: Message
    found: int
    """How many of its fields the headers name."""


def save_mapping(
    actor: Actor,
    store: Store,
    table_code: str,
    name: str,
    mapping: Mapping[str, str | None],
    *,
    values: Values | None = None,
    now: datetime,
) -> int:
    """Keep a match under a name, for files of the same headers; the same name again replaces it. Its id.

    `values`: what words in the cells of choices stand for, kept with it.
    """
    actor.require(Permission.IMPORT)
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise Refused(mark("Give the match a name of at most {n} characters."), n=LONGEST_NAME)
    same = select(SavedMapping).where(SavedMapping.table_code == table_code, SavedMapping.name == named)
    with store.write() as session:
        table = catalogue(session)[table_code]
        problems = match_headers(table, list(mapping), mapping).problems
        if problems:
            raise Refused(problems[0])
        kept = session.scalar(same) or SavedMapping(table_code=table_code, name=named)
        own = known_names(table.own_fields)
        kept.mapping = {
            key: IGNORED_FIELD if code is None and normalise(key) in own else code
            for key, code in mapping.items()
        }
        kept.saved_by = actor.account_id
        kept.value_mapping = {code: dict(words) for code, words in (values or {}).items() if words}
        session.add(kept)
        session.flush()
        audit.record(session, actor, "mapping.saved", "saved_mapping", kept.id, now=now, table=table_code)
        session.commit()
        return kept.id


def kept_match(actor: Actor, store: Store, table_code: str, name: str) -> NamedMapping:
    """The match that is kept under a name; refused, with the names that there are, where none is."""
    actor.require(Permission.IMPORT)
    query = select(SavedMapping).where(SavedMapping.table_code == table_code).order_by(SavedMapping.name)
    with store.read() as session:
        kept = {each.name: each for each in session.scalars(query)}
        found = kept.get(" ".join(name.split()))
        if found is not None:
            return _in_use(found, catalogue(session)[table_code].codes)
    if not kept:
        raise Refused(
            mark("No match is kept for this kind of file. Keep one on the page, where columns are matched.")
        )
    raise Refused(
        mark("No match {name} is kept for this kind of file. There are: {names}."),
        name=name,
        names=list(kept),
    )


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


def saved_mappings(actor: Actor, store: Store, headers: Sequence[str]) -> list[NamedMapping]:
    """The kept matches that fit a file with these headers: those whose headers are all there.

    By table, the one that settles most headers first, then the newest. What they say of fields that were retired
    since is left out, and kept for the day when they are taken up again.
    """
    actor.require(Permission.IMPORT)
    query = select(SavedMapping).order_by(SavedMapping.table_code, SavedMapping.id.desc())
    present = set(column_keys(headers))
    with store.read() as session:
        tables = catalogue(session)
        fitting = [
            _in_use(each, tables[each.table_code].codes)
            for each in session.scalars(query)
            if present.issuperset(each.mapping)
        ]
    return sorted(fitting, key=lambda each: (each.table_code, -len(each.mapping)))


def _in_use(kept: SavedMapping, codes: Collection[str]) -> NamedMapping:
    mapping = {header: code for header, code in kept.mapping.items() if not code or code in codes}
    values = {code: dict(words) for code, words in kept.value_mapping.items() if code in codes}
    return NamedMapping(kept.id, kept.table_code, kept.name, mapping, values)


def importable_tables(actor: Actor, store: Store) -> dict[str, TableSpec]:
    """Table code -> what its files may hold in this company."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        return catalogue(session)


def tables_of_checks(actor: Actor, store: Store) -> dict[str, TableSpec]:
    """The same with the retired own fields, which an earlier check may tell of."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        return catalogue(session, retired=True)


def known_codes(actor: Actor, store: Store, cells: Collection[str]) -> set[str]:
    """Which of these cells are codes of stored customers."""
    actor.require(Permission.IMPORT)
    wanted = sorted({cell.strip() for cell in cells if cell and len(cell) <= LONGEST_CODE})[:MOST_CODES]
    if not wanted:
        return set()
    with store.read() as session:
        return set(session.scalars(select(Customer.code).where(Customer.code.in_(wanted))))


def guess_table(tables: Mapping[str, TableSpec], headers: Sequence[str], sheet: str = "") -> Guess:
    """The table of which the headers name most fields; among equals the one that lacks nothing, then the one that
    the sheet is named after."""
    bare = without_headings(headers[added_columns(headers) :])
    known = {code: _found(table, bare) for code, table in tables.items()}

    def fit(code: str) -> tuple[int, bool, bool]:
        table = tables[code]
        lacks = any(
            field.required
            and field.code not in known[code]
            and not (table.instead.get(field.code) and known[code].issuperset(table.instead[field.code]))
            for field in table.fields
        )
        return len(known[code]), not lacks, _is_named(table, sheet)

    best = max(tables, key=fit)
    filled = sum(1 for header in bare if header)
    sentence = (
        mark("{n} of {all} headers are names of its fields.")
        if known[best]
        else mark("None of the headers is known. Choose what the rows are.")
    )
    return Guess(best, Message(sentence, {"n": len(known[best]), "all": filled}), len(known[best]))


def _found(table: TableSpec, headers: Sequence[str]) -> set[str]:
    names = known_names(table.fields)
    return {names[normalised][0] for header in headers if (normalised := normalise(header)) in names}


def _is_named(table: TableSpec, sheet: str) -> bool:
    names = {normalise(table.code), normalise(table.label), *map(normalise, SHEET_NAMES.get(table.code, ()))}
    return normalise(sheet) in names


def likeliest_table(headers: Sequence[str]) -> str:
    """The shipped table that `guess_table` finds."""
    return guess_table(TABLES, headers).table_code
