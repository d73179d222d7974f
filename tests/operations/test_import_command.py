"""Files that come by the command line: matches kept on the page, words, codes that nobody matched, and the grading."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM
from core.facts.matching.mappings import save_mapping
from core.facts.tables import Customer
from core.operations import worker
from core.operations.jobs import ask, ask_cycle
from core.store import jobs
from core.store.presence import present
from tests.conftest import NOW

MEMBERS = "No,姓名,手机号,类型,备注\nV1,张三,13800138000,散客,老客户\nV2,李四,13800138001,企业,\n"


@pytest.fixture
def members(tmp_path):
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS)
    return path


def kinds(store):
    with store.read() as session:
        return dict(tuple(row) for row in session.execute(select(Customer.code, Customer.kind)))


def test_customers_without_codes_are_refused_while_a_column_looks_like_codes(command_line, members, store):
    ran = command_line("import", members, "--as", "customers")
    assert (ran.code, ran.out, kinds(store)) == (2, "", {})
    assert 'the cells of No may be codes. Choose the right one with --map "No=customer_code"' in ran.err
    assert command_line("import", members, "--as", "customers", "--dry-run").code == 2


def test_where_several_columns_look_like_codes_none_of_them_is_advised(command_line, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("卡面,姓名,手机号,档案\nV1,张三,13800138002,A-7\nV2,李四,13800138003,A-9\n")
    ran = command_line("import", path, "--as", "customers")
    assert (ran.code, ran.out) == (2, "")
    assert 'may be codes: 卡面, 档案. Choose the right one with --map "Header=customer_code"' in ran.err


@pytest.mark.parametrize(
    "said", [["--without-codes"], ["--map", "No="], ["--map", "No=customer_code"]], ids=" ".join
)
def test_whoever_says_what_the_column_is_imports_them(command, members, said, store):
    said = command("import", members, "--as", "customers", "--value", "散客=个人", *said)
    assert (said["added"], said["rejected"]) == (2, 0)


@pytest.mark.parametrize("column", ["V1,V1", "V1,", "2026-10-01,2026-10-02", "杭州1号,杭州2号", "1.5,2.5",
                                    "13800138000,13800138001"])  # fmt: skip
def test_a_column_of_anything_else_is_ignored_as_ever(command, tmp_path, column):
    path = tmp_path / "members.csv"
    first, second = column.split(",")
    path.write_text(f"姓名,手机号,Extra\n张三,13800138002,{first}\n李四,13800138003,{second}\n")
    assert command("import", path, "--as", "customers")["added"] == 2


def test_a_match_kept_on_the_page_is_applied_by_its_name_with_its_words(command, members, store):
    mapping = {"No": "customer_code", "姓名": "name", "手机号": "phone", "类型": "kind", "备注": None}
    words = {"kind": {"散客": "person"}}
    save_mapping(SYSTEM, store, "customers", "月报", mapping, values=words, now=NOW)
    assert command("import", members, "--as", "customers", "--match", " 月报 ")["added"] == 2
    assert kinds(store) == {"V1": "person", "V2": "company"}


def test_what_is_said_on_the_line_goes_before_the_kept_match(command, members, store):
    mapping = {"备注": "customer_code", "姓名": "name", "手机号": "phone", "类型": "kind"}
    save_mapping(SYSTEM, store, "customers", "月报", mapping, values={"kind": {"散客": "person"}}, now=NOW)
    said = ("--match", "月报", "--map", "No=customer_code", "--value", "散客=企业")
    command("import", members, "--as", "customers", *said)
    assert kinds(store) == {"V1": "company", "V2": "company"}


def test_a_match_that_nobody_kept_is_refused_with_the_names_there_are(command_line, members, store):
    save_mapping(SYSTEM, store, "customers", "月报", {"No": "customer_code"}, now=NOW)
    ran = command_line("import", members, "--as", "customers", "--match", "周报")
    assert (ran.code, ran.err) == (
        2,
        "No match 周报 is kept for this kind of file. There are: 月报.\n",
    )


def test_a_word_can_be_given_a_choice_or_be_emptied(command_line, command, members):
    codes = ("--map", "No=customer_code")
    ran = command_line("import", members, "--as", "customers", *codes, "--value", "散客=VIP")
    assert (ran.code, ran.err) == (2, "No field of this table has the choice VIP.\n")
    assert command("import", members, "--as", "customers", *codes, "--dry-run")["rejected"] == 1
    assert command("import", members, "--as", "customers", *codes, "--value", "散客=")["rejected"] == 0


def test_the_grading_is_queued_once_for_all_files_and_done_as_of_the_day_it_is_begun(
    command, members, store, actors, tmp_path
):
    codes = ("--map", "No=customer_code", "--value", "散客=个人")
    assert command("import", members, "--as", "customers", *codes, "--dry-run").get("cycle_job") is None
    first = command("import", members, "--as", "customers", *codes)["cycle_job"]
    orders = tmp_path / "orders.csv"
    orders.write_text("客户编号,下单时间,金额\nV1,2026-01-02,10\n")
    assert command("import", orders, "--as", "transactions")["cycle_job"] == first
    assert ask_cycle(SYSTEM, store, now=NOW) == first
    past = ask(actors.operations, store, "cycle", {"as_of": "2026-11-01"}, now=NOW)
    assert ask_cycle(actors.operations, store, now=NOW) != past, "a day that was chosen is another matter"
    with present(store) as name:
        while worker.run_one(store, name):
            pass
    assert (jobs.job(store, first).status, jobs.job(store, first).result["graded"]) == ("done", 1)
    assert command("import", members, "--as", "customers", *codes, "--mode", "both")["cycle_job"] != first


def test_the_command_says_how_to_grade_at_once(command_line, members, store):
    ran = command_line("import", members, "--as", "customers", "--without-codes", "--map", "类型=")
    assert "python3 manage.py cycle --as-of 20" in ran.out.splitlines()[-1]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 2
