"""Codes, texts, addresses and choices become values, or problems that quote nothing personal."""

from __future__ import annotations

import pytest

from core.facts.cleaning.cells import read_code, read_email, read_text, read_yes_no
from core.facts.cleaning.phones import read_phone
from core.language import Message, translate
from tests.facts.cleaning.readers import reader_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("00123", "00123"),
        ("ＡＢ１２", "AB12"),
        (" A  1 ", "A 1"),
        ("17850.0", "17850"),
        ("1.0", "1.0"),
        ("1E5", "1E5"),
    ],
)
def test_a_code_stays_text(text, code):
    assert read_code(text) == (code, code != text)


@pytest.mark.parametrize("text", ["1,38E+10", "1.23457E+17", "1.2E+11", "x" * 65])
def test_a_code_that_lost_digits_or_is_too_long_is_a_problem(text):
    assert isinstance(read_code(text), Message)


def test_an_email_is_written_small():
    assert read_email(" Zhang＠Example.COM") == ("zhang@example.com", True)
    assert read_email("a@b.cn") == ("a@b.cn", False)
    assert isinstance(read_email("not at all"), Message)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(1)", "NA", "null"])
def test_what_looks_like_a_formula_or_like_nothing_is_text(text):
    assert read_text(text) == (text, False)


def test_a_text_of_more_than_two_thousand_characters_is_a_problem():
    assert read_text("字" * 2000) == ("字" * 2000, False)
    assert isinstance(read_text("字" * 2001), Message)


def test_characters_that_nobody_sees_are_taken_out_and_counted():
    assert read_text("张\u200b三\x07") == ("张三", True)
    assert read_text("two\nlines\tand 👨\u200d👩") == ("two\nlines\tand 👨\u200d👩", False)
    assert read_text("\ufeff\u200b") == (None, True)
    assert read_code("\u200eC1") == ("C1", True)
    assert read_code("\u200b") == (None, True)
    assert read_phone("\u202d13812345678\u202c") == ("13812345678", True)


def test_a_code_keeps_what_is_no_other_width_of_something():
    assert read_code("Ａ①²") == ("A①²", True)
    assert read_code("A①") == ("A①", False)


def test_yes_and_no_are_told_apart():
    assert [read_yes_no(t)[0] for t in ("是", "Yes", "1", "TRUE", "否", "no", "0")] == [True] * 4 + [
        False
    ] * 3
    assert isinstance(read_yes_no("perhaps"), Message)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“散客” is none of the choices: Person, Company."),
        ("zh_CN", "“散客”不在可选项中：个人、企业。"),
    ],
)
def test_a_refused_choice_names_those_there_are_in_the_readers_own_words(language, sentence):
    refusal = reader_of("customers", "kind")("散客")
    assert isinstance(refusal, Message)
    assert translate(refusal, language) == sentence
    assert translate(Message.from_json(refusal.to_json()), language) == sentence


@pytest.mark.parametrize(
    "text",
    ["13812345678", "+86 138-1234-5678", "13812345678.0", "电话 138 1234 5678", "010-62345678", "+442079460000",
     "zhang@example.com", "微信/zhang＠example.com"],
)  # fmt: skip
def test_no_refusal_quotes_a_phone_or_an_email(text):
    for table, code in (("interactions", "kind"), ("customers", "consent"), ("customers", "birthday")):
        read = reader_of(table, code)
        said = translate(read(text), "en")
        assert "***" in said
        assert not any(part in said for part in ("1234", "6234", "7946", "zhang"))
