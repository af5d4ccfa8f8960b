"""The HTTP API over the product's own app, where there is a Kafka."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from events.decode import decode, decode_batch
from rollcall.app import App, open_app
from rollcall.serving import dependencies_of
from rollcall.settings import Settings
from schemas.envelope import Event
from tests.servers.kafka import Kafka
from tests.servers.topics import records_of
from tests.web.conftest import serving


@dataclass
class Web:
    """Asks as the first day's administrator; gives status, body and headers."""

    app: App
    url: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        headers = {"Authorization": "Bearer root-of-the-tests"} | more.pop("headers", {})
        async with self.session.request(method, self.url + path, headers=headers, **more) as response:
            return response.status, await response.json(content_type=None), response.headers

    async def takes(self, *events: dict[str, Any]) -> None:
        """What another process reads from the topics."""
        now = self.app.clock.now()
        taken = await self.app.intake(lambda _: None).take(decode_batch(json.dumps(events).encode(), now))
        assert {each.outcome for each in taken} == {"applied"}

    async def queued(self, topic: str) -> list[tuple[str, Event]]:
        """Key and event of each record of a topic."""
        settings = self.app.settings
        found = await records_of(settings.kafka_bootstrap_servers or "", getattr(settings, f"kafka_topic_{topic}"))
        now = self.app.clock.now()
        return [(each.key.decode(), event(decode(each.value, each.headers, now))) for each in found]


def event(read: object) -> Event:
    assert isinstance(read, Event), read
    return read


def enrolled(number: int, school: str = "s1", **more: Any) -> dict[str, Any]:
    data = {"organisation_id": school, "student_id": f"p{number}", "class_id": "5a"}
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    return {**head, "id": str(number), "type": "school.student.enrolled.v1", "data": data} | more


def linked(person: str, account: str, number: int = 1) -> dict[str, Any]:
    data = {"person_id": person, "provider": "max", "external_user_id": account}
    return enrolled(number, source="links", type="account.linked.v1", data=data)


def web_over(monkeypatch: pytest.MonkeyPatch, kafka: Kafka, **settings: Any) -> AbstractAsyncContextManager[Web]:
    for name in list(os.environ):
        if name.startswith("ROLLCALL_"):
            monkeypatch.delenv(name)
    return _web(Settings(kafka_bootstrap_servers=kafka.bootstrap_servers, admin_token="root-of-the-tests", **settings))


@asynccontextmanager
async def _web(settings: Settings) -> AsyncIterator[Web]:
    async with (
        open_app(settings) as app,
        serving(dependencies_of(app)) as url,
        aiohttp.ClientSession() as session,
    ):
        yield Web(app, url, session)
