"""What was exported is what comes in: every table, any values."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.access.actor import SYSTEM
from core.facts.fields import TABLES, Field
from core.facts.importing import ImportRequest, commit_import, files
from core.facts.own_fields.catalogue import catalogue
from core.facts.reading.child import serve
from core.facts.reading.limits import DEFAULT_LIMITS
from core.facts.tables import OwnField
from core.operations.exports import write_export
from core.store.engine import Store, open_store
from tests.conftest import NOW
from tests.facts.conftest import staged_rows
from tests.facts.test_importing_lines import counts

ORDER = (
    "customers", "products", "outlets", "campaigns", "channel_costs", "leads", "deals", "contracts", "payments",
    "transactions", "interactions", "satisfaction", "usage", "behaviour", "displays",
)  # fmt: skip
OWN = {"rank": "integer", "day": "date", "said": "text", "at": "datetime", "sum": "amount", "ok": "yes_no"}
ROWS = 3

odd = st.sampled_from([
    "=1+1", "NA", "张*", "007", "12345678901234567890", "a\nb", "'x", "'=1", "<script>", "-1", "@x", "None", "nan",
    "TRUE", "1e5", "17850.0", "#DIV/0!x", "总计x", "￥", '"a","b"', "a;b", "０７", "  spaced  ",
])  # fmt: skip
plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"], include_characters=" \n"),
    min_size=1, max_size=40,
)  # fmt: skip
texts = odd | plain
codes = st.sampled_from(["A", "0B", "=C"])
first, last = date(1990, 1, 1), NOW.date()
naive = {"min_value": datetime(1990, 1, 1), "max_value": datetime(2026, 11, 3)}  # noqa: DTZ001
days = st.dates(first, last).map(str)
BY_KIND = {
    "code": texts,
    "text": texts,
    "phone": st.sampled_from(["10000001234", "13800138000", "+442079460000", "010-62345678"]),
    "email": st.sampled_from(["a@example.com", "Ä@例子.中国", "=x@example.com"]),
    "date": days,
    "datetime": days | st.datetimes(**naive).map(lambda at: at.isoformat(" ")),
    "month": days,
    "integer": st.integers(0, 10**12 - 1).map(str),
    "score": st.integers(1, 5).map(str),
    "yes_no": st.sampled_from(["是", "否"]),
    **{
        kind: st.decimals(low, 10**12 - 1, places=4, allow_nan=False).map(lambda x: f"{x:f}")
        for kind, low in (("amount", 1 - 10**12), ("cost", 0), ("quantity", 1 - 10**12))
    },
}
BRIEFLY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    derandomize=True,
)
"""A company is large: to make a failing one smaller takes longer than to read what went wrong."""
NAMED = {"customer_code": codes, "contract_code": codes, "outlet_code": codes, "lead_code": codes}
"""Fields of the codes that other tables name."""


def cells(field: Field) -> st.SearchStrategy[str | None]:
    """What may stand in a cell of the field."""
    if field.choices:
        values = st.sampled_from([choice.code for choice in field.choices])
    elif field.code == "birthday":
        values = days
    elif field.code in ("stock_days", "sku_count"):
        values = st.integers(0, 9_000).map(str)
    else:
        values = NAMED.get(field.code, BY_KIND[field.kind])
    return values if field.required else st.none() | values


def company(tables: dict) -> st.SearchStrategy[dict]:
    """Some rows of every table."""
    return st.fixed_dictionaries({
        code: st.lists(st.tuples(*map(cells, tables[code].fields)), min_size=1, max_size=ROWS) for code in ORDER
    })  # fmt: skip


@pytest.fixture
def with_own_fields(sqlite_template, tmp_path):
    """A migrated database in which contracts and customers have fields of the company's own."""
    path = shutil.copyfile(sqlite_template, tmp_path / "own.db")
    store = open_store(f"sqlite:///{path}", tmp_path)
    with store.write() as session:
        for table in ("contracts", "outlets", "products"):
            for code, kind in OWN.items():
                session.add(OwnField(table_code=table, code=code, kind=kind, label_zh=f"自有{code}",
                                     label_en=f"own {code}", created_at=NOW))  # fmt: skip
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


def staged(path: Path, into: Path):
    """The file as the reading gives it, without the child process."""
    into.mkdir(exist_ok=True)
    asked = {"do": "stage", "path": str(path), "file_name": path.name, "sheet": None, "into": str(into)}
    with mock.patch("core.facts.reading.child.say"):
        return serve(asked | {"encoding": None, "delimiter": None}, DEFAULT_LIMITS)


def bring(store: Store, code: str, sheet, **options) -> tuple[int, int, int, int]:
    """What became of the rows of a sheet that was read already."""
    (store.data_dir / "brought").touch()
    request = ImportRequest.of(str(store.data_dir / "brought"), "x", code, **options)
    with mock.patch.object(files, "stage", return_value=sheet):
        return counts(commit_import(SYSTEM, store, request, now=NOW).counts)


def outgoing(store: Store, folder: Path, form: str, language: str | None) -> dict[str, tuple[Path, int]]:
    """Every table as a file, and its number of rows."""
    folder.mkdir()
    files = {code: folder / f"{code}.{form}" for code in ORDER}
    return {
        code: (path, write_export(SYSTEM, store, code, path, now=NOW, language=language))
        for code, path in files.items()
    }
