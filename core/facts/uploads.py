"""Uploaded files: kept under a token that cannot be guessed, so that a closed tab loses nothing.

In the folder `uploads` stand for each token the file itself, `<token>.json` (whose it is, and its name) and
`<token>.outline.json` (what was found in it, once it was looked into) and `<token>.draft.json` (what its owner has
settled about it so far). Files of a week ago are removed.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused
from core.facts.reading import FileOutline, outline
from core.facts.reading.limits import DEFAULT_LIMITS, MIB
from core.facts.reading.staged import to_json
from core.language import Message, mark
from core.store.engine import Store

KEPT_FOR = timedelta(days=7)
FILES_A_PERSON = 20
"""How many uploads of one account are kept; the oldest goes first."""
_TOKEN = re.compile(r"[\w-]{16,64}\Z")
_CHUNK = MIB
_OWNER, _OUTLINE, _DRAFT = ".json", ".outline.json", ".draft.json"
_MISSING = mark("This file is no longer kept. Upload it again.")


@dataclass(frozen=True)
class Upload:
    """A file that was taken in. `token` is what an import calls its path; `size` in bytes; `kept_at`: when it was
    taken in; `for_check`: it is to be held against the database, not imported."""

    token: str
    file_name: str
    size: int
    kept_at: datetime
    for_check: bool = False


def keep_upload(
    actor: Actor, store: Store, file_name: str, content: BinaryIO, *, now: datetime, for_check: bool = False
) -> Upload:
    """Write what was uploaded into the data folder. Refused when it is empty or too large."""
    actor.require(Permission.IMPORT)
    name = Path(file_name.replace("\\", "/")).name or "file"
    folder = _folder(store)
    _clear(folder, actor, now)
    token = secrets.token_hex(24)  # part of the keys of components, where Streamlit takes no "__"
    path = folder / token
    try:
        size = _write(path, name, content)
        owner = {
            "account": actor.account_id, "file_name": name, "kept_at": now.isoformat(), "for_check": for_check,
        }  # fmt: skip
        _note(path, _OWNER).write_text(json.dumps(owner), encoding="utf-8")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(token, name, size, now, for_check)


def upload(actor: Actor, store: Store, token: str) -> Upload:
    """The upload of that token; NotFound when it is gone or somebody else's."""
    actor.require(Permission.IMPORT)
    path = _folder(store) / token
    if not _TOKEN.match(token) or not path.is_file():
        raise NotFound(_MISSING)
    owner = _read(_note(path, _OWNER))
    if owner is None or owner["account"] != actor.account_id:
        raise NotFound(_MISSING)
    return _upload(path, owner)


def _upload(path: Path, owner: dict[str, Any]) -> Upload:
    kept_at = datetime.fromisoformat(owner["kept_at"])
    return Upload(path.name, owner["file_name"], path.stat().st_size, kept_at, owner.get("for_check", False))


def remove_upload(actor: Actor, store: Store, token: str) -> None:
    """Let an upload of one's own go; NotFound as `upload`."""
    upload(actor, store, token)
    _remove(_folder(store) / token)


def upload_outline(
    actor: Actor,
    store: Store,
    token: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    headless: Sequence[int] = (),
) -> FileOutline:
    """What is in an uploaded file. It is read once, in a child process, which may take seconds; then remembered.

    `encoding` and `delimiter`: of a text file, where a person knows them better; `headless`: places of the sheets
    without a header. Raises Refused when the file cannot be read so.
    """
    found = upload(actor, store, token)
    note, asked = _note(_folder(store) / token, _OUTLINE), [encoding, delimiter, *headless]
    known = _read(note)
    if known is None or known.pop("asked", [None, None]) != asked:
        known = _look(_folder(store) / token, found.file_name, encoding, delimiter, headless)
        note.write_text(json.dumps({**known, "asked": asked}), encoding="utf-8")
    if "refused" in known:
        raise Refused(Message.from_json(known["refused"]))
    return FileOutline.from_json(known)


def read_draft(actor: Actor, store: Store, token: str) -> dict[str, Any] | None:
    """What `write_draft` kept of an upload of one's own; NotFound as `upload`."""
    upload(actor, store, token)
    return _read(_note(_folder(store) / token, _DRAFT))


def write_draft(actor: Actor, store: Store, token: str, draft: dict[str, Any]) -> None:
    """Keep beside an upload of one's own what was settled about it; NotFound as `upload`."""
    upload(actor, store, token)
    note = _note(_folder(store) / token, _DRAFT)
    fresh = note.with_suffix(".new")
    fresh.write_text(json.dumps(draft), encoding="utf-8")
    fresh.replace(note)


def own_uploads(actor: Actor, store: Store) -> list[Upload]:
    """The uploads of one's own that something can become of, the newest first: not those that cannot be read."""
    actor.require(Permission.IMPORT)
    found = []
    for note, owner in _owners(_folder(store)):
        path = note.with_suffix("")
        if owner["account"] == actor.account_id and path.is_file() and not _is_refused(path):
            found.append(_upload(path, owner))
    return sorted(found, key=lambda each: each.kept_at, reverse=True)


def _is_refused(path: Path) -> bool:
    """Whether the file was looked into and cannot be read, in whatever way a person would have it read."""
    known = _read(_note(path, _OUTLINE)) or {}
    return "refused" in known and known.get("asked") == [None, None]


def _look(
    path: Path, file_name: str, encoding: str | None, delimiter: str | None, headless: Sequence[int]
) -> dict[str, Any]:
    try:
        return to_json(outline(path, file_name, encoding=encoding, delimiter=delimiter, headless=headless))
    except Refused as refusal:
        return {"refused": refusal.message.to_json()}


def _owners(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The notes of whose the uploads are."""
    for note in folder.glob("*.json"):
        if not note.name.endswith((_OUTLINE, _DRAFT)) and (owner := _read(note)) is not None:
            yield note, owner


def _write(path: Path, name: str, content: BinaryIO) -> int:
    """Copy in pieces and stop at the limit, whatever size was claimed."""
    size = 0
    with path.open("xb") as target:
        while piece := content.read(_CHUNK):
            size += len(piece)
            if size > DEFAULT_LIMITS.file_bytes:
                raise Refused(
                    mark(
                        "{file} is larger than {limit} MB. Split it, or save it as CSV, and upload the parts "
                        "one by one."
                    ),
                    file=name,
                    limit=DEFAULT_LIMITS.file_bytes // MIB,
                )
            target.write(piece)
    if size == 0:
        raise Refused(mark("{file} is empty. Choose a file that holds a table."), file=name)
    return size


def _clear(folder: Path, actor: Actor, now: datetime) -> None:
    """Make room: what is old goes, and of the actor's own files those that cannot be read and all but the newest."""
    own = []
    for note, owner in _owners(folder):
        kept_at, path = datetime.fromisoformat(owner["kept_at"]), note.with_suffix("")
        mine = owner["account"] == actor.account_id
        if now - kept_at > KEPT_FOR or (mine and _is_refused(path)):
            _remove(path)
        elif mine:
            own.append((kept_at, path))
    for _kept_at, path in sorted(own, reverse=True)[FILES_A_PERSON - 1 :]:
        _remove(path)


def _remove(path: Path) -> None:
    for each in (path, *(_note(path, ending) for ending in (_OWNER, _OUTLINE, _DRAFT))):
        each.unlink(missing_ok=True)


def _note(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _read(note: Path) -> dict[str, Any] | None:
    try:
        stored: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return stored


def _folder(store: Store) -> Path:
    folder = store.data_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
