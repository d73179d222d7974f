"""Nobody gets past the gate without a session of their own: real server, real requests."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from core.access import service
from core.access.actor import SYSTEM
from core.clock import now
from tests.serving import PASSWORD, Server
from tests.websocket import frames, run_page, socket_of


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admin",
        "/segment-explorer?cell=111",
        "/password",
        "/sign-out",
        "/exports/1",
        "/exports/tables/x",
    ],
)
def test_a_page_sends_strangers_to_sign_in_and_remembers_what_was_wanted(server: Server, path: str) -> None:
    with server.browser() as browser:
        answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    if path != "/":
        assert answer.headers["location"].endswith(
            path.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
        )


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/_stcore/agent",
        "/media/0123.png",
        "/component/x/index.html",
        "/static/js/index.js",
        "/oauth2callback",
        "/sign-in/../_stcore/health",
        "/link/x/../../_stcore/health",
        "/favicon.png",
    ],
)
def test_what_pages_are_made_of_is_closed_to_strangers(server: Server, path: str) -> None:
    with server.browser(accept="*/*") as browser:
        assert browser.get(path).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_uploads_are_closed_to_strangers(server: Server, method: str) -> None:
    with server.browser() as browser:
        assert browser.request(method, "/_stcore/upload_file/s/f", content=b"x").status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/health"])
def test_the_ways_in_are_open(server: Server, path: str) -> None:
    with server.browser() as browser:
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("cookie", ["", "customer_session=made-up", "customer_session="])
def test_a_websocket_without_a_session_is_refused(server: Server, cookie: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        socket_of(server, Cookie=cookie)
    assert refused.value.response.status_code == 403


def test_a_websocket_from_another_site_is_refused_even_with_a_session(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        socket_of(server, origin="http://evil.example", Cookie=server.cookie("bob"))
    assert refused.value.response.status_code == 403


def test_the_page_runs_as_the_person_of_the_session(server: Server) -> None:
    with socket_of(server, Cookie=server.cookie("bob")) as connection:
        _, sent = run_page(connection)
    assert b"bob the tester" in sent


@pytest.mark.parametrize("header", ["X-Account-Id", "x-account-id", "X_Account_Id"])
def test_an_identity_that_the_client_claims_is_ignored(server: Server, header: str) -> None:
    with socket_of(server, Cookie=server.cookie("bob"), **{header: "1"}) as connection:
        _, sent = run_page(connection)
    assert b"bob the tester" in sent
    with pytest.raises(InvalidStatus):
        socket_of(server, **{header: "1"})


def test_nobody_goes_on_with_the_session_of_another(server: Server) -> None:
    with socket_of(server, Cookie=server.cookie("ann")) as of_ann:
        session_id, sent = run_page(of_ann)
        assert b"ann the tester" in sent
        with socket_of(server, session_id=session_id, Cookie=server.cookie("bob")) as of_bob:
            own, seen = run_page(of_bob)
    with socket_of(server, session_id=session_id, Cookie=server.cookie("bob")) as after:
        later, seen_later = run_page(after)
    assert session_id
    assert session_id not in {own, later}
    assert b"ann the tester" not in seen + seen_later


@pytest.mark.parametrize("ending", ["sign_out", "disable", "reset", "new_password"])
def test_an_open_page_goes_to_sign_in_once_its_session_has_ended(server: Server, ending: str) -> None:
    account_id = server.account(f"leaver_{ending}")
    cookie = server.cookie(f"leaver_{ending}")
    token = cookie.partition("=")[2]
    with socket_of(server, Cookie=cookie) as connection:
        run_page(connection)
        {
            "sign_out": lambda: service.sign_out(server.store, token, now=now()),
            "disable": lambda: service.disable_account(SYSTEM, server.store, account_id, now=now()),
            "reset": lambda: service.reset_account(SYSTEM, server.store, account_id, now=now()),
            "new_password": lambda: service.set_password(server.store, account_id, PASSWORD + "!", now=now()),
        }[ending]()
        connection.send(BackMsg().SerializeToString())
        received = list(frames(connection))  # ends because the server closes
    assert ForwardMsg.FromString(received[-1]).auth_redirect.url == "/sign-in"


def test_who_came_by_a_link_gets_nowhere_before_a_password_is_set(server: Server) -> None:
    _, link = service.create_account(
        SYSTEM, server.store, username="newcomer", display_name="N", role="manager", now=now()
    )
    cookie = f"customer_session={service.use_link(server.store, link, now=now())}"
    with server.browser(cookie=cookie) as browser:
        answer = browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/password")
        assert browser.get("/_stcore/health", headers={"accept": "*/*"}).status_code == 403
    with pytest.raises(InvalidStatus):
        socket_of(server, Cookie=cookie)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://["])
def test_forms_from_elsewhere_are_refused(server: Server, origin: str) -> None:
    with server.browser(origin=origin) as browser:
        answer = browser.post("/sign-in", data={"username": "bob", "password": PASSWORD})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    with server.browser(cookie=server.cookie("bob")) as browser:
        for path in ("/", "/sign-in", "/health", "/static/nothing.js", "/sign-out", "/exports/999"):
            headers = browser.get(path).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
