"""The demo company's running pilot: its board and two weekly meetings, lived through the services of those weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.access.accounts import signed_in
from core.access.actor import Actor
from core.access.tables import Account, Department, StaffMember
from core.dates import business_date
from core.measures.catalogue import MEASURES
from core.operations.demo import words
from core.operations.demo.leads import pilot_begins
from core.policy.queries import policy_at
from core.reviews.board_service import CardDraft, add_card, comment, move_card
from core.reviews.meeting_service import close_meeting, decide, open_meeting, write_minutes
from core.reviews.pilot_kpis import value_of_baseline
from core.reviews.pilot_service import create_pilot
from core.reviews.pilots import Kpi, Plan, monday_of, worse_than
from core.reviews.tables import Card, CardEntry, Pilot, WeeklyMeeting
from core.store.engine import Store

_DECIDED_BEFORE = timedelta(days=5)
"""How long before its start the pilot was decided on."""


@dataclass(frozen=True)
class _Event:
    """Something that somebody did at an instant."""

    at: datetime
    do: Callable[[datetime], None]


def live_pilot(store: Store, *, now: datetime) -> None:
    """Begin the pilot some weeks before `now` and do everything up to now that was done in it.

    What a load that was cut off did already is not done again.
    """
    story = words.toml("pilot.toml")
    zone = policy_at(store, now.date()).business.time_zone
    starts_on = pilot_begins(business_date(now, zone))
    life = _Life(store, story, starts_on, ZoneInfo(zone))
    life.begin()
    for event in sorted(life.events(), key=lambda each: each.at):
        if event.at < now:
            event.do(event.at)


class _Life:
    """The story of the pilot at the instants of these weeks."""

    def __init__(self, store: Store, story: dict[str, Any], starts_on: date, zone: ZoneInfo) -> None:
        self.store, self.story, self.starts_on, self.zone = store, story, starts_on, zone
        with store.read() as session:
            found = session.scalars(select(Account)).all()
            self.actors: dict[str, Actor] = {each.display_name: signed_in(each).actor for each in found}
            self.manager = next(signed_in(each).actor for each in found if each.username == "manager")
            people = session.execute(select(StaffMember.name, StaffMember.id))
            self.people: dict[str, int] = dict(people.all())
            self.departments: dict[str, int] = dict(
                session.execute(select(Department.name, Department.id)).all()
            )

    def begin(self) -> None:
        """The pilot itself, unless it is there already."""
        with self.store.read() as session:
            known = session.scalar(select(Pilot.id).where(Pilot.name == self.story["name"]))
        self.pilot_id = known if known is not None else self._begun()

    def _begun(self) -> int:
        at = self.instant([0, "10:00"]) - _DECIDED_BEFORE
        plan = Plan(
            name=self.story["name"],
            standard=self.story["standard"],
            starts_on=self.starts_on,
            weeks=self.story["weeks"],
            baseline_weeks=self.story["baseline_weeks"],
            kpis=tuple(Kpi(each["measure"]) for each in self.story["kpis"]),
            department_ids=tuple(self.departments[name] for name in self.story["departments"]),
        )
        kpis = tuple(self._kpi(plan, each, at) for each in self.story["kpis"])
        return create_pilot(self.manager, self.store, Plan(**{**vars(plan), "kpis": kpis}), now=at)

    def _kpi(self, plan: Plan, told: dict[str, Any], at: datetime) -> Kpi:
        """The KPI with its target, unless chance made the invented weeks before better than that."""
        measure, target = MEASURES[told["measure"]], told.get("target")
        evidence = policy_at(self.store, at.date()).evidence
        before = value_of_baseline(self.manager, self.store, plan, measure.code, evidence)
        if target is not None and before is not None and worse_than(target, before, measure.higher_is_better):
            return Kpi(measure.code)
        return Kpi(measure.code, target)

    def instant(self, told: list[Any]) -> datetime:
        """[day from the start, "HH:MM"] as an instant."""
        day, clock, *_ = told
        return datetime.combine(self.starts_on + timedelta(days=day), time.fromisoformat(clock), self.zone)

    def events(self) -> Iterator[_Event]:
        """Everything that is done after the pilot was begun."""
        for told in self.story["cards"]:
            yield _Event(self.instant(told["created"]), self._adding(told))
            yield from self._steps(told)
        for told in self.story["meetings"]:
            yield _Event(self.instant(told["at"]), self._opening(told))
            yield _Event(self.instant(told["close"]), self._closing(told))
            for decision in told["decisions"]:
                yield from self._steps(decision)

    def _draft(self, told: dict[str, Any], kind: str) -> CardDraft:
        return CardDraft(
            title=told["title"],
            kind=kind,
            body=told.get("body", ""),
            measure=told.get("measure"),
            rule=told.get("rule"),
            owner_id=self.people[told["owner"]] if "owner" in told else None,
            due_on=self.starts_on + timedelta(days=told["due"]) if "due" in told else None,
        )

    def _adding(self, told: dict[str, Any]) -> Callable[[datetime], None]:
        def add(at: datetime) -> None:
            if self._card(told["title"]) is None:
                actor = self.actors[told["created"][2]]
                add_card(actor, self.store, self.pilot_id, self._draft(told, told["kind"]), now=at)

        return add

    def _steps(self, told: dict[str, Any]) -> Iterator[_Event]:
        for step in told["steps"]:
            yield _Event(self.instant(step["at"]), self._step(told["title"], step))

    def _step(self, title: str, step: dict[str, Any]) -> Callable[[datetime], None]:
        def take(at: datetime) -> None:
            card = self._card(title)
            if card is None or self._done(card.id, at):
                return
            actor = self.actors[step["by"]]
            if "say" in step:
                comment(actor, self.store, card.id, step["say"], now=at)
            else:
                move_card(actor, self.store, card.id, step["to"], expected_version=card.version, now=at)

        return take

    def _opening(self, told: dict[str, Any]) -> Callable[[datetime], None]:
        def hold(at: datetime) -> None:
            open_meeting(self.actors[told["by"]], self.store, self.pilot_id, now=at)

        return hold

    def _closing(self, told: dict[str, Any]) -> Callable[[datetime], None]:
        def close(at: datetime) -> None:
            actor, meeting = self.actors[told["by"]], self._meeting(at)
            if meeting.closed_at is not None:
                return
            for decision in told["decisions"]:
                if self._card(decision["title"]) is None:
                    decide(actor, self.store, meeting.id, self._draft(decision, "decision"), now=at)
            version = write_minutes(
                actor,
                self.store,
                meeting.id,
                attendees=told["attendees"],
                minutes=told["minutes"],
                expected_version=meeting.version,
                now=at,
            )
            close_meeting(actor, self.store, meeting.id, expected_version=version, now=at)

        return close

    def _card(self, title: str) -> Card | None:
        with self.store.read() as session:
            card = session.scalar(select(Card).where(Card.pilot_id == self.pilot_id, Card.title == title))
            session.expunge_all()
            return card

    def _done(self, card_id: int, at: datetime) -> bool:
        with self.store.read() as session:
            query = select(CardEntry.id).where(CardEntry.card_id == card_id, CardEntry.at == at)
            return session.scalar(query) is not None

    def _meeting(self, at: datetime) -> WeeklyMeeting:
        week = monday_of(at.date())
        query = select(WeeklyMeeting).where(
            WeeklyMeeting.pilot_id == self.pilot_id, WeeklyMeeting.week == week
        )
        with self.store.read() as session:
            meeting = session.scalars(query).one()
            session.expunge_all()
            return meeting
