"""The minutes of a weekly meeting as a page of its own: no script, no address, ready for the printer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from html import escape
from zoneinfo import ZoneInfo

from core.access import audit
from core.access.actor import Actor
from core.amounts import to_units
from core.dates import ONE_DAY
from core.language import mark
from core.measures.catalogue import MEASURES
from core.reviews.labels import CARD_STAGES, MOVED
from core.reviews.meeting_queries import MeetingView, meeting
from core.reviews.meeting_record import Agenda
from core.reviews.pilots import ONE_WEEK
from core.reviews.words import NOTHING, Speaker
from core.store.engine import Store

_STYLE = """
body { font: 14px/1.6 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif; color: #22251f; max-width: 48rem;
  margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .25rem 0; } .facts, .none { color: #5e625a; } .said { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid #dedad2; vertical-align: top; overflow-wrap: break-word; } th { font-weight: 600; }
:is(th, td):not(:first-child) { word-break: keep-all; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { body { margin: 0; max-width: none; padding: 0; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
@page { size: A4; margin: 18mm; }
"""


def minutes_page(
    actor: Actor, store: Store, meeting_id: int, language: str, *, now: datetime
) -> tuple[bytes, str]:
    """The page in UTF-8 and the name to save it under; for whoever may see the meeting, with an audit line.

    Of a meeting that is still open it says so, and shows it as it stands at this moment.
    """
    view = meeting(actor, store, meeting_id, now=now)
    page = _Page(Speaker(language, view.currency, view.zone)).whole(view)
    with store.write() as session:
        audit.record(session, actor, "minutes.downloaded", "weekly_meeting", meeting_id, now=now)
        session.commit()
    return page.encode(), f"minutes-{view.week.isoformat()}.html"


def agenda_html(view: MeetingView, language: str, card_address: str) -> str:
    """The chapters of the agenda and the decisions as a part of a page; everything in it is escaped.

    Each card is a link to `card_address` with its number behind.
    """
    return _Page(Speaker(language, view.currency, view.zone), card_address).talked_about(view)


@dataclass(frozen=True)
class _Page:
    """Writes in one language. Whatever is not our own word is escaped where it is put in."""

    speaker: Speaker
    card_address: str = ""
    """Where a card is opened, up to its number; empty: the page leads nowhere."""

    def whole(self, view: MeetingView) -> str:
        title = self.say(mark("Weekly meeting of {day}"), day=self.day(view.week))
        body = [
            f"<h1>{escape(view.pilot)}</h1><p>{escape(title)}</p>",
            *self._facts(view),
            self.talked_about(view),
            self._chapter(mark("Minutes"), self._said(view.minutes)),
        ]
        head = (
            f"<meta charset=utf-8><title>{escape(f'{view.pilot} · {title}')}</title><style>{_STYLE}</style>"
        )
        return (
            f'<!doctype html><html lang="{self.speaker.language.replace("_", "-")}"><head>{head}</head>'
            f"<body>{''.join(body)}</body></html>"
        )

    def talked_about(self, view: MeetingView) -> str:
        """The chapters of the agenda and of what was decided."""
        chapters = (
            (mark("What is red"), self._red(view.agenda)),
            (mark("Decided last time, or earlier and not settled"), self._decisions(view.agenda)),
            (mark("Due and late"), self._due(view.agenda)),
            (mark("New decisions"), self._decided(view)),
        )
        return "".join(self._chapter(title, content) for title, content in chapters)

    def say(self, sentence: str, **values: object) -> str:
        return self.speaker.say(sentence, **values)

    def day(self, value: date | None) -> str:
        return NOTHING if value is None else self.speaker.day(value)

    def figure(self, measure: str | None, value: float | None) -> str:
        """The value of a measure with its unit."""
        if value is None or measure not in MEASURES:
            return NOTHING
        return self.speaker.value(MEASURES[measure].kind, to_units(Decimal(str(value))))

    def _facts(self, view: MeetingView) -> Iterable[str]:
        present = view.attendees or NOTHING
        names = self.say(mark("Present: {names}"), names=present)
        yield f'<p class="facts">{escape(names)}</p>'
        if view.closed_at is None:
            words = self.say(mark("Not closed yet: this is how it stands at this moment."))
        else:
            at = f"{view.closed_at.astimezone(ZoneInfo(self.speaker.zone)):%Y-%m-%d %H:%M}"
            words = self.say(mark("Closed by {name}, {at}"), name=view.closed_by or NOTHING, at=at)
        yield f'<p class="facts">{escape(words)}</p>'

    def _chapter(self, title: str, content: str) -> str:
        nothing = self._none(mark("Nothing"))
        return f"<h2>{escape(self.say(title))}</h2>{content or nothing}"

    def _none(self, words: str) -> str:
        return f'<p class="none">{escape(self.say(words))}</p>'

    def _red(self, agenda: Agenda) -> str:
        rows = [
            (
                self._measure(each.measure),
                self.figure(each.measure, each.value),
                self.speaker.number(each.n),
                self.figure(each.measure, each.target),
                " · ".join(
                    self.say(words)
                    for words, holds in (
                        (mark("misses its target"), each.missed),
                        (mark("outside the limits of chance"), each.signal),
                    )
                    if holds
                ),
            )
            for each in agenda.red
        ]
        heads = (mark("KPI"), mark("Value"), mark("n"), mark("Target"), mark("Why"))
        table = self._table(heads, rows, figures={1, 2, 3})
        return self._week(agenda) + (
            table or (self._none(mark("Nothing is red.")) if agenda.measured else "")
        )

    def _week(self, agenda: Agenda) -> str:
        """Which week is looked at, and whether its figures are there."""
        if agenda.looks_at is None:
            return self._none(mark("No week of the pilot is over yet."))
        first, last = agenda.looks_at, agenda.looks_at + ONE_WEEK - ONE_DAY
        lines = [self.say(mark("Week {first} to {last}"), first=self.day(first), last=self.day(last))]
        if not agenda.measured:
            lines.append(self._missing(first, agenda.as_of))
        return "".join(f'<p class="facts">{escape(line)}</p>' for line in lines)

    def _missing(self, week: date, as_of: date | None) -> str:
        if as_of is None:
            return self.say(
                mark("The figures of the week from {day} are not worked out yet."), day=self.day(week)
            )
        return self.say(
            mark(
                "The figures of the week from {day} are not worked out yet; the last ones are as of {as_of}."
            ),
            day=self.day(week),
            as_of=self.day(as_of),
        )

    def _decisions(self, agenda: Agenda) -> str:
        rows = [
            (
                each.title,
                self.say(CARD_STAGES[each.stage]),
                each.owner or NOTHING,
                self._measure(each.measure),
                f"{self.figure(each.measure, each.before)} → {self.figure(each.measure, each.now)}",
                self.say(MOVED[each.moved]),
            )
            for each in agenda.decisions
        ]
        heads = (
            mark("Decision"),
            mark("Stage"),
            mark("Owner"),
            mark("KPI"),
            mark("Then → now"),
            mark("Has it moved?"),
        )
        return self._table(heads, rows, figures={4}, cards=[each.card_id for each in agenda.decisions])

    def _due(self, agenda: Agenda) -> str:
        late = partial(self.say, mark("{days} d late"))
        rows = [
            (
                each.title,
                self.say(CARD_STAGES[each.stage]),
                each.owner or NOTHING,
                self.day(each.due_on) + (f" · {late(days=each.days_late)}" if each.days_late > 0 else ""),
            )
            for each in agenda.due
        ]
        heads = (mark("Card"), mark("Stage"), mark("Owner"), mark("Due"))
        return self._table(heads, rows, cards=[each.card_id for each in agenda.due])

    def _decided(self, view: MeetingView) -> str:
        rows = [
            (card.title, card.owner or NOTHING, self.day(card.due_on), self._measure(card.measure))
            for card in view.decided
        ]
        heads = (mark("Decision"), mark("Owner"), mark("Due"), mark("KPI"))
        return self._table(heads, rows, cards=[each.card_id for each in view.decided])

    def _said(self, text: str) -> str:
        return f'<div class="said">{escape(text)}</div>' if text else ""

    def _measure(self, code: str | None) -> str:
        return self.speaker.measure(code) if code else NOTHING

    def _table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        figures: Collection[int] = (),
        cards: Sequence[int] = (),
    ) -> str:
        """A table of texts, all escaped here; none without rows.

        `figures`: columns set to the right; `cards`: the card of each row, opened by its first column.
        """
        if not rows:
            return ""

        titles = [escape(self.say(each)) for each in heads]

        def cells(tag: str, row: Iterable[str]) -> str:
            # Where there is no room for columns each cell stands behind its heading.
            named = [f' data-head="{title}"' if tag == "td" else "" for title in titles]
            return "".join(
                f"<{tag}{' class=figure' if at in figures else ''}{name}>{html}</{tag}>"
                for at, (html, name) in enumerate(zip(row, named, strict=True))
            )

        written = [[escape(text) for text in row] for row in rows]
        if self.card_address:
            for row, card_id in zip(written, cards, strict=False):
                row[0] = f'<a href="{escape(self.card_address)}{card_id}">{row[0]}</a>'
        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in written)
        head = cells("th", titles)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
