"""The parts that all pages share: contrast, colours for everybody, tiles, figures, one header on every page."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import date
from itertools import combinations
from typing import Any
from urllib.parse import unquote

import pytest

from core.measures.catalogue import MEASURES
from core.measures.queries import Reading
from core.measures.readings import Standing
from core.store.engine import PROJECT
from pages.frame import figures, palette
from pages.frame.figures import figure
from pages.frame.kpis import KpiTile, _tile, spark_svg
from pages.frame.navigation import PLACES, Place
from pages.frame.readings import difference_of, figure_of, tile_of
from pages.frame.status import STANDINGS, in_markdown
from pages.frame.tables import height_of
from tests.conftest import Actors
from tests.contrast import SEEN_BY, blended, contrast, distance
from tests.pages.conftest import LOCALES, Open

TEXT_AA, GRAPHIC_AA = 4.5, 3.0
TOLD_APART = 11.0
"""Several times what is just noticed (2.3), because marks are small."""
THEME = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())["theme"]
STYLE = (PROJECT / "pages" / "frame" / "style.css").read_text()
GROUNDS = ("backgroundColor", "secondaryBackgroundColor")
HUES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")
PAGES = sorted((PROJECT / "pages").rglob("*.py"))
Look = tuple[str, dict[str, Any]]


@pytest.fixture(params=["light", "dark"])
def look(request: pytest.FixtureRequest) -> Look:
    """Name and settings of each theme."""
    return request.param, THEME[request.param]


def grounds(settings: dict[str, Any]) -> list[str]:
    return [settings[name] for name in GROUNDS]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "name", ["textColor", "linkColor", "codeTextColor", *(f"{hue}TextColor" for hue in HUES)]
)
def test_words_reach_aa_on_every_ground_of_their_theme(look: Look, name: str) -> None:
    _name, settings = look
    for ground in grounds(settings):
        assert contrast(settings[name], ground) >= TEXT_AA


def test_words_of_a_pinned_column_reach_aa(look: Look) -> None:
    """The grid draws them at 60 % of the colour of words, on a canvas where no style reaches them."""
    _name, settings = look
    ground = settings["backgroundColor"]
    assert contrast(blended(settings["textColor"], ground, 0.6), ground) >= TEXT_AA


@pytest.mark.parametrize("hue", HUES)
def test_words_on_a_badge_reach_aa(look: Look, hue: str) -> None:
    _name, settings = look
    assert contrast(settings[f"{hue}TextColor"], settings[f"{hue}BackgroundColor"]) >= TEXT_AA


def test_words_in_the_menu_and_on_buttons_reach_aa(look: Look) -> None:
    _name, settings = look
    for ground in grounds(THEME["light"]["sidebar"] if _name == "light" else settings["sidebar"]):
        assert contrast(settings["sidebar"]["textColor"], ground) >= TEXT_AA
    assert contrast(settings["primaryColor"], "#FFFFFF") >= TEXT_AA
    header = settings["dataframeHeaderTextColor"], settings["dataframeHeaderBackgroundColor"]
    assert contrast(*header) >= TEXT_AA


def test_colours_of_the_style_are_words_that_reach_aa(look: Look) -> None:
    """Every colour that the style sheet gives to words, as `color: light-dark(…, …)`."""
    name, settings = look
    pairs = re.findall(r"(?<![-\w])color: light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    assert len(pairs) >= 8
    for light, dark in pairs:
        for ground in grounds(settings):
            assert contrast(light if name == "light" else dark, ground) >= TEXT_AA


def test_colours_of_series_reach_the_contrast_of_graphics(look: Look) -> None:
    _name, settings = look
    for colour in settings["chartCategoricalColors"]:
        assert contrast(colour, settings["backgroundColor"]) >= GRAPHIC_AA


@pytest.mark.parametrize("colour", [*palette.MEANINGS.values(), palette.TARGET, palette.PICKED])
def test_colours_with_a_meaning_reach_the_contrast_of_graphics_on_both_grounds(colour: str) -> None:
    for theme in ("light", "dark"):
        for ground in grounds(THEME[theme]):
            assert contrast(colour, ground) >= GRAPHIC_AA


@pytest.mark.parametrize("whom", SEEN_BY)
def test_colours_with_a_meaning_are_told_apart_by_everybody(whom: str) -> None:
    for one, other in combinations(palette.MEANINGS, 2):
        apart = distance(palette.MEANINGS[one], palette.MEANINGS[other], whom)
        assert apart >= TOLD_APART, (one, other, apart)


@pytest.mark.parametrize("whom", SEEN_BY)
def test_the_first_series_are_told_apart_by_everybody(look: Look, whom: str) -> None:
    _name, settings = look
    for one, other in combinations(settings["chartCategoricalColors"][:4], 2):
        assert distance(one, other, whom) >= TOLD_APART, (one, other)


def test_marks_differ_by_shape_and_cover_every_way_to_stand() -> None:
    assert set(STANDINGS) == {str(each) for each in Standing}
    shapes = [mark.shape for mark in STANDINGS.values()]
    assert len(set(shapes)) == len(shapes)
    assert {mark.tone for mark in STANDINGS.values()} <= set(palette.MEANINGS)


def test_a_mark_in_a_sentence_has_shape_colour_and_words() -> None:
    assert in_markdown(STANDINGS["missed"]) == ":red[▲] Off target"
    assert in_markdown(STANDINGS["missed"], words=False) == ":red[▲]"


def test_a_figure_has_no_ground_of_its_own_and_the_themes_series() -> None:
    drawn = figure(200)
    assert drawn.layout.height == 200
    template = drawn.layout.template.layout
    assert template.paper_bgcolor == template.plot_bgcolor == "rgba(0,0,0,0)"
    assert list(template.colorway) == list(palette.SERIES)
    assert palette.SERIES[0] == "#000001"  # what Streamlit replaces by the first colour of the theme


@pytest.mark.parametrize(
    ("given", "codes"),
    [(["won", 3], ("won", "3")), ({"0": "won", "1": 3}, ("won", "3")), ("won", ("won",)), (None, None)],
)
def test_a_click_tells_its_codes_however_plotly_gives_them(given: object, codes: object) -> None:
    assert figures._codes(given) == codes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_draws_with_plotly_express_or_streamlits_own_charts(page: object) -> None:
    """They cost a page ten times as much; `pages.frame.charts` has the house's own."""
    tree = ast.parse(page.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            assert not any(module.startswith("plotly.express") for module in modules)
            assert not (getattr(node, "module", "") == "plotly" and "express" in modules)
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"line_chart", "bar_chart", "area_chart", "scatter_chart", "metric"}


