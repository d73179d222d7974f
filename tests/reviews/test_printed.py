"""The printed page of a report: whole in itself, escaped, and drawn so that paper shows what the screen does."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from core.language import LANGUAGES
from core.reviews import printed
from core.reviews.report_charts import department_dots, department_funnel
from core.reviews.words import Speaker
from tests.reportmaking import drafted_october

HOSTILE = "<script>alert(1)</script>&\"'东"
VOID = {"meta", "br", "img", "link", "input", "hr"}


@pytest.fixture
def database_url(sqlite_url):
    """What a file looks like does not depend on the database."""
    return sqlite_url


@pytest.fixture
def report(store, actors, now):
    """The document and head of October; the east calls itself by markup."""
    return drafted_october(store, actors, now, east=HOSTILE)


def page(report, language="en") -> str:
    return printed.page(*report, Speaker(language, "CNY", "Asia/Shanghai"))


class Reader(HTMLParser):
    """Collects tags, attributes and texts, and insists that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend((name, value or "") for name, value in attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend((name, value or "") for name, value in attrs)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere_and_runs_no_script(report, language):
    html = page(report, language)
    read = Reader(html)
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(read.tags)
    addresses = [value for name, value in read.attributes if "//" in value and name != "xmlns"]
    assert addresses == []
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("src", "href")]
    assert "url(" not in html
    assert "@import" not in html


def test_a_department_that_calls_itself_by_markup_is_shown_by_that_name(report):
    html = page(report)
    assert "<script" not in html
    assert any(HOSTILE in text for text in Reader(html).texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_stands_on_the_page(report, language):
    html = page(report, language)
    assert html.count("<h2>") == 8
    assert ("Findings" in html) == (language == "en")
    assert html.count('<div class="chapter">') == 4
    assert report[1].sha256 in html
    assert {"en": "Lead conversion (entered in July 2026)", "zh_CN": "2026年7月"}[language] in html


def test_on_paper_it_is_a4_with_heads_that_repeat(report):
    html = page(report)
    assert "size: A4" in html
    assert "display: table-header-group" in html
    assert "@top-left" in html
    assert "counter(page)" in html


def test_the_drawings_are_well_formed_and_say_what_they_show(report):
    document, _ = report
    speaker = Speaker("en", "CNY", "Asia/Shanghai")
    line = document.measure("completeness")
    for drawing in (department_dots(line, speaker), department_funnel(line, speaker)):
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img"
        assert "Completeness" in root.get("aria-label")
        texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
        assert "West" in texts
        assert "Company 80.0%" in texts


def test_better_and_worse_differ_by_shape_as_well_as_by_colour(report):
    document, _ = report
    drawing = department_dots(document.measure("completeness"), Speaker("en", "CNY", "Asia/Shanghai"))
    corners = re.findall(r'<polygon points="([\d.]+),([\d.]+) [\d.]+,([\d.]+)', drawing)
    tips = [float(first[1]) - float(first[2]) for first in corners]
    assert len(tips) == 2
    assert tips[0] < 0 < tips[1]  # East points up, West down


def test_the_funnel_shows_both_limits_and_the_stronger_line_is_the_one_that_decides(report):
    document, _ = report
    drawing = department_funnel(document.measure("completeness"), Speaker("en", "CNY", "Asia/Shanghai"))
    assert re.findall(r'<polyline [^>]*stroke-width="([\d.]+)"', drawing) == ["0.8", "0.8", "1.4", "1.4"]
    assert "strong ones: 99.8 %" in page(report)


def test_a_mean_has_no_funnel_and_an_unmeasured_one_no_drawing(report):
    document, _ = report
    speaker = Speaker("en", "CNY", "Asia/Shanghai")
    assert department_funnel(document.measure("average_order_value"), speaker) is None
    assert department_dots(document.measure("satisfaction"), speaker) is None
