"""The funnel page: empty, with one lead and with several; filters in the address; a band and exactly its leads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access.actor import SYSTEM, Permission, Role
from core.access.vault import open_vault
from core.acquisition.funnel import BANDS
from core.acquisition.queries import EVERY_LEAD, BreakdownRow, funnel
from core.acquisition.shares import Share, Verdict
from core.facts.own_fields.service import add_field
from core.facts.stages import STAGES
from core.facts.tables import Lead
from core.operations.cycle import run_cycle
from core.store.engine import Store
from core.store.tables import Job
from pages.growth.funnel_breakdown import _dots
from tests.conftest import NOW, Actors
from tests.kept import Kept
from tests.leadmaking import add_cost, add_lead, owe_response
from tests.pages.conftest import LOCALES, Open, words

PAGE = "funnel"
AS_OF = date(2026, 11, 3)


@pytest.fixture
def leads(store: Store, actors: Actors, kept: Kept) -> dict[str, int]:
    """Five leads of Emil (east) and one of Walt (west): one won, one lost, two with something owed, one open."""
    return kept.once("pages leads", lambda: make_leads(store, actors))


def make_leads(store: Store, actors: Actors) -> dict[str, int]:
    emil = {"owner_id": actors.staff.staff_id, "department_id": actors.east, "region": "华东"}
    walt = {"owner_id": actors.west_staff.staff_id, "department_id": actors.west, "region": "华南"}
    vault = open_vault(store)
    known = {"name": "张*晓*明", "phone": "13812345678", "vault": vault}
    with store.write() as session:
        ids = {
            "L1": add_lead(
                session, "L1", date(2026, 5, 4), **emil, **known, channel="expo", contacted=1, won=9
            ),
            "L2": add_lead(session, "L2", date(2026, 5, 6), **emil, channel="web", contacted=1, lost=3),
            "L3": add_lead(session, "L3", date(2026, 10, 1), **emil, channel="web", contacted=1),
            "L4": add_lead(session, "L4", NOW - timedelta(hours=3), **emil, channel="web"),
            "L5": add_lead(session, "L5", NOW - timedelta(minutes=5), **emil, name="李娜"),
            "L6": add_lead(session, "L6", date(2026, 6, 2), **walt, channel="expo", contacted=8, qualified=4),
        }
        for code in ("L4", "L5"):
            owe_response(session, ids[code])
        add_cost(session, date(2026, 5, 1), "expo", 800)
        add_cost(session, date(2026, 5, 1), "radio", 300)
        add_cost(session, date(2026, 10, 1), "web", 500)
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    return ids


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_company_is_told_what_to_do(
    open_page: Open, actors: Actors, role: Role, language: str
) -> None:
    actor = actors.of(role)
    app = open_page(actor, PAGE, language)
    assert not app.exception
    if actor.may(Permission.SEE_DETAILS):
        assert {"zh_CN": "还没有可显示的线索", "en": "There are no leads to show yet"}[language] in words(app)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTERN])
@pytest.mark.parametrize("language", LOCALES)
def test_each_role_sees_the_funnel_of_its_reach(
    open_page: Open, actors: Actors, leads: dict[str, int], role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language)
    assert not app.exception
    reached = app.dataframe[0].value["reached"]
    assert list(reached) == ([5, 3, 1, 1, 1] if role in {Role.STAFF, Role.SUPERVISOR} else [6, 4, 2, 1, 1])


def test_one_lead_is_a_funnel_too(open_page: Open, store: Store, actors: Actors) -> None:
    with store.write() as session:
        add_lead(session, "only", date(2026, 11, 1))
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)
    app = open_page(actors.manager, PAGE)
    assert not app.exception
    assert list(app.dataframe[0].value["reached"]) == [1, 0, 0, 0, 0]
    spoken = words(app)
    assert "Too few leads are past their window" in spoken
    assert "No month is over yet" in spoken


def test_the_page_says_as_of_when_and_with_which_window(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    assert "As of Nov 3, 2026" in words(open_page(actors.manager, PAGE))
    assert "window of 90 days from arrival" in words(open_page(actors.manager, PAGE))


@pytest.mark.parametrize("stage", STAGES)
def test_a_band_lists_exactly_the_leads_it_counts(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int], stage: str
) -> None:
    view = funnel(actors.manager, store, EVERY_LEAD)
    assert view is not None
    counted = view.stages[STAGES.index(stage)].bands
    for band in BANDS:
        app = open_page(actors.manager, PAGE, band=f"{stage}~{band}")
        assert not app.exception
        n = getattr(counted, band)
        lists = [table.value for table in app.dataframe if "code" in table.value]
        assert sum(len(each) for each in lists) == n
        assert f": {n} lead" in " ".join(each.value for each in app.subheader)


def test_the_list_is_closed_again(open_page: Open, actors: Actors, leads: dict[str, int]) -> None:
    app = open_page(actors.manager, PAGE, band="contacted~lost")
    app.button(key="funnel.clear").click().run()
    assert app.query_params.get("band") is None
    assert not [table for table in app.dataframe if "code" in table.value]


def test_filters_come_from_the_address_and_unknown_ones_are_left_out(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    query = {"region": "华南", "channel": "no-such-channel", "from": "2026-06", "band": "dreamt~lost"}
    app = open_page(actors.manager, PAGE, **query)
    assert not app.exception
    assert list(app.dataframe[0].value["reached"]) == [1, 1, 1, 0, 0]
    assert app.query_params.get("channel") is None
    assert app.query_params.get("band") is None
    assert app.query_params["from"] == "2026-06"


def test_a_filter_holds_its_code_when_the_language_changes(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE)
    app.selectbox(key="funnel.from").set_value("2026-10").run()
    before = list(app.dataframe[0].value["reached"])
    app.segmented_control(key="frame.language_choice").set_value("zh_CN").run()
    assert list(app.dataframe[0].value["reached"]) == before == [3, 1, 0, 0, 0]
    assert app.query_params["from"] == "2026-10"


def test_every_lead_comes_back_with_one_click(open_page: Open, actors: Actors, leads: dict[str, int]) -> None:
    app = open_page(actors.manager, PAGE, region="华南")
    next(button for button in app.button if button.label == "Show every lead").click().run()
    assert app.dataframe[0].value["reached"][0] == 6


def test_a_filter_that_keeps_nobody_says_so(open_page: Open, actors: Actors, leads: dict[str, int]) -> None:
    app = open_page(actors.manager, PAGE, region="华南", channel="web")
    assert not app.exception
    assert "No lead matches" in words(app)
    assert not app.dataframe
    assert not app.get("plotly_chart")


def test_a_lead_opens_to_what_is_known_of_it(open_page: Open, actors: Actors, leads: dict[str, int]) -> None:
    app = open_page(actors.operations, PAGE, lead=str(leads["L1"]))
    spoken = words(app)
    assert "张\\*晓\\*明" in spoken
    assert "138****5678" in spoken
    assert "Phones are masked for your role." in spoken


def test_own_fields_stand_in_the_panel_of_a_lead_in_words(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int]
) -> None:
    choices = [("冷链", "Cold *chain*"), ("常温", "Dry")]
    for code, kind, more in (("need", "choice", {"choices": choices}), ("seats", "integer", {"unit": "间"})):
        add_field(actors.manager, store, "leads", code=code, kind=kind, label=("", code), now=NOW, **more)
    with store.write() as session:
        session.get_one(Lead, leads["L1"]).own = {"need": "c1", "seats": 1200}
        session.commit()
    spoken = words(open_page(actors.staff, PAGE, lead=str(leads["L1"])))
    assert "need\n" in spoken
    assert "Cold *chain*" in spoken
    assert "1,200 间" in spoken


def test_a_lead_of_the_address_stands_above_the_filters(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, lead=str(leads["L4"]))
    order = [each.key for each in app.button]
    assert order.index("funnel.close") == 0


def test_a_lead_opened_from_what_is_owed_leaves_the_list_of_the_chart(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, band="contacted~lost")
    app.toggle(key="funnel.all_responses").set_value(True).run()
    app.button(key=f"funnel.open.{leads['L4']}").click().run()
    assert not app.exception
    assert app.query_params.get("lead") == [str(leads["L4"])] or app.query_params.get("lead") == str(
        leads["L4"]
    )
    assert "band" not in app.query_params


def test_a_lead_out_of_reach_is_refused_in_words(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, lead=str(leads["L6"]))
    assert not app.exception
    assert "There is no such lead" in words(app)


def test_one_click_notes_the_first_response(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE)
    assert "2 first responses are owed" in words(app)
    app.button(key=f"funnel.answer.{leads['L4']}").click().run()
    assert "1 first response is owed" in words(app)
    with store.read() as session:
        assert session.get_one(Lead, leads["L4"]).first_response_at == NOW


@pytest.mark.parametrize("query", [{"region": "华东"}, {"band": "contacted~lost"}, {"from": "2026-10"}])
def test_what_is_owed_folds_to_a_line_for_who_looks_into_the_funnel(
    open_page: Open, actors: Actors, leads: dict[str, int], query: dict[str, str]
) -> None:
    app = open_page(actors.staff, PAGE, **query)
    answer = f"funnel.answer.{leads['L4']}"
    assert "**2 first responses are owed** · 1 of them late" in words(app)
    assert answer not in {each.key for each in app.button}
    app.toggle(key="funnel.all_responses").set_value(True).run()
    assert answer in {each.key for each in app.button}
    app.toggle(key="funnel.all_responses").set_value(False).run()
    assert answer not in {each.key for each in app.button}


def test_who_can_still_be_answered_in_time_comes_before_the_late(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE)
    answers = [each.key for each in app.button if each.key and each.key.startswith("funnel.answer.")]
    assert answers == [f"funnel.answer.{leads[code]}" for code in ("L5", "L4")]


def test_an_answer_that_somebody_else_gave_first_is_told(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE)
    with store.write() as session:
        session.get_one(Lead, leads["L4"]).first_response_at = NOW
        session.commit()
    app.button(key=f"funnel.answer.{leads['L4']}").click().run()
    assert not app.exception
    assert "has been recorded already" in words(app)


def test_cost_without_leads_and_missing_costs_are_said_in_words(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    table = next(each.value for each in open_page(actors.manager, PAGE).dataframe if "tier" in each.value)
    said = dict(zip(table["channel"], table["each"], strict=True))
    assert said == {
        "expo": "¥800 (cost of 1 month missing)",
        "web": "Cost lies outside these months",
        "radio": "Money spent, no leads",
        "not stated": "No cost recorded",
    }


def test_costs_are_not_held_against_a_part_of_a_channel(
    open_page: Open, actors: Actors, leads: dict[str, int]
) -> None:
    table = next(each.value for each in open_page(actors.staff, PAGE).dataframe if "tier" in each.value)
    assert set(table["each"]) == {"Cost is known by channel only"}


def test_the_breakdown_can_be_by_owner(open_page: Open, actors: Actors, leads: dict[str, int]) -> None:
    app = open_page(actors.manager, PAGE)
    app.segmented_control(key="funnel.by").set_value("owner").run()
    assert not app.exception
    assert app.query_params["by"] == "owner"


def test_the_tables_are_asked_for_as_they_are_shown(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, region="华东")
    app.segmented_control(key="funnel.by").set_value("owner").run()
    app.button(key="funnel.tables.ask").click().run()
    assert not app.exception
    with store.read() as session:
        payload = session.scalars(select(Job.payload)).one()
    assert (payload["what"], payload["filters"]) == ("funnel", {"regions": ["华东"], "by": "owner"})


def test_what_a_file_says_is_never_markup_of_a_chart() -> None:
    hostile = '<b>x</b> <a href="https://evil.example">&lt;'
    row = BreakdownRow(hostile, hostile, 9, Share(3, 9), Verdict.TOO_FEW)
    drawn = _dots((row,), "not stated", "en")
    shown = [*drawn.layout.yaxis.ticktext, *drawn.data[0].hovertext]
    texts = [*shown, *(each.text for each in drawn.layout.annotations)]
    assert len(shown) == 2
    assert all("<" not in text.replace("<br>", "") for text in texts)
    assert shown[1].startswith("&lt;b&gt;x&lt;/b&gt; &lt;a href=")
    assert "&amp;lt;" in shown[1]


def test_an_export_asks_for_exactly_the_listed_leads_by_codes(
    open_page: Open, store: Store, actors: Actors, leads: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, band="contacted~lost", region="华东")
    app.button(key="funnel.export.ask").click().run()
    with store.read() as session:
        payload = session.scalars(select(Job.payload)).one()
    assert payload == {
        "what": "funnel_leads",
        "format": "xlsx",
        "language": "en",
        "filters": {"regions": ["华东"], "stage": "contacted", "band": "lost"},
    }
