"""Data exchange: an import that was undone tells what it left, wherever one looks at it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.facts.tables import Customer
from core.operations import jobs as operations
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_order
from tests.pages.conftest import Open, words
from tests.pages.exchanging import PAGE, press, work_off


def stayed(app: AppTest) -> list[list[str]]:
    """The records that are listed as left, each with its reason."""
    return [
        row
        for each in app.dataframe
        if "reason" in each.value.columns
        for row in each.value.to_numpy().tolist()
    ]


def test_what_an_undoing_left_is_named_at_once_after_a_reload_and_in_the_history(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    commit = next(
        job.id for job in operations.own_jobs(actors.operations, store) if job.kind == "import_commit"
    )
    with store.write() as session:
        customer = session.scalars(select(Customer.id).where(Customer.code == "C2")).one()
        add_order(session, customer, "no:1", [(date(2026, 1, 2), 5)])
        session.commit()
    app = press(open_page(actors.operations, PAGE, job=str(commit)), "Undo this import")
    work_off(app, store)
    next(each for each in app.button if str(each.key).startswith("exchange.undo.do")).click().run()
    work_off(app, store)
    left = [["Customers C2", "Something that came later belongs to it: Order lines."]]
    assert stayed(app) == left
    assert stayed(open_page(actors.operations, PAGE, job=str(commit))) == left
    history = open_page(actors.manager, PAGE, **{"import": "1"})
    assert stayed(history) == left
    assert "1 record stayed as it was, because of what came later." in words(history)
