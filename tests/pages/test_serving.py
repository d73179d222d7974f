"""What the server is told of Streamlit."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from core.store.engine import PROJECT
from pages.frame.serving import keep_theme

SECTIONS = ["theme", *(f"theme.{each.value}" for each in config.CustomThemeCategories)]


def sent() -> list[bytes]:
    """The theme as a run sends it, section by section."""
    messages = [CustomThemeConfig() for _ in SECTIONS]
    for message, section in zip(messages, SECTIONS, strict=True):
        app_session._populate_theme_msg(message, section)
    return [message.SerializeToString(deterministic=True) for message in messages]


def test_a_theme_made_once_is_the_one_that_streamlit_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)  # where the settings are looked for
    made = sent()
    assert any(made)
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    keep_theme()
    assert sent() == made
    assert sent() == made
