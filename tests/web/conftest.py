"""A served app for the tests of the gate, with two people who can sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Server, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`streamlit run app.py` with the accounts `ann` and `bob`."""
    command = ("-m", "streamlit", "run", "app.py", "--server.port")
    with served(tmp_path_factory.mktemp("served"), command) as server:
        server.account("ann", "administrator")
        server.account("bob")
        yield server