def test_a_tile_shows_data_as_it_is() -> None:
    shown = _tile(
        KpiTile("<b>A</b>", "1 & 2", '"n"', STANDINGS["met"], "<5", "<i>", help='" onclick="x'), plain=False
    )
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;b&gt;A&lt;/b&gt;" in shown
    assert '"' not in re.search(r'title="(.*?)">', shown).group(1)  # type: ignore[union-attr]


def test_the_lines_of_tiles_stand_level_whatever_they_lack() -> None:
    """Each tile has the same parts, if empty, because neighbours share the rows of one grid."""
    full = KpiTile("A", "1", "n = 3", STANDINGS["met"], "2", "+1", True, True, (1, 2), 1.5)
    assert [len(re.findall("<div", _tile(tile, plain=False))) for tile in (full, KpiTile("B", "2"))] == [6, 6]


@pytest.mark.parametrize(
    ("real", "better", "said", "tone"),
    [(True, True, "real", "good"), (True, False, "real", "bad"), (False, None, "noise", "neutral")],
)
def test_a_change_is_called_real_or_noise(real: bool, better: bool | None, said: str, tone: str) -> None:
    shown = _tile(KpiTile("A", "1", change="+1 pp", real=real, better=better), plain=False)
    assert f'+1 pp <span class="kpi-verdict tone-{tone}">{said}</span>' in shown


def test_a_change_of_which_nothing_can_be_said_is_called_neither() -> None:
    shown = _tile(KpiTile("A", "1", change="+1 pp"), plain=False)
    assert "+1 pp<" in shown


@pytest.mark.parametrize(
    ("trend", "line"),
    [
        ((0, 1), "M0.0 25.0L100.0 3.0"),
        ((1, 1), "M0.0 14.0L100.0 14.0"),
        ((0, None, 1), "M0.0 25.0h0M100.0 3.0h0"),
        ((None, 0, 1, None), "M33.3 25.0L66.7 3.0"),
    ],
)
def test_a_trend_is_a_line_that_breaks_where_a_month_has_no_value(
    trend: tuple[float | None, ...], line: str
) -> None:
    assert f'd="{line}"' in spark_svg(trend, None)


