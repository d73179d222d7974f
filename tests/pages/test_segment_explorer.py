"""Segment explorer: who sees whom, what a filter keeps, and what leaves the page."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select, update

from core.access.actor import Actor, Permission, Role
from core.facts.tables import Customer
from core.grading.labels import LIFECYCLE_STAGE_LABELS
from core.language import translate
from core.operations.jobs import own_jobs
from core.store.engine import Store
from core.store.tables import Job
from tests.conftest import Actors
from tests.factmaking import add_customer
from tests.pages.conftest import LOCALES, Open, words

PAGE = "segment_explorer"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_company_is_told_what_to_do(
    open_page: Open, actors: Actors, role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language)
    assert not app.exception
    assert {"zh_CN": "还没有客户分级结果", "en": "No customer has been graded yet"}[language] in words(app)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LOCALES)
def test_each_role_sees_the_customers_in_its_reach(
    open_page: Open, actors: Actors, company: dict[str, int], role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language)
    assert not app.exception
    reach = {Role.SUPERVISOR: {"K1", "K2", "K4"}, Role.INTERN: {"K1", "K2", "K4"}, Role.STAFF: {"K1", "K2"}}
    assert set(app.dataframe[0].value["code"]) == reach.get(role, set(company))


def test_an_intern_sees_basic_data_masked_and_no_figures(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.intern, PAGE)
    table = app.dataframe[0].value
    assert set(table["name"]) == {"张*", "李***", "赵*"}
    assert {"monetary", "recency_days", "frequency"}.isdisjoint(table.columns)
    spoken = words(app)
    assert "张伟" not in spoken
    assert "¥" not in spoken
    assert not [button for button in app.button if button.label.startswith("Export")]


def test_filters_come_from_the_address_and_unknown_ones_are_left_out(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, region="华南", tier="no-such-tier")
    assert not app.exception
    assert list(app.dataframe[0].value["code"]) == ["K3"]
    assert app.query_params.get("tier") is None


def test_a_filter_holds_its_code_when_the_language_changes(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE)
    app.multiselect(key="segment.stage").set_value(["lost"]).run()
    before = list(app.dataframe[0].value["code"])
    app.segmented_control(key="frame.language_choice").set_value("zh_CN").run()
    assert app.query_params["stage"] == "lost"
    assert list(app.dataframe[0].value["code"]) == before == ["K1", "K4"]
    assert set(app.dataframe[0].value["lifecycle_stage"]) == {
        translate(LIFECYCLE_STAGE_LABELS["lost"], "zh_CN")
    }


def test_a_clicked_cell_narrows_the_list_and_can_be_cleared(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, map="101")
    narrowed = set(app.dataframe[0].value["code"])
    app.button(key="segment.clear").click().run()
    assert narrowed == {"K3"}
    assert set(app.dataframe[0].value["code"]) == set(company)
    assert app.query_params.get("map") is None


def test_words_of_a_search_stay_out_of_the_address_and_of_the_export(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = open_page(actors.manager, PAGE)
    app.text_input(key="segment.text").set_value("张").run()
    assert list(app.dataframe[0].value["code"]) == ["K1"]
    app.button(key="segment.export.ask").click().run()
    assert "张" not in str(dict(app.query_params))
    with store.read() as session:
        job = session.scalars(select(Job)).one()
        about = dict(job.payload["about"])
        assert (about["Page"], about["Table"]) == ("Segments", "Customers behind the filters")
        assert "张" not in str(about)
        assert {name: value for name, value in job.payload.items() if name != "about"} == {
            "what": "grades",
            "format": "xlsx",
            "language": "en",
            "filters": {"customers": [company["K1"]]},
        }
        assert job.requested_by == actors.manager.account_id


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_may_export_are_offered_a_file(
    open_page: Open, actors: Actors, company: dict[str, int], role: Role
) -> None:
    app = open_page(actors.of(role), PAGE)
    offered = [button for button in app.button if button.key == "segment.export.ask"]
    assert bool(offered) == actors.of(role).may(Permission.EXPORT)


def test_a_map_of_one_row_is_as_high_as_a_row_of_a_large_one(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    def height(**query: str) -> int:
        app = open_page(actors.manager, PAGE, **query)
        return int(json.loads(app.get("vega_lite_chart")[0].proto.spec)["height"])

    rows = len(set(open_page(actors.manager, PAGE).dataframe[0].value["value_tier"]))
    assert rows > 1
    one = height(tier="high")
    assert height() - one == (rows - 1) * 46
    assert one >= 46 + 40


def test_customers_without_a_manager_are_said_to_be_in_the_pool(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    table = open_page(actors.manager, PAGE).dataframe[0].value
    assert dict(zip(table["code"], table["account_manager"], strict=True))["K4"] == "in the pool"


def test_a_filter_that_keeps_nobody_says_so(open_page: Open, actors: Actors, company: dict[str, int]) -> None:
    app = open_page(actors.manager, PAGE, region="华南", stage="lost")
    assert not app.exception
    assert "Nobody matches" in words(app)


def test_figures_that_were_kept_for_one_are_not_shown_to_another(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    def counted(actor: Actor) -> str:
        found = re.search(r'class="kpi-value">([^<]+)<', words(open_page(actor, PAGE)))
        assert found is not None
        return found.group(1)

    seen = {actor.name: counted(actor) for actor in (actors.manager, actors.supervisor, actors.staff)}
    assert list(seen.values()) == ["4", "3", "2"]
    assert counted(actors.manager) == "4"


def test_a_corrected_name_counts_at_once_in_what_a_search_finds(
    open_page: Open, store: Store, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE)
    app.text_input(key="segment.text").set_value("张伟").run()
    assert list(app.dataframe[0].value["code"]) == ["K1"]
    with store.write() as session:
        session.execute(update(Customer).where(Customer.code == "K1").values(name="张卫"))
        session.commit()
    app.run()
    assert not app.dataframe
    assert "Nobody matches" in words(app)


def test_newer_facts_are_told_with_the_button_that_grades_anew(
    open_page: Open, store: Store, actors: Actors, company: dict[str, int]
) -> None:
    assert "Regrade now" not in words(open_page(actors.operations, PAGE))
    with store.write() as session:
        add_customer(session, "C9")
        session.commit()
    app = open_page(actors.operations, PAGE)
    assert "Facts have changed" in words(app)
    next(each for each in app.button if each.label == "Regrade now").click().run()
    assert not app.exception
    assert [each.kind for each in own_jobs(actors.operations, store)] == ["cycle"]
    assert "Regrade now" not in words(open_page(actors.staff, PAGE))


def test_where_there_is_no_figure_the_table_has_a_dash(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    (table,) = open_page(actors.manager, PAGE).dataframe
    assert table.proto.placeholder == "–"
