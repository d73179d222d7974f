"""Cards in the store: written, moved by one or by two at once, owed and settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry, StaffMember
from core.errors import NotAllowed, NotFound, ProductError, Refused, StaleEdit
from core.operations.staff import hand_over
from core.reviews.board_queries import card, cards, mark_of_board
from core.reviews.board_service import CardDraft, comment, edit_card, move_card
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.reviews.boards import RESPONSE, add, begin, owed, positions, titles, version

DUE = date(2026, 11, 6)
END_OF_DUE = datetime(2026, 11, 6, 16, 0, tzinfo=UTC)
"""The end of that day in Shanghai."""
LATER = NOW + timedelta(hours=3)
AFTER_DUE = NOW + timedelta(days=5)


@pytest.fixture
def board(store: Store, actors: Actors) -> int:
    """A pilot of the East."""
    return begin(actors.manager, store, department_ids=(actors.east,))


def move(actor: Actor, store: Store, card_id: int, stage: str, **given: object) -> int:
    usual = {"expected_version": version(store, card_id), "now": NOW}
    return move_card(actor, store, card_id, stage, **usual | given)


def test_new_cards_stand_at_the_end_of_their_column(store: Store, actors: Actors, board: int) -> None:
    for title in ("A", "B", "C"):
        add(actors.staff, store, board, title)
    add(actors.staff, store, board, "D", stage="trying")
    assert titles(actors.staff, store, board, "found") == ["A", "B", "C"]
    assert [each.title for each in cards(actors.staff, store, board)] == ["A", "B", "C", "D"]


def test_a_move_numbers_both_columns_anew(store: Store, actors: Actors, board: int) -> None:
    a, b, c = (add(actors.staff, store, board, title) for title in ("A", "B", "C"))
    d = add(actors.staff, store, board, "D", stage="planned")
    move(actors.staff, store, b, "planned", before_card_id=d)
    assert titles(actors.staff, store, board, "found") == ["A", "C"]
    assert titles(actors.staff, store, board, "planned") == ["B", "D"]
    assert positions(store, board, "found") == [0, 1]
    assert positions(store, board, "planned") == [0, 1]
    move(actors.staff, store, c, "found", before_card_id=a)
    assert titles(actors.staff, store, board, "found") == ["C", "A"]
    assert positions(store, board, "found") == [0, 1]


def test_a_card_put_where_it_is_has_not_moved(store: Store, actors: Actors, board: int) -> None:
    a, b = add(actors.staff, store, board, "A"), add(actors.staff, store, board, "B")
    mark = mark_of_board(actors.staff, store, board)
    assert move(actors.staff, store, a, "found", before_card_id=b) == 1
    assert mark_of_board(actors.staff, store, board) == mark


def test_before_a_card_that_has_left_the_column_is_at_its_end(
    store: Store, actors: Actors, board: int
) -> None:
    a, b, c = (add(actors.staff, store, board, title, stage="trying") for title in ("A", "B", "C"))
    move(actors.staff, store, b, "settled")
    move(actors.staff, store, a, "trying", before_card_id=b)
    assert titles(actors.staff, store, board, "trying") == ["C", "A"]
    assert c


def test_a_stale_move_is_refused_with_who_moved_it_and_where(
    store: Store, actors: Actors, board: int
) -> None:
    number = add(actors.staff, store, board)
    move(actors.supervisor, store, number, "trying")
    with pytest.raises(StaleEdit, match="Eve has moved this card to “Trying”"):
        move(actors.staff, store, number, "planned", expected_version=1)
    assert titles(actors.staff, store, board, "trying") == ["Card"]


def test_a_stale_edit_is_refused_with_who_changed_it(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board)
    edit_card(actors.supervisor, store, number, CardDraft("New"), expected_version=1, now=NOW)
    with pytest.raises(StaleEdit, match="Eve has changed this card"):
        edit_card(actors.staff, store, number, CardDraft("Mine"), expected_version=1, now=NOW)
    with pytest.raises(StaleEdit, match="Eve has changed this card"):
        move(actors.staff, store, number, "planned", expected_version=1)
    assert titles(actors.staff, store, board, "found") == ["New"]


def test_of_two_who_move_one_card_at_once_exactly_one_does(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board)
    start = Barrier(2)

    def attempt(actor: Actor, stage: str) -> str:
        start.wait()
        try:
            move_card(actor, store, number, stage, expected_version=1, now=NOW)
        except StaleEdit as stale:
            return str(stale)
        return stage

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(attempt, (actors.staff, actors.supervisor), ("planned", "trying")))
    [won] = [each for each in told if each in ("planned", "trying")]
    [lost] = [each for each in told if each != won]
    assert lost.startswith("Emil has moved" if won == "planned" else "Eve has moved")
    assert titles(actors.staff, store, board, won) == ["Card"]
    assert version(store, number) == 2


def test_two_who_move_different_cards_at_once_leave_columns_without_gaps(
    store: Store, actors: Actors, board: int
) -> None:
    numbers = [add(actors.staff, store, board, f"C{n}") for n in range(6)]
    start = Barrier(2)

    def attempt(mine: list[int]) -> None:
        start.wait()
        for number in mine:
            move_card(actors.staff, store, number, "planned", expected_version=1, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, (numbers[:3], numbers[3:])))
    assert positions(store, board, "planned") == list(range(6))
    assert positions(store, board, "found") == []


def test_a_card_with_owner_and_day_is_owed_until_the_end_of_that_day(
    store: Store, actors: Actors, board: int
) -> None:
    number = add(actors.supervisor, store, board, owner_id=actors.staff.staff_id, due_on=DUE)
    [entry] = owed(store, number)
    assert (entry.owner_id, entry.department_id) == (actors.staff.staff_id, actors.east)
    assert (entry.triggered_at, entry.due_at, entry.done_at) == (NOW, END_OF_DUE, None)


@pytest.mark.parametrize("lacking", ["owner_id", "due_on"])
def test_without_owner_or_day_nothing_is_owed(store: Store, actors: Actors, board: int, lacking: str) -> None:
    both = {"owner_id": actors.staff.staff_id, "due_on": DUE}
    number = add(actors.staff, store, board, **{name: both[name] for name in both if name != lacking})
    assert owed(store, number) == []
    edit_card(actors.staff, store, number, CardDraft("Card", **both), expected_version=1, now=LATER)
    assert [entry.triggered_at for entry in owed(store, number)] == [LATER]


def test_a_new_owner_takes_over_what_is_owed_with_its_clock(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board, owner_id=actors.staff.staff_id, due_on=DUE)
    draft = CardDraft("Card", owner_id=actors.manager.staff_id, due_on=DUE)
    edit_card(actors.staff, store, number, draft, expected_version=1, now=LATER)
    [entry] = owed(store, number)
    assert (entry.owner_id, entry.department_id, entry.triggered_at) == (
        actors.manager.staff_id,
        None,
        NOW,
    )


def test_a_new_day_in_time_replaces_the_old_one_and_a_late_one_stays_late(
    store: Store, actors: Actors, board: int
) -> None:
    owner = actors.staff.staff_id
    number = add(actors.staff, store, board, owner_id=owner, due_on=DUE)
    second, third = DUE + timedelta(days=1), DUE + timedelta(days=20)
    edit_card(
        actors.staff,
        store,
        number,
        CardDraft("Card", owner_id=owner, due_on=second),
        expected_version=1,
        now=LATER,
    )
    edit_card(
        actors.staff,
        store,
        number,
        CardDraft("Card", owner_id=owner, due_on=third),
        expected_version=2,
        now=AFTER_DUE,
    )
    in_time, late, running = owed(store, number)
    assert in_time.cancelled_at == LATER
    assert (late.done_at, late.cancelled_at) == (AFTER_DUE, None)
    assert (running.done_at, running.cancelled_at) == (None, None)


def test_settling_meets_what_is_owed_and_taking_up_again_owes_it_anew(
    store: Store, actors: Actors, board: int
) -> None:
    number = add(actors.staff, store, board, owner_id=actors.staff.staff_id, due_on=DUE)
    move(actors.staff, store, number, "settled", now=LATER)
    assert [entry.done_at for entry in owed(store, number)] == [LATER]
    assert cards(actors.staff, store, board)[0].settled_at == LATER
    move(actors.staff, store, number, "checking", now=LATER)
    [entry] = owed(store, number)
    assert (entry.done_at, entry.cancelled_at, entry.triggered_at) == (None, None, NOW)
    assert cards(actors.staff, store, board)[0].settled_at is None


def test_a_settled_card_given_a_new_day_is_owed_by_that_day_when_taken_up_again(
    store: Store, actors: Actors, board: int
) -> None:
    owner, new_day = actors.staff.staff_id, DUE + timedelta(days=7)
    number = add(actors.staff, store, board, owner_id=owner, due_on=DUE)
    move(actors.staff, store, number, "settled")
    draft = CardDraft("Card", owner_id=owner, due_on=new_day)
    edit_card(actors.staff, store, number, draft, expected_version=2, now=NOW)
    assert [entry.done_at for entry in owed(store, number)] == [NOW]
    move(actors.staff, store, number, "found", now=LATER)
    first, second = owed(store, number)
    assert first.cancelled_at == LATER
    assert (second.due_at, second.done_at) == (END_OF_DUE + timedelta(days=7), None)


def test_who_leaves_hands_the_unsettled_cards_over(store: Store, actors: Actors, board: int) -> None:
    owner = actors.staff.staff_id
    number = add(actors.staff, store, board, owner_id=owner, due_on=DUE)
    done = add(actors.staff, store, board, owner_id=owner, due_on=DUE, stage="settled")
    assert owner is not None
    assert actors.supervisor.staff_id is not None
    hand_over(actors.manager, store, owner, actors.supervisor.staff_id, now=LATER)
    owners = {each.id: each.owner for each in cards(actors.supervisor, store, board)}
    assert owners == {number: "Eve", done: "Emil"}
    assert [entry.owner_id for entry in owed(store, number)] == [actors.supervisor.staff_id]
    with pytest.raises(StaleEdit, match="Mai has changed this card"):
        move(actors.supervisor, store, number, "planned", expected_version=1)


def test_what_cannot_stand_on_a_card_is_refused_in_a_sentence(
    store: Store, actors: Actors, board: int
) -> None:
    with store.write() as session:
        gone = StaffMember(name="Gone", department_id=actors.east, left_at=NOW)
        session.add(gone)
        session.flush()
        gone_id = gone.id
        session.commit()
    wrong: list[tuple[dict[str, object], str]] = [
        ({"title": "  "}, "a title"),
        ({"title": "x" * 121}, "at most 120"),
        ({"body": "x" * 2001}, "at most 2000"),
        ({"measure": "churn"}, "no KPI of the pilot"),
        ({"rule": "no.rule"}, "no such rule"),
        ({"due_on": date(2026, 11, 2)}, "over already"),
        ({"owner_id": 999}, "no such person"),
        ({"owner_id": gone_id}, "has left already"),
        ({"owner_id": actors.west_staff.staff_id}, "no department of this pilot"),
    ]
    for given, sentence in wrong:
        with pytest.raises(ProductError, match=sentence):
            add(actors.staff, store, board, **given)
    assert cards(actors.staff, store, board) == []


def test_a_card_keeps_what_it_had_even_where_it_could_not_be_chosen_now(
    store: Store, actors: Actors, board: int
) -> None:
    number = add(actors.staff, store, board, due_on=DUE, owner_id=actors.staff.staff_id)
    draft = CardDraft("Other title", due_on=DUE, owner_id=actors.staff.staff_id)
    edit_card(actors.staff, store, number, draft, expected_version=1, now=AFTER_DUE)
    assert titles(actors.staff, store, board, "found") == ["Other title"]


def test_a_card_tells_its_history_the_newest_first(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board, "Card", measure=RESPONSE)
    add(actors.staff, store, board, "Other")
    move(actors.supervisor, store, number, "planned")
    comment(actors.staff, store, number, " Will ask Walt. ", now=LATER)
    draft = CardDraft("Card", measure=RESPONSE, owner_id=actors.staff.staff_id)
    edit_card(actors.staff, store, number, draft, expected_version=2, now=LATER)
    page = card(actors.staff, store, number, now=NOW)
    told = [(entry.kind, entry.by, dict(entry.detail), entry.text) for entry in page.entries]
    assert told == [
        ("edited", "Emil", {"owner": [None, "Emil"]}, None),
        ("comment", "Emil", {}, "Will ask Walt."),
        ("moved", "Eve", {"from": "found", "to": "planned"}, None),
        ("created", "Emil", {"stage": "found"}, None),
    ]
    assert page.card.comments == 1


def test_sorting_within_a_column_is_no_news(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board, "A")
    add(actors.staff, store, board, "B")
    move(actors.staff, store, number, "found")
    assert titles(actors.staff, store, board, "found") == ["B", "A"]
    assert [each.kind for each in card(actors.staff, store, number, now=NOW).entries] == ["created"]


def test_an_edit_that_changes_nothing_leaves_no_trace(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board)
    edit_card(actors.staff, store, number, CardDraft("Card"), expected_version=1, now=NOW)
    assert version(store, number) == 1
    assert len(card(actors.staff, store, number, now=NOW).entries) == 1


def test_a_comment_needs_words_and_stops_nobody(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board)
    with pytest.raises(Refused, match="Write something"):
        comment(actors.staff, store, number, "  ", now=NOW)
    with pytest.raises(Refused, match="at most 2000"):
        comment(actors.staff, store, number, "x" * 2001, now=NOW)
    comment(actors.staff, store, number, "!", now=NOW)
    assert move(actors.supervisor, store, number, "planned", expected_version=1) == 2


def test_every_change_of_a_board_changes_its_mark(store: Store, actors: Actors, board: int) -> None:
    seen = [mark_of_board(actors.staff, store, board)]
    number = add(actors.staff, store, board)
    seen.append(mark_of_board(actors.staff, store, board))
    move(actors.staff, store, number, "planned")
    seen.append(mark_of_board(actors.staff, store, board))
    comment(actors.staff, store, number, "!", now=NOW)
    seen.append(mark_of_board(actors.staff, store, board))
    assert len(set(seen)) == 4


def test_a_board_out_of_reach_is_not_there(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board)
    for actor in (actors.west_staff, actors.west_supervisor):
        with pytest.raises(NotFound):
            cards(actor, store, board)
        with pytest.raises(NotFound):
            card(actor, store, number, now=NOW)
        with pytest.raises(NotFound):
            mark_of_board(actor, store, board)
        with pytest.raises(NotFound):
            move(actor, store, number, "planned")
        with pytest.raises(NotFound):
            comment(actor, store, number, "!", now=NOW)
    for command in (
        lambda: add(actors.intern, store, board),
        lambda: move(actors.intern, store, number, "planned"),
    ):
        with pytest.raises(NotAllowed):
            command()


def test_no_title_comment_or_name_reaches_the_audit_trail(store: Store, actors: Actors, board: int) -> None:
    number = add(actors.staff, store, board, "Secret", owner_id=actors.staff.staff_id, due_on=DUE)
    comment(actors.staff, store, number, "Secret", now=NOW)
    edit_card(actors.staff, store, number, CardDraft("Secret 2"), expected_version=1, now=NOW)
    with store.read() as session:
        query = select(AuditEntry.action, AuditEntry.detail).where(AuditEntry.subject_kind == "card")
        lines = session.execute(query.order_by(AuditEntry.id)).all()
    assert [action for action, _ in lines] == ["card.created", "card.commented", "card.edited"]
    assert "Secret" not in str([detail for _, detail in lines])
