"""Every table of every page is saved as a workbook that holds exactly what the page shows."""

from __future__ import annotations

import gc
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access.actor import SYSTEM, Actor, Role
from core.access.tables import AuditEntry
from core.access.vault import open_vault
from core.errors import NotAllowed, NotFound
from core.facts.tables import ImportBatch
from core.operations import jobs
from core.operations.cycle import run_cycle
from core.operations.export_tables import Column, Order, ShownTable, in_order, table_file
from core.policy.model import Policy
from core.reviews.report_service import draft
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.factmaking import add_batch, make_owed
from tests.kept import Kept
from tests.leadmaking import add_cost, add_lead
from tests.measuremaking import save_measures
from tests.pages.company import AS_OF, PHONE
from tests.pages.conftest import Open
from tests.reportmaking import OCTOBER, save_obligations, save_october
from tests.reviews.boards import RESPONSE, START, WEEK, begin, weekly

LINK = re.compile(r'class="table-export" href="/exports/tables/([\w-]+)" download title="([^"]*)"')
SAVE = "Save this table as it is shown: "
CHARTS_AS_TABLES = {"pilot_kanban": 1}
"""Tables that a page offers of what it draws."""


@pytest.fixture
def everything(
    store: Store, actors: Actors, company: dict[str, int], policy: Policy, kept: Kept
) -> dict[str, int]:
    """The company with leads, a report, a pilot, an import, a job and a record to complete."""
    return kept.once("everything", lambda: add_everything(store, actors, company, policy))


def add_everything(store: Store, actors: Actors, company: dict[str, int], policy: Policy) -> dict[str, int]:
    emil: dict[str, Any] = {"owner_id": actors.staff.staff_id, "department_id": actors.east}
    with store.write() as session:
        vault = open_vault(store)
        for number in range(3):
            day = AS_OF - timedelta(days=150 + number)
            lead = {"channel": "=web", "contacted": 1, "phone": PHONE, "vault": vault, "name": f"=L{number}"}
            add_lead(session, f"L{number}", day, **emil, **lead)
        add_cost(session, (AS_OF - timedelta(days=150)).replace(day=1), "=web", 800)
        session.get_one(ImportBatch, add_batch(session)).rejects_file = "rejects/some.xlsx"
        make_owed(session, policy, company["K1"], NOW - timedelta(days=2))
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    save_october(store, actors)
    save_obligations(store, actors)
    draft(actors.manager, store, OCTOBER, now=NOW)
    jobs.ask(actors.manager, store, "cycle", {}, now=NOW)
    return company


def links(app: AppTest) -> dict[str, str]:
    """Name of a table -> the token of its link."""
    bodies = [element.proto.body for element in app.get("html")]
    return {
        unescape(title).removeprefix(SAVE): token for body in bodies for token, title in LINK.findall(body)
    }


def tables(app: AppTest) -> int:
    """How many tables the page shows: grids, and those of our own markup."""
    return len(app.dataframe) + sum(element.proto.body.count("<table") for element in app.get("html"))


