"""What a report says of a month that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.errors import Refused
from core.measures.catalogue import MEASURES
from core.measures.readings import Counts as Counted
from core.measures.readings import reading
from core.policy.model import Evidence, Funnel
from core.policy.queries import policy_version
from core.policy.service import default_policy
from core.policy.tables import PolicyVersion
from core.reviews.document import Document
from core.reviews.report_compose import place
from core.reviews.report_notes import about
from core.reviews.report_queries import report_document, reports
from core.reviews.report_service import draft
from core.reviews.report_words import sentences
from core.reviews.words import Speaker
from tests.reportmaking import NOVEMBER, OCTOBER, save_october

EVIDENCE = Evidence(smallest_n=30, widest_interval=0.3)


@pytest.fixture
def document(store, actors, october, now) -> Document:
    return report_document(actors.manager, store, draft(actors.manager, store, OCTOBER, now=now))


def test_a_share_has_its_wilson_interval_its_target_and_its_change(document):
    line = document.measure("completeness")
    assert (line.figure.numerator, line.figure.denominator, line.figure.n) == (1600, 2000, 2000)
    assert (line.figure.value, line.figure.low, line.figure.high) == (8000, 7819, 8169)
    assert (line.target, line.standing) == (9000, "missed")
    # 1,700 of 2,000 before: -5 points, far outside what chance does with 2,000.
    assert (line.move.before, line.move.difference, line.move.real) == (8500, -500, True)
    assert line.move.low < line.move.difference < line.move.high < 0


def test_departments_are_ranked_only_outside_the_limits_of_chance(document):
    told = {
        line.code: [(row.department, row.place) for row in line.departments] for line in document.measures
    }
    assert told["completeness"] == [("East", "better"), ("West", "worse")]
    assert told["win_back"] == [("East", "not_apart"), ("West", "not_apart")]
    assert told["first_response_on_time"] == [("West", "too_few"), ("East", "no_data")]
    assert told["average_order_value"][0] == ("East", "not_apart")
    assert told["acquisition_cost"] == []  # of the company alone


def test_a_department_has_its_own_target_and_change(document):
    east, west = document.measure("completeness").departments
    assert (east.figure.value, east.standing, east.move.difference, east.move.real) == (
        9000,
        "undecided",
        500,
        True,
    )
    assert (west.figure.value, west.standing, west.move.difference) == (7000, "missed", -1500)
    assert document.measure("win_back").departments[1].move is None  # it had no cases the month before


def test_amounts_are_in_ten_thousandths_with_the_interval_of_the_mean(document):
    figure = document.measure("average_order_value").figure
    # 100 orders, half of 1,400 and half of 1,600: standard deviation 100.504, so 1,500 -/+ 1.96 x 10.05.
    assert (figure.value, figure.n) == (1500_0000, 100)
    assert figure.low == pytest.approx(1480_3016, abs=2)
    assert figure.high == pytest.approx(1519_6984, abs=2)


def test_what_cannot_be_measured_says_why_and_has_no_value(document):
    missing = {line.code: line.missing for line in document.measures if line.figure.value is None}
    assert set(missing.values()) == {"nothing_counted"}
    cost = document.measure("acquisition_cost")
    assert (cost.figure.value, cost.figure.denominator, cost.standing, cost.move) == (
        None,
        0,
        "no_data",
        None,
    )


def test_cost_without_a_customer_won_is_no_cost_of_one(store, actors, now):
    save_october(
        store,
        actors,
        more=[{"measure": "acquisition_cost", "start": OCTOBER, "numerator": 50_0000, "denominator": 0}],
    )
    document = report_document(actors.manager, store, draft(actors.manager, store, OCTOBER, now=now))
    figure = document.measure("acquisition_cost").figure
    assert (figure.numerator, figure.denominator, figure.value) == (50_0000, 0, None)


def test_movement_and_stages_compare_the_two_ends_of_months(document):
    moved = [(row.before, row.now, row.customers) for row in document.movement]
    assert moved == [("high", "high", 1), ("high", "mid", 1), ("high", "low", 1), ("mid", "high", 1)]
    stages = {row.stage: (row.before, row.now) for row in document.stages}
    assert stages == {"prospect": (0, 1), "new": (0, 0), "active": (4, 3), "dormant": (0, 1), "lost": (0, 0)}


def test_obligations_of_the_month_are_counted_by_kind_and_department(document):
    (line,) = document.obligations
    assert (line.kind, line.company.due, line.company.met) == ("first_response", 4, 2)
    assert (line.company.missed, line.company.late, line.company.pending, line.company.broken) == (1, 1, 0, 2)
    east, west = line.departments
    assert (east.department, east.counts.met, east.counts.late) == ("East", 2, 1)
    assert (west.department, west.counts.missed, west.counts.due) == ("West", 1, 1)


def test_findings_name_what_is_more_than_chance_the_urgent_first(document):
    assert [(finding.code, finding.values.get("measure")) for finding in document.findings] == [
        ("targets", None),
        ("missed", "completeness"),
        ("got_worse", "completeness"),
        ("obligations", None),
        ("department_worse", "completeness"),
        ("department_better", "completeness"),
        ("high_value", None),
        ("too_few", None),
        ("unmeasured", None),
    ]


def test_one_document_is_told_in_both_languages(document):
    english, chinese = (
        sentences(document, Speaker(code, "CNY", "Asia/Shanghai")) for code in ("en", "zh_CN")
    )
    assert (
        english[1] == "Completeness missed the target of 90.0%: 80.0%, 95 % interval 78.2%–81.7%, n = 2,000."
    )
    assert english[4] == "Completeness: really worse than the company (80.0%): West 70.0% (n = 1,000)."
    assert len(chinese) == len(english)
    for sentence, other in zip(english, chinese, strict=True):
        assert sentence != other
        assert "{" not in sentence + other


def test_a_month_that_is_not_over_is_marked_so(store, actors, now):
    save_october(store, actors)
    document = report_document(actors.manager, store, draft(actors.manager, store, NOVEMBER, now=now))
    assert not document.meta.complete
    assert document.meta.as_of == date(2026, 11, 3)
    assert document.findings[0].code == "month_open"
    assert document.measure("completeness").move is None


def test_the_last_day_of_a_month_is_complete_only_when_worked_out_after_it(store, actors, now):
    save_october(store, actors, as_of=date(2026, 10, 31))
    document = report_document(actors.manager, store, draft(actors.manager, store, OCTOBER, now=now))
    assert not document.meta.complete


@pytest.mark.parametrize("month", [date(2025, 10, 1), date(2026, 12, 1), date(1900, 1, 1)])
def test_a_month_without_figures_is_refused_in_a_sentence(store, actors, october, now, month):
    with pytest.raises(Refused):
        draft(actors.manager, store, month, now=now)


@pytest.mark.parametrize(
    ("code", "company", "department", "expected"),
    [
        ("win_back", (500, 1000), (65, 100), "better"),  # limits 34.1 % to 64.9 %
        ("win_back", (500, 1000), (64, 100), "not_apart"),
        ("churn", (500, 1000), (66, 100), "worse"),  # less is better
        ("win_back", (500, 1000), (29, 29), "too_few"),
        ("win_back", (500, 1000), (0, 0), "no_data"),
        ("win_back", (0, 0), (60, 100), "too_few"),
    ],
)
def test_a_department_is_placed_by_the_funnel_around_the_companys_share(code, company, department, expected):
    of_company, of_department = (
        reading(MEASURES[code], OCTOBER, Counted(*each), EVIDENCE, complete=True)
        for each in (company, department)
    )
    assert place(MEASURES[code], of_company, of_department) == expected


def test_a_mean_is_placed_by_its_own_interval():
    def answers(score: float, n: int) -> Counted:
        return Counted(int(score * n), n, (score**2 + 0.25) * n)

    company = reading(MEASURES["satisfaction"], OCTOBER, answers(4, 1000), EVIDENCE, complete=True)
    for score, expected in (
        (4, "not_apart"),
        (4.5, "better"),
        (3.5, "worse"),
        (4.12, "not_apart"),
        (4.16, "better"),
    ):
        department = reading(MEASURES["satisfaction"], OCTOBER, answers(score, 100), EVIDENCE, complete=True)
        assert place(MEASURES["satisfaction"], company, department) == expected


def publish_rules(store, now, *, effective_from: date, **sections) -> int:
    """A further version of the policy, with these values in place of the first one's; its number."""
    values = default_policy().values()
    for section, changed in sections.items():
        values[section] = {**values[section], **changed}
    with store.write() as session:
        version = PolicyVersion(
            effective_from=effective_from, values=values, published_at=now, published_by=None, note=""
        )
        session.add(version)
        session.commit()
        return version.id


