"""Closing idle connections: one with half a request's headers would otherwise stay open for ever."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import uvicorn

HEADERS_WITHIN_S = 30.0
LOOK_EVERY_S = 5.0


async def close_silent(
    server: uvicorn.Server, stopping: asyncio.Event, within_s: float = HEADERS_WITHIN_S, every_s: float = LOOK_EVERY_S
) -> None:
    """Closes connections that have had no request under way for `within_s` seconds, until told to stop."""
    since: dict[Any, float] = {}
    now = asyncio.get_running_loop().time
    while not stopping.is_set():
        silent = [each for each in server.server_state.connections if _is_silent(each)]
        since = {each: since.get(each, now()) for each in silent}
        for connection, at in since.items():
            if now() - at > within_s:
                connection.transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await stopping.wait()


def _is_silent(connection: Any) -> bool:
    """Whether no request has come whole, less its body, since the last was answered."""
    cycle = getattr(connection, "cycle", None)
    return cycle is None or cycle.response_complete
