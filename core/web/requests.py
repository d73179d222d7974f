"""What the gate and its pages read from a request: cookie, origin, language, and where to go afterwards."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from core.access.sessions import LONGEST
from core.language import LANGUAGES

SESSION_COOKIE = "customer_session"
LANGUAGE_COOKIE = "customer_language"
MAX_FORM_BYTES = 16_384
"""Our forms hold two short fields; anything larger is not one of them."""
_YEAR = 365 * 24 * 3600


def session_token(connection: HTTPConnection) -> str | None:
    """The session token of the cookie."""
    return connection.cookies.get(SESSION_COOKIE)


def set_session(response: Response, request: Request, token: str) -> None:
    """Hand the browser its session. Over https the cookie never travels in the clear."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def forget_session(response: Response) -> None:
    """Take the session cookie away."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")


def from_same_site(connection: HTTPConnection) -> bool:
    """Whether the browser says that one of our own pages sent this.

    Browsers send Origin with every form and websocket. Only the host is compared: behind a proxy that ends
    TLS the scheme differs.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") == "same-origin"
    try:
        return urlsplit(origin).netloc == connection.headers.get("host")
    except ValueError:  # no address at all, such as `http://[`
        return False


def wants_page(request: HTTPConnection) -> bool:
    """Whether a person asks for a page, as against a script that asks for data."""
    return request.scope.get("method") in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")


def same_site_path(wanted: str | None) -> str:
    """`wanted` when it is a path of this site (with its query), else the start page.

    Browsers take `//host` and `/\\host` for another site and drop control characters before they look.
    """
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return "/"
    if any(ord(character) < 32 or ord(character) == 127 for character in wanted):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted


def wanted_path(connection: HTTPConnection) -> str:
    """Path and query of the request itself."""
    query = connection.url.query
    return same_site_path(connection.url.path + (f"?{query}" if query else ""))


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form, the first value of each. Bodies too long or too full, and others than forms,
    are read as empty."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[0] for name, values in fields.items()}


def language_of(connection: HTTPConnection, chosen: str | None = None) -> str:
    """The language of our own pages: as asked in the address, the account's choice, asked earlier, the browser's."""
    for code in (
        connection.query_params.get("lang"),
        chosen,
        connection.cookies.get(LANGUAGE_COOKIE),
        _browser_language(connection.headers.get("accept-language", "")),
    ):
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


def keep_language(response: Response, request: Request) -> None:
    """Remember a language chosen by `?lang=` for the next pages."""
    code = request.query_params.get("lang")
    if code in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, code, max_age=_YEAR, httponly=True, samesite="lax")


def _browser_language(header: str) -> str | None:
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), tag.lower()))
        except ValueError:
            continue
    for _, tag in sorted(weighted, key=lambda item: -item[0]):
        for code in LANGUAGES:
            if tag.split("-")[0] == code.split("_")[0]:
                return code
    return None
