"""How a file was read when it was imported: the migration check reads it in the same way.

Otherwise a column that somebody matched by hand would not be compared, and a word that somebody gave a meaning would
look like a row that the import rejects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.facts.drafts import NO_KEPT_MATCH, Draft, SheetDraft, draft_of, keep_draft
from core.facts.importing.request import ImportRequest, SheetImport
from core.facts.matching.match import column_keys
from core.facts.own_fields.catalogue import catalogue
from core.facts.reading import FileOutline, SheetOutline
from core.facts.tables import ImportBatch
from core.facts.uploads import upload_outline
from core.store.engine import Store

_LETTER = re.compile("[A-Z]{1,3}")
"""What a column is called where a sheet was read without a header."""


def read_before(actor: Actor, store: Store, found: FileOutline) -> dict[int, SheetImport]:
    """Place of a sheet in the file -> how the last import of this very file read it; every column is decided."""
    actor.require(Permission.IMPORT)
    query = select(ImportBatch).where(ImportBatch.file_sha256 == found.sha256).order_by(ImportBatch.id)
    with store.read() as session:
        last = {batch.sheet or "": batch for batch in session.scalars(query)}
        tables = catalogue(session) if last else {}
        return {
            place: _as_in(last[sheet.name], sheet, tables[last[sheet.name].table_code].codes)
            for place, sheet in enumerate(found.sheets)
            if sheet.name in last
        }


def as_before(actor: Actor, store: Store, request: ImportRequest) -> ImportRequest:
    """The request, with what the last import of this very file settled about sheets of which it settles nothing."""
    if all(sheet.mapping or sheet.values for sheet in request.sheets):
        return request
    found = upload_outline(actor, store, request.path, encoding=request.encoding, delimiter=request.delimiter)
    first = next((place for place, sheet in enumerate(found.sheets) if not sheet.hidden), 0)
    before = read_before(actor, store, found)
    by_name: Mapping[str | None, SheetImport] = {
        **{found.sheets[place].name: each for place, each in before.items()},
        **({None: before[first]} if first in before else {}),
    }
    return replace(request, sheets=tuple(_settled(sheet, by_name) for sheet in request.sheets))


def draft_for_check(actor: Actor, store: Store, token: str) -> Draft:
    """The draft of an upload that is to be checked; it begins with what the last import of this very file settled."""
    draft = draft_of(actor, store, token)
    if draft.sheets:
        return draft
    found = upload_outline(actor, store, token, encoding=draft.encoding, delimiter=draft.delimiter)
    before = read_before(actor, store, found)
    if before:
        draft = replace(draft, sheets={place: _draft(each) for place, each in before.items()})
        keep_draft(actor, store, draft)
    return draft


def _as_in(batch: ImportBatch, sheet: SheetOutline, known: Collection[str]) -> SheetImport:
    keys = column_keys(sheet.headers)
    headless = not batch.mapping.keys() <= set(keys) and all(map(_LETTER.fullmatch, batch.mapping))
    meant = dict(batch.mapping) if headless else {key: batch.mapping.get(key) for key in keys}
    mapping = {key: code if code in known else None for key, code in meant.items()}
    values = {code: cells for code, cells in batch.value_mapping.items() if code in known}
    return SheetImport(batch.table_code, batch.sheet, mapping, values, headless)


def _settled(sheet: SheetImport, before: Mapping[str | None, SheetImport]) -> SheetImport:
    found = before.get(sheet.sheet)
    if sheet.mapping or sheet.values or found is None or found.table_code != sheet.table_code:
        return sheet
    return replace(sheet, mapping=found.mapping, values=found.values, headless=found.headless)


def _draft(sheet: SheetImport) -> SheetDraft:
    table = sheet.table_code
    return SheetDraft(
        table, {table: sheet.mapping}, {table: NO_KEPT_MATCH}, {table: sheet.values}, sheet.headless
    )
