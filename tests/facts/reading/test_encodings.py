"""Which encoding a text file is in, and how sure that is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.errors import Refused
from core.facts.reading.encodings import Encoding, find_encoding

SIMPLIFIED = "客户编号,姓名,城市\nC1,张伟,上海\nC2,陈静怡,广州\nC3,刘洋,杭州\n"
TRADITIONAL = "客戶編號,姓名,縣市\nC1,張偉,臺北\nC2,陳靜怡,高雄\nC3,劉洋,臺中\n"
NAMES = {
    "gb18030": "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚",
    "big5": "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅偉芳娜秀敏靜麗強磊軍洋勇豔傑娟濤明超霞平剛",
}


def found(tmp_path: Path, content: bytes, given: str | None = None) -> Encoding:
    (tmp_path / "a.csv").write_bytes(content)
    return find_encoding(tmp_path / "a.csv", "a.csv", given)


def sentence(tmp_path: Path, content: bytes, given: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        found(tmp_path, content, given)
    return caught.value.text("en")


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        ("姓名,地址\n陳大文,深水埗邨\n", "big5hkscs", "big5hkscs"),
        ("姓名,喆\n陶喆,€5\n", "gb18030", "gb18030"),
        ("姓名,店\n張,裏恒\n", "cp950", "big5"),
        ("上海,一\n上,一\n", "utf-16-be", "utf-16-be"),
        ("上海,一\n上,一\n", "utf-16-le", "utf-16-le"),
        ("陈静" * 1500 + ",b\n1,2\n", "utf-16-le", "utf-16-le"),
    ],
)
def test_an_encoding_without_a_mark_is_found(tmp_path: Path, text: str, codec: str, encoding: str) -> None:
    assert found(tmp_path, text.encode(codec)) == Encoding(encoding)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_tables_of_two_names_are_never_taken_for_the_other_encoding_in_silence(
    tmp_path: Path, encoding: str
) -> None:
    chosen = random.Random(7)
    for _ in range(150):
        names = ["".join(chosen.choices(NAMES[encoding], k=chosen.choice((2, 3)))) for _ in range(2)]
        guess = found(tmp_path, "".join(f"C1,{name}\n" for name in names).encode(encoding))
        assert guess.name == encoding or encoding in guess.others, names


def test_bytes_that_are_hardly_chinese_leave_the_choice_to_a_person(tmp_path: Path) -> None:
    guess = found(tmp_path, "name,city\nMüller,Köln\n".encode("cp1252"))
    assert (guess.name, guess.others) == ("gb18030", ("cp1252",))
    assert found(tmp_path, "name,city\nMüller,Köln\n".encode("cp1252"), "cp1252").name == "cp1252"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (SIMPLIFIED.encode() + SIMPLIFIED.encode("gb18030"), 5),
        (SIMPLIFIED.encode("gb18030") + SIMPLIFIED.encode(), 5),
        (SIMPLIFIED.encode("utf-8-sig") + "C9,张\n".encode("gb18030"), 5),
        (SIMPLIFIED.encode() + TRADITIONAL.encode("big5"), 5),
        ("编号,名称\n".encode() + "C1,联通\n".encode("gb18030"), 2),
    ],
)
def test_a_file_of_two_encodings_is_refused_with_the_line(tmp_path: Path, content: bytes, line: int) -> None:
    assert f"a.csv, line {line}: the encoding changes here." in sentence(tmp_path, content)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16"])
def test_a_file_that_ends_within_a_character_is_refused(tmp_path: Path, codec: str) -> None:
    cut = (SIMPLIFIED + "C4,周").encode(codec)[:-1]
    assert "a.csv, line 5: the file ends in the middle of a character" in sentence(tmp_path, cut)


def test_a_mark_is_kept_when_a_person_names_the_encoding(tmp_path: Path) -> None:
    assert found(tmp_path, SIMPLIFIED.encode("utf-8-sig"), "utf-8").name == "utf-8-sig"
    assert found(tmp_path, SIMPLIFIED.encode("utf-16"), "utf-16-le").name == "utf-16"


def test_an_encoding_that_a_person_names_must_fit(tmp_path: Path) -> None:
    assert "a.csv, line 1: the text is not in BIG5." in sentence(tmp_path, "期,去".encode("gb18030"), "big5")


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("ascii", "utf-8")],
)
def test_stray_nul_bytes_do_not_decide_the_encoding(tmp_path: Path, codec: str, encoding: str) -> None:
    header = "H\n" if codec == "ascii" else "客户编号\n"
    content = f"{header}A,2026-11-01,12,a\0b\n".encode(codec)
    assert found(tmp_path, content).name == encoding


def test_an_encoding_that_nobody_knows_is_refused_in_words(tmp_path: Path) -> None:
    assert sentence(tmp_path, b"a\n1\n", "klingon").startswith(
        "a.csv: klingon is no encoding that can be read. Choose one of: utf-8,"
    )
