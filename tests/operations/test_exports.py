"""Files out: what the actor may see, in codes or in words, and nobody else's."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import fields
from datetime import date, timedelta
from inspect import signature

import openpyxl
import pytest
from sqlalchemy import update

from core.access.vault import open_vault
from core.acquisition.queries import FunnelFilter
from core.errors import NotAllowed, Refused
from core.facts import identity
from core.facts.tables import Customer
from core.facts.uploads import keep_upload
from core.grading.queries import SegmentFilter
from core.operations import export_about, export_facts, worker
from core.operations import jobs as operations
from core.operations.cycle import run_cycle
from core.operations.exports import GRADE_HEADERS, write_export
from core.store import jobs
from core.store.presence import present
from core.store.versions import data_version
from core.warning.tables import WorkOrder
from core.warning.worklist import worklist_rows
from tests.factmaking import add_customer, add_order, add_satisfaction

TODAY = date(2026, 11, 3)


@pytest.fixture
def company(store, actors, now, kept):
    """One customer in each department, both graded; the east's is unhappy."""
    kept.once("one in each department", lambda: make_company(store, actors, now))


def make_company(store, actors, now):
    with store.write() as session:
        for code, place, person in (
            ("E1", actors.east, actors.staff.staff_id),
            ("W1", actors.west, actors.west_staff.staff_id),
        ):
            customer = add_customer(session, code, department_id=place, account_manager_id=person)
            add_order(session, customer, "no:1", [(date(2026, 10, 20), 125_5000)])
            if code == "E1":
                add_satisfaction(session, customer, date(2026, 10, 25), 1)
                identity.put(open_vault(store), session.get_one(Customer, customer), "phone", "13800138000")
        session.commit()
    run_cycle(actors.system, store, TODAY, now=now)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_staff_export_their_own_customers_only(store, actors, company, tmp_path, now):
    for what in ("grades", "customers", "work_orders"):
        path = tmp_path / f"{what}.csv"
        assert write_export(actors.staff, store, what, path, now=now) == 1
        assert [row["customer_code"] for row in rows_of(path)] == ["E1"]
        assert write_export(actors.west_staff, store, what, path, now=now) == (
            0 if what == "work_orders" else 1
        )


def test_phones_stay_blank_for_who_sees_them_masked(store, actors, company, tmp_path, now):
    path = tmp_path / "customers.csv"
    write_export(actors.operations, store, "customers", path, now=now)
    assert [row["phone"] for row in rows_of(path)] == ["", ""]
    write_export(actors.manager, store, "customers", path, now=now)
    assert [row["phone"] for row in rows_of(path)] == ["13800138000", ""]


def test_many_customers_are_read_a_few_at_a_time(store, actors, company, tmp_path, now, monkeypatch):
    monkeypatch.setattr(export_facts, "_ROWS_AT_A_TIME", 1)
    path = tmp_path / "customers.csv"
    assert write_export(actors.manager, store, "customers", path, now=now) == 2
    assert [row["customer_code"] for row in rows_of(path)] == ["E1", "W1"]


def test_a_workbook_says_filters_time_person_and_versions(store, actors, company, tmp_path, now):
    path = tmp_path / "grades.xlsx"
    filters = {"departments": [actors.west], "value_tiers": ["high", "low"], "customers": [1, 2]}
    write_export(actors.manager, store, "grades", path, now=now, language="zh_CN", filters=filters)
    about = dict(openpyxl.load_workbook(path).worksheets[-1].iter_rows(min_row=2, values_only=True))
    with store.read() as session:
        facts = data_version(session)
    assert list(about.values()) == [
        "West", "高价值、低价值", "2", "2026-11-03 10:00 (Asia/Shanghai)", "Mai", "1",
        f"{facts}（每次数据变动加 1）", "1",
    ]  # fmt: skip
    write_export(actors.manager, store, "grades", path, now=now, language="en")
    about = dict(openpyxl.load_workbook(path).worksheets[-1].iter_rows(min_row=2, values_only=True))
    assert about["Filters"] == "none"


def test_every_filter_of_an_export_has_a_name():
    fields_of = [field.name for kind in (SegmentFilter, FunnelFilter) for field in fields(kind)]
    asked = [
        name for name in signature(worklist_rows).parameters if name not in ("actor", "store", "now", "limit")
    ]
    assert {*fields_of, *asked, "by", "stage", "band", "ids"} == set(export_about._LABELS)


def test_an_intern_exports_nothing(store, actors, company, tmp_path, now):
    with pytest.raises(NotAllowed):
        write_export(actors.intern, store, "customers", tmp_path / "x.csv", now=now)
    assert list(tmp_path.glob("x.csv")) == []


