"""Uploaded files are kept under a token, for their owner only, within limits."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.errors import NotAllowed, NotFound, Refused
from core.facts import uploads
from core.facts.reading.limits import DEFAULT_LIMITS
from core.facts.uploads import (
    FILES_A_PERSON,
    KEPT_FOR,
    keep_upload,
    own_uploads,
    remove_upload,
    upload,
    upload_outline,
)
from core.store.engine import Store
from tests.conftest import Actors

CSV = "客户编号,日期,金额\nC1,2026-01-02,10\n".encode()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Uploads lie in files; which database there is does not matter."""
    return sqlite_url


def test_what_was_uploaded_is_there_for_its_owner(store: Store, actors: Actors, now: datetime) -> None:
    kept = keep_upload(actors.operations, store, r"C:\Users\me\orders.csv", io.BytesIO(CSV), now=now)
    assert upload(actors.operations, store, kept.token) == kept
    assert (kept.file_name, kept.size) == ("orders.csv", len(CSV))
    assert (store.data_dir / "uploads" / kept.token).read_bytes() == CSV


def test_a_token_may_stand_in_the_key_of_a_component(store: Store, actors: Actors, now: datetime) -> None:
    """Streamlit refuses keys with "__"; one random token in a hundred had it, and its page could not be drawn."""
    kept = keep_upload(actors.operations, store, "orders.csv", io.BytesIO(CSV), now=now)
    assert set(kept.token) <= set("0123456789abcdef")


def test_an_upload_is_nobody_elses_not_even_with_its_token(
    store: Store, actors: Actors, now: datetime
) -> None:
    kept = keep_upload(actors.operations, store, "orders.csv", io.BytesIO(CSV), now=now)
    with pytest.raises(NotFound):
        upload(actors.administrator, store, kept.token)
    with pytest.raises(NotAllowed):
        upload(actors.staff, store, kept.token)


@pytest.mark.parametrize("token", ["", "0" * 48, "x" * 48, "../customers.db", "../../etc/passwd", "a/b" * 8])
def test_a_token_that_was_never_given_leads_nowhere(store: Store, actors: Actors, token: str) -> None:
    with pytest.raises(NotFound):
        upload(actors.operations, store, token)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(
    store: Store, actors: Actors, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "DEFAULT_LIMITS", replace(DEFAULT_LIMITS, file_bytes=10))
    with pytest.raises(Refused, match=r"orders\.csv is larger"):
        keep_upload(actors.operations, store, "orders.csv", io.BytesIO(CSV), now=now)
    assert list((store.data_dir / "uploads").iterdir()) == []


def test_an_empty_file_is_refused(store: Store, actors: Actors, now: datetime) -> None:
    with pytest.raises(Refused, match="empty"):
        keep_upload(actors.operations, store, "orders.csv", io.BytesIO(b""), now=now)


def test_only_who_may_import_uploads(store: Store, actors: Actors, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        keep_upload(actors.staff, store, "orders.csv", io.BytesIO(CSV), now=now)


def test_a_file_is_looked_into_once_and_remembered(
    store: Store, actors: Actors, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep_upload(actors.operations, store, "orders.csv", io.BytesIO(CSV), now=now)
    first = upload_outline(actors.operations, store, kept.token)
    monkeypatch.setattr(uploads, "outline", None)
    assert upload_outline(actors.operations, store, kept.token) == first
    assert first.sheets[0].headers == ("客户编号", "日期", "金额")


def test_why_a_file_cannot_be_read_is_remembered_too(
    store: Store, actors: Actors, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep_upload(actors.operations, store, "orders.xlsx", io.BytesIO(b"no workbook"), now=now)
    with pytest.raises(Refused) as first:
        upload_outline(actors.operations, store, kept.token)
    monkeypatch.setattr(uploads, "outline", None)
    with pytest.raises(Refused) as again:
        upload_outline(actors.operations, store, kept.token)
    assert str(again.value) == str(first.value)


def test_old_uploads_make_room(store: Store, actors: Actors, now: datetime) -> None:
    old = keep_upload(actors.operations, store, "old.csv", io.BytesIO(CSV), now=now)
    keep_upload(actors.manager, store, "new.csv", io.BytesIO(CSV), now=now + KEPT_FOR + timedelta(hours=1))
    with pytest.raises(NotFound):
        upload(actors.operations, store, old.token)


def test_of_one_persons_uploads_only_the_newest_are_kept(store: Store, actors: Actors, now: datetime) -> None:
    kept = [
        keep_upload(actors.operations, store, f"{n}.csv", io.BytesIO(CSV), now=now + timedelta(minutes=n))
        for n in range(FILES_A_PERSON + 1)
    ]
    with pytest.raises(NotFound):
        upload(actors.operations, store, kept[0].token)
    assert upload(actors.operations, store, kept[1].token).file_name == "1.csv"


def test_an_upload_can_be_let_go_by_its_owner_only(store: Store, actors: Actors, now: datetime) -> None:
    kept = keep_upload(actors.operations, store, "orders.csv", io.BytesIO(CSV), now=now)
    with pytest.raises(NotFound):
        remove_upload(actors.manager, store, kept.token)
    remove_upload(actors.operations, store, kept.token)
    assert list((store.data_dir / "uploads").iterdir()) == []


def test_a_file_that_cannot_be_read_is_not_among_those_to_go_on_with_and_goes_with_the_next(
    store: Store, actors: Actors, now: datetime
) -> None:
    bad = keep_upload(actors.operations, store, "bad.xlsx", io.BytesIO(b"no workbook"), now=now)
    with pytest.raises(Refused):
        upload_outline(actors.operations, store, bad.token)
    assert own_uploads(actors.operations, store) == []
    assert upload(actors.operations, store, bad.token) == bad, "a page that shows why may be loaded again"
    good = keep_upload(actors.operations, store, "good.csv", io.BytesIO(CSV), now=now)
    assert own_uploads(actors.operations, store) == [good]
    with pytest.raises(NotFound):
        upload(actors.operations, store, bad.token)


def test_a_file_that_is_only_read_wrongly_stays(store: Store, actors: Actors, now: datetime) -> None:
    chinese = io.BytesIO(CSV.decode().encode("gb18030"))
    kept = keep_upload(actors.operations, store, "orders.csv", chinese, now=now)
    with pytest.raises(Refused):
        upload_outline(actors.operations, store, kept.token, encoding="utf-8")
    assert own_uploads(actors.operations, store) == [kept]
    assert upload_outline(actors.operations, store, kept.token).sheets[0].columns == 3
