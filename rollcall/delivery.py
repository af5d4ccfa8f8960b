"""Delivery of events from files: to the topics, to a server, or straight into the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Protocol

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from events.decode import decode
from events.intake import EventOutcome, Intake
from events.onto_topics import OntoTopics
from rollcall.kafka import open_topics
from rollcall.output import Exit, Failed
from rollcall.ready import ready_app
from rollcall.settings import Settings
from schemas.binding import BATCH
from sync.errors import TopicsUnavailable

TRIES = 6  # over half a minute: a server that is started anew is back by then


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The outcome of one event; a rejected one has its reason and its wrong fields."""

    outcome: str
    reason: str | None = None
    errors: Sequence[Mapping[str, str]] = ()


class Delivery(Protocol):
    async def deliver(self, events: Sequence[bytes]) -> list[DeliveryOutcome]:
        """Delivers one batch of structured events, in order. The same batch again is harmless.

        Raises:
            Failed: it cannot be delivered.
        """


@dataclass(frozen=True, slots=True)
class IntoDatabase:
    intake: Intake

    async def deliver(self, events: Sequence[bytes]) -> list[DeliveryOutcome]:
        now = datetime.now(UTC)
        taken = await self.intake.take([decode(event, (), now) for event in events])
        return [_from_intake(each) for each in taken]


def _from_intake(event: EventOutcome) -> DeliveryOutcome:
    if event.rejection is None:
        return DeliveryOutcome(event.outcome)
    errors = [{"pointer": wrong.pointer, "detail": wrong.detail} for wrong in event.rejection.errors]
    return DeliveryOutcome(event.outcome, event.rejection.reason, errors)


@dataclass(frozen=True, slots=True)
class ToTopics:
    topics: OntoTopics

    async def deliver(self, events: Sequence[bytes]) -> list[DeliveryOutcome]:
        now = datetime.now(UTC)
        batch = [decode(event, (), now) for event in events]
        try:
            async for attempt in _patiently(TopicsUnavailable):
                with attempt:
                    return [_from_intake(taken) for taken in await self.topics.take(batch)]
        except TopicsUnavailable as error:
            raise Failed(f"{error}; what was sent before is there, and can be sent again") from error
        raise AssertionError("tenacity ends by an answer or an error")


class _ServerAway(Exception):  # noqa: N818 - tried again
    """The server did not answer, or asked to retry later."""


@dataclass(frozen=True, slots=True)
class ToServer:
    url: str
    session: aiohttp.ClientSession

    async def deliver(self, events: Sequence[bytes]) -> list[DeliveryOutcome]:
        body = b"[" + b",".join(events) + b"]"
        try:
            async for attempt in _patiently(_ServerAway):
                with attempt:
                    return [_delivered(told) for told in await self._post(body)]
        except _ServerAway as error:
            raise Failed(f"{self.url} does not take events: {error}") from error
        raise AssertionError("tenacity ends by an answer or an error")

    async def _post(self, body: bytes) -> list[dict[str, Any]]:
        headers = {"Content-Type": BATCH}
        try:
            async with self.session.post(f"{self.url}/v1/events", data=BytesIO(body), headers=headers) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _ServerAway(type(error).__name__) from error
        if response.status in {429, 502, 503, 504}:
            raise _ServerAway(f"HTTP {response.status}")
        if response.status != 202:
            raise Failed(f"{self.url} refused the events: HTTP {response.status}")
        outcomes: list[dict[str, Any]] = json.loads(text)["outcomes"]
        return outcomes


def _patiently(away: type[Exception]) -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(away), stop=stop_after_attempt(TRIES), wait=wait_exponential(max=10), reraise=True
    )


def _delivered(told: Mapping[str, Any]) -> DeliveryOutcome:
    error = told.get("error") or {}
    return DeliveryOutcome(told["outcome"], error.get("reason"), error.get("errors", ()))


@asynccontextmanager
async def open_delivery(settings: Settings) -> AsyncIterator[Delivery]:
    """To the topics if a Kafka is set, else to the server if one is set, else straight into the database."""
    async with open_topics(settings) as topics:
        if topics is not None:
            yield ToTopics(topics.onto)
            return
    if settings.server_url is None:
        async with ready_app(settings) as app:
            yield IntoDatabase(app.intake(lambda _: None))
        return
    if settings.token is None:
        raise Failed("a server needs a token: set ROLLCALL_TOKEN or ROLLCALL_TOKEN_FILE", Exit.WRONG_USAGE)
    headers = {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=120)) as session:
        yield ToServer(settings.server_url.rstrip("/"), session)


def counted(delivered: Sequence[DeliveryOutcome]) -> dict[str, int]:
    return dict(sorted(Counter(each.outcome for each in delivered).items()))
