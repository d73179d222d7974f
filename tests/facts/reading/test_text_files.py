"""Reading text files of rows."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from core.facts import reading
from tests.facts.reading.files import flags, refusal, staged

ORDERS = "客户编号,金额\n张三,12.50\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ORDERS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + ORDERS.encode(), "utf-8-sig"),
        (ORDERS.encode("gb18030"), "gb18030"),
        (codecs.BOM_UTF16_LE + ORDERS.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + ORDERS.encode("utf-16-be"), "utf-16"),
        (ORDERS.encode("utf-16-le"), "utf-16-le"),
        (ORDERS.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, content: bytes, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    answer, rows = staged(tmp_path / "a.csv")
    assert answer.headers == ("客户编号", "金额")
    assert rows == [{"row": 2, "c0": "张三", "c1": "12.50"}]
    assert (answer.encoding, answer.sheet) == (encoding, "")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2", ","),
        ("a;b\n1,5;2", ";"),
        ("a\tb\n1;2\t3", "\t"),
        ('"a,b,c";d\n1;2', ";"),
        ("\n\na;b\r\n1;2\r\n", ";"),
    ],
)
def test_the_delimiter_is_taken_from_the_header_outside_quotes(
    tmp_path: Path, text: str, delimiter: str
) -> None:
    (tmp_path / "a.txt").write_text(text, newline="")
    answer, rows = staged(tmp_path / "a.txt")
    assert (answer.delimiter, len(answer.columns), len(rows)) == (delimiter, 2, 1)


def test_everything_stays_text_and_only_blanks_are_null(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        'a,b,c\n00123,NA,1e5\nNULL,, \n110101199003077777,"two\nlines","say ""hi"", he said"\n,,\n=1+1,TRUE,2024/1/2\n'
    )
    answer, rows = staged(tmp_path / "a.csv")
    assert [tuple(row.values()) for row in rows] == [
        (2, "00123", "NA", "1e5"),
        (3, "NULL", None, None),
        (4, "110101199003077777", "two\nlines", 'say "hi", he said'),
        (6, "=1+1", "TRUE", "2024/1/2"),
    ]
    assert answer.blank_rows == 1
    assert flags(answer) == []


def test_rows_of_another_length_are_flagged_unless_only_blanks_differ(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b,\n1,2\n1,2,,\n1,2,3\n1\n\n1,2\n")
    answer, rows = staged(tmp_path / "a.csv")
    assert flags(answer) == [(4, None, "ragged", "3"), (5, None, "ragged", "1")]
    assert [row["row"] for row in rows] == [2, 3, 4, 5, 7]


def test_nul_characters_are_taken_out_and_flagged(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"name,note\n" + b"somebody,a long enough note\n" * 20 + b"x\0y,\0\n")
    answer, rows = staged(tmp_path / "a.csv")
    assert rows[-1] == {"row": 22, "c0": "xy", "c1": None}
    assert flags(answer) == [(22, 0, "nul_removed", "xy"), (22, 1, "nul_removed", None)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.csv is empty: it has 0 bytes."),
        (b"\n \n", "a.csv is empty. Put the column names"),
        (b"a,b\n", "a.csv has a header in row 1 but no data below it."),
        (b'a,b\n1,2\n1,"2\n3,4\n', "a.csv, row 3: a quotation mark is not closed"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 20_000, "a.csv, row 2: a quotation mark is not closed"),
        (b'a,b\n1,"2"x\n', "a.csv, row 2: text follows a closing quotation mark."),
        (b"a,b\n1,2\n\xff\xff,3\n", "a.csv, line 3: the text is not in UTF-8, GB18030, BIG5."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a.csv is not what its name says: its content is no .csv file."),
        (b"a\0,\1b\0\n\2" * 100, "a.csv is not what its name says"),
        (b'a,b\n1,2\n1,"2', "a.csv, row 3: a quotation mark is not closed before the file ends."),
        (b'a,b\n1,"' + b"x" * 1_100_000 + b'"\n', "a.csv, row 2: a cell has more than 1048576 characters."),
        (b",".join(b"c%d" % n for n in range(501)) + b"\n1", "a.csv has 501 columns, up to SG; at most 500"),
    ],
)
def test_a_text_file_without_a_table_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert sentence in refusal(tmp_path / "a.csv")


def test_a_text_file_with_too_many_cells_is_refused_at_the_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * 100)
    assert "a.csv, row 51: more than 100 cells." in refusal(
        tmp_path / "a.csv", limits=reading.Limits(cells=100)
    )


def test_an_outline_of_a_text_file_has_one_sheet_without_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    outline = reading.outline(tmp_path / "a.csv", "a.csv")
    assert outline.encoding == "utf-8"
    assert [(sheet.name, sheet.headers, sheet.sample, sheet.rows) for sheet in outline.sheets] == [
        ("", ("a", "b"), (("1", "2"),), 1)
    ]


def test_a_person_may_know_the_encoding_better(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("姓名,金額\n張三,1\n".encode("big5"))
    answer, rows = staged(tmp_path / "a.csv", encoding="big5")
    assert (answer.encoding, rows[0]["c0"]) == ("big5", "張三")
    assert "a.csv, line 1: the text is not in UTF-8." in refusal(tmp_path / "a.csv", encoding="utf-8")


def test_a_path_may_be_relative_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)
    answer = reading.stage(Path("a.csv"), "a.csv", None, Path("staged"))
    assert answer.path == tmp_path / "staged" / "rows.parquet"


def test_a_person_may_know_the_delimiter_better(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b;c\n1,2;3\n")
    answer, rows = staged(tmp_path / "a.csv", delimiter=";")
    assert (answer.delimiter, answer.headers, rows[0]["c0"]) == (";", ("a,b", "c"), "1,2")
    outline = reading.outline(tmp_path / "a.csv", "a.csv", delimiter="\t")
    assert (outline.delimiter, outline.sheets[0].headers) == ("\t", ("a,b;c",))


def test_the_line_in_which_excel_names_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\na,x;b\n1;2\n")
    answer, rows = staged(tmp_path / "a.csv")
    assert (answer.headers, rows) == (("a,x", "b"), [{"row": 3, "c0": "1", "c1": "2"}])


def test_too_many_errors_are_refused_with_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n" + "3,#N/A\n#REF!,4\n" * 6)
    sentence = refusal(tmp_path / "a.csv", limits=reading.Limits(error_cells=10))
    assert "more than 10 cells show an error" in sentence
    assert "the first in B3" in sentence


def test_first_rows_show_codes_without_what_keeps_their_zeros(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('="code",n\n="00123",\'05\n')
    (sheet,) = reading.outline(tmp_path / "a.csv", "a.csv").sheets
    assert (sheet.headers, sheet.sample) == (("code", "n"), (("00123", "05"),))