def test_a_past_month_is_judged_by_the_rules_of_its_last_day(store, actors, now):
    newer = publish_rules(
        store,
        now,
        effective_from=date(2026, 11, 1),
        targets={"completeness": 0.75},
        evidence={"smallest_n": 5000},
    )
    save_october(store, actors, policy=policy_version(store, newer))  # the cycle of the third of November
    october, november = (
        report_document(actors.manager, store, draft(actors.manager, store, month, now=now))
        for month in (OCTOBER, NOVEMBER)
    )
    line = october.measure("completeness")
    assert (line.target, line.figure.enough, line.standing) == (9000, True, "missed")
    assert (october.meta.policy_version, october.meta.policy_versions) == (1, (1, newer))
    assert november.measure("completeness").target == 7500
    assert (november.meta.policy_version, november.meta.policy_versions) == (newer, (newer,))
    for each, label in ((october, "1, 2"), (november, "2")):
        head = next(one for one in reports(actors.manager, store) if one.month == each.meta.month)
        told = dict(about(each, head, Speaker("en", "CNY", "Asia/Shanghai")))
        assert (head.policy_version, told["All rule versions used"]) == (each.meta.policy_version, label)


def lead_conversion(start: date, won: int, leads: int, department: int) -> dict[str, object]:
    return {
        "measure": "lead_conversion",
        "start": start,
        "numerator": won,
        "denominator": leads,
        "department_id": department,
    }


