"""Streamlit's websocket spoken without a browser: a tab's connection, and runs of its page."""

from __future__ import annotations

from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.serving import Server

ANSWERS_WITHIN_S = 30
FAST_RERUN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
"""The page asked to be run again at once; what follows is the run that counts."""


def socket_of(
    server: Server, *, session_id: str = "", origin: str | None = None, **headers: str
) -> ClientConnection:
    """A websocket as Streamlit's page opens it, asking to go on with `session_id`."""
    return connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        additional_headers={"Origin": origin or server.url, **headers},
        subprotocols=[Subprotocol("streamlit"), Subprotocol("x"), Subprotocol(session_id or "none")],
        max_size=None,
    )


def run_page(connection: ClientConnection, page: str = "", query: str = "") -> tuple[str, bytes]:
    """Run the page once; the id of the Streamlit session, and all that was sent to the browser."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    connection.send(message.SerializeToString())
    session_id, sent = "", b""
    for frame in frames(connection):
        sent += frame
        answer = ForwardMsg.FromString(frame)
        session_id = answer.new_session.initialize.session_id or session_id
        if answer.HasField("script_finished") and answer.script_finished != FAST_RERUN:
            break
    return session_id, sent


def frames(connection: ClientConnection) -> Iterator[bytes]:
    """What the server sends, until it closes; TimeoutError when it does neither."""
    while True:
        try:
            frame = connection.recv(timeout=ANSWERS_WITHIN_S)
        except ConnectionClosed:
            return
        assert isinstance(frame, bytes)
        yield frame
