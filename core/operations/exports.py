"""Files out: grades, customers, work orders, leads and channel costs, exactly those that the actor may see.

Without a language a file speaks in codes, as the command line and other systems expect; with one it has the
reader's headers and words.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import Refused
from core.facts.exporting import Sheet, Stream, write_csv, write_workbook
from core.facts.labels import TABLES
from core.facts.outgoing import OUTGOING
from core.grading.labels import LIFECYCLE_STAGE_LABELS, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.queries import EVERYBODY, SegmentFilter, graded_customers, graded_table
from core.language import Message, mark, translate
from core.obligations.labels import STATES
from core.operations import export_facts, export_funnel, export_funnel_tables
from core.operations.export_about import Said, about, filters_in_words
from core.operations.export_facts import Wanted, plain_number
from core.operations.export_own import own_columns
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.jobs import Progress
from core.warning.labels import INDICATORS, OUTCOMES, STATUSES
from core.warning.queries import worklist
from core.warning.states import Status

FORMATS = ("xlsx", "csv")
KEPT_FOR = timedelta(days=1)

GRADE_HEADERS = {
    "customer_code": mark("Customer code"),
    "recency_days": mark("Days since the last order"),
    "frequency": mark("Orders in the period"),
    "monetary": mark("Spending in the period"),
    "r_score": mark("R score"),
    "f_score": mark("F score"),
    "m_score": mark("M score"),
    "rfm_cell": mark("RFM cell"),
    "value_tier": mark("Value tier"),
    "lifecycle_stage": mark("Lifecycle stage"),
    "as_of": mark("As of"),
    "policy_version": mark("Rule version"),
}
GRADE_PAGE_HEADERS = {
    "customer_code": GRADE_HEADERS["customer_code"],
    "name": mark("Name"),
    **GRADE_HEADERS,
    "account_manager": mark("Account manager"),
    "department": mark("Department"),
}
"""As a reader has them on the page; other systems know a customer by its code and get GRADE_HEADERS alone."""
WORK_ORDER_HEADERS = {
    "id": mark("Work order"),
    "customer_code": mark("Customer code"),
    "name": mark("Name"),
    "value_tier": mark("Value tier"),
    "monetary": mark("Spending in the period"),
    "status": mark("Status"),
    "indicators": mark("Raised for"),
    "as_of": mark("As of"),
    "raised_at": mark("Raised at"),
    "opened_at": mark("Opened at"),
    "due_at": mark("Due at"),
    "obligation": mark("First contact"),
    "assignee": mark("Account manager"),
    "department": mark("Department"),
    "outcome": mark("Outcome"),
    "closed_at": mark("Closed at"),
}
_ROWS_AT_A_TIME = 5_000
_WORDS: dict[str, Mapping[str, str]] = {
    "rfm_cell": RFM_CELL_LABELS,
    "value_tier": VALUE_TIER_LABELS,
    "lifecycle_stage": LIFECYCLE_STAGE_LABELS,
    "status": STATUSES,
    "obligation": STATES,
    "outcome": OUTCOMES,
}


def _grades(actor: Actor, store: Store, wanted: Wanted) -> Stream:
    actor.require(Permission.SEE_DETAILS)
    found = graded_table(actor, store, SegmentFilter.from_json(wanted.filters))
    headers = GRADE_HEADERS if wanted.language is None else GRADE_PAGE_HEADERS
    columns = ["code" if name == "customer_code" else name for name in headers]
    says = [_saying(name, wanted.language) for name in headers]
    own = {} if found is None else own_columns(actor, store, found.column_names, wanted.language)
    says += [say for _title, say in own.values()]

    def rows() -> Iterator[list[Any]]:
        for batch in [] if found is None else found.select([*columns, *own]).to_batches(_ROWS_AT_A_TIME):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield [say(value) for say, value in zip(says, row, strict=True)]

    titles = [_header(text, wanted.language, code) for code, text in headers.items()]
    return Stream([*titles, *(title for title, _say in own.values())], rows())


def _saying(column: str, language: str | None) -> Callable[[Any], Any]:
    """How a file says the values of a column."""
    if column == "monetary":
        return plain_number
    if column in _WORDS and language is not None:
        words = {code: translate(text, language) for code, text in _WORDS[column].items()}
        return words.get
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _header(text: str, language: str | None, code: str) -> str:
    return code if language is None else translate(text, language)


def _customers(actor: Actor, store: Store, wanted: Wanted) -> Stream:
    chosen = SegmentFilter.from_json(wanted.filters)
    ids = None if chosen == EVERYBODY else set(graded_customers(actor, store, chosen)["customer_id"])
    return export_facts.customers(actor, store, wanted, ids)


def _work_orders(actor: Actor, store: Store, wanted: Wanted) -> pd.DataFrame:
    found = worklist(actor, store, now=wanted.now, **{"statuses": list(Status), **wanted.filters})
    found["monetary"] = _plain_numbers(found["monetary"])
    zone = ZoneInfo(policy_at(store, wanted.now.date()).business.time_zone)
    for column in ("raised_at", "opened_at", "due_at", "closed_at"):
        local = found[column].dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M")
        found[column] = local.astype(object).where(local.notna(), None)
    say = partial(_word, INDICATORS, wanted.language)
    found["indicators"] = [", ".join(say(code) for code in codes) for codes in found["indicators"]]
    return _worded(found[list(WORK_ORDER_HEADERS)], WORK_ORDER_HEADERS, wanted)


def _plain_numbers(units: pd.Series[Any]) -> list[Decimal | None]:
    return [plain_number(None if pd.isna(value) else int(value)) for value in units]


def _worded(frame: pd.DataFrame, headers: Mapping[str, str], wanted: Wanted) -> pd.DataFrame:
    """Codes and headers in the reader's words; unchanged without a language."""
    if wanted.language is None:
        return frame
    spoken = frame.copy()
    for column in _WORDS.keys() & set(frame.columns):
        say = partial(_word, _WORDS[column], wanted.language)
        spoken[column] = [None if pd.isna(code) else say(code) for code in frame[column]]
    return spoken.rename(columns={code: translate(text, wanted.language) for code, text in headers.items()})


