"""What is settled about an uploaded file as it stands: what a person chose, and what is taken where nobody chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from core.facts.drafts import NO_KEPT_MATCH, Draft
from core.facts.fields import TableSpec
from core.facts.importing import ImportRequest
from core.facts.importing.request import SheetImport
from core.facts.matching.across_sheets import ignored_codes
from core.facts.matching.mappings import (
    Guess,
    NamedMapping,
    guess_table,
    importable_tables,
    known_codes,
    saved_mappings,
)
from core.facts.matching.match import Matching
from core.facts.matching.personal_shown import masked_rows
from core.facts.matching.suggested import suggest
from core.facts.matching.values import not_understood, suggest_values, takes_values
from core.facts.reading import FileOutline, SheetOutline
from core.facts.templates import explains
from core.facts.uploads import upload_outline
from core.language import Message
from pages.frame.session import Session

ENOUGH_FIELDS = 3
"""Fields that the headers of a sheet name when it is taken for facts, though a column may still be wanting."""
Words = dict[str, dict[str, str | None]]


@dataclass(frozen=True)
class Plan:
    """A file, what is in it, and its draft."""

    session: Session
    draft: Draft
    found: FileOutline
    tables: Mapping[str, TableSpec]

    @cached_property
    def guesses(self) -> dict[int, Guess]:
        """The likeliest table of each sheet that can be read."""
        return {
            place: guess_table(self.tables, sheet.headers, sheet.name)
            for place, sheet in enumerate(self.found.sheets)
            if sheet.problem is None
        }

    @cached_property
    def chosen(self) -> dict[int, str]:
        """The sheets that are to be imported -> table: as chosen, else the visible ones that lack nothing or name
        several fields of a table; where none is like that, the first that can be read. Never by itself the example
        of a template."""
        settled = {
            place: table
            for place in self.guesses
            if (table := self.draft.sheet(place).table) is not None and (not table or table in self.tables)
        }
        open_ones = {
            place: guess.table_code
            for place, guess in self.guesses.items()
            if place not in settled and not self.sheet(place).hidden and not self.explains(place)
        }
        whole = {
            place: table
            for place, table in open_ones.items()
            if self.guesses[place].found >= ENOUGH_FIELDS or not self.lacks(place, table)
        }
        taken = {place: table for place, table in settled.items() if table} | whole
        if not taken and not settled:
            taken = dict(list(open_ones.items())[:1])
        return dict(sorted(taken.items()))

    def explains(self, place: int) -> bool:
        """Whether a sheet is only the example or the explanation of a template."""
        sheet = self.sheet(place)
        return explains(sheet.name, sheet.sample if sheet.rows == 1 else ())

    def lacks(self, place: int, table: str) -> bool:
        """Whether the headers of a sheet leave something to settle before its rows can be read as these."""
        return bool(suggest(self.tables[table], self.sheet(place).headers, ()).problems)

    @cached_property
    def kept(self) -> dict[int, list[NamedMapping]]:
        """The kept matches that fit each sheet as what it is read."""
        actor, store = self.session.actor, self.session.store
        return {
            place: [
                each
                for each in saved_mappings(actor, store, self.sheet(place).headers)
                if each.table_code == table
            ]
            for place, table in self.chosen.items()
        }

    def applied(self, place: int) -> NamedMapping | None:
        """The kept match that is applied: the one chosen, else the first that fits. Letters fit every file without a
        header and say nothing of what stands below them, so there it has to be chosen."""
        asked, sheet = self.draft.sheet(place).kept.get(self.chosen[place]), self.sheet(place)
        if asked == NO_KEPT_MATCH or (asked is None and (sheet.headless or sheet.doubtful)):
            return None
        return next((each for each in self.kept[place] if asked in (None, each.id)), None)

    def sheet(self, place: int) -> SheetOutline:
        return self.found.sheets[place]

    def table(self, place: int) -> TableSpec:
        return self.tables[self.chosen[place]]

    @cached_property
    def matchings(self) -> dict[int, Matching]:
        """What the columns of each sheet that is imported stand for."""
        return {place: self._matching(place) for place in self.chosen}

    @cached_property
    def doubts(self) -> dict[int, Message]:
        """Sheets that can be imported as they stand, but hardly as they are meant."""
        return ignored_codes(
            {place: (self.sheet(place).name, each) for place, each in self.matchings.items()}
        )

    def matching(self, place: int) -> Matching:
        """What the columns of a sheet stand for."""
        return self.matchings[place]

    def _matching(self, place: int) -> Matching:
        sheet, table = self.sheet(place), self.table(place)
        kept = self.applied(place)
        settled = self.draft.sheet(place).chosen.get(table.code, {})
        match = partial(
            suggest, table, sheet.headers, sheet.sample, settled,
            kept=kept.mapping if kept else None, kept_name=kept.name if kept else "",
        )  # fmt: skip
        first = match()
        if "customer_code" not in table.codes or "customer_code" in first.fields:
            return first
        silent = {each.column for each in first.columns if each.field is None}
        cells = {row[n] or "" for row in sheet.sample for n in silent if n < len(row)}
        codes = known_codes(self.session.actor, self.session.store, cells)
        return match(known_codes=codes) if codes else first

    def rows_shown(self, place: int) -> list[list[str | None]]:
        """The first rows of a sheet as people see them, what is personal masked."""
        sheet = self.sheet(place)
        if place in self.chosen:
            return masked_rows(sheet.sample, self.matching(place))
        guess = self.guesses.get(place)
        table = self.tables[guess.table_code] if guess else next(iter(self.tables.values()))
        return masked_rows(sheet.sample, suggest(table, sheet.headers, sheet.sample))

    def unread(self, place: int, matching: Matching) -> dict[str, dict[str, int]]:
        """Field -> words in the first rows that nobody would understand -> how often they stand there."""
        sheet, found = self.sheet(place), {}
        for each in matching.columns:
            field = matching.table.field(each.field) if each.field in matching.table.codes else None
            if field is not None and takes_values(field):
                cells = [row[each.column] if each.column < len(row) else None for row in sheet.sample]
                if words := not_understood(field, cells):
                    found[field.code] = words
        return found

    def values(self, place: int, unread: Mapping[str, Mapping[str, int]]) -> Words:
        """What words in cells stand for: obvious ones among `unread`, then the kept match, then what was chosen."""
        table, sheet = self.table(place), self.draft.sheet(place)
        kept = self.applied(place)
        words: Words = {code: suggest_values(table.field(code), cells) for code, cells in unread.items()}
        for source in (kept.values if kept else {}, sheet.values.get(table.code, {})):
            for code, meant in source.items():
                words[code] = {**words.get(code, {}), **meant}
        return {
            code: {cell: meant for cell, meant in each.items() if meant != UNSETTLED}
            for code, each in words.items()
            if code in table.codes
        }

    @property
    def clears_blanks(self) -> bool:
        """Whether blank cells empty stored values; a file that only adds overwrites none."""
        return self.draft.clear_blanks and self.draft.mode != "add"

    def request(self, language: str) -> ImportRequest:
        """The import as it stands, with every column decided: what was on the screen is what is done."""
        asked = []
        for place, table in self.chosen.items():
            matching = self.matching(place)
            values = self.values(place, self.unread(place, matching))
            sheet = self.sheet(place)
            asked.append(SheetImport(table, sheet.name or None, matching.decided, values, sheet.headless))
        names_customers = any("customer_code" in self.tables[table].codes for table in self.chosen.values())
        return ImportRequest(
            path=self.draft.token,
            file_name=self.found.file_name,
            sheets=tuple(asked),
            mode=self.draft.mode,
            create_customers=self.draft.create_customers and names_customers,
            all_or_nothing=self.draft.all_or_nothing,
            clear_blanks=self.clears_blanks,
            language=language,
            encoding=self.draft.encoding,
            delimiter=self.draft.delimiter,
        )


UNSETTLED = "?"
"""A word that a person would not have mapped, whatever is suggested for it."""


def plan_of(session: Session, draft: Draft) -> Plan:
    """The plan of an upload; refused when it cannot be read."""
    found = upload_outline(
        session.actor, session.store, draft.token, encoding=draft.encoding, delimiter=draft.delimiter,
        headless=draft.headless,
    )  # fmt: skip
    return Plan(session, draft, found, importable_tables(session.actor, session.store))
