"""What the funnel page reads often, kept until facts, figures or the reader's reach change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from core.acquisition import queries
from core.acquisition.queries import (
    BreakdownRow,
    ChannelTable,
    EntryMonth,
    FunnelFilter,
    FunnelOptions,
    FunnelView,
    Seen,
)
from pages.frame.session import Session

_MOST_KEPT = 500
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Reader:
    """The page's questions, asked for one person and one state of the figures and of the reach."""

    session: Session
    seen: Seen

    def options(self) -> FunnelOptions:
        return self._ask(queries.options)

    def funnel(self, filters: FunnelFilter) -> FunnelView:
        view = self._ask(queries.funnel, filters)
        assert view is not None  # there is a basis
        return view

    def breakdown(self, filters: FunnelFilter, by: str) -> list[BreakdownRow]:
        return self._ask(queries.breakdown, filters, by)

    def months(self, filters: FunnelFilter) -> list[EntryMonth]:
        return self._ask(queries.by_entry_month, filters)

    def channels(self, filters: FunnelFilter) -> ChannelTable:
        return self._ask(queries.channels, filters)

    def leads(self, filters: FunnelFilter, stage: str, band: str, limit: int) -> list[dict[str, Any]]:
        """Which leads they are is kept; names, phones and owners are read as they are now."""
        places = self._ask(queries.lead_places, filters, stage, band, limit=limit)
        return queries.lead_rows(self.session.actor, self.session.store, places)

    def _ask(self, question: Callable[..., _Answer], *asked: Any, **named: Any) -> _Answer:
        actor, store = self.session.actor, self.session.store
        # The whole actor and what it sees: an answer never reaches anybody else, nor outlives a hand-over.
        answer: _Answer = _kept.get(
            (question, store, actor, self.seen.stamp, asked, *named.items()),
            lambda: question(actor, store, *asked, **named, seen=self.seen),
        )
        return answer


class _Kept:
    """The latest answers. Unlike `lru_cache` it keeps the key alone and not the table the answer was made of."""

    def __init__(self, most: int) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._most, self._lock = most, Lock()

    def get(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = ask()
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer


_kept = _Kept(_MOST_KEPT)
