"""The demo company's leads and channels: believable, seasonal, with one channel that is dear."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from core.operations.demo import words
from core.operations.demo.company import DemoCompany, demo_company
from core.operations.demo.customers import PHONE_PREFIX
from core.operations.demo.leads import COLUMNS, COUNT, first_lead_day, pilot_begins
from core.operations.demo.today import leads_of_the_last_hours, with_the_last_hours

AS_OF = date(2026, 11, 20)
STAGES = ["arrived_at", "contacted_at", "qualified_at", "quoted_at", "won_at"]


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return demo_company(AS_OF)


def test_there_are_leads_of_fourteen_months_up_to_the_day(company: DemoCompany) -> None:
    leads = company.leads
    assert len(leads) == COUNT
    assert leads["lead_code"].is_unique
    assert leads["arrived_at"].is_monotonic_increasing
    assert leads["arrived_at"].min().date() >= first_lead_day(AS_OF)
    months = leads["arrived_at"].dt.to_period("M").value_counts()
    assert len(months) == 15
    assert months.sort_index()[1:-1].min() >= 60
    for column in ("first_response_at", *STAGES, "lost_at"):
        assert leads[column].max().date() <= AS_OF


def test_every_lead_has_somebody_of_one_department_or_lies_in_the_pool(company: DemoCompany) -> None:
    owners = company.leads["owner"]
    assert set(owners) <= {*company.people(), ""}
    assert (owners == "").mean() < 0.05
    assert set(owners.map(company.people()).dropna()) == {d.name for d in company.departments}


def test_one_channel_is_dear_and_converts_badly_and_one_has_too_few_leads(company: DemoCompany) -> None:
    leads, costs = company.leads, company.channel_costs
    channels = leads.groupby("channel").agg(leads=("lead_code", "size"), won=("won_at", "count"))
    channels["cost"] = costs.groupby("channel")["cost"].sum()
    assert len(channels) == 7
    assert channels["cost"].notna().all()
    conversion = channels["won"] / channels["leads"]
    usual = channels["won"].sum() / channels["leads"].sum()
    assert 0.12 <= usual <= 0.2
    dear = channels.loc["信息流广告"]
    assert conversion["信息流广告"] < usual / 2
    assert dear["cost"] / dear["won"] > 2 * channels["cost"].sum() / channels["won"].sum()
    assert channels.loc["户外广告", "leads"] < 30
    assert (channels["leads"].drop("户外广告") >= 100).all()


def test_costs_have_one_row_a_month_channel_and_campaign(company: DemoCompany) -> None:
    costs = company.channel_costs
    assert not costs.duplicated(["month", "channel", "campaign"]).any()
    assert (costs["cost"] > 0).all()
    assert (costs["month"].min(), costs["month"].max()) == ("2025-09", "2026-11")
    with_leads = set(
        zip(company.leads["arrived_at"].dt.strftime("%Y-%m"), company.leads["channel"], strict=True)
    )
    paid = set(zip(costs["month"], costs["channel"], strict=True))
    assert paid >= with_leads
    assert paid - with_leads  # a month that was paid for in vain


def test_most_deals_became_a_customer_who_began_to_buy_then(company: DemoCompany) -> None:
    leads = company.leads
    won = leads[leads["won_at"].notna()]
    became = won[won["customer_code"] != ""]
    assert len(became) / len(won) > 0.6
    assert became["customer_code"].is_unique
    assert (leads.loc[leads["won_at"].isna(), "customer_code"] == "").all()
    first = company.transactions.groupby("customer_code")["ordered_at"].min().dt.normalize()
    waited = (became["customer_code"].map(first) - became["won_at"].dt.normalize()).dt.days
    assert waited.between(0, 25).all()
    managers = company.customers.set_index("customer_code")["account_manager"]
    assert (became["customer_code"].map(managers) == became["owner"]).all()


def test_a_few_dates_are_out_of_order_and_a_few_answers_not_noted(company: DemoCompany) -> None:
    leads = company.leads
    reached = leads[STAGES].to_numpy(dtype="datetime64[us]")
    odd = 0
    for row in reached:
        known = row[~np.isnat(row)]
        odd += bool((np.diff(known) < np.timedelta64(0)).any())
    assert 10 <= odd <= 40
    unnoted = leads["first_response_at"].isna() & leads["contacted_at"].notna()
    assert 0.02 < unnoted.mean() < 0.06


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 3, 5), date(2027, 7, 1)])
def test_nobody_waits_long_for_an_answer(as_of: date) -> None:
    leads = demo_company(as_of).leads
    unanswered = leads[leads["first_response_at"].isna() & leads["contacted_at"].isna()]
    waiting = unanswered[unanswered["lost_at"].isna()]
    assert 10 <= len(waiting) <= 14  # ten, and who came in the last evening
    assert waiting["arrived_at"].min().date() >= as_of - timedelta(days=10)
    given_up = unanswered[unanswered["lost_at"].notna()]
    assert 20 <= len(given_up) <= 100
    assert set(given_up["lost_reason"]) == {"超时未跟进", "联系不上"}


def test_piloted_departments_learn_to_answer_in_time(company: DemoCompany) -> None:
    leads = company.leads[company.leads["first_response_at"].notna()]
    in_time = leads["first_response_at"] - leads["arrived_at"] <= pd.Timedelta(hours=1)
    people = company.people()
    piloted = leads["owner"].map(people).isin(words.toml("pilot.toml")["departments"])
    begins = pd.Timestamp(pilot_begins(AS_OF + timedelta(days=1)))
    before = leads["arrived_at"].between(begins - pd.Timedelta(weeks=12), begins)
    after = leads["arrived_at"] >= begins
    assert in_time[piloted & after].mean() > in_time[piloted & before].mean() + 0.1
    assert abs(in_time[~piloted & after].mean() - in_time[~piloted & before].mean()) < 0.1


def test_what_is_lost_has_a_reason_and_was_not_won(company: DemoCompany) -> None:
    lost = company.leads["lost_at"].notna()
    assert (lost == (company.leads["lost_reason"] != "")).all()
    assert not (lost & company.leads["won_at"].notna()).any()
    assert 0.4 < lost.mean() < 0.8


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_whatever_the_hour_some_leads_wait_for_an_answer(company: DemoCompany, hour: int) -> None:
    now = datetime(2026, 11, 21, hour, 7)  # noqa: DTZ001 - business-local, as in a file
    leads = leads_of_the_last_hours(np.random.default_rng(1), now)
    assert list(leads) == list(COLUMNS)
    waiting = leads[leads["first_response_at"].isna()]
    ages = (pd.Timestamp(now) - waiting["arrived_at"]).dt.total_seconds() / 60
    assert (ages < 60).sum() >= 5
    assert (ages > 60).sum() >= 1
    assert pd.to_datetime(leads["first_response_at"]).max() <= pd.Timestamp(now)
    at_night = leads[~leads["arrived_at"].dt.hour.between(9, 17)]
    assert set(at_night["channel"]) <= {"微信小程序", "抖音直播", "信息流广告"}
    assert set(leads["phone"].str[:3]) == {PHONE_PREFIX}
    owners = set(waiting["owner"])
    assert {d.account_managers[0] for d in words.departments() if d.answers_late < 0.5} <= owners
    together = with_the_last_hours(company.leads, now, 1)
    assert len(together) == COUNT + len(leads)
    assert together["lead_code"].is_unique
    assert (together.dtypes == company.leads.dtypes).all()


def test_careless_entries_differ_by_department_and_leave_the_rest_alone(company: DemoCompany) -> None:
    customers = company.customers
    unknown = customers["city"].isin(["未知", "待补充"]).groupby(customers["department"]).mean()
    careless = pd.Series({d.name: d.careless for d in company.departments})
    assert unknown.idxmax() == careless.idxmax()
    assert unknown.idxmin() == careless.idxmin()
    shared = customers["phone"].value_counts().drop("")
    assert (shared > 3).sum() == 3 * len(company.departments)
    assert customers["customer_code"].is_unique
    assert set(customers["department"]) == set(careless.index)
