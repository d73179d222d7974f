"""The one command: it finds or makes its environment, and says plainly what it cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import manage
from tests import machine

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_pins_are_read_with_the_files_they_include(tmp_path):
    (tmp_path / "base.txt").write_text("# what for\nibis-framework[duckdb]==12.0.0\n")
    (tmp_path / "dev.txt").write_text("-r base.txt\npytest==9.2.0  # tests\n")
    assert manage._pins(tmp_path / "dev.txt") == {"ibis-framework": "12.0.0", "pytest": "9.2.0"}


def test_what_is_not_for_this_system_is_not_asked_for(tmp_path, monkeypatch):
    (tmp_path / "base.txt").write_text('uvloop==0.23.0; os_name != "nt"\n')
    assert manage._pins(tmp_path / "base.txt") == {"uvloop": "0.23.0"}
    monkeypatch.setattr("os.name", "nt")
    assert manage._pins(tmp_path / "base.txt") == {}


def test_an_environment_fulfils_its_requirements_only_with_the_very_versions(tmp_path):
    assert manage._fulfilled(ROOT / "requirements-dev.txt")
    (tmp_path / "other.txt").write_text("pytest==0.0.1\n")
    assert not manage._fulfilled(tmp_path / "other.txt")
    (tmp_path / "unknown.txt").write_text("no-such-package-at-all==1\n")
    assert not manage._fulfilled(tmp_path / "unknown.txt")


def test_every_requirement_is_pinned():
    assert all(manage._pins(ROOT / "requirements-dev.txt").values())


def test_help_names_every_command():
    shown = run("--help")
    assert shown.returncode == 0
    for command in ("run", "test", "demo", "link", "migrate", "worker", "import", "cycle", "export"):
        assert f"\n  {command} " in shown.stdout


def test_without_a_command_the_help_is_shown():
    assert run().stdout.startswith("usage:")


def test_an_old_python_is_refused_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert manage.main() == 2
    assert capsys.readouterr().err == "This needs Python 3.11 or newer; this is 3.9.\n"


def test_it_needs_only_the_standard_library_before_its_environment_exists():
    shown = subprocess.run(
        [sys.executable, "-S", "-I", "manage.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0


@pytest.mark.parametrize("command", ["run", "import", "cycle", "export", "demo", "link", "migrate", "worker"])
def test_each_command_explains_itself(command, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["manage.py", command, "--help"])
    with pytest.raises(SystemExit) as ended:
        manage.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: manage.py {command}")


def test_a_command_explains_itself_in_a_program_of_its_own():
    assert run("worker", "--help").returncode == 0


def test_what_is_missing_is_named_by_package_and_consequence(monkeypatch):
    monkeypatch.setattr(machine, "postgresql", lambda: None)
    monkeypatch.setattr(machine, "chromium", lambda: None)
    monkeypatch.setattr(machine, "has_chinese_font", lambda: False)
    assert set(machine.missing()) == {"postgresql", "chromium", "fonts-noto-cjk"}
    assert all(machine.missing().values())
