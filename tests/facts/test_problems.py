"""Problems of rows, and the one reason of a row that is no record."""

from __future__ import annotations

from core.facts.problems import Problems
from core.language import Message

TOTAL, BAD = Message("a total"), Message("bad")


def found(problems: Problems) -> list[tuple[int, str | None, str]]:
    return [(problem.row, problem.column, problem.message.sentence) for problem in problems]


def test_a_settled_row_keeps_its_one_reason() -> None:
    problems = Problems()
    problems.add_one([2, 3], "A", BAD)
    problems.settle(4, TOTAL)
    problems.add_one([4], "B", BAD)
    problems.add(range(2, 40), "C", [BAD], [0] * 38)
    assert [reason for reason in found(problems) if reason[0] in (2, 4)] == [
        (2, "A", "bad"),
        (2, "C", "bad"),
        (4, None, "a total"),
    ]
    assert len(problems) == 2 + 1 + 37


def test_many_settled_rows_are_settled_one_after_the_other() -> None:
    problems = Problems()
    for row in range(20_000):
        problems.settle(row, TOTAL)
        problems.add_one([row], "A", BAD)
    assert len(problems) == 20_000
