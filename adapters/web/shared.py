"""Answers that need no token and cost the database something: however many ask, one is made at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

from sync.views.status import Readiness

T = TypeVar("T")


class Shared(Generic[T]):
    """What is made is for all who ask until it is there. Raises whatever making it raises."""

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self._make = make
        self._made: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        if self._made is None or self._made.done():
            self._made = asyncio.ensure_future(self._make())
        return await asyncio.shield(self._made)


def _metrics(request: Request) -> Shared[bytes]:
    shared: Shared[bytes] = request.app.state.metrics
    return shared


def _readiness(request: Request) -> Shared[Readiness]:
    shared: Shared[Readiness] = request.app.state.readiness
    return shared


Metrics = Annotated[Shared[bytes], Depends(_metrics)]
Ready = Annotated[Shared[Readiness], Depends(_readiness)]
