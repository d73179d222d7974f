"""The update clock: how it was kept, by whom, and which customers' records are late now and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import streamlit as st

from core import clock
from core.facts.update_clock_queries import Kept, LateList, ahead, by_owner, late
from core.policy.queries import policy_at
from pages.customers.customer_owed import named
from pages.frame import tables
from pages.frame.formats import duration, moment, number, percent
from pages.frame.navigation import go_to, offered
from pages.frame.parts import Tile, empty, section, tiles
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _

_DAYS, _LATE_SHOWN = 30, 100


def update_clock_section(session: Session) -> None:
    """Show what was due in the last 30 days and what is late now, within the reader's reach."""
    now = clock.now()
    section(_("Update clock"), _rule(session, now))
    counted = by_owner(session.actor, session.store, since=now - timedelta(days=_DAYS), now=now)
    found = late(session.actor, session.store, now=now, limit=_LATE_SHOWN)
    coming = ahead(session.actor, session.store, now=now, limit=_LATE_SHOWN)
    if not counted and not found.total and not coming.total:
        empty(
            _("Nothing is owed here"),
            _(
                "Nothing was due in the last {days} days and nothing has to be completed. The clock starts when "
                "something happens with a customer whose record is incomplete.",
                days=_DAYS,
            ),
        )
        return
    due, kept = sum(each.due for each in counted), sum(each.kept for each in counted)
    days = _("due in the last {days} days", days=_DAYS)
    tiles(
        [
            Tile(_("Due"), number(due), days),
            Tile(
                _("Updated in time"),
                percent(kept / due if due else None),
                _("n = {n} due in the last {days} days", n=number(due), days=_DAYS),
                _("Records that were completed before their time ran out, of those whose time ran out."),
            ),
            Tile(_("Missed"), number(due - kept), days),
            Tile(_("Late now"), number(found.total), _("still to do")),
            Tile(_("To be completed"), number(coming.total), _("still in time")),
        ],
        "update_clock",
    )
    if counted:
        _owners(counted)
    if found.total:
        _late(session, found, now)
    else:
        st.caption(_("Nothing is late now."))
    if coming.total:
        _ahead(session, coming, now)


def _rule(session: Session, now: datetime) -> str:
    rules = policy_at(session.store, now.date()).update_clock
    hours = number(rules.within_hours, 0 if float(rules.within_hours).is_integer() else 1)
    if rules.hours == "business":
        return _(
            "After a transaction, interaction or behaviour event an incomplete record is completed within {hours} "
            "business hours.",
            hours=hours,
        )
    return _(
        "After a transaction, interaction or behaviour event an incomplete record is completed within {hours} "
        "hours, nights and weekends included.",
        hours=hours,
    )


def _owners(counted: list[Kept]) -> None:
    rows = {
        "owner": [each.owner or _("in the pool") for each in counted],
        "department": [each.department or NOTHING for each in counted],
        "due": [each.due for each in counted],
        "kept": [each.kept for each in counted],
        "missed": [each.missed for each in counted],
        "share": [percent(each.share) for each in counted],
        "late": [each.late_now for each in counted],
        "latest": [duration(each.latest) if each.late_now else "" for each in counted],
    }
    columns = {
        "owner": tables.text(_("Owner"), pinned=True),
        "late": tables.count(_("Late now")),
        "latest": tables.text(_("Late by at most"), alignment="right"),
        "due": tables.count(_("Due")),
        "kept": tables.count(_("In time")),
        "missed": tables.count(_("Missed")),
        "share": tables.text(_("In time, share of due"), alignment="right"),
        "department": tables.text(_("Department")),
    }
    tables.read_only(rows, columns, alt=_("Update clock by owner"), height=tables.height_of(len(counted)))


def _late(session: Session, found: LateList, now: datetime) -> None:
    note = (
        _(
            "The {shown} that have been late longest, of {n}.",
            shown=number(_LATE_SHOWN),
            n=number(found.total),
        )
        if found.total > _LATE_SHOWN
        else _("The longest first. A click opens the customer.")
    )
    section(_("Late now"), note)
    _records(
        session,
        found,
        "late",
        {each.customer_id: duration(each.late_by(now)) for each in found.first},
        header=_("Late by"),
        alt=_("Records to complete that are late"),
    )


def _ahead(session: Session, coming: LateList, now: datetime) -> None:
    note = (
        _("The {shown} that are due next, of {n}.", shown=number(_LATE_SHOWN), n=number(coming.total))
        if coming.total > _LATE_SHOWN
        else _("The soonest due first. A click opens the customer.")
    )
    section(_("To be completed"), note)
    _records(
        session,
        coming,
        "ahead",
        {each.customer_id: duration(each.due_at - now) for each in coming.first},
        header=_("Time left"),
        alt=_("Records to complete that are not late yet"),
    )


def _records(
    session: Session, found: LateList, kind: str, times: Mapping[int, str], *, header: str, alt: str
) -> None:
    """What is owed, with the time that each customer's record is late or has left; `kind` is unique on the page."""
    zone, shown = business(session.store).time_zone, found.first
    rows = {
        "id": [each.customer_id for each in shown],
        "time": [times[each.customer_id] for each in shown],
        "customer": [each.name or each.code for each in shown],
        "missing": [named(each.fields) or _("nothing is missing any more") for each in shown],
        "owner": [each.owner or _("in the pool") for each in shown],
        "department": [each.department or NOTHING for each in shown],
        "due": [moment(each.due_at, zone) for each in shown],
        "code": [each.code for each in shown],
    }
    columns = {
        "time": tables.text(header, pinned=True),
        "customer": tables.text(_("Customer"), width=165),
        "missing": tables.text(_("Missing"), width=200),
        "owner": tables.text(_("Owner")),
        "department": tables.text(_("Department")),
        "due": tables.text(_("Due")),
        "code": tables.text(_("Code")),
    }
    tables.records(
        rows,
        columns,
        key=f"update_clock.{kind}",
        alt=alt,
        on_choose=lambda chosen: _open(session, chosen),
        height=tables.height_of(len(shown)),
    )


def _open(session: Session, customer_id: int) -> None:
    if offered(session.actor, "customer"):
        go_to("customer", id=str(customer_id))
