"""The pages there are, who sees them, and how one leads to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import streamlit as st

from core.access.actor import Actor, Permission
from core.language import mark
from pages.frame.words import _

_FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Place:
    """A page in the navigation."""

    code: str
    """Its address (`url_path`), the same in every language."""
    file: str
    """Under `pages/`."""
    title: str
    icon: str
    section: str
    permission: Permission

    @cached_property
    def path(self) -> str:
        return str(_FOLDER / self.file)


PLACES = (
    Place("home", "review/home.py", mark("Home"), "home", "", Permission.SEE_CUSTOMERS),
    Place(
        "pilot_kanban",
        "review/pilot_kanban.py",
        mark("Pilot kanban"),
        "view_kanban",
        mark("Review"),
        Permission.PILOTS,
    ),
    Place(
        "monthly_report",
        "review/monthly_report.py",
        mark("Monthly report"),
        "summarize",
        mark("Review"),
        Permission.SEE_MEASURES,
    ),
    Place(
        "segment_explorer",
        "customers/segment_explorer.py",
        mark("Segments"),
        "grid_view",
        mark("Customers"),
        Permission.SEE_CUSTOMERS,
    ),
    Place(
        "customer",
        "customers/customer.py",
        mark("Customer record"),
        "person_search",
        mark("Customers"),
        Permission.SEE_CUSTOMERS,
    ),
    Place(
        "churn_worklist",
        "customers/churn_worklist.py",
        mark("Churn worklist"),
        "notification_important",
        mark("Customers"),
        Permission.WORK_ORDERS,
    ),
    Place(
        "funnel",
        "growth/funnel.py",
        mark("Funnel"),
        "filter_alt",
        mark("Growth"),
        Permission.SEE_DETAILS,
    ),
    Place(
        "data_exchange",
        "stewardship/data_exchange.py",
        mark("Data exchange"),
        "swap_vert",
        mark("Stewardship"),
        Permission.IMPORT,
    ),
    Place(
        "data_quality",
        "stewardship/data_quality.py",
        mark("Data quality"),
        "fact_check",
        mark("Stewardship"),
        Permission.SEE_MEASURES,
    ),
    Place(
        "own_fields",
        "stewardship/own_fields.py",
        mark("Own fields"),
        "playlist_add",
        mark("Stewardship"),
        Permission.IMPORT,
    ),
    Place(
        "administration",
        "stewardship/administration.py",
        mark("Administration"),
        "admin_panel_settings",
        mark("Stewardship"),
        Permission.ADMINISTER,
    ),
)


def places_for(actor: Actor) -> list[Place]:
    """The pages that `actor` may open, in the order of the navigation."""
    return [place for place in PLACES if actor.may(place.permission)]


def offered(actor: Actor, code: str) -> bool:
    """Whether there is a page `code` that `actor` may open."""
    return any(place.code == code for place in places_for(actor))


def pages_for(actor: Actor) -> dict[str, list[st.Page]]:
    """Section title -> pages, as `st.navigation` takes them.

    Pages that the actor may not open are there too, out of sight: their first line refuses in our own words,
    where Streamlit would say that there is no such page.
    """
    offered = places_for(actor)
    sections: dict[str, list[st.Page]] = {}
    for place in PLACES:
        page = st.Page(
            place.path,
            title=_(place.title),
            icon=f":material/{place.icon}:",
            url_path=place.code,
            default=place.code == "home",
            visibility="visible" if place in offered else "hidden",
        )
        sections.setdefault(_(place.section) if place.section else "", []).append(page)
    return sections


def go_to(code: str, **query: str) -> NoReturn:
    """Leave for the page `code`; `query` holds ids and codes, never personal data."""
    st.switch_page(_place(code).path, query_params=query)


def link_to(code: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """A link to the page `code`."""
    st.page_link(_place(code).path, label=label, icon=icon, query_params=query)


def import_or_home(actor: Actor) -> None:
    """The ways on from a page that has nothing to show yet: bring a file in, for whoever may, or go home."""
    if actor.may(Permission.IMPORT):
        link_to("data_exchange", _("Import data"), icon=":material/upload:")
    link_to("home", _("Home"), icon=":material/home:")


def _place(code: str) -> Place:
    return next(place for place in PLACES if place.code == code)
