"""Two customers side by side: for each field that differs the value that stays is chosen, then they are merged."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import clock
from core.errors import NotFound
from core.facts.duplicates.comparison import Comparison, Party, comparison
from core.facts.duplicates.merge_fields import CODE, SIDES, FieldPair
from core.facts.duplicates.merge_service import merge
from core.facts.duplicates.service import tell_apart
from core.facts.labels import DUPLICATE_REASONS
from core.store.records import label_of
from pages.customers.customer_own import shown
from pages.frame.formats import moment, number
from pages.frame.navigation import link_to
from pages.frame.parts import confirm, empty, is_asked, pairs, plain, refusal, section
from pages.frame.session import Session, business, current
from pages.frame.words import _, label, listed, ngettext, say
from pages.stewardship.data_quality_duplicates import PAGE, close_pair, take_back
from pages.stewardship.data_quality_words import shown_value


def show_pair(session: Session, pair_id: int) -> None:
    """The two of a pair with everything that is known of them."""
    st.button(_("Back to the list"), icon=":material/arrow_back:", type="tertiary", on_click=close_pair)
    try:
        found = comparison(session.actor, session.store, pair_id)
    except NotFound as gone:
        empty(_("This pair is settled"), plain(say(gone.message)))
        return
    _parties(session, found)
    differing = [each for each in found.fields if each.differs]
    currency = business(session.store).currency
    picked = _choices(found, differing, currency)
    _same(found.fields, currency)
    _decide(session, found, picked)


def _parties(session: Session, found: Comparison) -> None:
    why = label(DUPLICATE_REASONS, found.reason)
    section(
        _("{why} · names alike to {percent} %", why=why, percent=found.likeness),
        _("Names are compared without their place, legal form and line of trade."),
    )
    for column, party in zip(st.columns(2, gap="small"), (found.first, found.second), strict=True):
        with column, st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                st.text(party.name or party.code)
                link_to("customer", _("Open"), icon=":material/open_in_new:", id=str(party.id))
            st.caption(_about(party, business(session.store).time_zone))


def _about(party: Party, zone: str) -> str:
    records = [f"{_(label_of(table))} {number(n)}" for table, n in party.records.items()]
    since = _("since {when}", when=moment(party.created_at, zone))
    return " · ".join((plain(party.code), since, listed(records) if records else _("no records")))


def _choices(found: Comparison, differing: Sequence[FieldPair], currency: str) -> dict[str, str]:
    """The side that each differing field is taken from."""
    section(
        ngettext("{n} field differs", "{n} fields differ", len(differing)),
        _("Choose what stays: the left value is the first customer's, the right one the second's."),
    )
    picked = {}
    with st.container(key="merge_fields", gap="xsmall"):
        for each in differing:
            key = f"{PAGE}.pick.{found.pair_id}.{each.field.code}"
            st.session_state.setdefault(key, each.proposed)
            picked[each.field.code] = str(
                st.segmented_control(
                    _name(each),
                    SIDES,
                    format_func=_values(each, currency).__getitem__,
                    key=key,
                    required=True,
                    width="stretch",
                )
            )
    return picked


def _name(each: FieldPair) -> str:
    if each.field.own:
        session = current()
        return plain(each.field.header(session.language))
    return _("Customer code that is kept") if each.field.code == CODE else say(each.field.named)


def _values(each: FieldPair, currency: str) -> dict[str, str]:
    values = (_value(each, value, currency) for value in (each.first, each.second))
    return {side: plain(value) for side, value in zip(SIDES, values, strict=True)}


def _value(each: FieldPair, value: object, currency: str) -> str:
    return shown(each.field, value) if each.field.own else shown_value(each.field.code, value, currency)


def _same(fields: Sequence[FieldPair], currency: str) -> None:
    same = [(_name(each), _value(each, each.first, currency)) for each in fields if not each.differs]
    if same:
        section(ngettext("{n} field is the same", "{n} fields are the same", len(same)))
        pairs(same, "same")


def _decide(session: Session, found: Comparison, picked: dict[str, str]) -> None:
    if found.state == "distinct":
        st.button(_("Propose again"), icon=":material/undo:", on_click=take_back, args=(found.pair_id,))
        return
    if found.blocked is not None:
        st.warning(plain(say(found.blocked)), icon=":material/block:")
    kept, gone = found.first.code, found.second.code
    if picked.get(CODE) == "second":
        kept, gone = gone, kept
    key = f"{PAGE}.merge.{found.pair_id}"
    asks = is_asked(key)
    with st.container(horizontal=not asks, vertical_alignment="center"):
        meant = confirm(
            _("Merge"),
            _(
                "All records of {gone} go over to {kept}. The other record leaves every list, its code stays "
                "known, and the merge can be undone.",
                gone=plain(gone),
                kept=plain(kept),
            ),
            key=key,
            icon=":material/merge:",
            disabled=found.blocked is not None,
        )
        if not asks:
            st.button(
                _("Not the same"),
                icon=":material/call_split:",
                key=f"{PAGE}.apart",
                on_click=_apart,
                args=(found.pair_id,),
            )
    if meant:
        _merge(session, found, picked)


def _merge(session: Session, found: Comparison, picked: dict[str, str]) -> None:
    with refusal():
        merge(
            session.actor,
            session.store,
            found.first.id,
            found.second.id,
            {field: side == "second" for field, side in picked.items()},
            expected_versions=(found.first.version, found.second.version),
            now=clock.now(),
        )
        st.session_state[f"{PAGE}.merged"] = _(
            "The two are one customer now. The figures follow with the next regrading."
        )
        close_pair()
        st.rerun()


def _apart(pair_id: int) -> None:
    session = current()
    with refusal():
        tell_apart(session.actor, session.store, pair_id, now=clock.now())
        close_pair()
