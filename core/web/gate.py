"""The gate: nothing behind it is reached without a live session, over http or websocket.

It tells Streamlit who is there by a header that no client can set, because the gate removes it first.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access.accounts import SignedIn
from core.access.queries import actor_of_session
from core.access.service import note_activity
from core.access.sessions import TOUCH_EVERY
from core.clock import now
from core.store.engine import Store
from core.web.headers import with_headers
from core.web.requests import from_same_site, session_token, wanted_path, wants_page

IDENTITY_HEADER = "x-account-id"
"""Read by Streamlit (`server.trustedUserHeaders` in .streamlit/config.toml) into `st.user`."""
SIGN_IN_PATH = "/sign-in"
PASSWORD_PATH = "/password"  # noqa: S105 - a path
OPEN_PATHS = frozenset({SIGN_IN_PATH, "/health"})
_LINK = re.compile(r"/link/[A-Za-z0-9_-]+")
BEFORE_PASSWORD = frozenset({PASSWORD_PATH, "/sign-out"})
"""What somebody who came by a link may do before a password is set."""
_PARTS_OF_PAGES = ("/_stcore/", "/media/", "/component/", "/static/")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class Gate:
    """Pure ASGI middleware around the whole app."""

    app: ASGIApp
    store: Store
    farewell: bytes | None = None
    """The websocket frame that sends an open page to the sign-in page once its session has ended."""
    _touching: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, with_headers(send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        path = scope["path"]
        if scope["method"] not in _SAFE_METHODS and not from_same_site(request):
            await PlainTextResponse("The request does not come from a page of this app.", 403)(
                scope, receive, send
            )
            return
        person = await self._person(request)
        scope = _identified(scope, person)
        if path in OPEN_PATHS or _LINK.fullmatch(path):
            await self.app(scope, receive, send)
        elif person is None:
            await _to_sign_in(request, path)(scope, receive, send)
        elif person.must_set_password and path not in BEFORE_PASSWORD:
            answer = (
                RedirectResponse(PASSWORD_PATH, 303)
                if wants_page(request)
                else PlainTextResponse("Set a password first.", 403)
            )
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        person = await self._person(connection)
        if person is None or person.must_set_password or not from_same_site(connection):
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before accepting: answered with 403
            return

        async def receive_while_signed_in() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            present = await self._person(connection)
            if present is not None and present.actor.account_id == person.actor.account_id:
                return message
            if self.farewell is not None:
                await send({"type": "websocket.send", "bytes": self.farewell})
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

        await self.app(_identified(scope, person), receive_while_signed_in, send)

    async def _person(self, connection: HTTPConnection) -> SignedIn | None:
        token = session_token(connection)
        if token is None:
            return None
        person = await run_in_threadpool(actor_of_session, self.store, token, now=now())
        if person is not None and person.last_seen_at is not None:
            self._touch_when_due(token, person)
        return person

    def _touch_when_due(self, token: str, person: SignedIn) -> None:
        """Note activity beside the request: a long import may hold the write lock for a while."""
        assert person.last_seen_at is not None
        if now() - person.last_seen_at < TOUCH_EVERY or self._touching:
            return
        task = asyncio.create_task(run_in_threadpool(note_activity, self.store, token, now=now()))
        self._touching.add(task)
        task.add_done_callback(self._touching.discard)


def _identified(scope: Scope, person: SignedIn | None) -> Scope:
    """The scope with our identity header instead of any that the client sent."""
    headers = [
        (name, value)
        for name, value in scope["headers"]
        # Some servers take an underscore for a hyphen.
        if name.lower().replace(b"_", b"-") != IDENTITY_HEADER.encode()
    ]
    if person is not None:
        headers.append((IDENTITY_HEADER.encode(), str(person.actor.account_id).encode()))
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), "person": person}}


def _to_sign_in(request: HTTPConnection, path: str) -> RedirectResponse | PlainTextResponse:
    if path.startswith(_PARTS_OF_PAGES) or not wants_page(request):
        return PlainTextResponse("Sign in first.", 401)
    wanted = wanted_path(request)
    query = "" if wanted == "/" else "?" + urlencode({"next": wanted})
    return RedirectResponse(SIGN_IN_PATH + query, 303)
