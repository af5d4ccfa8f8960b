"""Updates on their way out: kept until they are asked for, or posted to whoever subscribed."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.simulator.max_bodies import Payload

Body = Mapping[str, Any]
Sleep = Callable[[float], Awaitable[None]]

KEPT = 100_000
SECRET = re.compile(r"[A-Za-z0-9_-]{5,256}")
SECRET_HEADER = "X-Max-Bot-Api-Secret"  # noqa: S105 - its name
ANSWERED_WITHIN_S = 30.0
AGAIN_S = tuple(2.0**again for again in range(10))  # up to ten times more; the platform's own delays are not documented


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address that updates are posted to. Without `update_types` all of them are."""

    url: str
    secret: str | None = field(repr=False)
    update_types: frozenset[str]
    since_ms: int

    def wants(self, body: Body) -> bool:
        return not self.update_types or body["update_type"] in self.update_types


class Feed:
    """Numbers updates from `first`. They go to the subscribers, or, without any, wait to be asked for.

    `sleep` is awaited before an update that was not answered with 200 is posted again.
    """

    def __init__(self, first: int, sleep: Sleep = asyncio.sleep) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self._next = first
        self._sleep = sleep
        self._kept: deque[tuple[int, Body]] = deque(maxlen=KEPT)
        self._came = asyncio.Event()
        self._posting: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def put(self, body: Body) -> None:
        if self.subscriptions:
            self._post_to_all(body)
            return
        self._kept.append((self._next, body))
        self._next += 1
        self._came.set()

    def subscribe(self, subscription: Subscription) -> None:
        if not subscription.url.startswith(("http://", "https://")):
            raise Payload("url: must begin with http:// or https://")
        if subscription.secret is not None and not SECRET.fullmatch(subscription.secret):
            raise Payload("secret: must have 5 to 256 of A-Z, a-z, 0-9, _ and -")
        self.subscriptions[subscription.url] = subscription

    async def after(
        self, marker: int | None, kinds: Collection[str], limit: int, timeout_s: float
    ) -> tuple[list[Body], int]:
        """Up to `limit` updates from the marker on, waiting for the first, and the next marker; what is before the
        marker is forgotten.
        """
        while marker is not None and self._kept and self._kept[0][0] < marker:
            self._kept.popleft()
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := self._wanted(kinds)):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            return [], self._next
        found = found[:limit]
        return [body for _, body in found], found[-1][0] + 1

    def _wanted(self, kinds: Collection[str]) -> list[tuple[int, Body]]:
        return [(number, body) for number, body in self._kept if not kinds or body["update_type"] in kinds]

    def _post_to_all(self, body: Body) -> None:
        for subscription in self.subscriptions.values():
            if subscription.wants(body):
                posting = asyncio.get_running_loop().create_task(self._post(subscription, body))
                self._posting.add(posting)
                posting.add_done_callback(self._posting.discard)

    async def _post(self, subscription: Subscription, body: Body) -> None:
        for again_s in AGAIN_S:
            if await self._accepted(subscription, body):
                return
            await self._sleep(again_s)
        await self._accepted(subscription, body)

    async def _accepted(self, subscription: Subscription, body: Body) -> bool:
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWERED_WITHIN_S))
        headers = {SECRET_HEADER: subscription.secret} if subscription.secret is not None else {}
        try:
            async with self._session.post(subscription.url, json=body, headers=headers) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def close(self) -> None:
        for posting in self._posting:
            posting.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
