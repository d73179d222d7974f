"""`/health`: whether this server can serve, for a supervisor or a load balancer. It tells nothing else."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.store.engine import Store
from core.store.migrate import is_current


def route(store: Store, worker_alive: Callable[[], bool]) -> Route:
    """The route. 200 when the database answers with the newest schema, else 503; `worker` informs only."""

    async def health(_request: Request) -> JSONResponse:
        reachable, current = await run_in_threadpool(_look, store)
        ready = reachable and current
        return JSONResponse(
            {
                "status": "ok" if ready else "unavailable",
                "database": reachable,
                "schema": current,
                "worker": worker_alive(),
            },
            200 if ready else 503,
            {"cache-control": "no-store"},
        )

    return Route("/health", health, methods=["GET"])


def _look(store: Store) -> tuple[bool, bool]:
    try:
        return True, is_current(store)
    except SQLAlchemyError:
        return False, False
