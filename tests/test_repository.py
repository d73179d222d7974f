"""What holds of the whole repository: found by looking, so that a new file or row cannot be forgotten."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po
from sqlalchemy import Boolean, Date, Integer

from core.access.actor import ROLE_PERMISSIONS, ROLE_REACH, Permission, Reach, Role
from core.language import CATALOGUES, LANGUAGES
from core.store.mart import mart_columns
from core.store.migrate import import_all_tables
from core.store.records import Base, UtcDateTime

ROOT = Path(__file__).resolve().parents[1]
EDGES = ("pages", "core/web", "core/operations/cli.py", "core/operations/worker.py", "app.py")
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2)}


def sources(*places: str) -> list[Path]:
    """The Python files under the places, relative to the root."""
    found = [
        path
        for place in places
        for path in ([ROOT / place] if "." in place else (ROOT / place).rglob("*.py"))
    ]
    return sorted(path.relative_to(ROOT) for path in found)


def imports(path: Path) -> set[str]:
    """Every module the file imports, and every name it imports from one, dotted."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def test_the_migrations_lead_to_the_tables_as_they_are_declared(store):
    import_all_tables()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


TEXTS_OF_THE_MART = {
    # Codes of ours, and the words by which files group their rows: nothing that somebody writes freely.
    "channel_costs": {"campaign", "channel"},
    "customers": {"channel", "city", "industry", "kind", "province", "region"},
    "interactions": {"direction", "kind", "purpose"},
    "leads": {"campaign", "channel", "industry", "region"},
    "order_lines": {"channel", "product_code"},
}
FIGURES = (Integer, Boolean, Date, UtcDateTime)


def test_only_texts_that_somebody_has_thought_of_go_to_the_mart():
    """A text may hold names or free words: a new one has to be entered above before it is marked."""
    texts = {
        table.name: {column.name for column in columns if not isinstance(column.type, FIGURES)}
        for table, columns in mart_columns().items()
    }
    assert {table: columns for table, columns in texts.items() if columns} == TEXTS_OF_THE_MART


@pytest.mark.parametrize("role", Role)
def test_each_role_has_permissions_and_a_reach(role):
    assert ROLE_PERMISSIONS[role] <= set(Permission)
    assert Permission.SEE_CUSTOMERS in ROLE_PERMISSIONS[role]
    assert ROLE_REACH[role] in Reach


WHO_MAY = {
    # administrator, manager, supervisor, operations, staff, intern
    Permission.SEE_CUSTOMERS: "A M S O T I",
    Permission.SEE_DETAILS: "A M S O T",
    Permission.SEE_CONTACT_DATA: "A M S T",
    Permission.EDIT_CUSTOMERS: "A M S O T",
    Permission.WORK_ORDERS: "A M S T",
    Permission.ASSIGN_WORK: "A M S",
    Permission.IMPORT: "A M O",
    Permission.EXPORT: "A M S O T",
    Permission.RUN_CYCLE: "A M O",
    Permission.SEE_MEASURES: "A M S O",
    Permission.PILOTS: "A M S O T",
    Permission.PUBLISH: "A M",
    Permission.OWN_FIELDS: "A M",
    Permission.ADMINISTER: "A",
}


@pytest.mark.parametrize("permission", Permission)
def test_each_permission_is_held_by_exactly_the_roles_that_should(permission):
    letters = dict(zip(Role, "AMSOTI", strict=True))
    held = " ".join(letter for role, letter in letters.items() if permission in ROLE_PERMISSIONS[role])
    assert held == WHO_MAY[permission]


def test_only_the_edges_read_the_clock():
    readers = [path for path in sources("core", "pages", "app.py") if "core.clock" in imports(path)]
    assert readers
    assert [path for path in readers if not path.as_posix().startswith(EDGES)] == []
    call = re.compile(r"\b(datetime\.(now|utcnow)|date\.today|time\.time)\(")
    direct = [
        path for path in sources("core", "pages") if call.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert direct == [Path("core/clock.py")]


def test_core_imports_no_screen():
    assert [
        path for path in sources("core") if any(name.startswith("streamlit") for name in imports(path))
    ] == []


def test_pages_stand_in_folders_since_flat_ones_are_served_without_the_gate():
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_no_page_writes_data_as_html():
    forbidden = "unsafe_" + "allow_html"
    assert [
        path for path in sources("core", "pages", "app.py") if forbidden in (ROOT / path).read_text()
    ] == []


def test_every_package_folder_is_a_package():
    folders = {path.parent for path in sources("core", "pages")} - {Path("core/store/migrations/versions")}
    assert [f for f in folders if f.name != "migrations" and not (ROOT / f / "__init__.py").exists()] == []


def extracted() -> set[str]:
    """Every sentence in the code that a person may read."""
    sentences: set[str] = set()
    for folder in ("core", "pages"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            sentences.update([message] if isinstance(message, str) else message)
    for file in ("app.py", "manage.py"):
        for _, message, _, _ in extract_from_file("python", ROOT / file, keywords=KEYWORDS):
            sentences.update([message] if isinstance(message, str) else message)
    return sentences - {""}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_no_sentence_stands_inside_an_f_string_where_the_extraction_does_not_see_it():
    hidden = [
        f"{path}:{call.lineno}"
        for path in sources("core", "pages", "app.py", "manage.py")
        for text in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", None) in KEYWORDS
        and any(isinstance(given, ast.Constant) for given in call.args)
    ]
    assert hidden == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_has_a_translation_with_the_same_places(language):
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {}
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = listed(message.string)
        known.update({sentence: texts for sentence in ids if sentence})
    missing = sorted(sentence for sentence in extracted() if not all(known.get(sentence, ("",))))
    assert missing == []
    wrong = [s for s in extracted() if any(places(text) != places(s) for text in known[s])]
    assert wrong == []


HAN = "[\u4e00-\u9fff]"
DAYS, MOMENTS = "(day|month|monday|as_of|today)", "(moment|when)"
COUNTS = "(n|days|weeks|months|hours|minutes|rows|limit|score|version)"
SPACING = (
    # A day is Chinese itself (2026年5月3日); a moment ends in figures, and figures stand apart.
    rf"{HAN} \{{({DAYS}|{MOMENTS})\}}",
    rf"\{{{DAYS}\}} {HAN}",
    rf"\{{{MOMENTS}\}}{HAN}",
    rf"{HAN}\{{{COUNTS}\}}|\{{{COUNTS}\}}{HAN}",
    rf"{HAN}[0-9]|[0-9](?![年月日]){HAN}",
)
"""What no Chinese sentence has beside its dates and figures."""


def test_chinese_has_spaces_beside_figures_and_none_beside_dates():
    with (CATALOGUES / "zh_CN" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [part for message in read_po(file) for part in listed(message.string)]
    assert [text for text in texts if any(re.search(wrong, text) for wrong in SPACING)] == []


def listed(string: str | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a translation."""
    return (string,) if isinstance(string, str) else string


def test_no_translation_is_left_of_a_sentence_that_is_gone():
    sentences = extracted()
    for language in LANGUAGES:
        path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            assert language == "en", f"{language} has no catalogue"
            continue
        with path.open("rb") as file:
            ids = {
                part
                for message in read_po(file)
                for part in ([message.id] if isinstance(message.id, str) else message.id)
            }
        assert sorted(ids - sentences - {""}) == []
