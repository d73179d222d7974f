#!/usr/bin/env python3
"""The one command of the product: `python3 manage.py --help`.

Needs nothing but Python: it makes the environment `.venv`, installs the pinned requirements there when
they have changed, and goes on inside it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
ENVIRONMENT = PROJECT / ".venv"
OLDEST_PYTHON = (3, 11)
IMPORTS = "lint-imports"
NOT_ON_WINDOWS = 'os_name != "nt"'
"""The one condition that a requirement may have."""
HELP = """usage: python3 manage.py COMMAND [options]

  run [--host ADDRESS] [--port NUMBER]   serve the app on this machine, with its worker
  test [--full] [pytest arguments]       every check; with arguments, only pytest with them
  demo                                   load the demo company and grade it
  link                                   print a one-time sign-in link for the first administrator
  migrate                                bring the database to this version
  worker                                 do background jobs without serving the app
  import FILE --as TABLE                 import a workbook or CSV file
  cycle --as-of DATE                     grade all customers and raise work orders
  export WHAT --out FILE                 write grades, customers or work orders to .xlsx or .csv

Every command but run, test and worker takes --json. DATABASE_URL and APP_DATA_DIR say where data lies."""


def main() -> int:
    """Run the command given on the command line; its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        return _refuse(
            f"This needs Python 3.11 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}."
        )
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    for_tests = arguments[0] == "test"
    requirements = PROJECT / ("requirements-dev.txt" if for_tests else "requirements.txt")
    if not _fulfilled(requirements):
        return _refuse(_enter_environment(requirements))
    if arguments[0] == "run":
        return _serve(arguments[1:])
    if for_tests:
        return _test(arguments[1:])
    from core.operations.cli import main as command_line  # exists only inside the environment

    return command_line(arguments)


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


# The environment


def _pins(requirements: Path) -> dict[str, str]:
    """Name -> version of everything the file pins, with the files it includes."""
    pins: dict[str, str] = {}
    for line in requirements.read_text(encoding="utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("-r "):
            pins.update(_pins(requirements.parent / entry[3:].strip()))
        elif entry:
            entry, _, condition = (part.strip() for part in entry.partition(";"))
            if condition == NOT_ON_WINDOWS and os.name == "nt":
                continue
            name, _, version = entry.partition("==")
            pins[name.partition("[")[0]] = version
    return pins


def _fulfilled(requirements: Path) -> bool:
    """Whether this interpreter has every pinned package, as in `.venv` or any other prepared environment."""
    try:
        return all(importlib.metadata.version(name) == pin for name, pin in _pins(requirements).items())
    except importlib.metadata.PackageNotFoundError:
        return False


def _enter_environment(requirements: Path) -> str:
    """Go on inside `.venv`, made and filled first where needed. Returns only when that fails: why."""
    python = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    marker = ENVIRONMENT / f"installed-{requirements.stem}"
    wanted = hashlib.sha256(repr(sorted(_pins(requirements).items())).encode()).hexdigest()
    if Path(sys.prefix) == ENVIRONMENT and marker.exists() and marker.read_text() == wanted:
        return f"The environment {ENVIRONMENT} is damaged. Delete that folder and run this again."
    if not python.exists():
        print(f"Making the environment {ENVIRONMENT}", file=sys.stderr)
        if subprocess.call([sys.executable, "-m", "venv", str(ENVIRONMENT)]):
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            return "No environment could be made. On Debian or Ubuntu: apt-get install python3-venv"
    if not marker.exists() or marker.read_text() != wanted:
        print("Installing the requirements; the first time takes some minutes", file=sys.stderr)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        # Standard output belongs to the command that follows.
        if subprocess.call([*pip, "-r", str(requirements)], stdout=sys.stderr):
            return "The requirements could not be installed; pip says why above. Is the network reachable?"
        marker.write_text(wanted)
    command = [str(python), str(PROJECT / "manage.py"), *sys.argv[1:]]
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


# run


def _serve(arguments: list[str]) -> int:
    import argparse

    parser = argparse.ArgumentParser(prog="manage.py run", description="Serve the app with its worker.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8501)
    options = parser.parse_args(arguments)
    server = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
    flags = {"address": options.host, "port": options.port, "headless": "true"}
    command = [*server, *(f"--server.{name}={value}" for name, value in flags.items())]
    os.chdir(PROJECT)  # where Streamlit looks for its settings
    os.execv(command[0], command)


# test


def _test(arguments: list[str]) -> int:
    from tests import machine

    _fetch(machine.missing(), in_ci=machine.IN_CI)
    full = "--full" in arguments
    selected = [argument for argument in arguments if argument != "--full"]
    # Files are spread over the processors in the order of tests/spreading.py, not by their number of tests.
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    pytest = ["pytest", *spread, *([] if full else ["-m", "not full"]), *selected]
    checks = (
        [] if selected else [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], [IMPORTS]]
    )
    failed = [check[0] for check in [*checks, pytest] if not _passes(check)]
    left_out = [f"{why} (Debian package {package})" for package, why in machine.missing().items()]
    if selected:
        left_out.append("lint, types and import contracts: only the given pytest arguments were asked for")
    if not full:
        left_out.append("tests that take minutes: run them with --full")
    print("\nNot run here:" if left_out else "\nNothing was left out.")
    for line in left_out:
        print("  -", line)
    if failed:
        print("Failed:", ", ".join(failed))
    return 1 if failed or (machine.IN_CI and machine.missing()) else 0


def _passes(check: list[str]) -> bool:
    print("\n$", *check, flush=True)
    program = check[0]
    # import-linter is no module that runs by itself.
    start = ["-c", "from importlinter.cli import lint_imports_command as run; run()"]
    command = start if program == IMPORTS else ["-m", *check]
    return subprocess.call([sys.executable, *command], cwd=PROJECT) == 0


def _fetch(lacking: dict[str, str], *, in_ci: bool) -> None:
    """Get what the tests lack, where that is possible without asking anybody."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if lacking and in_ci and is_root and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.call(["apt-get", "update", "-q"], env=quiet)
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
        subprocess.call([*install, *lacking], env=quiet)
    elif "chromium" in lacking:
        subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    sys.exit(main())
