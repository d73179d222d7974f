"""The commands of `manage.py` that work on the store. They act as the system, audited like anybody.

Exit code 0 when any row was accepted or nothing was new; 2 and one line on standard error for a refusal.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.exc import ArgumentError, OperationalError

from core import clock
from core.access.actor import SYSTEM
from core.access.service import first_link
from core.access.vault import key_file
from core.errors import ProductError, Refused
from core.language import Message, mark
from core.operations import worker
from core.operations.cycle import CycleResult, run_cycle
from core.operations.demo import load_demo
from core.operations.exports import EXPORTS, write_export
from core.operations.import_asked import add_arguments
from core.operations.import_command import import_file
from core.operations.log import describe, log_file, open_log
from core.operations.terminal import (
    UNEXPECTED,
    BadArguments,
    Outcome,
    Parser,
    Watcher,
    refuse,
    show,
)
from core.policy.service import record_default_policy
from core.store.engine import Store, open_store
from core.store.migrate import is_current, migrate

Command = Callable[[Store, argparse.Namespace, Watcher], Outcome]


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Nothing it does ends in a traceback."""
    try:
        options = _parser().parse_args(arguments)
        store = open_store()
    except BadArguments as error:
        return refuse(str(error))
    except (ArgumentError, OSError) as error:
        sentence = mark("The data cannot be opened; look at DATABASE_URL and APP_DATA_DIR: {error}")
        return refuse(Message(sentence, {"error": str(error)}))
    watcher = Watcher(quiet=options.json)
    try:
        if options.run is not _migrate:
            _prepare(store)
        outcome = options.run(store, options, watcher)
    except (Exception, KeyboardInterrupt) as error:
        return refuse(_reason(store, options.command, error))
    finally:
        watcher.end()
    return show(outcome, as_json=options.json)


def _reason(store: Store, command: str, error: BaseException) -> Message:
    """What to say of an error. The details of a defect go to the log, never to the terminal."""
    if isinstance(error, ProductError):
        return error.message
    if isinstance(error, KeyboardInterrupt):
        return Message(mark("Stopped; nothing that was not finished is saved."))
    open_log(store).error("%s: %s", command, describe(error))
    if isinstance(error, OperationalError):
        return Message(mark("The database cannot be used now: {error}"), {"error": str(error.orig).strip()})
    return Message(UNEXPECTED, {"path": str(log_file(store))})


def _prepare(store: Store) -> None:
    if not is_current(store):
        migrate(store)
    record_default_policy(store, now=clock.now())


def _parser() -> Parser:
    parser = Parser(prog="manage.py")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)

    def command(name: str, run: Command, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.add_argument("--json", action="store_true", help="print one JSON object as the last line")
        added.set_defaults(run=run)
        return added

    command("migrate", _migrate, "Bring the database to this version.")
    command("demo", _demo, "Load the demo company and grade it.")
    link = command("link", _link, "Print a one-time sign-in link for the first administrator.")
    link.add_argument("--host", default="127.0.0.1")
    link.add_argument("--port", type=int, default=8501)
    command("worker", _worker, "Do background jobs without serving the app.")

    add_arguments(command("import", _import, "Import a workbook or CSV file."))

    cycle = command("cycle", _cycle, "Grade all customers and raise work orders.")
    cycle.add_argument("--as-of", required=True, type=_date, metavar="DATE")

    export = command(
        "export", _export, "Write grades, customers, work orders, leads or channel costs to a file."
    )
    export.add_argument("what", choices=list(EXPORTS))
    export.add_argument("--out", required=True, type=Path, metavar="FILE")
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-03") from None


def _migrate(store: Store, _options: argparse.Namespace, _watcher: Watcher) -> Outcome:
    changed = not is_current(store)
    _prepare(store)
    line = mark("The database has been brought to this version.") if changed else mark("Nothing to migrate.")
    return Outcome({"migrated": changed}, [Message(line)])


def _link(store: Store, options: argparse.Namespace, _watcher: Watcher) -> Outcome:
    link = f"http://{options.host}:{options.port}/link/{first_link(store, now=clock.now())}"
    return Outcome(
        {"link": link, "key_file": str(key_file(store))},
        [
            Message(mark("Sign in once with this link, as the first administrator: {link}"), {"link": link}),
            Message(
                mark(
                    "Encryption key: {path}. Without it phones and e-mails are lost; keep a copy elsewhere."
                ),
                {"path": str(key_file(store))},
            ),
        ],
    )


def _worker(store: Store, _options: argparse.Namespace, _watcher: Watcher) -> Outcome:
    worker.work(store)
    return Outcome({})


def _demo(store: Store, _options: argparse.Namespace, watcher: Watcher) -> Outcome:
    loaded = load_demo(SYSTEM, store, now=clock.now(), progress=watcher)
    return Outcome(loaded, [Message(mark("The demo company is loaded and graded."))])


def _import(store: Store, options: argparse.Namespace, watcher: Watcher) -> Outcome:
    return import_file(store, options, watcher, now=clock.now())


def _cycle(store: Store, options: argparse.Namespace, watcher: Watcher) -> Outcome:
    result = run_cycle(SYSTEM, store, options.as_of, now=clock.now(), progress=watcher)
    return Outcome(result.to_json(), [_cycle_line(result)])


def _cycle_line(result: CycleResult) -> Message:
    return Message(
        mark(
            "{graded} customers with orders were scored; the grade or stage of {grades_changed} customers changed; "
            "{warnings} warnings, {work_orders_opened} work orders opened, {backlog} wait in the backlog."
        ),
        result.to_json(),
    )


def _export(store: Store, options: argparse.Namespace, watcher: Watcher) -> Outcome:
    if options.out.suffix.lower() not in (".xlsx", ".csv"):
        raise Refused(mark("{file} must end with .xlsx or .csv."), file=options.out.name)
    if not options.out.absolute().parent.is_dir():
        raise Refused(mark("The folder {folder} does not exist."), folder=options.out.absolute().parent)
    rows = write_export(SYSTEM, store, options.what, options.out, now=clock.now())
    line = Message(mark("{rows} rows written to {path}"), {"rows": rows, "path": str(options.out)})
    return Outcome({"rows": rows, "file": str(options.out)}, [line])
