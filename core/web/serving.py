"""The life of a server: what is made ready before the first request, the routes, and the worker beside it."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from core.store.engine import Store
from core.web import exports, health, sign_in
from core.web.startup import greeting, prepare, say
from core.web.worker import Worker


@dataclass(frozen=True)
class Serving:
    """One server process on one store."""

    store: Store
    worker: Worker
    address: Callable[[], str]
    """Gives scheme and host under which a browser on this machine reaches the server."""
    before: Sequence[Callable[[], None]] = ()
    """Steps of the layer above, run before the first request: checks, and imports that take long."""

    def routes(self) -> list[Route]:
        """Our own routes; the gate stands in front of them too."""
        return [
            *sign_in.routes(self.store),
            *exports.routes(self.store),
            health.route(self.store, self.worker.alive),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Make ready, start the worker, serve, and end the worker."""
        for step in self.before:
            step()
        prepare(self.store)
        send_at_once()
        # Streamlit collects garbage after every rerun; what was loaded by now stays for good and need not
        # be looked at each time, which took most of the time of a page.
        gc.collect()
        gc.freeze()
        self.worker.start()
        try:
            say(greeting(self.store, self.address()))
            yield
        finally:
            await run_in_threadpool(self.worker.stop)


def send_at_once() -> None:
    """Let every message of a page leave when it is sent, on all sockets that this process listens on.

    Otherwise TCP holds a small message back until the browser has acknowledged the one before, which cost each
    rerun some 40 ms. asyncio turns that off only where a socket names its protocol, and the one that Streamlit
    listens on does not; connections inherit the option from it.
    """
    for each in gc.get_objects():
        # The type itself is asked: some objects answer isinstance for another that is gone.
        if issubclass(type(each), socket.socket) and each.type == socket.SOCK_STREAM and each.fileno() >= 0:
            internet = each.family in {socket.AF_INET, socket.AF_INET6}
            if internet and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
