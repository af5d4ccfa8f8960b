"""What a request may send, and how long it may take over it: bounds for all routes, before anything is decoded."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 4 * 1024 * 1024  # bytes, of events
LARGEST_UPDATE = 1024 * 1024  # a message has 4,000 characters and its attachments' addresses
LARGEST_ORDER = 64 * 1024  # whatever else is told: a few fields
LARGEST = {"/v1/events": LARGEST_BODY, "/webhooks/": LARGEST_UPDATE}
HEARD_OUT = 16 * LARGEST_BODY
MOST_AT_A_TIME = 100
MOST_BYTES = 16 * LARGEST_BODY  # of all bodies together, until their requests are answered
WITHIN_S = 30.0

BUSY = {"Retry-After": "1"}


class BoundedBodies:
    """Whoever reads a body gets at most as much of it as its route takes, within WITHIN_S; MOST_AT_A_TIME are read at a
    time, and MOST_BYTES held. What is beyond that is answered by 413, 408 and 503.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._held = _Held()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._held, largest_at(scope["path"]))
        try:
            await self._app(scope, body.receive, send)
        finally:
            body.let_go()


def largest_at(path: str) -> int:
    """How many bytes a body may have there."""
    return next((most for begin, most in LARGEST.items() if path.startswith(begin)), LARGEST_ORDER)


class _Held:
    """What is held of all bodies: those that are being read, and how many bytes."""

    def __init__(self) -> None:
        self.reading: set[_Body] = set()
        self.size = 0


class _Body:
    def __init__(self, receive: Receive, held: _Held, most: int) -> None:
        self._receive, self._all, self._most = receive, held, most
        self._size, self._held, self._begun_at, self._over = 0, 0, 0.0, False

    def let_go(self) -> None:
        self._all.reading.discard(self)
        self._all.size -= self._held

    async def receive(self) -> Message:
        """The next part of the body. Raises HTTPException where it goes beyond a bound."""
        if self._over:
            return await self._receive()
        message = await self._next()
        while self._size > self._most:  # heard out, though not for ever: else the sender would not hear why
            if self._over or self._size > HEARD_OUT:
                raise HTTPException(413, f"A body has at most {self._most} bytes here")
            message = await self._next()
        self._hold(len(message.get("body", b"")))
        return message

    def _hold(self, size: int) -> None:
        if self._all.size + size > MOST_BYTES:
            raise HTTPException(503, "Too much is being read; send the same again", BUSY)
        self._held += size
        self._all.size += size

    async def _next(self) -> Message:
        now = asyncio.get_running_loop().time()
        if self not in self._all.reading:
            if len(self._all.reading) >= MOST_AT_A_TIME:
                raise HTTPException(503, "Too many bodies are being read; send the same again", BUSY)
            self._all.reading.add(self)
            self._begun_at = now
        try:
            async with asyncio.timeout(self._begun_at + WITHIN_S - now):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, f"The body did not come within {WITHIN_S:g} s", {"Connection": "close"}) from error
        self._size += len(message.get("body", b""))
        if not message.get("more_body", False):
            self._over = True
            self._all.reading.discard(self)
        return message
