"""Reading HTTP in small parts, so that large expensive bodies do not block other requests."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

AT_ONCE = 8 * 1024  # bytes: of a body in crumbs a thousand, 10 ms; by uvloop's own measure there would be 40,000


class SmallReads(asyncio.BufferedProtocol):
    """One connection. After each part everybody else has a turn. h11 bounds headers, to 16 KiB."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], **_: object) -> None:
        self._http = H11Protocol(config, server_state, app_state)
        self._buffer = bytearray(AT_ONCE)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._http.connection_made(cast(asyncio.Transport, transport))

    def connection_lost(self, exc: Exception | None) -> None:
        self._http.connection_lost(exc)

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - the protocol's
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if nbytes < AT_ONCE:
            self._http.data_received(bytes(self._buffer[:nbytes]))
            return
        self._http.transport.pause_reading()
        self._http.data_received(bytes(self._buffer))
        self._http.loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if not self._http.flow.read_paused and not self._http.transport.is_closing():
            self._http.transport.resume_reading()