def test_lead_conversion_is_that_of_the_newest_month_whose_leads_are_past_their_window(store, actors, now):
    save_october(
        store,
        actors,
        more=[
            # As of the third of November the ninety days after July have passed, those after August have not.
            lead_conversion(date(2026, 6, 1), 200, 1000, actors.east),
            lead_conversion(date(2026, 7, 1), 300, 1000, actors.east),
            lead_conversion(date(2026, 7, 1), 100, 1000, actors.west),
            lead_conversion(date(2026, 8, 1), 3, 3, actors.east),
            lead_conversion(OCTOBER, 1, 1, actors.east),
        ],
    )
    document = report_document(actors.manager, store, draft(actors.manager, store, OCTOBER, now=now))
    line = document.measure("lead_conversion")
    assert (line.entered, line.missing) == (date(2026, 7, 1), None)
    assert (line.figure.numerator, line.figure.n, line.figure.value) == (400, 2000, 2000)
    assert (line.move.before, line.move.difference) == (2000, 0)
    assert [(row.department, row.figure.value) for row in line.departments] == [
        ("East", 3000),
        ("West", 1000),
    ]
    assert [point.value for point in line.trend[-5:]] == [2000, 2000, None, None, None]
    assert document.measure("completeness").entered is None
    speaker = Speaker("en", "CNY", "Asia/Shanghai")
    assert speaker.line(line) == "Lead conversion (entered in July 2026)"
    assert any("(entered in July 2026): really worse" in each for each in sentences(document, speaker))


def test_lead_conversion_says_that_its_window_is_open_only_where_no_month_is_past_it(store, actors, now):
    years = replace(default_policy(), funnel=Funnel(window_days=500))
    save_october(store, actors, policy=years)
    document = report_document(actors.manager, store, draft(actors.manager, store, OCTOBER, now=now))
    line = document.measure("lead_conversion")
    assert (line.entered, line.missing) == (None, "window_open")
