"""What rows name by its code or number: outlets and contracts. Unknown ones refuse their rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.facts.importing.bulk import chunks
from core.facts.importing.workspace import Workspace
from core.facts.tables import Contract, Outlet
from core.language import Message, mark


def name_outlets(work: Workspace) -> None:
    """Make `base`: the accepted rows with `outlet_id`."""
    _load(work, "outlet_code", select(Outlet.code, Outlet.id), Outlet.code, ("id",))
    work.refuse(
        "SELECT row, outlet_code FROM checked WHERE ok AND outlet_code NOT IN (SELECT code FROM named) ORDER BY row",
        lambda code: Message(
            mark("No outlet has the code {code}. Import the outlets first."), {"code": code}
        ),
        "outlet_code",
    )
    work.db.execute(
        "CREATE TABLE base AS SELECT checked.*, named.id AS outlet_id "
        "FROM checked JOIN named ON outlet_code = code WHERE ok"
    )


def name_contracts(work: Workspace) -> None:
    """Replace `base` by its rows with `contract_id`, and the contract's customer where they name none."""
    columns = ("id", "owned_by")
    _load(
        work,
        "contract_code",
        select(Contract.code, Contract.id, Contract.customer_id),
        Contract.code,
        columns,
    )
    work.refuse(
        "SELECT row, contract_code FROM base WHERE contract_code NOT IN (SELECT code FROM named) ORDER BY row",
        lambda code: Message(
            mark(
                "No contract has the code {code}. Import the contracts first, or leave the cell blank and name the "
                "customer."
            ),
            {"code": code},
        ),
        "contract_code",
    )
    work.refuse(
        "SELECT row, contract_code FROM base JOIN named ON contract_code = code "
        "WHERE customer_id <> owned_by ORDER BY row",
        lambda code: Message(
            mark("Contract {code} belongs to another customer. Correct the contract or the customer."),
            {"code": code},
        ),
        "contract_code",
    )
    work.db.execute("""
        CREATE OR REPLACE TABLE base AS
        SELECT base.* REPLACE (coalesce(customer_id, owned_by) AS customer_id), named.id AS contract_id
        FROM base LEFT JOIN named ON contract_code = code
        WHERE contract_code IS NULL OR (named.id IS NOT NULL AND coalesce(customer_id = owned_by, true))
    """)


def _load(work: Workspace, field: str, query: Any, code: Any, columns: tuple[str, ...]) -> None:
    """`named`: the stored records whose codes stand in `field`."""
    found: list[Any] = []
    codes = work.db.execute(
        f"SELECT DISTINCT {field} FROM checked WHERE ok AND {field} IS NOT NULL"
    ).fetchall()
    for chunk in chunks(each for (each,) in codes):
        found += [tuple(row) for row in work.session.execute(query.where(code.in_(chunk)))]
    work.put_rows("named", {"code": pa.string(), **dict.fromkeys(columns, pa.int64())}, found)
