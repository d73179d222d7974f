"""The command line: one JSON object, one line for a refusal, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import xlsxwriter
from sqlalchemy import func, select

from core.access.tables import AuditEntry
from core.facts.tables import Customer, OrderLine
from core.language import language_of_terminal
from core.operations import cli
from core.operations.log import log_file
from core.store.engine import PROJECT

ORDERS = "Customer ID,Order ID,Date,Amount,Colour\nC1,1,2026-10-01,10.5,red\nC2,2,2026-10-02,20,blue\n"


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def stored(store):
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(OrderLine))


def test_an_import_says_what_became_of_every_row_and_which_columns_it_ignored(command, store, orders):
    said = command("import", orders, "--as", "transactions", "--create-customers")
    assert {name: said[name] for name in ("rows_read", "added", "updated", "unchanged", "rejected")} == {
        "rows_read": 2, "added": 2, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    assert (said["customers_created"], said["ignored_columns"], said["rejects_file"]) == (2, ["Colour"], None)
    assert said["batch"] is not None
    assert stored(store) == 2
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).one()
        assert entry.account_id is None


def test_the_same_file_again_adds_nothing_and_is_no_failure(command, orders):
    command("import", orders, "--as", "transactions", "--create-customers")
    said = command("import", orders, "--as", "transactions", "--create-customers")
    assert (said["added"], said["unchanged"], said["rejected"]) == (0, 2, 0)


def test_a_dry_run_counts_the_same_and_saves_nothing(command, store, orders):
    said = command("import", orders, "--as", "transactions", "--create-customers", "--dry-run")
    assert (said["batch"], said["added"], said["customers_created"], stored(store)) == (None, 2, 2, 0)


def test_a_header_can_be_given_its_field_or_be_ignored(command, store, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Who=x,When,How much,Amount\nC1,2026-10-01,10,99\n")
    arguments = ("--map", "Who=x=customer_code", "--map", "When=ordered_at", "--map", "Amount=")
    command(
        *("import", path, "--as", "transactions", "--create-customers"),
        *arguments,
        "--map",
        "How much=amount",
    )
    with store.read() as session:
        assert session.scalars(select(OrderLine.amount)).all() == [100_000]


def test_when_no_row_is_accepted_the_exit_code_says_so_and_the_reasons_are_named(command_line, orders, store):
    ran = command_line("import", orders, "--as", "transactions", "--json")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert (ran.values["rows_read"], ran.values["rejected"]) == (2, 2)
    assert os.path.exists(ran.values["rejects_file"])
    assert stored(store) == 0


def test_for_people_the_lines_can_be_read(command_line, orders):
    ran = command_line("import", orders, "--as", "transactions", "--create-customers")
    *told, last = ran.out.splitlines()
    assert told == [
        "2 rows read: 2 added, 0 updated, 0 unchanged, 0 rejected.",
        "2 customers were created.",
        "Ignored columns: Colour",
    ]
    assert last.startswith("Nothing of it is graded yet.")


TEN_THOUSANDS = "客户编号,订单号,下单时间,金额(万元)\nC1,O1,2026-10-01,1.5\n"
SAID = "D (金额(万元)): the header says 万元, so its numbers were multiplied by 10,000."


@pytest.mark.parametrize("tried", [[], ["--dry-run"]])
def test_what_was_changed_or_decided_is_said(command_line, tmp_path, tried):
    path = tmp_path / "orders.csv"
    path.write_text(TEN_THOUSANDS, encoding="utf-8")
    arguments = ("import", path, "--as", "transactions", "--create-customers", *tried)
    said = command_line(*arguments).out.splitlines()
    assert said[said.index("Tidied cells: Amount 1") + 1] == SAID
    values = command_line(*arguments, "--json").values
    assert (values["cleaned"], values["notes"]) == ({"amount": 1}, [SAID])


def test_rows_and_sheets_that_nobody_sees_are_said(command, tmp_path):
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, other = book.add_worksheet("A"), book.add_worksheet("B")
        for row, cells in enumerate((["客户编号"], ["C1"], ["C2"])):
            sheet.write_row(row, 0, cells)
            other.write_row(row, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})
        other.hide()
    said = command("import", path, "--as", "customers", "--sheet", "A")
    assert said["notes"] == [
        "These hidden sheets were not read: B.",
        "Hidden rows, read like the others: 1.",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["import"],
        ["import", "missing.csv", "--as", "customers"],
        ["import", "missing.csv", "--as", "orders"],
        ["import", "x.csv", "--as", "customers", "--map", "nothing"],
        ["import", "x.csv", "--as", "customers", "--mode", "delete"],
        ["import", "x.csv", "--as", "customers", "--match", "nobody kept this"],
        ["import", "x.csv", "--as", "customers", "--value", "nothing"],
        ["import", "x.csv", "--as", "customers", "--value", "nothing=such"],
        ["cycle"],
        ["cycle", "--as-of", "soon"],
        ["cycle", "--as-of", "2999-01-01"],
        ["export", "grades", "--out", "grades.pdf"],
        ["export", "secrets", "--out", "x.csv"],
        ["export", "grades", "--out", "/nowhere/at/all/x.csv"],
    ],
)
def test_a_refusal_is_one_line_on_standard_error_and_exit_code_two(command_line, arguments):
    ran = command_line(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err


def test_a_header_mapped_to_an_unknown_field_is_refused(command_line, orders):
    ran = command_line("import", orders, "--as", "transactions", "--map", "Colour=color")
    assert ran.code == 2
    assert "color" in ran.err


def test_a_defect_names_the_log_and_shows_no_traceback(command_line, monkeypatch, store):
    def break_down(*_args, **_more):
        raise ZeroDivisionError("13800000000")

    monkeypatch.setattr(cli, "run_cycle", break_down)
    ran = command_line("cycle", "--as-of", "2020-01-01")
    assert ran.code == 2
    assert str(log_file(store)) in ran.err
    assert "ZeroDivisionError" in log_file(store).read_text()
    assert "13800000000" not in ran.err + log_file(store).read_text().replace('("13800000000")', "")


def test_a_database_that_cannot_be_reached_is_said_in_one_line(command_line, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    ran = command_line("cycle", "--as-of", "2020-01-01")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    monkeypatch.setenv("DATABASE_URL", "nonsense://")
    assert command_line("migrate").code == 2


@pytest.mark.parametrize("url", ["mysql://somebody:secret@db/customers", "somebody:secret@db/customers"])
def test_a_database_of_another_kind_is_refused_by_name(command_line, monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    ran = command_line("migrate")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "is neither sqlite nor postgresql" in ran.err
    assert "secret" not in ran.err


def test_a_fresh_folder_is_migrated_by_whatever_command_comes_first(tmp_path):
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", "cycle", "--as-of", "2026-01-01", "--json"],
        cwd=PROJECT,
        env=variables | {"APP_DATA_DIR": str(tmp_path / "new")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith('{"graded": 0,')


def test_the_link_is_made_for_the_first_administrator(command):
    assert command("link")["link"].startswith("http://127.0.0.1:8501/link/")


def test_migrating_twice_is_no_failure(command):
    assert command("migrate") == {"migrated": False}


@pytest.mark.parametrize(("setting", "code"), [("zh_CN.UTF-8", "zh_CN"), ("de_DE.UTF-8", "en"), ("C", "en")])
def test_the_terminal_speaks_the_language_of_its_environment(setting, code, monkeypatch):
    monkeypatch.setenv("LC_ALL", setting)
    assert language_of_terminal() == code


def test_customers_that_were_exported_can_be_imported_again(command, store, tmp_path):
    first = tmp_path / "customers.csv"
    first.write_text(
        "Customer code,Name,Phone,E-mail,Department,Account manager,Annual revenue,Birthday,Consent,Kind\n"
        "C1,=HYPERLINK(1),13800138000,li@example.com,East,Lee,1200000.5,1990-05-01,Yes,Company\n"
        "C2,NA,,,,,,,No,Person\n"
    )
    command("import", first, "--as", "customers")
    for suffix in ("csv", "xlsx"):
        out = tmp_path / f"out.{suffix}"
        assert command("export", "customers", "--out", out)["rows"] == 2
        said = command("import", out, "--as", "customers", "--mode", "both")
        assert (said["unchanged"], said["updated"], said["added"], said["rejected"]) == (2, 0, 0, 0)
    with store.read() as session:
        names = session.scalars(select(Customer.name).order_by(Customer.code)).all()
    assert names == ["=HYPERLINK(1)", "NA"]
