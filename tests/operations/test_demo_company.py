"""The demo company: the same for everybody, invented, and with the patterns that the pages should show."""

import hashlib
from datetime import date

import pandas as pd
import phonenumbers
import pytest

from core.dates import DateRange
from core.operations.demo.company import DemoCompany, demo_company
from core.operations.demo.habits import first_day

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return demo_company(AS_OF)


def digest(company: DemoCompany) -> str:
    """A hash of every value of every frame."""
    text = "".join(frame.to_csv(index=False) for frame in company.frames().values())
    return hashlib.sha256(text.encode()).hexdigest()


def positive_orders(company: DemoCompany) -> pd.DataFrame:
    """One row an order of positive net amount: customer_code, day of its last line."""
    lines = company.transactions
    orders = lines.groupby(["customer_code", "order_no"]).agg(
        amount=("amount", "sum"), day=("ordered_at", "max")
    )
    return orders[orders["amount"] > 0].reset_index().assign(day=lambda o: o["day"].dt.date)


def within(days: pd.Series, wanted: DateRange) -> pd.Series:
    return (days.dt.date >= wanted.start) & (days.dt.date < wanted.end)


def test_the_same_day_and_seed_give_the_same_company(company: DemoCompany) -> None:
    assert digest(demo_company(AS_OF)) == digest(company)


def test_another_seed_or_day_gives_another_company(company: DemoCompany) -> None:
    assert digest(demo_company(AS_OF, seed=7)) != digest(company)
    assert digest(demo_company(date(2026, 11, 19))) != digest(company)


def test_it_has_the_size_of_a_real_company(company: DemoCompany) -> None:
    assert len(company.customers) == 3000
    assert company.customers["customer_code"].is_unique
    assert 60_000 <= len(company.transactions) <= 80_000
    assert 28_000 <= company.transactions["order_no"].nunique() <= 34_000
    assert len(company.departments) == 4
    assert set(company.customers["department"]) == {d.name for d in company.departments}
    assert all(len(d.account_managers) in (6, 7) for d in company.departments)


def test_everybody_works_in_one_department_under_a_name_of_their_own(company: DemoCompany) -> None:
    assert len(company.people()) == sum(len(d.people) for d in company.departments)
    assert set(company.customers["account_manager"]) <= {*company.people(), ""}
    assert set(company.interactions["staff"]) <= set(company.people())


def test_facts_fill_eighteen_months_and_end_on_the_day(company: DemoCompany) -> None:
    for column in (
        company.transactions["ordered_at"],
        company.interactions["occurred_at"],
        company.satisfaction["scored_at"],
    ):
        assert first_day(AS_OF) <= column.min().date()
        assert column.max().date() <= AS_OF
    assert company.transactions["ordered_at"].max().date() == AS_OF


def test_a_phone_is_possible_but_assigned_to_nobody(company: DemoCompany) -> None:
    phones = pd.concat([company.customers["phone"], company.leads["phone"]])
    given = phones[phones != ""]
    for phone in given:
        number = phonenumbers.parse(phone, "CN")
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number)


def test_an_email_goes_to_a_domain_kept_for_examples(company: DemoCompany) -> None:
    emails = company.customers["email"]
    assert emails[emails != ""].str.fullmatch(r"kh\d{5}@example\.(com|cn)").all()


def test_a_line_costs_its_quantity_times_its_price(company: DemoCompany) -> None:
    lines = company.transactions
    assert ((lines["quantity"] * lines["unit_price"] - lines["amount"]).abs() < 0.005).all()
    assert 0.02 < (lines["amount"] < 0).mean() < 0.05
    assert not lines.duplicated(["customer_code", "order_no", "line_no"]).any()


