"""Load the demo company: its files through the ordinary import, then some weeks of life."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.access import audit, directory
from core.access.actor import Actor, Permission, Role
from core.access.service import create_account
from core.access.tables import Account, AuditEntry
from core.dates import ONE_DAY, business_date
from core.errors import Refused
from core.facts.importing import ImportRequest, commit_import
from core.facts.labels import TABLES
from core.facts.quality.counting import save_quality
from core.facts.quality.history import keep_counts
from core.facts.tables import Customer
from core.grading.tables import GradingRun
from core.language import Message, mark
from core.operations.cycle import run_cycle, warn_as_of
from core.operations.demo import words
from core.operations.demo.company import SEED, DemoCompany, demo_company
from core.operations.demo.life import live_until
from core.operations.demo.pilot import live_pilot
from core.operations.demo.report import write_reports
from core.operations.demo.today import with_the_last_hours
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.jobs import Progress
from core.store.mart import refresh_mart

CYCLES = (
    *(timedelta(weeks=weeks) for weeks in (11, 9, 7, 6, 5, 4, 3, 2, 1)),
    *(timedelta(hours=hours) for hours in (48, 16, 0)),
)
"""How long before now the company looked for customers who fade. The last but one leaves orders with some
hours on their clock, the one before some that are late, the earlier ones a history that fills the last full
month and the month before on any day."""


def load_demo(actor: Actor, store: Store, *, now: datetime, progress: Progress) -> dict[str, Any]:
    """Fill an empty store with the demo company as of the business day of `now`.

    Gives what was made: rows of each table, work_orders_opened, accounts. Run again after it was
    interrupted, it goes on with the same company; with customers of anybody else it refuses.
    """
    actor.require(Permission.ADMINISTER)
    zone = policy_at(store, now.date()).business.time_zone
    progress(0.0, Message(mark("Inventing the demo company")))
    company, last_day = _begin(actor, store, business_date(now, zone) - ONE_DAY, now)
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    company = replace(company, leads=with_the_last_hours(company.leads, local, SEED))
    rows = _import(actor, store, company, now, progress)
    accounts = _make_accounts(actor, store, company, now)
    opened = _live(actor, store, now, zone, progress)
    live_pilot(store, now=now)
    write_reports(store, now=now, zone=zone)
    with store.write() as session:
        audit.record(session, actor, "demo.loaded", "demo", None, now=now, last_day=last_day.isoformat())
        session.commit()
    progress(1.0, Message(mark("The demo company is ready")))
    return {**rows, "work_orders_opened": opened, "accounts": accounts}


def _begin(actor: Actor, store: Store, last_day: date, now: datetime) -> tuple[DemoCompany, date]:
    """Note that the load has begun, and enter the people in the directory; gives the company and its last day."""
    with store.write() as session:
        unfinished = _unfinished(session)
        if unfinished is None:
            if session.scalar(select(Customer.id).limit(1)) is not None:
                raise Refused(
                    mark(
                        "There are customers already. The demo company is only loaded into an empty database, "
                        "so that invented customers never mix with real ones."
                    )
                )
            audit.record(session, actor, "demo.begun", "demo", None, now=now, last_day=last_day.isoformat())
        last_day = unfinished or last_day
        company = demo_company(last_day)
        departments = directory.department_ids(session, {d.name for d in company.departments})
        directory.staff_ids(session, {person: departments[d] for person, d in company.people().items()})
        session.commit()
    return company, last_day


def half_loaded(store: Store) -> bool:
    """Whether a load was cut off and is to be run again."""
    with store.read() as session:
        return _unfinished(session) is not None


def _unfinished(session: Session) -> date | None:
    """The last day of a company whose load was interrupted."""
    last = session.scalar(
        select(AuditEntry).where(AuditEntry.subject_kind == "demo").order_by(AuditEntry.id.desc()).limit(1)
    )
    return (
        None if last is None or last.action != "demo.begun" else date.fromisoformat(last.detail["last_day"])
    )


def _import(
    actor: Actor, store: Store, company: DemoCompany, now: datetime, progress: Progress
) -> dict[str, int]:
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        frames = company.frames()
        for done, (table, frame) in enumerate(frames.items()):
            progress(
                0.05 + 0.6 * done / len(frames),
                Message(mark("Importing: {table}"), {"table": Message(TABLES[table])}),
            )
            file = Path(folder) / f"demo_{table}.csv"
            frame.to_csv(file, index=False)
            request = ImportRequest.of(str(file), file.name, table, all_or_nothing=True)
            result = commit_import(actor, store, request, now=now, progress=lambda _share, _step: None)
            if result.counts.rejected:
                raise RuntimeError(f"{result.counts.rejected} rows of the demo {table} were refused")
            rows[table] = result.counts.rows_read
    return rows


def _make_accounts(actor: Actor, store: Store, company: DemoCompany, now: datetime) -> int:
    """An account for everybody, without a password; those that exist already are left alone. How many were made.

    The first of each role has the role's name for a user name, the others a number behind it.
    """
    posts = words.toml("departments.toml")["posts"]
    people: list[tuple[str, Role, str, str | None]] = [
        ("manager", Role.MANAGER, posts["manager"], None),
        ("operations", Role.OPERATIONS, posts["operations"], None),
    ]
    numbers: Counter[str] = Counter()
    for department in company.departments:
        roles = [Role.SUPERVISOR, *[Role.STAFF] * len(department.account_managers), Role.INTERN]
        for role, person in zip(roles, department.people, strict=True):
            numbers[role] += 1
            suffix = str(numbers[role]) if numbers[role] > 1 else ""
            people.append((role.value + suffix, role, person, department.name))
    with store.write() as session:
        taken = set(session.scalars(select(Account.username)))
        departments = directory.department_ids(session, {d.name for d in company.departments})
        staff = directory.staff_ids(session, {p: departments[d] for p, d in company.people().items()})
    new = [one for one in people if one[0] not in taken]
    for username, role, name, place in new:
        create_account(
            actor,
            store,
            username=username,
            display_name=name,
            role=role,
            department_id=departments[place] if place else None,
            staff_id=staff[name] if place else None,
            now=now,
        )
    return len(new)


def _live(actor: Actor, store: Store, now: datetime, zone: str, progress: Progress) -> int:
    """Look for customers who fade as in the past weeks, and do what people did between. How many orders were opened.

    A load that was cut off goes on with the first day that was not looked at yet. Only the last look is a whole
    cycle: nobody reads measures as of the weeks before, and the facts are the same for all of them. The quality of
    the customers' data has no memory, so it is counted at the last look of each month, as the cycle would have.
    """
    with store.read() as session:
        last = session.scalar(select(func.max(GradingRun.as_of)))
    mart = refresh_mart(store)
    days = [business_date(now - ago, zone) for ago in CYCLES]
    opened = 0
    for number, (ago, day) in enumerate(zip(CYCLES, days, strict=True)):
        at = now - ago
        if last is not None and day < last:
            continue
        step = Message(mark("Living through {day}"), {"day": day.isoformat()})
        progress(0.65 + 0.32 * number / len(CYCLES), step)
        live_until(store, at)
        if at < now:
            opened += warn_as_of(actor, store, mart, policy_at(store, day), day, now=at)[1].opened
            if days[number + 1].replace(day=1) != day.replace(day=1):
                save_quality(store, mart, policy_at(store, day), day)
                keep_counts(actor, store, mart, day, now=at)
        else:
            opened += run_cycle(actor, store, day, now=at).work_orders_opened
            graded_at(store, at)
    return opened


def graded_at(store: Store, at: datetime) -> None:
    """The last look is the one the pages tell of, also where one earlier on that day found the same."""
    with store.write() as session:
        last = select(func.max(GradingRun.id)).scalar_subquery()
        session.execute(update(GradingRun).where(GradingRun.id == last).values(finished_at=at))
        session.commit()