def saved(actor: Actor, store: Store, token: str) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """The rows with their header, and the sheet about them."""
    path, _name = table_file(actor, store, token, now=NOW)
    book = openpyxl.load_workbook(path)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    about = dict(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    return list(book.worksheets[0].iter_rows(values_only=True)), about


def as_saved(value: Any, column: dict[str, Any]) -> Any:
    """A cell of a grid as a workbook holds it."""
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        return ", ".join(map(str, value)) or None
    if value == "" or pd.isna(value):
        return None
    return column.get("type_config", {}).get("display_text") or value


def shown(element: Any) -> list[tuple[Any, ...]]:
    """What a grid shows: its headers, then its rows."""
    columns = json.loads(element.proto.columns)
    frame = element.value
    titles = tuple(columns[name].get("label") or "" for name in frame.columns)
    return [
        titles,
        *(
            tuple(map(as_saved, row, (columns[name] for name in frame.columns)))
            for row in frame.itertuples(index=False)
        ),
    ]


VIEWS: list[tuple[str, dict[str, str]]] = [
    ("churn_worklist", {"view": "all"}),
    ("segment_explorer", {}),
    ("customer", {"id": "K1"}),
    ("funnel", {"band": "arrived~went_on"}),
    ("monthly_report", {}),
    ("pilot_kanban", {}),
    ("data_exchange", {"section": "history"}),
    ("administration", {"section": "accounts"}),
    ("administration", {"section": "people"}),
    ("administration", {"section": "jobs"}),
]


def test_every_table_of_every_page_is_saved_as_it_is_shown(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    pages = [(actors.administrator, code, query) for code, query in VIEWS]
    saved_of: dict[str, int] = {}
    for reader, code, query in [*pages, (actors.staff, "home", {}), (actors.manager, "home", {})]:
        if code == "pilot_kanban":
            _pilot(store, actors)
        app = open_page(
            reader, code, **{name: str(everything.get(word, word)) for name, word in query.items()}
        )
        assert not app.exception
        found = links(app)
        assert len(found) == tables(app) + CHARTS_AS_TABLES.get(code, 0), f"{code} {query}: {sorted(found)}"
        for token in found.values():
            rows, about = saved(reader, store, token)
            assert (about["Rows"], about["Written by"]) == (str(len(rows) - 1), reader.name)
            assert (about["Rules version in force"], about["Written at"][:16]) == ("1", "2026-11-03 10:00")
        for element in app.dataframe:
            assert saved(reader, store, found[element.proto.alt])[0] == shown(element), (
                code,
                element.proto.alt,
            )
        saved_of[code] = saved_of.get(code, 0) + len(found)
    assert saved_of == {
        "home": 3, "churn_worklist": 1, "segment_explorer": 1, "customer": 2, "funnel": 3, "monthly_report": 4,
        "pilot_kanban": 1, "data_exchange": 1, "administration": 3,
    }  # fmt: skip


def _pilot(store: Store, actors: Actors) -> None:
    begin(actors.manager, store, department_ids=(actors.east,))
    save_measures(store, [weekly(RESPONSE, START + at * WEEK, 88, 100, actors.east) for at in range(-4, 2)])


def test_a_workbook_says_the_filters_of_its_page(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    app = open_page(actors.manager, "segment_explorer", tier="high", region="华南", cell="high~new")
    (token,) = links(app).values()
    about = saved(actors.manager, store, token)[1]
    assert about["Page"] == "Segments"
    assert {name: words for name, words in about.items() if name.startswith("Filter")} == {
        "Filter: Value tier": "High value",
        "Filter: Region": "华南",
        "Filter: Clicked in the maps": "High value, New customer",
    }
    assert about["Stands on"].startswith("As of Nov 3, 2026 · graded ")
    app = open_page(actors.manager, "segment_explorer")
    (token,) = links(app).values()
    assert saved(actors.manager, store, token)[1]["Filters"] == "none"


def test_what_is_masked_on_the_page_is_masked_in_the_file(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    app = open_page(actors.operations, "customer")
    app.text_input(key="customer.search").set_value("K").run()
    (token,) = links(app).values()
    rows, about = saved(actors.operations, store, token)
    assert ("张伟", "K1", "138****5678", "Emil", "East") in rows
    assert PHONE not in str(rows)
    assert about["Filter: Code, name or phone"] == "K"


def test_a_table_that_its_reader_has_sorted_is_saved_in_that_order(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    app = open_page(actors.manager, "segment_explorer")
    (token,) = links(app).values()

    def codes(order: Order | None) -> list[str]:
        path, _name = table_file(actors.manager, store, token, order, now=NOW)
        return [
            row[0]
            for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
        ]

    assert codes(Order("Code", descending=False)) == ["K1", "K2", "K3", "K4"]
    assert codes(Order("Code", descending=True)) == ["K4", "K3", "K2", "K1"]
    assert codes(Order("Spending in the period", descending=False)) == ["K4", "K2", "K1", "K3"]
    assert codes(Order("No such column", descending=False)) == codes(None)


@pytest.mark.parametrize("form", ["frame", "arrow", "columns"])
def test_rows_of_every_form_are_sorted_alike(form: str) -> None:
    values: Any = {
        "n": [2, None, 10, 2],
        "name": ["b", "a", "c", "=d"],
        "list": [["x", "y"], [], ["a"], ["x"]],
    }
    rows: Any = {"frame": pd.DataFrame, "arrow": pa.table, "columns": dict}[form](values)
    columns = {name: Column(name.upper()) for name in values}
    table = ShownTable("page", "Table", columns, rows, "en", [])

    def names(title: str, *, descending: bool = False) -> list[str]:
        found = in_order(table, Order(title, descending)).rows["name"]
        return found.to_pylist() if hasattr(found, "to_pylist") else list(found)

    assert names("N") == ["a", "b", "=d", "c"]
    assert names("N", descending=True) == ["c", "=d", "b", "a"]
    assert names("NAME") == ["=d", "a", "b", "c"]
    assert names("LIST") == ["a", "c", "=d", "b"]


def test_an_intern_is_offered_no_table(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    for code in ("home", "segment_explorer", "customer"):
        app = open_page(
            actors.of(Role.INTERN), code, **({"id": str(everything["K1"])} if code == "customer" else {})
        )
        assert tables(app) > 0
        assert links(app) == {}


def test_a_table_is_for_whom_it_was_shown_to_and_as_long_as_the_tab_holds_it(
    open_page: Open, store: Store, actors: Actors, everything: dict[str, int]
) -> None:
    app = open_page(actors.manager, "segment_explorer")
    (token,) = links(app).values()
    for stranger in (actors.administrator, actors.supervisor):
        with pytest.raises(NotFound):
            table_file(stranger, store, token, now=NOW)
    with pytest.raises(NotAllowed):
        table_file(actors.intern, store, token, now=NOW)
    app.run()
    assert list(links(app).values()) == [token], "the link keeps its address while the page is open"
    path, name = table_file(actors.manager, store, token, now=NOW)
    assert (path.parent.stat().st_mode & 0o077, name) == (
        0,
        "Customers behind the filters-20261103-1000.xlsx",
    )
    with store.read() as session:
        written = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.table")).one()
        assert (written.subject_id, written.detail) == ("segment_explorer", {"rows": 4})
    del app
    gc.collect()
    with pytest.raises(NotFound):
        table_file(actors.manager, store, token, now=NOW)
