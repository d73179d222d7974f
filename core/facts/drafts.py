"""What a person has settled so far about an uploaded file, kept beside it: a closed tab loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.access.actor import Actor
from core.facts.importing.request import ImportRequest
from core.facts.reading import FileOutline
from core.facts.uploads import read_draft, write_draft
from core.store.engine import Store

NO_KEPT_MATCH = 0


@dataclass(frozen=True)
class SheetDraft:
    """One sheet as it is to be read; None and empty where nothing was settled yet.

    `table`: what its rows are, empty when it is not to be imported; `chosen`, for each table: headers settled by
    hand (see `matching.column_keys`); `kept`, for each table: id of the kept match that is applied, NO_KEPT_MATCH
    for none; `values`, for each table: field code -> cell -> code, or None for empty; `headless`: the sheet
    has no header, and its first row is data.
    """

    table: str | None = None
    chosen: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Mapping[str, str | None]]] = field(default_factory=dict)
    headless: bool = False

    def read_as(self, *, headless: bool) -> SheetDraft:
        """Read with or without a header. Its columns have other names then, so their matches go."""
        return replace(self, headless=headless, chosen={}, kept={})

    def corrected(self, table: str, choices: Mapping[str, str | None]) -> SheetDraft:
        """With these headers settled by hand. A field stands for one column only: the last choice wins."""
        settled = dict(self.chosen.get(table, {}))
        for key, code in choices.items():
            settled = {name: None if code and other == code else other for name, other in settled.items()}
            settled[key] = code
        return replace(self, chosen={**self.chosen, table: settled})

    def meaning(self, table: str, code: str, words: Mapping[str, str | None], forget: str = "") -> SheetDraft:
        """With what these cells of a field stand for; the cell `forget` is again read as it stands."""
        fields_of = dict(self.values.get(table, {}))
        known = {
            cell: meant for cell, meant in {**fields_of.get(code, {}), **words}.items() if cell != forget
        }
        return replace(self, values={**self.values, table: {**fields_of, code: known}})


@dataclass(frozen=True)
class Draft:
    """What was settled about one upload. `checked` is the check (a job) that asked for exactly this."""

    token: str
    sheets: Mapping[int, SheetDraft] = field(default_factory=dict)
    mode: str = "both"
    create_customers: bool = False
    all_or_nothing: bool = False
    clear_blanks: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    checked: int | None = None
    step: str = ""
    """Where the person was last: sheets, columns or check; empty before the first look."""

    @property
    def headless(self) -> list[int]:
        """Places of the sheets that are read without a header."""
        return sorted(place for place, sheet in self.sheets.items() if sheet.headless)

    def sheet(self, place: int) -> SheetDraft:
        return self.sheets.get(place, SheetDraft())

    def with_sheet(self, place: int, changed: SheetDraft) -> Draft:
        """With one sheet settled otherwise; what was checked before is out of date."""
        return replace(self, sheets={**self.sheets, place: changed}, checked=None)

    def changed(self, **changes: Any) -> Draft:
        """With other options; what was checked before is out of date."""
        same = all(getattr(self, name) == value for name, value in changes.items())
        return self if same else replace(self, **{"checked": None, **changes})


def draft_of(actor: Actor, store: Store, token: str) -> Draft:
    """The draft of an upload of one's own; NotFound as `uploads.upload`."""
    stored = read_draft(actor, store, token) or {}
    known = {each.name: stored[each.name] for each in fields(Draft) if each.name in stored}
    sheets = {int(place): SheetDraft(**sheet) for place, sheet in known.get("sheets", {}).items()}
    return Draft(**{**known, "token": token, "sheets": sheets})


def keep_draft(actor: Actor, store: Store, draft: Draft) -> None:
    """Keep a draft beside its upload; NotFound as `uploads.upload`."""
    write_draft(actor, store, draft.token, asdict(draft))


def draft_from(request: ImportRequest, found: FileOutline, checked: int | None) -> Draft:
    """The draft that leads to this request, for what was asked without one."""
    places = {sheet.name: place for place, sheet in enumerate(found.sheets)}
    first = next((place for place, sheet in enumerate(found.sheets) if not sheet.hidden), 0)
    sheets = {place: SheetDraft(table="") for place in places.values()}
    for asked in request.sheets:
        place = first if asked.sheet is None else places.get(asked.sheet, first)
        table = asked.table_code
        sheets[place] = SheetDraft(
            table, {table: asked.mapping}, {table: NO_KEPT_MATCH}, {table: asked.values}, asked.headless
        )
    return Draft(
        request.path, sheets, request.mode, request.create_customers, request.all_or_nothing, request.clear_blanks,
        request.encoding, request.delimiter, checked,
    )  # fmt: skip
