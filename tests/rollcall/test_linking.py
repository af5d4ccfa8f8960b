"""Linking as it is served: asked on a page, answered in MAX, heard by whatever way, in the chats a moment later.

Phones and names are planted, and found nowhere but in the columns that are for them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from adapters.max.updates import Told
from adapters.simulator.entities import Message
from adapters.simulator.server import Simulator, simulator
from events.decode import decode_batch
from rollcall.app import App, open_app
from rollcall.hearing import hear
from rollcall.linking import open_linking
from rollcall.roles import SERVE
from rollcall.settings import Settings
from rollcall.workers import noticed
from sync.errors import Failure, PlatformError
from sync.ids import AccountId, OrganisationId, PersonId
from sync.linking.outcomes import CodeSent, HeldByAnother, Linked, NotMatched, Requested, Visitor
from sync.ports.identity import BotStarted, answer_of
from sync.use_cases.linking import bot
from sync.use_cases.linking.linking import Linking
from tests.rollcall.test_personal_data import FIRST, LAST, PLANTED

PHONE, UNKNOWN = "+79035550199", "+79035550198"
PATIENCE_S = 60
VISITOR = Visitor(PersonId("anna"), OrganisationId("s1"), "sis", "session-of-anna")
EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("school.organisation.registered", {"name": "Школа № 1"}),
    ("school.class.opened", {"class_id": "5a", "name": "5 А", "school_year": "2026/2027"}),
    ("school.student.enrolled", {"student_id": "anna", "class_id": "5a"}),
    ("school.student.enrolled", {"student_id": "boris", "class_id": "5a"}),
    ("school.person.described", {"person_id": "anna", "last_name": LAST, "first_name": FIRST}),
]


@dataclass
class Served:
    app: App
    running: Simulator
    session: aiohttp.ClientSession

    @property
    def linking(self) -> Linking:
        assert self.app.linking is not None
        return self.app.linking

    async def sim(self, path: str, **body: Any) -> Any:
        async with self.session.post(f"{self.running.url}/_sim{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    @property
    def messages(self) -> list[Message]:
        return self.running.world.messages

    async def has_said(self) -> bool:
        return bool(self.messages)

    async def is_asked(self) -> Message | None:
        """The question with its buttons, once it is there."""
        return next((each for each in self.messages if any(map(answer_of, each.payloads))), None)

    async def connects(self) -> None:
        """Whose phone it is presses «Подключить»."""
        question: Message = await self.until(self.is_asked)
        yes = next(each for each in question.payloads if (answer_of(each) or (0, False))[1])
        await self.sim(f"/messages/{question.mid}/press", user_id=7, payload=yes)

    async def until(self, seen: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if found := await seen():
                    return found
                await asyncio.sleep(0.1)

    async def is_linked(self) -> bool:
        standing = await self.linking.standing(VISITOR.person_id, VISITOR.organisation_id, "max")
        return isinstance(standing.step, Linked) and standing.step.phone == PHONE

    async def is_in_the_chat(self) -> bool:
        return any(7 in chat.members for chat in self.running.world.chats.values())


@asynccontextmanager
async def served(database_url: str, **more: Any) -> AsyncIterator[Served]:
    async with simulator(requests_per_second=0) as running, aiohttp.ClientSession() as session:
        settings = Settings(
            database_url=database_url,
            max_url=running.max_url,
            max_token="simulator",
            max_requests_per_second=0,
            max_bot_name="school_bot",
            secret_key="a secret of the tests with 32 bytes",
            **more,
        )
        async with open_app(settings) as opened, open_linking(opened, SERVE) as app, asyncio.TaskGroup() as tasks:
            of = {"organisation_id": "s1"}
            batch = [
                {
                    "specversion": "1.0", "source": "sis", "id": str(number), "type": f"{kind}.v1",
                    "time": "2025-11-01T10:00:00Z", "data": of | data,
                }
                for number, (kind, data) in enumerate(EVENTS)
            ]  # fmt: skip
            await app.intake(noticed(app)).take(decode_batch(json.dumps(batch).encode(), app.clock.now()))
            for worker in SERVE.workers(app):
                tasks.create_task(worker)
            made = Served(app, running, session)
            await made.sim("/users", user_id=7, phone=PHONE, first_name=FIRST, last_name=LAST)
            try:
                yield made
            finally:
                app.stopping.set()


def found_in(texts: list[str]) -> list[str]:
    planted = (*PLANTED, UNKNOWN.strip("+"), PHONE[2:])
    return [name for text in texts for name in planted if name.casefold() in text.casefold()]


def written_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("rollcall.db*"))


async def test_asked_confirmed_and_in_the_chat(database_url: str, tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs:
        async with served(database_url, max_partner_operations=True) as on:
            assert await on.linking.ask_confirmation(VISITOR, UNKNOWN) == NotMatched()
            assert isinstance(await on.linking.ask_confirmation(VISITOR, PHONE), Requested)
            await on.connects()
            await on.until(on.is_linked)
            await on.until(on.is_in_the_chat)
            other = Visitor(PersonId("boris"), OrganisationId("s1"), "sis", "session-of-boris")
            assert await on.linking.ask_confirmation(other, PHONE) == HeldByAnother()
    assert {"events.taken", "deeds.heard"} <= {entry["event"] for entry in logs}
    assert found_in([json.dumps(logs, default=str, ensure_ascii=False)]) == []
    if database_url.startswith("sqlite"):
        assert PHONE[2:].encode() not in written_in(tmp_path)


async def test_without_partner_operations_by_a_link_and_a_contact(sqlite_url: str) -> None:
    async with served(sqlite_url) as on:
        requested = await on.linking.ask_confirmation(VISITOR, PHONE)
        assert isinstance(requested, Requested)
        assert requested.deep_link is not None
        link, _, payload = requested.deep_link.partition("?start=")
        assert link.endswith("/school_bot")
        await on.sim("/bot/start", user_id=7, payload=payload)
        await on.until(on.has_said)
        await on.sim("/contacts", user_id=7)
        await on.connects()
        await on.until(on.is_linked)


async def test_by_the_code_that_max_sends(sqlite_url: str) -> None:
    async with served(sqlite_url, max_partner_operations=True) as on:
        assert isinstance(await on.linking.send_code(VISITOR, PHONE), CodeSent)
        async with on.session.get(f"{on.running.url}/_sim/codes") as response:
            [told] = await response.json()
        assert isinstance(await on.linking.check_code(VISITOR, told["code"]), Linked)
        assert await on.is_linked()


@pytest.mark.parametrize("forged", [True, False])
async def test_a_contact_that_is_not_the_senders_own_links_nothing(sqlite_url: str, forged: bool) -> None:
    async with served(sqlite_url) as on:
        await on.sim("/users", user_id=8, phone="+79000000008", first_name="Б", last_name="Б")
        requested = await on.linking.ask_confirmation(VISITOR, PHONE)
        assert isinstance(requested, Requested)
        assert requested.deep_link is not None
        await on.sim("/bot/start", user_id=8, payload=requested.deep_link.partition("?start=")[2])
        await on.until(on.has_said)
        await on.sim("/contacts", user_id=8, of=7, forged=forged)

        async def asked_again() -> bool:
            return [each.user_id for each in on.messages if each.sender_id != 8] == [8, 8]

        await on.until(asked_again)
        assert await on.is_asked() is None


async def test_a_deed_that_fails_of_a_fault_of_ours_keeps_no_other_from_being_heard(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = [ValueError("a fault"), PlatformError(Failure.BUSY, "test")]

    async def fails(*_: object) -> None:
        raise failures[0]

    monkeypatch.setattr(bot, "hear", fails)
    async with served(sqlite_url) as on:
        told = Told([], None, 0, (BotStarted("1", AccountId("7"), "none"),))
        with structlog.testing.capture_logs() as logs:
            await hear(on.app, "max", told)
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["deed.failed"]
        failures.pop(0)
        with pytest.raises(PlatformError):  # it is told again
            await hear(on.app, "max", told)
