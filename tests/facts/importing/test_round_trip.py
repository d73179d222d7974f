"""What was exported is what comes in: every table, any values."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.actor import SYSTEM
from core.facts.fields import TABLES
from core.facts.importing.planning import ORDER
from core.facts.own_fields.catalogue import catalogue
from core.operations.exports import write_export
from core.store.engine import Store, open_store
from tests.conftest import NOW
from tests.factmaking import add_own_field
from tests.facts.conftest import staged_rows
from tests.facts.importing.companies import BRIEFLY, company
from tests.facts.importing.exported import bring, staged

OWN = {"rank": "integer", "day": "date", "said": "text", "at": "datetime", "sum": "amount", "ok": "yes_no"}


@pytest.fixture
def with_own_fields(sqlite_template, tmp_path):
    """A migrated database in which contracts, outlets and products have fields of the company's own."""
    path = shutil.copyfile(sqlite_template, tmp_path / "own.db")
    store = open_store(f"sqlite:///{path}", tmp_path)
    with store.write() as session:
        for table in ("contracts", "outlets", "products"):
            for code, kind in OWN.items():
                add_own_field(session, table, code, kind, zh=f"自有{code}", en=f"own {code}")
        session.commit()
        tables = catalogue(session)
    store.engine.dispose()
    return path, tables


def test_every_table_is_in_the_round():
    assert sorted(ORDER) == sorted(TABLES)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(BRIEFLY, max_examples=2)
@given(data=st.data())
def test_export_and_import_give_the_same_records(with_own_fields, form, data):
    round_trip(with_own_fields, form, data)


@pytest.mark.full
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(BRIEFLY, max_examples=60)
@given(data=st.data())
def test_export_and_import_give_the_same_records_of_many_companies(with_own_fields, form, data):
    round_trip(with_own_fields, form, data)


def round_trip(prepared, form: str, data: st.DataObject) -> None:
    """A company's rows into one store, out to files, into another and out again; and once more into the first."""
    path, tables = prepared
    rows = data.draw(company(tables))
    language = data.draw(st.sampled_from([None, "zh_CN", "en"]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one, two = (copy(path, folder / which) for which in ("one", "two"))
        try:
            for code in ORDER:
                header = [field.code for field in tables[code].fields]
                bring(one, code, staged_rows([header, *rows[code]], folder / "rows"), create_customers=True)
            before = outgoing(one, folder / "before", form, language)
            for code in ORDER:
                if before[code][1]:
                    told = bring(two, code, staged(before[code][0], folder / "again"))
                    assert told == (before[code][1], 0, 0, 0) or code == "deals", (code, told)
                    known = bring(one, code, staged(before[code][0], folder / "again"))
                    assert known == (0, 0, before[code][1], 0), (code, known)
            after = outgoing(two, folder / "after", "csv", None)
            first = outgoing(one, folder / "first", "csv", None)
            for code in ORDER:
                assert sorted(after[code][0].read_text().splitlines()) == sorted(
                    first[code][0].read_text().splitlines()
                )
        finally:
            one.engine.dispose()
            two.engine.dispose()


def copy(path: Path, folder: Path) -> Store:
    folder.mkdir()
    shutil.copyfile(path, folder / "customers.db")
    return open_store(f"sqlite:///{folder / 'customers.db'}", folder)


def outgoing(store: Store, folder: Path, form: str, language: str | None) -> dict[str, tuple[Path, int]]:
    """Every table as a file, and its number of rows."""
    folder.mkdir()
    files = {code: folder / f"{code}.{form}" for code in ORDER}
    return {
        code: (path, write_export(SYSTEM, store, code, path, now=NOW, language=language))
        for code, path in files.items()
    }
