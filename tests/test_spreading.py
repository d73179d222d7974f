"""Files of tests are handed to processes whole, the long ones first."""

from __future__ import annotations

from pathlib import Path

from tests.spreading import FIRST, place, together

ROOT = Path(__file__).resolve().parents[1]


def test_what_comes_first_is_there():
    named = [file for files in FIRST for file in files]
    assert [file for file in named if not (ROOT / file).exists()] == []
    assert len(set(named)) == len(named)


def test_files_that_share_the_demo_company_go_to_one_process():
    assert together("tests/e2e/test_table_saved.py::test_a[en]") == together(
        "tests/e2e/test_every_page.py::test_b"
    )
    assert together("tests/e2e/test_home.py::test_a") != together("tests/e2e/test_every_page.py::test_b")


def test_another_file_goes_by_itself_after_the_long_ones():
    assert together("tests/test_dates_and_amounts.py::test_a") == "tests/test_dates_and_amounts.py"
    assert place("tests/test_dates_and_amounts.py::test_a") > place("tests/operations/test_cli.py::test_a")
