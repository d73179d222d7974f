"""What channels cost: one amount for each month, channel and campaign."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import bindparam, select, update

from core.facts.importing.bulk import allocate_ids, chunks, insert_rows
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.facts.tables import ChannelCost
from core.language import Message, mark

_KEY = "month, channel, campaign"


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving` (the rows to insert or overwrite)."""
    # A cost of the channel as a whole has no campaign: that is part of its name, not a value left blank.
    work.db.execute(f"""
        CREATE TABLE file AS
        SELECT *, row_number() OVER (PARTITION BY {_KEY} ORDER BY row) AS repeat
        FROM (SELECT * REPLACE (coalesce(campaign, '') AS campaign) FROM checked WHERE ok)
    """)
    stored: list[Any] = []
    months = work.db.execute("SELECT DISTINCT month FROM file").fetchall()
    for chunk in chunks(month for (month,) in months):
        query = select(
            ChannelCost.id, ChannelCost.month, ChannelCost.channel, ChannelCost.campaign, ChannelCost.amount
        ).where(ChannelCost.month.in_(chunk))
        stored += [tuple(row) for row in work.session.execute(query)]
    text, number = pa.string(), pa.int64()
    kinds = {"id": number, "month": pa.date32(), "channel": text, "campaign": text, "amount": number}
    work.put_rows("stored", kinds, stored)
    missing = "not_stored" if work.mode == "update" else "added"
    other = "differs" if work.mode == "add" else "updated"
    work.db.execute(f"""
        CREATE TABLE judged AS
        SELECT file.*, stored.id, CASE WHEN stored.id IS NULL THEN '{missing}'
               WHEN stored.amount = cost THEN 'unchanged' ELSE '{other}' END AS verdict
        FROM file LEFT JOIN stored USING ({_KEY})
    """)
    for verdict, sentence in _REFUSALS.items():
        work.refuse(
            f"SELECT row, channel, strftime(month, '%Y-%m') FROM judged WHERE verdict = '{verdict}' ORDER BY row",
            lambda channel, month, sentence=sentence: Message(sentence, {"channel": channel, "month": month}),
        )
    work.db.execute("""
        CREATE TABLE fate AS
        SELECT row, CASE WHEN repeat > 1 THEN 'unchanged' ELSE verdict END AS fate
        FROM judged WHERE verdict IN ('added', 'updated', 'unchanged')
    """)
    work.db.execute("CREATE TABLE saving AS SELECT judged.*, fate FROM judged JOIN fate USING (row)")
    return work.fates("SELECT 0", 0)


_REFUSALS = {
    "not_stored": mark(
        "No cost of channel {channel} in {month} is stored yet. Import it in a mode that adds what is new."
    ),
    "differs": mark(
        "Another cost of channel {channel} in {month} is stored already. If the file is right, import it in a mode "
        "that replaces what is stored."
    ),
}


def save(work: Workspace, batch_id: int) -> None:
    """Insert the new costs of `saving` and overwrite the changed ones."""
    new = work.db.execute("SELECT row FROM saving WHERE fate = 'added' ORDER BY row").fetchall()
    ids = allocate_ids(work.session, "channel_costs", len(new)).tolist()
    work.put_rows(
        "new_ids",
        {"row": pa.int64(), "new_id": pa.int64()},
        list(zip((row for (row,) in new), ids, strict=True)),
    )
    rows = work.db.execute(
        f"SELECT new_id, strftime(month, '%Y-%m-%d'), channel, campaign, cost, {batch_id} "
        "FROM saving JOIN new_ids USING (row) ORDER BY new_id"
    )
    insert_rows(
        work.session, "channel_costs", ("id", "month", "channel", "campaign", "amount", "batch_id"), rows
    )
    changed = work.db.execute("SELECT id, cost FROM saving WHERE fate = 'updated' ORDER BY id").fetchall()
    statement = update(ChannelCost).where(ChannelCost.id == bindparam("which"))
    for chunk in chunks({"which": key, "amount": cost, "batch_id": batch_id} for key, cost in changed):
        work.session.connection().execute(
            statement.values(amount=bindparam("amount"), batch_id=bindparam("batch_id")), chunk
        )
