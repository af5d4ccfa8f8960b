"""A school whose platform account is a public bot: the whole product over HTTP, each of its steps made by the test."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from adapters.max.client import MaxClient
from adapters.simulator.server import Simulator, simulator
from events.decode import decode_batch
from rollcall.app import App, open_app
from rollcall.serving import dependencies_of
from rollcall.settings import Settings
from sync.use_cases.adopt_chats import Decided, adopt_chats
from sync.use_cases.hear_updates import hear_updates
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.settle_rooms import settle_rooms
from tests.web.conftest import serving

SECRET = "a-secret-of-the-test"
ADMIN_TOKEN = "root-of-the-tests"
TEACHER, PUPIL, PARENT, STRANGER = 7, 8, 9, 13


@dataclass
class Town:
    """`url` is where the product's HTTP API is, `running` the platform."""

    app: App
    running: Simulator
    session: aiohttp.ClientSession
    url: str
    decided: list[Decided] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def client(self) -> MaxClient:
        client = self.app.dispatch.platforms["max"]
        assert isinstance(client, MaxClient)
        return client

    # what the product does

    async def tell(self, kind: str, **data: Any) -> None:
        number = next(self.numbers)
        head = {"specversion": "1.0", "id": str(number), "source": "sis", "type": f"{kind}.v1"}
        event = head | {"time": f"2026-11-01T10:00:{number:02}Z", "data": data}
        taken = await self.app.intake(lambda _: None).take(
            decode_batch(json.dumps([event]).encode(), self.app.clock.now())
        )
        assert taken[0].outcome in {"applied", "kept"}

    async def hears(self) -> None:
        """Asks for updates once; what was posted to the web is heard there."""
        await asyncio.gather(*self.running.simulation.feed._posting)
        async with self.app.database.hearing() as tx:
            marker = await tx.marker("max")
        told = await self.client.read_updates(marker, timeout_s=0)
        await hear_updates(self.app.database, "max", told.updates, told.marker)

    async def rests(self) -> None:
        """All that is due now is done."""
        dispatch = self.app.dispatch
        for _ in range(50):
            await self.hears()
            planned = await plan_affected(self.app.database, self.app.rules, self.app.clock.now())
            decided = await adopt_chats(dispatch.store, dispatch.platforms)
            self.decided += decided
            if not await settle_rooms(dispatch) and not decided and planned is None:
                return
        raise AssertionError("it does not come to rest")

    # what people do

    async def sim(self, path: str, **body: Any) -> Any:
        async with self.session.post(f"{self.running.url}/_sim{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def people(self, *user_ids: int) -> None:
        for user_id in user_ids:
            await self.sim("/users", user_id=user_id)

    async def makes_chat(self, user_id: int, title: str = "наш класс", *others: int) -> int:
        """Somebody makes a chat of their own and adds the bot to it as an administrator."""
        made = await self.sim("/chats", user_id=user_id, title=title, user_ids=list(others))
        await self.sim(f"/chats/{made['chat_id']}/bot", user_id=user_id)
        return int(made["chat_id"])

    async def posts(self, chat: int, user_id: int, text: str) -> None:
        await self.sim(f"/chats/{chat}/messages", user_id=user_id, text=text)

    async def shown(self, chat: int) -> dict[int, str]:
        members = self.running.world.chats[chat].members
        own = 999_999_999_999
        return {who: "admin" if each.is_admin else "member" for who, each in members.items() if who != own}

    # what the web says

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"} | more.pop("headers", {})
        async with self.session.request(method, self.url + path, headers=headers, **more) as response:
            return response.status, await response.json(content_type=None)

    async def code(self, chat_id: str) -> str:
        status, offered = await self.ask("POST", f"/v1/organisations/s/chats/{chat_id}/adoption")
        assert status == 200, offered
        return str(offered["code"])

    async def needs_person(self) -> dict[str, str]:
        _, status = await self.ask("GET", "/v1/status")
        assert {status["outbox"][name] for name in ("pending", "in_flight", "retrying")} == {0}
        return {each["chat_id"]: each["state"] for each in status["needs_person"]}

    async def states(self, chat_id: str) -> dict[str, str]:
        _, listed = await self.ask("GET", f"/v1/organisations/s/chats/{chat_id}/members")
        return {each["person_id"]: each["state"] for each in listed["items"]}

    async def chat_state(self, chat_id: str) -> str:
        _, listed = await self.ask("GET", "/v1/organisations/s/chats")
        return next(str(each["state"]) for each in listed["items"] if each["chat_id"] == chat_id)


@pytest.fixture
async def town(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A school `s` with a class `k`: teacher t (7), pupil p (8), guardian g (9), all linked; nothing adopted yet."""
    for name in list(os.environ):
        if name.startswith("ROLLCALL_"):
            monkeypatch.delenv(name)
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(simulator(requests_per_second=0, sleep=_at_once))
        settings = Settings(
            database_url=database_url,
            max_url=running.max_url,
            max_token="simulator",
            max_webhook_secret=SECRET,
            max_requests_per_second=0,
            dispatch_linger_ms=0,
            admin_token=ADMIN_TOKEN,
        )
        app = await stack.enter_async_context(open_app(settings))
        url = await stack.enter_async_context(serving(dependencies_of(app)))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        made = Town(app, running, session, url)
        await found(made)
        yield made


async def _at_once(_seconds: float) -> None: ...


async def found(town: Town) -> None:
    await town.people(TEACHER, PUPIL, PARENT, STRANGER)
    of = {"organisation_id": "s"}
    await town.tell("school.organisation.registered", **of, name="Школа")
    await town.tell("school.employee.hired", **of, employee_id="t", position_type="other")
    year = {"name": "5 А", "school_year": "2026/2027"}
    await town.tell("school.class.opened", **of, class_id="k", homeroom_teacher_id="t", **year)
    await town.tell("school.student.enrolled", **of, student_id="p", class_id="k")
    await town.tell("school.guardian.assigned", **of, guardian_id="g", student_id="p")
    for person, account in (("t", TEACHER), ("p", PUPIL), ("g", PARENT)):
        await town.tell("account.linked", person_id=person, provider="max", external_user_id=str(account))
    await town.rests()
