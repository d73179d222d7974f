"""A board of cards in columns, as a component: moved by mouse, finger, keyboard or one click.

The browser shows a move at once and sends it with a growing number; the page answers with the cards as they are,
with the number it has come to, and with the sentence of every move that was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import ProductError
from pages.frame.words import _, say

_HERE = Path(__file__).parent
_BOARD = st.components.v2.component(
    "board",
    js=_HERE.joinpath("board.js").read_text(encoding="utf-8"),
    css=_HERE.joinpath("board.css").read_text(encoding="utf-8"),
)
_KEPT_REFUSALS = 5


@dataclass(frozen=True)
class BoardCard:
    """A card as it is shown; all texts are shown as they are."""

    id: int
    version: int
    stage: str
    kind: str
    """problem, idea, decision: its sign and colour."""
    kind_label: str
    title: str
    measure: str = ""
    owner: str = ""
    due: str = ""
    due_state: str = ""
    """late, soon or nothing."""
    comments: int = 0


@dataclass(frozen=True)
class Move:
    """What a person asks for: the card into that stage, before another card or (None) at the end."""

    card: int
    stage: str
    before: int | None
    version: int


def board(
    key: str,
    cards: Callable[[], tuple[str, Sequence[dict[str, Any]]]],
    stages: Mapping[str, str],
    *,
    on_move: Callable[[Move], None],
    on_open: Callable[[int], None],
    opened: int | None = None,
    frozen: bool = False,
) -> None:
    """Show a board; `stages`: code -> label, in order.

    `cards` gives a text that differs when anything has changed, and the cards (`rows`) in their order; it is asked
    after what the person did was done. `on_move` raises a ProductError to refuse: the card goes back and the
    sentence is shown. `frozen`: nothing can be moved.
    """
    state = f"{key}.board"
    st.session_state.setdefault(state, {"ack": 0, "refused": []})

    def moved() -> None:
        _take(st.session_state[state], st.session_state[key].moves, on_move)

    def asked() -> None:
        given = st.session_state[key].open
        if isinstance(given, Mapping):
            on_open(_number(given.get("card")))

    revision, shown = cards()
    _BOARD(
        key=key,
        data={
            "revision": revision,
            "cards": shown,
            "stages": [{"code": code, "label": label} for code, label in stages.items()],
            "words": _words(),
            "opened": opened,
            "frozen": frozen,
            **st.session_state[state],
        },
        on_moves_change=moved,
        on_open_change=asked,
    )


def _take(state: dict[str, Any], moves: object, on_move: Callable[[Move], None]) -> None:
    """Do the moves that were not done yet, in their order; a browser sends again what it has no answer to."""
    if not isinstance(moves, Sequence):
        return
    for each in moves:
        number = _number(each.get("number"))
        if number <= state["ack"]:
            continue
        before = each.get("before")
        asked = Move(
            _number(each.get("card")),
            str(each.get("stage")),
            None if before is None else _number(before),
            _number(each.get("version")),
        )
        try:
            on_move(asked)
        except ProductError as refusal:
            said = {"number": number, "card": asked.card, "sentence": say(refusal.message)}
            state["refused"] = [*state["refused"], said][-_KEPT_REFUSALS:]
        state["ack"] = number


def _number(value: object) -> int:
    """A number from the browser, which may send anything."""
    return int(value) if isinstance(value, int | float) and 0 <= value < 2**63 else 0


def rows(cards: Iterable[BoardCard]) -> list[dict[str, Any]]:
    """The cards as the browser takes them; made once for each change, not for each question whether there is one."""
    return [_row(card) for card in cards]


def _row(card: BoardCard) -> dict[str, Any]:
    row = asdict(card)
    row["kindLabel"], row["dueState"] = row.pop("kind_label"), row.pop("due_state")
    # What is drawn of it: the browser leaves a card alone as long as this is the same.
    row["shown"] = "\u001f".join(str(value) for value in row.values())
    return row


def _words() -> dict[str, str]:
    """Sentences whose places the browser fills in."""
    return {
        "column": _("{stage}, cards: {count}"),
        "card": _("{kindLabel}: {title}. Stage: {stage}. Owner: {owner}. {due}"),
        "moved": _("“{title}” is now in {stage}, place {at} of {count}."),
        "next": _("Move “{title}” to {stage}"),
        "nextShort": _("To {stage}"),
        "comments": _("Comments: {count}"),
        "nobody": _("No owner"),
        "empty": _("No cards"),
    }
