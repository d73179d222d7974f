"""What the server has to know of Streamlit: its settings, its address, and its word for goodbye."""

from __future__ import annotations

import importlib
import sys

from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager

_HEAVY = ("pandas", "duckdb", "ibis", "plotly.graph_objects", "pages.frame.main")


def check_settings(identity_header: str) -> None:
    """Stop when Streamlit would take somebody's identity from anything but the gate's header."""
    headers = {name.lower(): key for name, key in config.get_option("server.trustedUserHeaders").items()}
    if headers != {identity_header: "account_id"}:
        raise SystemExit(
            "server.trustedUserHeaders must be exactly the one of .streamlit/config.toml; "
            "remove what overrides it (command line, environment, another config.toml)."
        )


def warm() -> None:
    """Import what the pages need, so that the first visitor does not wait for it."""
    for module in _HEAVY:
        importlib.import_module(module)
    # Until a first session has run `st.navigation`, Streamlit takes the folder `pages/` for its navigation: the
    # first visitor with a deep link would be told that the page does not exist.
    PagesManager.uses_pages_directory = False


def keep_theme() -> None:
    """Have the theme made from the settings once: Streamlit does it for every run of every page.

    It takes 2 milliseconds, in which the server can do nothing else for anybody.
    """
    make = app_session._populate_theme_msg
    made: dict[str, CustomThemeConfig] = {}

    def copy(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in made:
            first = CustomThemeConfig()
            make(first, section)
            made[section] = first
        if made[section].ByteSize():  # what is not set stays unset
            msg.MergeFrom(made[section])

    app_session._populate_theme_msg = copy


def address() -> str:
    """Scheme and host under which a browser on this machine reaches the server."""
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    host = config.get_option("server.address") or "localhost"
    port = config.get_option("server.port")
    if config._server_mode == "asgi-server":
        # Served by an ASGI server of its own, whose settings count instead of Streamlit's.
        host = _argument("--host") or "127.0.0.1"
        port = _argument("--port") or 8000
    return f"{scheme}://{'localhost' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared


def farewell(path: str) -> bytes:
    """The message on which an open page goes to `path`."""
    message = ForwardMsg()
    message.auth_redirect.url = path
    return bytes(message.SerializeToString())


def _argument(name: str) -> str | None:
    """The value of an option on this process's command line."""
    for position, word in enumerate(sys.argv):
        if word == name and position + 1 < len(sys.argv):
            return sys.argv[position + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return None
