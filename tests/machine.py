"""What the tests need beside Python packages, and where it lies on this machine. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
"""On a build server nothing may be left out; elsewhere what is missing is named."""


def postgresql() -> Path | None:
    """The folder with PostgreSQL's server programs: the newest of Debian's, or the one on PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    found = debian[-1] if debian else Path(on_path).resolve() if on_path else None
    return found.parent if found and (found.parent / "pg_ctl").exists() else None


def chromium() -> Path | None:
    """A Chromium or Chrome: the system's, else the one that `playwright install chromium` fetched."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next(iter(sorted(fetched.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


def has_chinese_font() -> bool:
    """Whether there is a font with Chinese characters; without one a browser draws boxes."""
    if shutil.which("fc-list") is None:
        return any(Path("/usr/share/fonts").rglob("*CJK*"))
    listing = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
    return bool(listing.stdout.strip())


def missing() -> dict[str, str]:
    """Debian package -> what is not run, or not seen as it should be, without it."""
    lacking = {}
    if postgresql() is None:
        lacking["postgresql"] = "store tests on PostgreSQL: no server programs (initdb, pg_ctl) were found"
    if chromium() is None:
        lacking["chromium"] = "browser tests: no Chromium or Chrome was found"
    if not has_chinese_font():
        lacking["fonts-noto-cjk"] = (
            "Chinese text in browser tests is drawn as boxes: no Chinese font was found"
        )
    return lacking
