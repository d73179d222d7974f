"""Commands: two customers become one, and become two again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.vault import open_vault
from core.errors import NotFound, Refused, StaleEdit
from core.facts.duplicates import merge_fields
from core.facts.duplicates.merge_fields import CODE
from core.facts.duplicates.merging import Moved, lock_customers, move, refuse_two
from core.facts.duplicates.merging_back import added_since, move_back
from core.facts.duplicates.merging_owed import move_owed_back
from core.facts.duplicates.merging_values import apply, refuse_edited, restore, swap_codes
from core.facts.duplicates.merging_versions import VERSIONS
from core.facts.importing.bulk import lock_imports
from core.facts.own_fields.catalogue import catalogue
from core.facts.quality import reminders as quality_reminders
from core.facts.tables import Customer, CustomerMerge, DuplicatePair
from core.facts.update_clock import bring_in_line
from core.facts.visibility import visible_customer
from core.language import Message, mark
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import raise_data_version


@dataclass(frozen=True)
class Undone:
    """What taking a merge back came to. `stayed`: table -> records that came to the kept customer since, and stay;
    `differing`: why the kept customer is not quite as it was before."""

    kept_id: int
    restored_id: int
    stayed: Mapping[str, int]
    differing: Message | None = None


def merge(
    actor: Actor,
    store: Store,
    kept_id: int,
    gone_id: int,
    taken: Mapping[str, bool],
    *,
    expected_versions: tuple[int, int],
    now: datetime,
) -> int:
    """Make two customers in reach one: `kept_id` stays, and everything of `gone_id` is its from now on.

    `taken`: field code -> whether the value of the other one is taken; also for `customer_code`, and the code that
    is not taken stays known. `expected_versions` are those that the choice was made from. Returns the merge's id.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    vault, policy = open_vault(store), policy_at(store, now.date())
    with store.write() as session:
        lock_imports(session)
        lock_customers(session)
        kept, gone = _both(actor, session, kept_id, gone_id, expected_versions)
        refuse_two(session, kept.id, gone.id)
        spec = catalogue(session)["customers"]
        values = merge_fields.chosen_values(spec, vault, kept, gone, taken)
        before = {"kept": apply(kept, values), "gone": {}}
        if taken.get(CODE):
            before["kept"]["code"], before["gone"]["code"] = swap_codes(session, kept, gone)
        moved = move(session, kept.id, gone.id, now=now)
        before["gone"]["merged_into_id"] = [None, kept.id]
        gone.merged_into_id = kept.id
        kept.version += 1
        kept.updated_at = now
        done = CustomerMerge(
            kept_id=kept.id,
            gone_id=gone.id,
            before=before,
            moved=moved.to_json(),
            version_after=kept.version,
            merged_at=now,
            merged_by=actor.account_id,
        )
        session.add(done)
        _decide_pair(session, done, "merged", actor=actor, now=now)
        bring_in_line(session, policy, [kept.id], happened=False, now=now)
        quality_reminders.edited(session, policy, [kept.id], at=now)
        raise_data_version(session)
        audit.record(
            *(session, actor, "customer.merged", "customer", kept.id),
            now=now,
            gone=gone.id,
            merge=done.id,
            records=sum(map(len, moved.records.values())) + moved.orders_and_lines,
            fields=sorted(before["kept"]),
        )
        session.commit()
        return done.id


def undo_merge(actor: Actor, store: Store, merge_id: int, *, now: datetime) -> Undone:
    """Make two of them again, each as it was.

    Refused when a field that the merge had set was edited since, or when the kept customer itself was merged into
    another. What came to the kept customer since stays with it and is counted in the result.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        lock_imports(session)
        lock_customers(session)
        done = session.get(CustomerMerge, merge_id, with_for_update=True)
        if done is None:
            raise NotFound(mark("There is no such merge."))
        if done.undone_at is not None:
            raise Refused(mark("This merge has been undone already."))
        _refuse_later_merge(session, done)
        kept = visible_customer(actor, session, done.kept_id, lock=True)
        gone = session.get_one(Customer, done.gone_id)
        spec = catalogue(session)["customers"]
        refuse_edited(session, spec, kept, done.before["kept"])
        moved = Moved(**done.moved)
        stayed = added_since(session, moved, kept.id, gone.id)
        differing = restore(session, kept, gone, done.before)
        move_back(session, moved, kept.id, gone.id)
        times = {"merged_at": done.merged_at, "now": now}
        move_owed_back(session, kept.id, gone.id, moved.owed, moved.cancelled, **times)
        for each in (kept, gone):
            each.version += 1
        done.before = {**done.before, VERSIONS: {"kept": kept.version, "gone": gone.version}}
        kept.updated_at = now
        done.undone_at = now
        _decide_pair(session, done, "open", actor=actor, now=now)
        bring_in_line(session, policy, [kept.id, gone.id], taken_back=True, now=now)
        raise_data_version(session)
        audit.record(
            *(session, actor, "customer.merge_undone", "customer", kept.id),
            now=now,
            restored=gone.id,
            merge=done.id,
            stayed=sum(stayed.values()),
        )
        session.commit()
        return Undone(kept.id, gone.id, stayed, differing)


def _both(
    actor: Actor, session: Session, kept_id: int, gone_id: int, expected: tuple[int, int]
) -> tuple[Customer, Customer]:
    if kept_id == gone_id:
        raise Refused(mark("A customer cannot be merged with itself. Choose two."))
    # Always in the same order, so that two people who merge the same two never wait for each other.
    found = {each: visible_customer(actor, session, each, lock=True) for each in sorted((kept_id, gone_id))}
    kept, gone = found[kept_id], found[gone_id]
    if (kept.version, gone.version) != expected:
        raise StaleEdit(
            mark(
                "Somebody saved one of these customers in between. Load the page again and repeat your choice."
            )
        )
    return kept, gone


def _refuse_later_merge(session: Session, done: CustomerMerge) -> None:
    later = session.scalar(
        select(CustomerMerge.id)
        .where(
            CustomerMerge.undone_at.is_(None),
            CustomerMerge.id > done.id,
            (CustomerMerge.kept_id == done.kept_id) | (CustomerMerge.gone_id == done.kept_id),
        )
        .order_by(CustomerMerge.id.desc())
        .limit(1)
    )
    if later is not None:
        raise Refused(
            mark("This customer was merged again afterwards (merge no. {number}). Undo that one first."),
            number=later,
        )


def _decide_pair(session: Session, done: CustomerMerge, state: str, *, actor: Actor, now: datetime) -> None:
    first, second = sorted((done.kept_id, done.gone_id))
    session.execute(
        update(DuplicatePair)
        .where(DuplicatePair.first_id == first, DuplicatePair.second_id == second)
        .values(
            state=state,
            decided_at=None if state == "open" else now,
            decided_by=None if state == "open" else actor.account_id,
        )
    )


__all__ = ["Undone", "merge", "undo_merge"]
