"""Files out: `/exports/<job>` for whoever asked for the job, `/exports/rejects/<import>` for rejected rows,
`/exports/tables/<offer>` for a table of a page, `/exports/reports/<report>/<form>` for a monthly report,
`/exports/minutes/<meeting>` for a weekly meeting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core import clock
from core.access.actor import Actor
from core.errors import ProductError
from core.operations.export_tables import Order, table_file
from core.operations.handing_out import job_file, rejects_file
from core.operations.reporting import report_file
from core.reviews.meeting_minutes import minutes_page
from core.store.engine import Store
from core.web.requests import language_of

Find = Callable[[Actor, Store, int], tuple[Path, str]]
"""Where the file of that id lies and the name to save it under; refuses whoever may not have it."""


def routes(store: Store) -> list[Route]:
    """The routes. 404 for whatever the person may not have, as if it did not exist."""
    return [
        _route(store, "/exports/{id:int}", job_file),
        _route(store, "/exports/rejects/{id:int}", rejects_file),
        Route("/exports/tables/{token}", partial(_send_table, store=store), methods=["GET"]),
        Route("/exports/reports/{id:int}/{form}", partial(_send_report, store=store), methods=["GET"]),
        _minutes(store),
    ]


async def _send_table(request: Request, store: Store) -> Response:
    """What the page that links here shows, sorted as asked (`?by=` a column's title, `&down`); gone once it is sent."""
    person, token, asked = request.state.person, request.path_params["token"], request.query_params
    order = Order(asked["by"], "down" in asked) if "by" in asked else None
    try:
        file, name = await run_in_threadpool(table_file, person.actor, store, token, order, now=clock.now())
    except ProductError as error:
        return PlainTextResponse(error.text(language_of(request, person.language)), 404)
    return _file(file, name, BackgroundTask(file.unlink, missing_ok=True))


async def _send_report(request: Request, store: Store) -> Response:
    """The report in the language of the page that links here."""
    person, form = request.state.person, request.path_params["form"]
    language = language_of(request, person.language)

    def find(actor: Actor, store: Store, report_id: int) -> tuple[Path, str]:
        return report_file(actor, store, report_id, form, language, now=clock.now())

    return await _answer(request, store, find)


def _minutes(store: Store) -> Route:
    """The minutes of a weekly meeting as a page to keep, in the language asked for (`?lang=`) or the reader's."""

    async def send(request: Request) -> Response:
        person = request.state.person
        language = language_of(request, person.language)
        number = request.path_params["id"]
        try:
            page, name = await run_in_threadpool(
                minutes_page, person.actor, store, number, language, now=clock.now()
            )
        except ProductError as error:
            return PlainTextResponse(error.text(language), 404)
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        }
        return Response(page, media_type="text/html; charset=utf-8", headers=headers)

    return Route("/exports/minutes/{id:int}", send, methods=["GET"])


def _route(store: Store, path: str, find: Find) -> Route:
    async def send(request: Request) -> Response:
        return await _answer(request, store, find)

    return Route(path, send, methods=["GET"])


async def _answer(request: Request, store: Store, find: Find) -> Response:
    person = request.state.person
    try:
        file, name = await run_in_threadpool(find, person.actor, store, request.path_params["id"])
    except ProductError as error:
        return PlainTextResponse(error.text(person.language or language_of(request)), 404)
    return _file(file, name)


def _file(file: Path, name: str, afterwards: BackgroundTask | None = None) -> FileResponse:
    return FileResponse(
        file,
        filename=name,
        media_type="application/octet-stream",
        headers={"cache-control": "no-store"},
        background=afterwards,
    )
