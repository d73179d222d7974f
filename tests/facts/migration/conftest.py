"""Workbooks brought in."""

from __future__ import annotations

from functools import partial

import pytest

from tests.facts.migration.workbooks import bring


@pytest.fixture
def imported(store, tmp_path):
    """Import sheets; each is named after its table."""
    return partial(bring, store, tmp_path)