def test_a_fifth_of_the_customers_brings_two_thirds_of_the_revenue(company: DemoCompany) -> None:
    year = company.transactions[within(company.transactions["ordered_at"], DateRange.last_months(12, AS_OF))]
    revenue = year.groupby("customer_code")["amount"].sum().sort_values(ascending=False)
    assert 0.60 <= revenue.head(len(revenue) // 5).sum() / revenue.sum() <= 0.70


def test_every_lifecycle_stage_has_customers(company: DemoCompany) -> None:
    days = positive_orders(company).groupby("customer_code")["day"].agg(["min", "max"])
    first = pd.Series([(AS_OF - day).days for day in days["min"]])
    last = pd.Series([(AS_OF - day).days for day in days["max"]])
    new = first <= 90
    assert len(company.customers) - len(days) >= 100
    assert new.sum() >= 100
    assert (~new & (last <= 90)).sum() >= 1000
    assert (~new & (last > 90) & (last <= 180)).sum() >= 100
    assert (~new & (last > 180)).sum() >= 100


def test_trade_rests_over_the_spring_festival_and_peaks_at_the_great_sales(company: DemoCompany) -> None:
    orders = positive_orders(company)
    a_day = orders.groupby("day")["order_no"].count()
    online = set(company.customers.loc[company.customers["department"] == "电商渠道", "customer_code"])
    sold_online = orders[orders["customer_code"].isin(online)].groupby("day")["order_no"].count()

    def mean(daily: pd.Series, start: date, end: date) -> float:
        span = pd.date_range(start, end).date
        return daily.reindex(span).fillna(0).mean()

    assert mean(a_day, date(2026, 2, 16), date(2026, 2, 24)) < 0.3 * a_day.mean()
    assert mean(sold_online, date(2026, 6, 17), date(2026, 6, 18)) > 2 * sold_online.mean()
    assert mean(sold_online, date(2026, 11, 10), date(2026, 11, 11)) > 2 * sold_online.mean()


def warned(company: DemoCompany, as_of: date) -> dict[str, set[str]]:
    """Customers that each indicator hits, counted here with pandas alone."""
    contacts = company.interactions[company.interactions["occurred_at"].dt.date <= as_of]
    recent = contacts[within(contacts["occurred_at"], DateRange.last_days(30, as_of))]
    both = contacts[within(contacts["occurred_at"], DateRange.last_days(60, as_of))]
    now = recent.groupby("customer_code").size()
    before = both.groupby("customer_code").size().sub(now, fill_value=0)
    before = before[before >= 4]
    drop = set(before.index[now.reindex(before.index).fillna(0) <= before / 2])

    orders = positive_orders(company)
    orders = orders[orders["day"] <= as_of].groupby("customer_code")["day"].agg(["max", "count"])
    stopped = (orders["max"] < DateRange.last_months(6, as_of).start) & (orders["count"] >= 2)

    answers = company.satisfaction[company.satisfaction["scored_at"].dt.date <= as_of]
    latest = answers.sort_values("scored_at").groupby("customer_code").tail(1)
    fresh = within(latest["scored_at"], DateRange.last_days(90, as_of))
    poor = latest.loc[fresh & (latest["score"] <= 3), "customer_code"]
    return {"drop": drop, "stopped": set(orders.index[stopped]), "poor": set(poor)}


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 3, 5), date(2027, 7, 1)])
def test_each_indicator_hits_a_few_dozen_customers(as_of: date) -> None:
    hits = warned(demo_company(as_of), as_of)
    assert all(20 <= len(customers) <= 70 for customers in hits.values())
    assert 60 <= len(set.union(*hits.values())) <= 150
    assert hits["drop"] & hits["stopped"] & hits["poor"], "some fade in every way"


def test_nobody_but_at_most_two_gets_more_warnings_than_a_day_allows(company: DemoCompany) -> None:
    everybody = set.union(*warned(company, AS_OF).values())
    managers = company.customers.set_index("customer_code")["account_manager"]
    assert (managers[list(everybody)].value_counts() > 20).sum() <= 2


def test_a_few_payments_are_overdue_and_most_were_made(company: DemoCompany) -> None:
    payments = company.dealings["payments"]
    due = payments[payments["due_on"] < AS_OF]
    owed = due["paid_amount"].isna() | (due["paid_amount"] < due["amount"])
    assert 5 <= owed.sum() <= 40
    assert owed.mean() < 0.2
    assert (payments["due_on"] > AS_OF).any()


def test_what_is_dealt_names_what_the_company_has(company: DemoCompany) -> None:
    dealt, customers = company.dealings, set(company.customers["customer_code"])
    for table in ("contracts", "outlets", "usage", "behaviour"):
        assert set(dealt[table]["customer_code"]) <= customers
    assert set(dealt["payments"]["contract_code"]) == set(dealt["contracts"]["contract_code"])
    assert set(dealt["displays"]["outlet_code"]) <= set(dealt["outlets"]["outlet_code"])
    assert dealt["displays"]["score"].isin(range(1, 6)).all()
    assert dealt["products"]["stock_days"].max() > 90


def test_nothing_dealt_happened_after_the_last_day(company: DemoCompany) -> None:
    dealt = company.dealings
    assert max(dealt["usage"]["used_at"]) <= AS_OF
    for table, column in (("behaviour", "occurred_at"), ("displays", "checked_at")):
        assert dealt[table][column].max().date() <= AS_OF
    assert max(dealt["contracts"]["signed_on"]) <= AS_OF
    assert max(dealt["payments"]["paid_on"].dropna()) <= AS_OF
