"""Thousands of files that went bad: each ends in rows or in a sentence, and the caller lives on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Refused
from core.facts import reading
from core.facts.reading import process
from tests.facts.reading.mutating import mutated, sources
from tests.zygote import Zygote

IN_CI, ALL = 200, 3_000
LIMITS = reading.Limits(seconds=60)
UNEXPECTED = "an unexpected error, which was written to the log"
TOO_LONG = "could not be read within"


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    started = Zygote()
    yield started
    started.close()


def test_two_hundred_mutated_workbooks_end_in_rows_or_in_a_sentence(
    tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every fifteenth, so that each source and each kind of damage comes up
    outcomes = read_all(range(0, ALL, ALL // IN_CI), tmp_path, zygote, monkeypatch)
    assert sum(outcomes.values()) == IN_CI
    assert outcomes["read"] > 10
    assert outcomes["refused"] > 10


@pytest.mark.full
def test_three_thousand_mutated_workbooks_end_in_rows_or_in_a_sentence(
    tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = read_all(range(ALL), tmp_path, zygote, monkeypatch)
    assert sum(outcomes.values()) == ALL


def read_all(numbers: range, folder: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many of the files were read and how many refused; none may take its child's time or end it unforeseen."""
    monkeypatch.setattr(process, "_start", zygote.start)
    good = sources(folder / "good")
    outcomes: Counter[str] = Counter()
    for number in numbers:
        name, content = mutated(number, good)
        (folder / name).write_bytes(content)
        try:
            answer = reading.stage(folder / name, name, None, folder / "staged", limits=LIMITS)
        except Refused as refused:
            sentence = refused.text("en")
            assert name in sentence
            assert UNEXPECTED not in sentence, number
            assert TOO_LONG not in sentence, number
            outcomes["refused"] += 1
        else:
            assert answer.rows > 0
            outcomes["read"] += 1
    assert zygote.alive
    assert len(zygote.memory) >= len(numbers)
    assert max(zygote.memory) < LIMITS.memory_bytes
    return outcomes
