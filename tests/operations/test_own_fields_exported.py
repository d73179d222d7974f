"""Own fields in exports of customers and leads, and in again."""

from __future__ import annotations

import csv

import pytest

from core.facts.importing import ImportRequest, commit_import
from core.facts.own_fields.service import add_field
from core.operations.exports import write_export

FILES = {
    "customers": ("Customer code,Name", "K1,Ada"),
    "leads": ("Lead code,Name,Arrived at", "K1,Ada,2026-10-01 10:00"),
}


@pytest.mark.parametrize("table", FILES)
def test_own_fields_are_exported_personal_ones_in_full_only_for_who_sees_contact_data(
    store, actors, now, tmp_path, table
):
    for code, kind, label, more in (
        ("wechat", "text", ("微信号", "WeChat ID"), {"personal": True}),
        ("credit", "amount", ("授信额度", "Credit line"), {}),
        ("vip", "yes_no", ("贵宾", "VIP"), {}),
        ("rank", "choice", ("意向", "Intent"), {"choices": [("高", "High"), ("低", "Low")]}),
    ):
        add_field(actors.manager, store, table, code=code, kind=kind, label=label, now=now, **more)
    headers, cells = FILES[table]
    came = tmp_path / "came.csv"
    came.write_text(
        f"{headers},微信号,Credit line,VIP,Intent\n{cells},wx_ada,1500.5,否,低\n", encoding="utf-8"
    )

    def bring(path):
        request = ImportRequest.of(str(path), path.name, table)
        (sheet,) = commit_import(actors.manager, store, request, now=now).sheets
        return sheet

    assert bring(came).added == 1
    went = tmp_path / "went.csv"
    for actor, wechat in ((actors.manager, "wx_ada"), (actors.operations, "")):
        assert write_export(actor, store, table, went, now=now, language="en") == 1
        with went.open(encoding="utf-8-sig", newline="") as file:
            (row,) = csv.DictReader(file)
        assert [row[name] for name in ("WeChat ID", "Credit line", "Intent")] == [wechat, "1500.5", "Low"]
        again = bring(went)
        assert (again.unchanged, again.ignored_columns) == (1, ())