def test_a_trend_shows_its_goal_on_the_same_scale() -> None:
    assert 'd="M0 14.0H100"' in spark_svg((0, 1), 0.5)
    assert 'd="M0 3.0H100"' in spark_svg((0, 1), 2)


def test_one_month_is_no_trend() -> None:
    assert "--line" not in _tile(KpiTile("A", "1", trend=(0.5,)), plain=False)
    two = _tile(KpiTile("A", "1", trend=(0.5, 0.6)), plain=False)
    assert "<svg" in unquote(re.search(r"svg\+xml,([^)]*)\)", two).group(1))  # type: ignore[union-attr]


def reading(
    month: int, value: float | None, n: int = 1_000, *, complete: bool = True, enough: bool = True
) -> Reading:
    low, high = (None, None) if value is None else (value - 0.02, value + 0.02)
    return Reading("retention", date(2026, month, 1), value, low, high, 0, n, n, enough, complete)


def test_a_tile_shows_the_last_month_that_is_over() -> None:
    months = [reading(8, 0.8), reading(9, 0.7), reading(10, 0.1, complete=False)]
    tile = tile_of(MEASURES["retention"], months, 0.75, "CNY")
    assert (tile.value, tile.change, tile.real, tile.better) == ("70.0%", "−10.0 pp", True, False)
    assert (tile.standing, tile.target) == (STANDINGS["missed"], "75%")
    assert list(tile.trend) == [0.8, 0.7]
    assert tile.note == "Sep · n = 1,000"


def test_a_tile_of_few_cases_says_so_and_names_no_target() -> None:
    tile = tile_of(MEASURES["retention"], [reading(9, 0.7, 20, enough=False)], 0.75, "CNY")
    assert (tile.standing, tile.target, tile.change, tile.real) == (STANDINGS["too_few"], "", "", None)


@pytest.mark.parametrize("months", [[], [reading(9, None)], [reading(9, 0.5, complete=False)]])
def test_a_tile_without_a_value_says_so_instead_of_a_zero(months: list[Reading]) -> None:
    tile = tile_of(MEASURES["retention"], months, 0.75, "CNY")
    assert (tile.value, tile.standing) == ("–", STANDINGS["no_data"])


@pytest.mark.parametrize(
    ("code", "value", "shown", "difference"),
    [
        ("retention", 0.7512, "75.1%", "+75.1 pp"),
        ("satisfaction", 4.2, "4.20", "+4.20"),
        ("average_order_value", 1234.4, "¥1,234", "+¥1,234"),
        ("acquisition_cost", None, "–", ""),
    ],
)
def test_figures_carry_their_unit(code: str, value: float | None, shown: str, difference: str) -> None:
    assert figure_of(MEASURES[code], value, "CNY") == shown
    assert difference_of(MEASURES[code], value, "CNY") == difference


def test_a_difference_that_rounds_to_nothing_has_no_direction() -> None:
    assert difference_of(MEASURES["retention"], -0.0001, "CNY") == "±0.0 pp"
    assert difference_of(MEASURES["average_order_value"], 0.2, "CNY") == "±¥0"
    assert difference_of(MEASURES["satisfaction"], -0.05, "CNY") == "−0.05"


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_every_page_begins_with_its_title_and_its_purpose(
    place: Place, actors: Actors, open_page: Open, language: str
) -> None:
    app = open_page(actors.administrator, place.code, language=language)
    assert not app.exception
    assert len(app.header) == 1
    assert app.header[0].value.strip()
    assert app.caption[0].value.strip().endswith((".", "。", "?", "？"))


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh_CN")])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_the_readme_shows_every_page_in_both_themes(
    place: Place, theme: str, readme: str, language: str
) -> None:
    """A new page needs its pictures: `python -m tests.e2e.pictures --only PAGE`."""
    picture = f"docs/pictures/{place.code}.{theme}.{language}.png"
    assert picture in (PROJECT / readme).read_text(encoding="utf-8")
    assert (PROJECT / picture).stat().st_size < 200_000


def test_a_table_that_scrolls_ends_with_a_whole_row() -> None:
    row = round(2.1875 * THEME["baseFontSize"])
    tallest = height_of(17)
    assert isinstance(tallest, int)
    assert 0 < tallest % row < 6, "the frame around the rows"
    assert height_of(16) == "content"
