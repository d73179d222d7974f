"""What the command line asks of an import: its arguments, made into a request."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from core.access.actor import SYSTEM
from core.errors import Refused
from core.facts.cleaning.text import plain
from core.facts.fields import TABLES, TableSpec
from core.facts.importing import MODES, ImportRequest
from core.facts.matching.mappings import Values, importable_tables, kept_match
from core.facts.matching.values import is_understood, takes_values, words_understood
from core.language import language_of_terminal, mark
from core.store.engine import Store

Words = dict[str, dict[str, str | None]]


def add_arguments(files: argparse.ArgumentParser) -> None:
    """What may be said of the file."""
    files.add_argument("file", type=Path)
    files.add_argument("--as", dest="table", required=True, choices=list(TABLES))
    files.add_argument("--sheet", help="name of the sheet (default: the first that holds data)")
    files.add_argument("--match", metavar="NAME", help="a match that was kept on the page, with its words")
    files.add_argument("--map", action="append", default=[], type=_mapping, metavar="HEADER=FIELD")
    files.add_argument("--value", action="append", default=[], type=_value, metavar="CELL=CHOICE")
    files.add_argument("--mode", choices=MODES, default="add")
    files.add_argument(
        "--without-codes", action="store_true", help="the customers of the file have no codes of their own"
    )
    files.add_argument("--create-customers", action="store_true", help="add customers that are not known yet")
    files.add_argument("--all-or-nothing", action="store_true", help="save nothing when any row is refused")
    files.add_argument("--clear-blanks", action="store_true", help="a blank cell empties the stored value")
    files.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _mapping(text: str) -> tuple[str, str | None]:
    return _pair(text, "HEADER=FIELD")


def _value(text: str) -> tuple[str, str | None]:
    return _pair(text, "CELL=CHOICE")


def _pair(text: str, form: str) -> tuple[str, str | None]:
    name, separator, meant = text.rpartition("=")
    if not separator or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form {form}")
    return name, meant.strip() or None


def request_of(store: Store, options: argparse.Namespace) -> ImportRequest:
    """The import that was asked for. What is said on the line goes before what the kept match says."""
    mapping: dict[str, str | None] = {}
    values: Words = {}
    if options.match is not None:
        kept = kept_match(SYSTEM, store, options.table, options.match)
        mapping |= {header: code or None for header, code in kept.mapping.items()}
        values |= kept.values
    said = dict(options.map)
    taken = {code for code in said.values() if code}
    mapping = {header: None if code in taken else code for header, code in mapping.items()} | said
    if options.value:
        table = importable_tables(SYSTEM, store)[options.table]
        for code, words in _words(table, options.value).items():
            values[code] = {**values.get(code, {}), **words}
    return ImportRequest.of(
        path=str(options.file.absolute()),
        file_name=options.file.name,
        table_code=options.table,
        sheet=options.sheet,
        mapping=mapping,
        values=values,
        mode=options.mode,
        create_customers=options.create_customers,
        all_or_nothing=options.all_or_nothing,
        clear_blanks=options.clear_blanks,
        codes_may_lack=options.without_codes,
        language=language_of_terminal(),
    )


def _words(table: TableSpec, said: Iterable[tuple[str, str | None]]) -> Values:
    """Field code -> cell -> choice, for every field that has the choice, or, to empty a cell, does not know it."""
    fields = [field for field in table.fields if takes_values(field)]
    found: Words = {}
    for cell, meant in said:
        known = plain(meant or "").casefold()
        codes = {
            field.code: words_understood(field)[known] if meant else None
            for field in fields
            if (known in words_understood(field) if meant else not is_understood(field, cell))
        }
        if not codes:
            raise Refused(mark("No field of this table has the choice {choice}."), choice=meant or cell)
        for code, choice in codes.items():
            found.setdefault(code, {})[cell] = choice
    return found
