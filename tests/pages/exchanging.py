"""What the tests of data exchange do with the page, and the files they bring."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.facts.drafts import draft_of, keep_draft
from core.facts.exporting import write_workbook
from core.facts.importing import ImportRequest
from core.operations import jobs as operations
from core.operations import worker
from core.store.engine import Store
from core.store.presence import present
from tests.conftest import Actors

PAGE = "data_exchange"
Settle = Callable[[AppTest, int, str, dict[str, str | None]], None]
CUSTOMERS = "客户编号,姓名,手机号,备忘\nC1,张*晓_明,10012345678,甲\nC2,李雷,10012345679,乙\n".encode()
ORDERS = "谁,下单时间,金额,备注\nC1,2026-01-02,12.50,a\nC2,2026-01-03,约100,b\nC9,2026-01-04,7,c\n".encode()


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content)
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, text: str) -> AppTest:
    next(each for each in app.button if text in each.label).click()
    app.run()
    assert not app.exception
    return app


def work_off(app: AppTest, store: Store) -> AppTest:
    """Do the queued jobs, as the worker would, and show the page again."""
    with present(store) as name:
        while worker.run_one(store, name):
            pass
    app.run()
    assert not app.exception
    return app


def check(app: AppTest, store: Store) -> AppTest:
    """Let the file be checked."""
    press(app, "Check the file")
    return work_off(app, store)


def asked_for(app: AppTest, name: str) -> str:
    """What the page's address says under a name."""
    found = app.query_params[name]
    return found[0] if isinstance(found, list) else found


def choosers(app: AppTest, kind: str = "match") -> dict[str, Any]:
    """What a list of things to choose for is shown with; by its kind: sheets, match, values."""
    sent = (each.proto for each in app.get("bidi_component"))
    return next(json.loads(each.json) for each in sent if f"exchange.{kind}." in each.id)


def rows_of(app: AppTest, kind: str = "match") -> dict[str, dict[str, Any]]:
    """Its rows by what they are called."""
    return {row["title"]: row for row in choosers(app, kind)["rows"]}


def field_of(app: AppTest, header: str) -> str:
    """The field that a column is shown to stand for."""
    return str(rows_of(app)[header]["value"])


def book_of_three() -> bytes:
    """Two sheets of facts and one of something else."""
    book = io.BytesIO()
    sheets = {
        "答": pd.DataFrame({"客户编号": ["C1"], "评分": [5], "评价时间": ["2026-01-02"]}),
        "单": pd.DataFrame({"客户编号": ["C1"], "下单时间": ["2026-01-02"], "金额": [3]}),
        "说明": pd.DataFrame({"注": ["x"], "释": ["y"]}),
    }
    write_workbook(book, sheets, {})
    return book.getvalue()


@pytest.fixture
def settle(store: Store, actors: Actors) -> Settle:
    """`settle(app, 0, "customers", header=field)`: what a person chooses in the list of columns, which the harness
    cannot press (a browser test does). The page is not run again."""

    def settled(app: AppTest, place: int, table: str, choices: dict[str, str | None]) -> None:
        draft = draft_of(actors.operations, store, asked_for(app, "file"))
        sheet = draft.sheet(place).corrected(table, choices)
        keep_draft(actors.operations, store, draft.with_sheet(place, sheet))

    return settled


def asked(app: AppTest, store: Store, actors: Actors) -> ImportRequest:
    """What the job in the page's address is to do."""
    number = int(asked_for(app, "job"))
    return ImportRequest.from_json(operations.job(actors.operations, store, number).payload)


@pytest.fixture
def with_customers(open_page: Callable[..., AppTest], store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    check(app, store)
    press(app, "Import 2 rows")
    work_off(app, store)
