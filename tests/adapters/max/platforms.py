"""Servers in the place of the platform, that answer what the real one never should."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ssl import SSLContext

from aiohttp import web

from adapters.max.client import MaxClient, max_client

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(handler: Handler, tls: SSLContext | None = None) -> AsyncIterator[str]:
    """The address of a server that gives every request to `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    yield f"http{'s' if tls else ''}://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def client_of(handler: Handler) -> AsyncIterator[MaxClient]:
    async with answering(handler) as url, max_client(url, "a-token", call_timeout_s=30) as client:
        yield client


def texts(text: str) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type="application/json")

    return answer
