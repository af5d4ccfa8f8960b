"""The HTTP API where there is a Kafka: what is posted is on the topics, and nothing is said that is not so."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from events.decode import decode, decode_batch
from rollcall.parts import Parts, parts_of
from rollcall.serving import doors_of
from rollcall.settings import Settings
from schemas.envelope import Event
from tests.servers.kafka import Kafka
from tests.servers.topics import make_topics, records_of
from tests.web.conftest import BATCH, serving

_numbers = itertools.count(1)


@dataclass
class Web:
    parts: Parts
    url: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        headers = {"Authorization": "Bearer root"} | more.pop("headers", {})
        async with self.session.request(method, self.url + path, headers=headers, **more) as response:
            return response.status, await response.json(content_type=None), response.headers

    async def takes(self, *events: dict[str, Any]) -> None:
        """What another process reads from the topics."""
        now = self.parts.clock.now()
        taken = await self.parts.intake(lambda _: None).take(decode_batch(json.dumps(events).encode(), now))
        assert {each.outcome for each in taken} == {"applied"}

    async def queued(self, topic: str) -> list[tuple[str, Event]]:
        """Key and event of each record of a topic."""
        settings = self.parts.settings
        found = await records_of(settings.kafka_bootstrap_servers or "", getattr(settings, f"kafka_topic_{topic}"))
        now = self.parts.clock.now()
        return [(each.key.decode(), event(decode(each.value, each.headers, now))) for each in found]


def event(read: object) -> Event:
    assert isinstance(read, Event), read
    return read


def enrolled(number: int, school: str = "s1", **more: Any) -> dict[str, Any]:
    data = {"organisation_id": school, "student_id": f"p{number}", "class_id": "5a"}
    head = {"specversion": "1.0", "source": "sis", "time": "2026-11-01T10:00:00Z"}
    return {**head, "id": str(number), "type": "school.student.enrolled.v1", "data": data} | more


def linked(person: str, account: str, number: int = 1) -> dict[str, Any]:
    data = {"person_id": person, "provider": "max", "external_user_id": account}
    return enrolled(number, source="links", type="account.linked.v1", data=data)


@pytest.fixture
async def web(kafka: Kafka, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    number = next(_numbers)
    topics = {f"kafka_topic_{name}": f"queued-{name}-{number}" for name in ("roster", "accounts")}
    await make_topics(kafka.bootstrap_servers, topics.values())
    async with web_over(monkeypatch, kafka, database_url=sqlite_url, **topics) as running:
        yield running


def web_over(monkeypatch: pytest.MonkeyPatch, kafka: Kafka, **settings: Any) -> AbstractAsyncContextManager[Web]:
    for name in list(os.environ):
        if name.startswith("ROLLCALL_"):
            monkeypatch.delenv(name)
    return _web(Settings(kafka_bootstrap_servers=kafka.bootstrap_servers, admin_token="root", **settings))


@asynccontextmanager
async def _web(settings: Settings) -> AsyncIterator[Web]:
    async with (
        parts_of(settings) as parts,
        serving(doors_of(parts)) as url,
        aiohttp.ClientSession() as session,
    ):
        yield Web(parts, url, session)


async def test_what_is_posted_is_on_its_topic_in_order_under_its_key(web: Web) -> None:
    posted = [enrolled(number, f"s{number % 3}") for number in range(60)] + [linked("p1", "7", 60)]
    status, body, _ = await web.ask("POST", "/v1/events", json=posted, headers=BATCH)
    assert status == 202
    assert body["outcomes"] == [{"source": e["source"], "id": e["id"], "outcome": "queued"} for e in posted]
    found = await web.queued("roster")
    for school in ("s0", "s1", "s2"):
        own = [each for key, each in found if key == school]
        assert [each.id for each in own] == [e["id"] for e in posted if e["data"].get("organisation_id") == school]
    assert [(key, each.id) for key, each in await web.queued("accounts")] == [("p1", "60")]


async def test_what_is_wrong_is_rejected_and_stays_away_from_the_topics(web: Web) -> None:
    wrong, far = enrolled(2, type="school.student.enroled.v1"), enrolled(3, time="2999-01-01T00:00:00Z")
    _, body, _ = await web.ask("POST", "/v1/events", json=[enrolled(1), wrong, far], headers=BATCH)
    assert [each["outcome"] for each in body["outcomes"]] == ["queued", "rejected", "rejected"]
    assert [each.id for _, each in await web.queued("roster")] == ["1"]
    single = {"Content-Type": "application/cloudevents+json"}
    assert (await web.ask("POST", "/v1/events", json=wrong, headers=single))[0] == 422
    status, body, _ = await web.ask("POST", "/v1/events", json=enrolled(4), headers=single)
    assert (status, body["outcomes"]) == (202, [{"source": "sis", "id": "4", "outcome": "queued"}])


async def test_an_account_linked_by_hand_is_told_as_it_will_be(web: Web) -> None:
    path = "/v1/persons/p1/accounts/max"
    await web.takes(linked("p2", "7"))
    status, body, _ = await web.ask("PUT", path, json={"external_user_id": "7"})
    assert (status, body["external_user_id"], body["held_by_another"]) == (202, "7", True)
    [(key, told)] = await web.queued("accounts")
    assert (key, told.source, told.type) == ("p1", "rollcall", "account.linked.v1")
    assert (await web.ask("GET", path))[0] == 404  # nobody has read the topic
    await web.takes(json.loads(told.structured()))
    assert (await web.ask("GET", path))[1] == body


async def test_an_account_unlinked_by_hand_is_on_its_topic(web: Web) -> None:
    await web.takes(linked("p1", "7"))
    assert (await web.ask("DELETE", "/v1/persons/p1/accounts/max"))[0] == 204
    assert [told.type for _, told in await web.queued("accounts")] == ["account.unlinked.v1"]


async def test_without_a_broker_it_says_so_and_everything_else_is_answered(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Kafka()  # never started
    async with web_over(monkeypatch, broker, database_url=sqlite_url) as web:
        status, body, headers = await web.ask("POST", "/v1/events", json=[enrolled(1)], headers=BATCH)
        assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "5", "application/problem+json")
        assert "Send the same again" in body["detail"]
        assert (await web.ask("PUT", "/v1/persons/p1/accounts/max", json={"external_user_id": "7"}))[0] == 503
        only_wrong = [enrolled(1, type="school.student.enroled.v1")]
        status, body, _ = await web.ask("POST", "/v1/events", json=only_wrong, headers=BATCH)
        assert (status, body["outcomes"][0]["outcome"]) == (202, "rejected")
        assert [(await web.ask("GET", path))[0] for path in ("/readyz", "/v1/organisations")] == [200, 200]
    broker.stop()
