"""What a file of leads or deals would overwrite, cell by cell."""

from __future__ import annotations

import pyarrow as pa
from sqlalchemy import select

from core.access.vault import Vault
from core.facts import identity
from core.facts.importing import leads_own
from core.facts.importing.bulk import chunks
from core.facts.importing.changes import DIFFERS, Changes, compare, first, name_staff
from core.facts.importing.leads import CLEARED, VALUES
from core.facts.importing.workspace import Workspace
from core.facts.tables import Customer, Lead

_JUDGED = "file f JOIN fate USING (row) JOIN stored s ON s.code = f.lead_code"


def changes(work: Workspace, vault: Vault, limit: int) -> Changes:
    """The changed cells of the leads that are overwritten."""
    _open(work, vault)
    pairs = {name: (f"old_{name}", name) for name in (*VALUES, "phone", "owner", "customer_code")}
    plain = ", ".join(f"f.{name}, s.{name} AS old_{name}" for name in VALUES)
    cleared = CLEARED & work.clearing
    source = f"""
        SELECT row, f.lead_code AS record, {plain},
               CASE WHEN digest IS DISTINCT FROM s.phone_index THEN f.phone END AS phone, old_phone,
               CASE WHEN f.owner_id IS DISTINCT FROM s.owner_id THEN f.owner END AS owner, person AS old_owner,
               CASE WHEN f.customer_id IS DISTINCT FROM s.customer_id THEN f.customer_code END AS customer_code,
               old_customer_code
        FROM {_JUDGED} LEFT JOIN phones p ON p.phone = f.phone
        LEFT JOIN opened ON opened.id = s.id LEFT JOIN staff_names o ON o.id = s.owner_id
        LEFT JOIN customer_codes c ON c.id = s.customer_id
        WHERE fate = 'updated'
    """
    cells, total = compare(work, source, {n: p for n, p in pairs.items() if n not in cleared}, limit)
    emptied, more = compare(work, source, {n: pairs[n] for n in sorted(cleared)}, limit, DIFFERS)
    own = leads_own.changes(work, vault)
    return first(cells + emptied + own, limit), total + more + len(own)


def _open(work: Workspace, vault: Vault) -> None:
    """What is stored by a number or sealed, in words: `opened`, `staff_names`, `customer_codes`."""
    text, number = pa.string(), pa.int64()
    ids = work.db.execute(f"""
        SELECT s.id FROM {_JUDGED} JOIN phones p ON p.phone = f.phone
        WHERE fate = 'updated' AND digest IS DISTINCT FROM s.phone_index
    """).fetchall()
    phones = []
    for chunk in chunks(key for (key,) in ids):
        rows = work.session.execute(select(Lead.id, Lead.phone_sealed).where(Lead.id.in_(chunk)))
        phones += [(key, identity.look_lead(vault, key, sealed)) for key, sealed in rows]
    work.put_rows("opened", {"id": number, "old_phone": text}, phones)
    name_staff(work)
    customers = work.db.execute("SELECT DISTINCT customer_id FROM stored WHERE customer_id IS NOT NULL")
    codes = []
    for chunk in chunks(key for (key,) in customers.fetchall()):
        rows = work.session.execute(select(Customer.id, Customer.code).where(Customer.id.in_(chunk)))
        codes += [tuple(row) for row in rows]
    work.put_rows("customer_codes", {"id": number, "old_customer_code": text}, codes)