def test_a_work_order_says_why_and_by_when_in_business_time(store, actors, company, tmp_path, now):
    path = tmp_path / "orders.csv"
    write_export(actors.manager, store, "work_orders", path, now=now)
    (row,) = rows_of(path)
    assert (row["indicators"], row["status"], row["monetary"]) == ("low_satisfaction", "open", "125.5")
    assert (row["raised_at"], row["due_at"]) == ("2026-11-03 10:00", "2026-11-04 10:00")


def test_closed_work_orders_are_among_the_exported(store, actors, company, tmp_path, now):
    with store.write() as session:
        session.execute(update(WorkOrder).values(status="closed", outcome="lost", closed_at=now))
        session.commit()
    path = tmp_path / "orders.csv"
    write_export(actors.system, store, "work_orders", path, now=now)
    assert [(row["status"], row["outcome"], row["closed_at"]) for row in rows_of(path)] == [
        ("closed", "lost", "2026-11-03 10:00")
    ]
    assert (
        write_export(actors.system, store, "work_orders", path, now=now, filters={"statuses": ["open"]}) == 0
    )


def test_a_workbook_in_chinese_has_chinese_headers_and_words(store, actors, company, tmp_path, now):
    path = tmp_path / "grades.xlsx"
    write_export(actors.manager, store, "grades", path, now=now, language="zh_CN")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 3
    assert (rows[0][1], *rows[0][-2:]) == ("客户名称", "客户经理", "部门")
    assert {(row[0], row[1], *row[-2:]) for row in rows[1:]} == {
        ("E1", "E1", "Emil", "East"),
        ("W1", "W1", "Walt", "West"),
    }
    assert {type(rows[1][4]), type(rows[1][2])} <= {int, float}
    assert rows[1][4] == 125.5


def test_other_systems_get_grades_under_the_same_headers_as_ever(store, actors, company, tmp_path, now):
    path = tmp_path / "grades.csv"
    write_export(actors.manager, store, "grades", path, now=now)
    assert list(rows_of(path)[0]) == list(GRADE_HEADERS)
    assert {"name", "account_manager", "department"}.isdisjoint(GRADE_HEADERS)


def test_a_segment_is_exported_alone(store, actors, company, tmp_path, now):
    path = tmp_path / "grades.csv"
    filters = {"departments": [actors.west]}
    assert write_export(actors.manager, store, "grades", path, now=now, filters=filters) == 1
    assert write_export(actors.manager, store, "customers", path, now=now, filters=filters) == 1
    assert rows_of(path)[0]["customer_code"] == "W1"


def test_other_formats_and_subjects_are_refused(store, actors, tmp_path, now):
    for what, name in (("grades", "x.pdf"), ("secrets", "x.csv")):
        with pytest.raises(Refused):
            write_export(actors.manager, store, what, tmp_path / name, now=now)


def test_an_export_job_leaves_a_file_for_a_day(store, actors, company, now):
    folder = store.data_dir / "exports"
    folder.mkdir()
    old, fresh = folder / "old.csv", folder / "fresh.csv"
    for file, age in ((old, timedelta(hours=25)), (fresh, timedelta(hours=23))):
        file.touch()
        stamp = (worker.clock.now() - age).timestamp()
        os.utime(file, (stamp, stamp))
    payload = {"what": "grades", "format": "csv", "language": "en", "filters": {}}
    job_id = operations.ask(actors.manager, store, "export", payload, now=now)
    with present(store) as name:
        worker.run_one(store, name)
    done = jobs.job(store, job_id)
    assert done.status == "done"
    assert (done.result["rows"], done.result["name"][-4:]) == (2, ".csv")
    assert (folder / done.result["file"]).exists()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_an_import_job_offers_its_rejected_rows_as_a_download(store, actors, now):
    orders = io.BytesIO(b"Customer ID,Date,Amount\nC1,2026-10-01,ten\nC1,2026-10-02,10\n")
    kept = keep_upload(actors.operations, store, "orders.csv", orders, now=now)
    payload = {
        "path": kept.token, "file_name": "orders.csv", "table_code": "transactions", "create_customers": True,
    }  # fmt: skip
    for kind in ("import_check", "import_commit"):
        job_id = operations.ask(actors.operations, store, kind, payload, now=now)
        with present(store) as name:
            worker.run_one(store, name)
        done = jobs.job(store, job_id)
        assert done.status == "done"
        assert done.result["name"] == "orders-rejected.xlsx"
        assert (store.data_dir / "exports" / done.result["file"]).exists()
        assert (store.data_dir / "exports").stat().st_mode & 0o077 == 0
