"""What the command line prints: readable lines or one JSON object, and refusals in one line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from core.language import Message, language_of_terminal, mark, translate

OK, REFUSED = 0, 2


@dataclass(frozen=True)
class Outcome:
    """What a command gives back: `values` for --json, `lines` for people, `refusal` when nothing was accepted."""

    values: dict[str, Any]
    lines: Sequence[Message] = ()
    refusal: Message | None = field(default=None)


class BadArguments(Exception):
    """The command line cannot be understood; the text says why."""


class Parser(argparse.ArgumentParser):
    """Raises BadArguments instead of printing several lines and ending the process."""

    def error(self, message: str) -> NoReturn:
        raise BadArguments(f"{message} (see {self.prog} --help)")


def show(outcome: Outcome, *, as_json: bool) -> int:
    """Print the outcome; the exit code."""
    if as_json:
        print(json.dumps(outcome.values, ensure_ascii=False, default=str), flush=True)
    else:
        for line in outcome.lines:
            print(translate(line, language_of_terminal()), flush=True)
    return refuse(outcome.refusal) if outcome.refusal else OK


def refuse(reason: Message | str) -> int:
    """Print one line on standard error; the exit code of refusals."""
    text = reason if isinstance(reason, str) else translate(reason, language_of_terminal())
    print(" ".join(text.split()), file=sys.stderr, flush=True)
    return REFUSED


class Watcher:
    """Shows progress on one line of a terminal; silent where nobody watches."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()

    def __call__(self, fraction: float, step: Message) -> None:
        if self._shown:
            text = f"{fraction:4.0%} {translate(step, language_of_terminal())}"
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


UNEXPECTED = mark("Something went wrong that is not your fault. What is known about it stands in {path}.")
