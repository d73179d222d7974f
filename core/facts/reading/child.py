"""The child process that reads one file: a request as JSON on standard input, answers as lines of JSON.

Lines with "progress" come first, at last one with "result" or "refused". It opens no database.
"""

from __future__ import annotations

import gc
import hashlib
import json
import resource
import sys
import traceback
import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import pyarrow as pa
from python_calamine import CalamineError, PasswordError

from core.errors import Refused
from core.facts.reading.cells import shown_column
from core.facts.reading.delimited import TextFile
from core.facts.reading.headers import check_header, find_header, no_rows
from core.facts.reading.kinds import open_file
from core.facts.reading.limits import Limits
from core.facts.reading.refusals import damaged, needs_memory, needs_password
from core.facts.reading.source import Source
from core.facts.reading.staged import FileOutline, SheetOutline, StagedSheet, to_json
from core.facts.reading.workbook import Workbook
from core.facts.reading.writing import write
from core.facts.reading.written_by_excel import unwrapped
from core.language import Message

SAMPLE_ROWS = 20

Answer = dict[str, Any]


def main() -> None:
    """Serve one request."""
    request = json.load(sys.stdin)
    limits = Limits(**request.pop("limits"))
    sys.meta_path.insert(0, WithoutPandas())
    gc.disable()  # millions of cells hold no cycles, and the process ends with the file
    limit_process(limits)
    try:
        say({"result": to_json(serve(request, limits))})
    except BaseException as error:  # a panic of calamine is no Exception
        refusal = as_refusal(error, request["file_name"])
        if refusal is None:
            # Only where, not what: the words of an error may quote a cell, and this goes to a log
            print(type(error).__name__, *traceback.format_tb(error.__traceback__), file=sys.stderr)
            sys.exit(1)
        say({"refused": refusal.message.to_json()})


class WithoutPandas:
    """Keeps pyarrow from loading pandas only to ask whether a list is one of its own: a third of a small file's
    time."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def limit_process(limits: Limits) -> None:
    """Let the system end this process when it takes more than a file may cost."""
    if sys.platform == "linux":  # elsewhere address space is not limited per process
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds * 2, limits.seconds * 2 + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(request: dict[str, Any], limits: Limits) -> FileOutline | StagedSheet:
    """The outline or the staged sheet that was asked for."""
    path, file_name = Path(request["path"]), request["file_name"]
    file = open_file(path, file_name, limits, request["encoding"], request["delimiter"])
    if request["do"] == "stage":
        source = file.source(file.choose(request["sheet"]))
        return write(
            source, sha256(path), Path(request["into"]), limits, lambda share: say({"progress": share}),
            headless=request["headless"],
        )  # fmt: skip
    return FileOutline(
        file_name=file_name,
        size=path.stat().st_size,
        sha256=sha256(path),
        sheets=tuple(
            outline_sheet(file, name, hidden, limits, headless=place in request["headless"])
            for place, (name, hidden) in enumerate(file.sheets)
        ),
        encoding=file.encoding,
        encodings=file.encodings,
        delimiter=file.delimiter,
    )


def outline_sheet(
    file: Workbook | TextFile, name: str, hidden: bool, limits: Limits, *, headless: bool
) -> SheetOutline:
    """What a person sees first of one sheet, and what would stop it from being staged."""
    unreadable = SheetOutline(name, hidden, 0, 0, None, (), (), None, headless=headless)
    try:
        source = file.source(name)
        header, below = find_header(source, headless=headless)
    except Refused as refusal:
        return replace(unreadable, problem=refusal.message)
    width = source.width or len(header.names)
    texts = (_seen(source, number, row[:width]) for number, row in below)
    sample = tuple(islice((row for row in texts if any(cell is not None for cell in row)), SAMPLE_ROWS))
    problem: Message | None = None
    try:
        check_header(header, source, limits)
        if not sample and all(row <= header.row for row in source.errors):
            raise no_rows(header, source)
    except Refused as refusal:
        problem = refusal.message
    return SheetOutline(
        name=name,
        hidden=hidden,
        rows=max(source.expected_rows - header.row, 0),
        columns=max(width, len(header.names)),
        header_row=header.row,
        headers=header.names,
        sample=sample,
        problem=problem,
        doubtful=header.doubtful,
        headless=headless,
    )


def _seen(source: Source, number: int, row: Sequence[Any]) -> tuple[str | None, ...]:
    """The cells of a row as a person sees them."""
    texts = shown_column(row)
    if source.width is None:
        return tuple(map(unwrapped, texts))
    for index, padded in source.padded_columns.items():
        texts[index] = padded.shown([row[index]], pa.array([texts[index]], pa.string()), number)[0][0].as_py()
    return tuple(texts)


def sha256(path: Path) -> str:
    """The fingerprint of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_refusal(error: BaseException, file_name: str) -> Refused | None:
    """What a person is told of an error; None when it is none that a bad file should cause."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, MemoryError):
        return needs_memory(file_name)
    if isinstance(error, PasswordError):
        return needs_password(file_name)
    panicked = type(error).__name__ == "PanicException"  # calamine's; it cannot be imported
    if panicked or isinstance(error, CalamineError | BadZipFile | zlib.error | ParseError):
        return damaged(file_name)
    return None


def say(answer: Answer) -> None:
    """Write one line to the caller."""
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
