"""The pages before and around the app: sign in, use a link, set a password, sign out."""

from __future__ import annotations

from anyio import CapacityLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access import service
from core.access.accounts import SignedIn
from core.access.passwords import MIN_LENGTH
from core.clock import now
from core.errors import ProductError
from core.language import Message, mark
from core.store.engine import Store
from core.web.gate import PASSWORD_PATH, SIGN_IN_PATH
from core.web.page import Field, Page, answer
from core.web.requests import (
    forget_session,
    read_form,
    same_site_path,
    session_token,
    set_session,
)

_USERNAME = Field("username", mark("User name"), kind="text", complete="username")
_PASSWORD = Field("password", mark("Password"), kind="password", complete="current-password")
_NEW_PASSWORD = Field("new", mark("New password"), kind="password", complete="new-password")
_AGAIN = Field("again", mark("The same again"), kind="password", complete="new-password")
_CURRENT = Field("current", mark("Current password"), kind="password", complete="current-password")


def routes(store: Store) -> list[Route]:
    """The routes of these pages."""
    pages = Pages(store)
    return [
        Route(SIGN_IN_PATH, pages.sign_in, methods=["GET"]),
        Route(SIGN_IN_PATH, pages.do_sign_in, methods=["POST"]),
        Route("/link/{token}", pages.link, methods=["GET"]),
        Route("/link/{token}", pages.use_link, methods=["POST"]),
        Route(PASSWORD_PATH, pages.password, methods=["GET"]),
        Route(PASSWORD_PATH, pages.set_password, methods=["POST"]),
        Route("/sign-out", pages.sign_out, methods=["GET"]),
        Route("/sign-out", pages.do_sign_out, methods=["POST"]),
    ]


class Pages:
    """The handlers, bound to a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._checking = CapacityLimiter(2)

    async def sign_in(self, request: Request) -> Response:
        wanted = same_site_path(request.query_params.get("next"))
        if _person(request) is not None:
            return RedirectResponse(wanted, 303)
        return answer(request, _sign_in_page(wanted))

    async def do_sign_in(self, request: Request) -> Response:
        form = await read_form(request)
        wanted = same_site_path(form.get("next"))
        username = form.get("username", "")
        try:
            # Each check takes 64 MiB for a moment; more than a few at once could take the server's memory.
            async with self._checking:
                token = await run_in_threadpool(
                    service.sign_in, self._store, username, form.get("password", ""), now=now()
                )
        except ProductError as error:
            return answer(request, _sign_in_page(wanted, username, error.message), status=403)
        await self._replace_session(request)
        return _welcome(request, token, wanted)

    async def link(self, request: Request) -> Response:
        # Opening shows a button only: programs that preview links must not use them up.
        return answer(request, _LINK_PAGE)

    async def use_link(self, request: Request) -> Response:
        try:
            token = await run_in_threadpool(
                service.use_link, self._store, request.path_params["token"], now=now()
            )
        except ProductError as error:
            person = _person(request)
            if person is not None and person.must_set_password:  # a double click: the first one got in
                return RedirectResponse(PASSWORD_PATH, 303)
            return answer(request, _LINK_PAGE.failed(error.message), status=403)
        return _welcome(request, token, PASSWORD_PATH)

    async def password(self, request: Request) -> Response:
        return answer(request, _password_page(_signed_in(request)))

    async def set_password(self, request: Request) -> Response:
        person, form = _signed_in(request), await read_form(request)
        new, keep = form.get("new", ""), session_token(request)
        account_id = person.actor.account_id
        assert account_id is not None  # a session always belongs to an account
        if new != form.get("again", ""):
            problem = Message(mark("The two new passwords differ. Type the same one twice."))
            return answer(request, _password_page(person).failed(problem), status=400)
        try:
            if person.must_set_password:
                await run_in_threadpool(
                    service.set_password, self._store, account_id, new, now=now(), keep=keep
                )
            else:
                await run_in_threadpool(
                    service.change_password,
                    self._store,
                    account_id,
                    form.get("current", ""),
                    new,
                    now=now(),
                    keep=keep,
                )
        except ProductError as error:
            return answer(request, _password_page(person).failed(error.message), status=400)
        return RedirectResponse("/", 303)

    async def sign_out(self, request: Request) -> Response:
        return answer(request, _SIGN_OUT_PAGE)

    async def do_sign_out(self, request: Request) -> Response:
        await self._replace_session(request)
        response = RedirectResponse(SIGN_IN_PATH, 303)
        forget_session(response)
        return response

    async def _replace_session(self, request: Request) -> None:
        """End the session this browser has, if any: signing in again starts a new one."""
        token = session_token(request)
        if token is not None:
            await run_in_threadpool(service.sign_out, self._store, token, now=now())


def _person(request: Request) -> SignedIn | None:
    person: SignedIn | None = request.state.person
    return person


def _signed_in(request: Request) -> SignedIn:
    person = _person(request)
    assert person is not None  # the gate lets nobody else through
    return person


def _welcome(request: Request, token: str, wanted: str) -> Response:
    response = RedirectResponse(wanted, 303)
    set_session(response, request, token)
    return response


def _sign_in_page(wanted: str, username: str = "", problem: Message | None = None) -> Page:
    return Page(
        title=mark("Sign in"),
        lead=mark("Enter your user name and password."),
        button=mark("Sign in"),
        fields=(_USERNAME.holding(username), _PASSWORD),
        hidden={"next": wanted},
        hint=mark("No account yet, or password forgotten? Your administrator sends you a sign-in link."),
        problem=problem,
    )


_LINK_PAGE = Page(
    title=mark("Your sign-in link"),
    lead=mark("The link works once. You choose your password in the next step."),
    button=mark("Continue"),
)

_SIGN_OUT_PAGE = Page(
    title=mark("Sign out"),
    lead=mark("What you saved stays. Work that is running in the background goes on."),
    button=mark("Sign out"),
    back=True,
)


def _password_page(person: SignedIn) -> Page:
    rule = Message(
        mark("At least {least} characters, and not your user name. A sentence is easier to remember."),
        {"least": MIN_LENGTH},
    )
    return Page(
        title=mark("Choose your password") if person.must_set_password else mark("Change your password"),
        lead=Message(mark("For the user name {username}."), {"username": person.username}),
        button=mark("Save password"),
        fields=(_NEW_PASSWORD, _AGAIN) if person.must_set_password else (_CURRENT, _NEW_PASSWORD, _AGAIN),
        hidden={},
        hint=rule,
        back=not person.must_set_password,
        username=person.username,
    )