def _word(words: Mapping[str, str], language: str | None, code: str) -> str:
    return code if language is None else translate(words[code], language)


EXPORTS: dict[str, Callable[[Actor, Store, Wanted], Sheet | dict[str, pd.DataFrame]]] = {
    "grades": _grades,
    "customers": _customers,
    "work_orders": _work_orders,
    "leads": export_facts.leads,
    "deals": export_facts.deals,
    **{code: partial(export_facts.table, code) for code in OUTGOING},
    "funnel_leads": export_funnel.leads_of_a_band,
    "funnel": export_funnel_tables.funnel_tables,
}
"""What can be exported -> its table, or its sheets by name; sheets need a workbook."""
_TITLES = {
    **TABLES,
    "grades": mark("Grades"),
    "work_orders": mark("Work orders"),
    "funnel_leads": TABLES["leads"],
    "funnel": mark("Funnel"),
}


def write_export(
    actor: Actor,
    store: Store,
    what: str,
    path: Path,
    *,
    now: datetime,
    language: str | None = None,
    filters: Mapping[str, Any] | None = None,
    said: Said = (),
) -> int:
    """Write `what` (a key of EXPORTS) to a .xlsx or .csv file at `path`; the number of rows.

    Every string is written as a string, never as a formula. The file appears whole or not at all. `said`: what the
    page that asks for it says of it, for the sheet that tells about the file.
    """
    actor.require(Permission.EXPORT)
    refused = Refused(mark("{what} cannot be exported as {format}."), what=what, format=path.suffix)
    if what not in EXPORTS or path.suffix.lower().lstrip(".") not in FORMATS:
        raise refused
    made = EXPORTS[what](actor, store, Wanted(now, language, filters or {}))
    sheets = made if isinstance(made, dict) else {translate(_TITLES[what], language or "en"): made}
    unfinished = path.with_name(f".{secrets.token_hex(4)}{path.suffix}")
    try:
        if path.suffix.lower() == ".csv":
            if isinstance(made, dict):
                raise refused
            rows = write_csv(unfinished, made)
        else:
            spoken = language or "en"
            told_of = [*said, *filters_in_words(store, filters or {}, spoken)]
            told = partial(about, actor, store, told_of, now=now, language=spoken)
            rows = write_workbook(unfinished, sheets, told, spoken)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    with store.write() as session:
        audit.record(session, actor, "export.written", "export", what, now=now, rows=rows)
        session.commit()
    return rows


def export_file(
    actor: Actor, store: Store, payload: Mapping[str, Any], *, now: datetime, progress: Progress
) -> dict[str, Any]:
    """The export of a job. `payload`: what, format, language, filters, and about (what its page says of it).

    The file lies under `exports/` in the data folder for a day, under a name that nobody can guess; the
    result says `file` (there), `name` (to save it as) and `rows`.
    """
    progress(0.1, Message(mark("Collecting the rows")))
    folder = export_folder(store, now=now)
    what, form = str(payload["what"]), str(payload.get("format", "xlsx"))
    path = folder / f"{secrets.token_urlsafe(16)}.{form}"
    language, filters = payload.get("language"), payload.get("filters")
    said = [(str(label), str(text)) for label, text in payload.get("about", ())]
    rows = write_export(actor, store, what, path, now=now, language=language, filters=filters, said=said)
    name = what if language is None else translate(_TITLES[what], language)
    return {"file": path.name, "name": f"{name}-{now:%Y%m%d}.{form}", "rows": rows}


def export_folder(store: Store, *, now: datetime) -> Path:
    """Where files wait to be downloaded, for nobody else on this machine; what is old is gone from it."""
    folder = store.data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_old(folder, now=now)
    return folder


def remove_old(folder: Path, *, now: datetime) -> None:
    """Remove the files that are older than a day."""
    for file in folder.iterdir():
        if file.is_file() and now.timestamp() - file.stat().st_mtime > KEPT_FOR.total_seconds():
            file.unlink(missing_ok=True)
