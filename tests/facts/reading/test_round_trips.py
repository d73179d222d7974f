"""Whatever a table of texts holds, it comes back from a text file exactly as it was meant."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.facts.reading import DELIMITERS, ENCODINGS
from core.facts.reading.encodings import find_encoding
from core.facts.reading.kinds import open_file
from core.facts.reading.limits import DEFAULT_LIMITS
from core.facts.reading.writing import write
from core.facts.reading.written_by_excel import unwrapped


def tables(*excluded: str) -> some.SearchStrategy[list[list[str]]]:
    """Tables of texts without characters of those categories."""
    characters = some.characters(
        codec="utf-8", exclude_characters="\0", exclude_categories=("Cs", "Cn", *excluded)
    )
    cells = some.text(characters, max_size=8).filter(lambda text: not text.isspace())
    return some.integers(1, 4).flatmap(
        lambda width: some.lists(some.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5)
    )


TABLES, VISIBLE = tables(), tables("Cc")


def read(content: bytes, **said: str) -> tuple[list[list[str | None]], str | None, str | None]:
    """The rows of a text file with their numbers left out, its encoding and its delimiter."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.csv"
        path.write_bytes(content)
        file = open_file(path, "a.csv", DEFAULT_LIMITS, said.get("encoding"), said.get("delimiter"))
        staged = write(
            file.source(file.choose(None)), "", Path(name) / "staged", DEFAULT_LIMITS, lambda _: None,
            headless=False,
        )  # fmt: skip
        rows = [list(row.values())[1:] for row in pq.read_table(staged.path).to_pylist()]
        return rows, staged.encoding, staged.delimiter


def written(table: list[list[str]], codec: str, delimiter: str, lines: str = "\n") -> bytes:
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator=lines, quoting=csv.QUOTE_ALL)
        out.writerow([f"header {n}" for n in range(len(table[0]))])
        out.writerows(table)
        file.seek(0)
        return file.read().encode(codec)


def told(table: list[list[str]]) -> list[list[str | None]]:
    """The rows that hold anything, as they are staged."""
    rows = [[unwrapped(cell or None) for cell in row] for row in table]
    return [row for row in rows if any(row)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=TABLES.filter(lambda table: any(map(any, table))),
    encoding=some.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
    delimiter=some.sampled_from(DELIMITERS),
)
def test_a_table_in_any_encoding_that_a_person_names_comes_back_exactly(
    table: list[list[str]], encoding: str, delimiter: str
) -> None:
    named = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    rows, found, by = read(written(table, encoding, delimiter), encoding=named, delimiter=delimiter)
    assert (rows, found, by) == (told(table), encoding, delimiter)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=VISIBLE.filter(lambda table: any(map(any, table)) and len(table[0]) > 1),
    encoding=some.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=some.sampled_from(DELIMITERS),
)
def test_a_table_comes_back_exactly_when_nobody_says_anything(
    table: list[list[str]], encoding: str, delimiter: str
) -> None:
    rows, found, by = read(written(table, encoding, delimiter, "\r\n"))
    assert (rows, found, by) == (told(table), encoding, delimiter)


CHINESE = "客户编号姓名手机城市张王李赵陈刘杨黄周吴伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚北京上海广州深圳杭州成都"


@settings(max_examples=40, deadline=None)
@given(
    names=some.lists(some.text(CHINESE, min_size=2, max_size=4), min_size=3, max_size=8),
    delimiter=some.sampled_from(DELIMITERS),
)
def test_chinese_tables_in_gb18030_come_back_exactly_when_nobody_says_anything(
    names: list[str], delimiter: str
) -> None:
    table = [[name, "x"] for name in names]
    content = written(table, "gb18030", delimiter)
    rows, found, by = read(content)
    assert (rows, found, by) == (told(table), "gb18030", delimiter)


def test_every_encoding_a_person_may_choose_is_one_that_python_knows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "b.csv").write_bytes("a,b\n1,2\n".encode("utf-16-le"))
    for encoding in ENCODINGS:
        path = tmp_path / ("b.csv" if encoding.startswith("utf-16") else "a.csv")
        assert find_encoding(path, path.name, encoding).name == encoding
