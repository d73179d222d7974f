"""A PostgreSQL server of the tests' own, thrown away with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50"


@contextmanager
def server(programs: Path) -> Iterator[Path]:
    """Run a server out of a temporary folder; yields the folder of its socket. It listens on no port."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_root = os.geteuid() == 0  # the server refuses to run as root
    if as_root:
        shutil.chown(folder, "postgres", "postgres")

    def run(*command: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if as_root else []
        # Into a file: a pipe would stay open in the server and never end.
        with (folder.with_suffix(".log")).open("ab") as log:
            done = subprocess.run([*prefix, *command], stdout=log, stderr=log, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {folder.with_suffix('.log').read_text()}")

    data = str(folder / "data")
    run(
        *(str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"),
        *("--locale=C", "--no-sync"),
    )
    options = f"{FAST} -c listen_addresses='' -c unix_socket_directories='{folder}'"
    run(str(programs / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", f"{folder}/server.log", "start")
    try:
        yield folder
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


def url(socket: Path, database: str) -> str:
    """The address of a database, as DATABASE_URL takes it."""
    return f"postgresql://postgres@/{database}?host={socket}"


def execute(socket: Path, statement: str) -> None:
    """Run one statement of administration outside any transaction."""
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # written here, not by a user
