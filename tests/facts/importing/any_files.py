"""Files of any table, drawn from so few values that they meet each other's records."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

CODES, PEOPLE = st.sampled_from(["C1", "C2", "C3", "C4"]), st.sampled_from([None, "Ann", "Bob", "Cem"])
DAYS = st.sampled_from(["2026-10-01", "2026-10-02 11:30", "2026-10-05 09:15"])
WORDS, AMOUNTS = st.sampled_from([None, "North", "South"]), st.sampled_from(["10", "20.5", "99"])
LEADS, OUTLETS = st.sampled_from(["L1", "L2", "L3"]), st.sampled_from(["S1", "S2"])
FILES: dict[str, tuple[list[str], Any]] = {
    "customers": (
        ["Customer code", "Name", "Phone", "Region", "Department", "Account manager", "Birthday"],
        st.tuples(
            CODES, st.sampled_from(["Ada", "Ben"]), st.sampled_from([None, "10000001234", "10000005678"]), WORDS,
            st.sampled_from([None, "Inner", "Outer"]), PEOPLE, st.sampled_from([None, "1990-05-01"]),
        ),
    ),
    "transactions": (
        ["Customer code", "Order number", "Order time", "Amount", "Salesperson"],
        st.tuples(CODES, st.sampled_from(["1", "2", None]), DAYS, AMOUNTS, PEOPLE),
    ),
    "interactions": (
        ["Customer code", "Contact time", "Contact kind", "Staff"],
        st.tuples(CODES, DAYS, st.sampled_from(["Call", "Visit"]), PEOPLE),
    ),
    "satisfaction": (
        ["Customer code", "Answer time", "Score"],
        st.tuples(CODES, DAYS, st.sampled_from(["1", "5"])),
    ),
    "leads": (
        ["Lead code", "Name", "Phone", "Arrived at", "Channel", "Owner", "First response at", "Customer code"],
        st.tuples(
            LEADS, st.sampled_from(["Ada", "Ben"]), st.sampled_from([None, "10000001234"]), DAYS, WORDS, PEOPLE,
            st.sampled_from([None, "2026-10-06 10:00"]), st.none() | CODES,
        ),
    ),
    "deals": (
        ["Lead code", "Won at", "Amount", "Owner", "Customer code"],
        st.tuples(LEADS, st.sampled_from([None, "2026-10-07 10:00"]), st.none() | AMOUNTS, PEOPLE, st.none() | CODES),
    ),
    "channel_costs": (
        ["Month", "Channel", "Campaign", "Cost"],
        st.tuples(st.sampled_from(["2026-09", "2026-10"]), st.sampled_from(["Web", "Fair"]), WORDS, AMOUNTS),
    ),
    "contracts": (
        ["Contract code", "Customer code", "Signed on", "Contract amount", "Owner"],
        st.tuples(st.sampled_from(["A1", "A2"]), CODES, st.just("2026-09-01"), AMOUNTS, PEOPLE),
    ),
    "payments": (
        ["Payment code", "Customer code", "Contract code", "Due on", "Amount due", "Paid on"],
        st.tuples(
            st.sampled_from(["P1", "P2"]), CODES, st.none(), st.just("2026-09-01"), AMOUNTS,
            st.sampled_from([None, "2026-10-02"]),
        ),
    ),
    "products": (["Product code", "Product name", "Unit price"], st.tuples(LEADS, WORDS, AMOUNTS)),
    "campaigns": (["Campaign code", "Campaign", "Budget"], st.tuples(LEADS, WORDS, AMOUNTS)),
    "usage": (
        ["Customer code", "Used at", "Product code", "Times used"],
        st.tuples(CODES, DAYS, st.just("P1"), st.sampled_from(["1", "2"])),
    ),
    "behaviour": (
        ["Customer code", "Event time", "Event"],
        st.tuples(CODES, DAYS, st.sampled_from(["page_view", "mail_opened"])),
    ),
    "outlets": (["Outlet code", "Outlet name", "Customer code"], st.tuples(OUTLETS, WORDS, st.none() | CODES)),
    "displays": (
        ["Outlet code", "Checked at", "Display score", "Checked by"],
        st.tuples(OUTLETS, DAYS, st.sampled_from(["1", "5"]), PEOPLE),
    ),
}  # fmt: skip
BEFORE = {"deals": "leads", "displays": "outlets"}
"""What has to be stored for a file to be worth anything."""
