"""A school on VK, served: filled, a leaver out, a class archived, and never over three requests a second."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.simulator.entities import SERVICE_ID, User
from adapters.simulator.server import Simulator, simulator
from tests.rollcall.processes import Arrivals
from tests.rollcall.test_serve import ended_well, quiet, started

TEACHER, PUPILS, PARENT = 500, range(1, 9), 600
EVENTS = {"Content-Type": "application/cloudevents-batch+json"}

_numbers = itertools.count(1)


@dataclass
class Served:
    """A server, and the platform behind it."""

    url: str
    platform: Simulator
    session: aiohttp.ClientSession
    arrivals: Arrivals = field(default_factory=Arrivals)

    async def tell(self, *events: dict[str, Any]) -> None:
        assert await self.outcomes(*events) <= {"applied", "kept"}

    async def outcomes(self, *events: dict[str, Any]) -> set[str]:
        async with self.session.post(f"{self.url}/v1/events", json=events, headers=EVENTS) as response:
            assert response.status == 202
            return {each["outcome"] for each in (await response.json())["outcomes"]}

    async def chooses(self, **choice: str) -> int:
        async with self.session.patch(f"{self.url}/v1/organisations/s1", json=choice) as response:
            return response.status

    async def settled(self) -> dict[str, set[int]]:
        """The chats once nothing is on its way any more, by title, with the people but the service."""
        await quiet(self.session, self.url)
        return self.chats()

    def chats(self) -> dict[str, set[int]]:
        return {
            chat.title: {user_id for user_id, member in chat.members.items() if not member.is_owner}
            for chat in self.platform.world.chats.values()
        }


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    arrivals = Arrivals()
    settings = {
        "WEB_PORT": "0",
        "DATABASE_URL": f"sqlite:///{tmp_path}/served.db",
        "ADMIN_TOKEN": "root-of-the-tests",
        "VK_TOKEN": "simulator",
    }
    async with simulator(clock=arrivals) as platform:
        platform.world.put_users(User(account) for account in (TEACHER, *PUPILS, PARENT))
        async with (
            started("serve", **settings, VK_URL=platform.vk_url) as (serving, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            yield Served(url, platform, session, arrivals)
            await ended_well(serving)


def event(type_: str, **data: Any) -> dict[str, Any]:
    number = next(_numbers)
    of = {} if type_.startswith("account") else {"organisation_id": "s1"}
    time = f"2025-11-01T10:{number // 60:02}:{number % 60:02}Z"
    envelope = {"specversion": "1.0", "source": "sis", "id": str(number), "time": time}
    return {**envelope, "type": f"{type_}.v1", "data": of | data}


def linked(person: str, account: int, provider: str = "vk_id") -> dict[str, Any]:
    return event("account.linked", person_id=person, provider=provider, external_user_id=str(account))


async def test_a_school_that_chose_vk_has_its_chats_there(served: Served) -> None:
    await served.tell(event("school.organisation.registered", name="Школа"))
    assert await served.chooses(platform="vk", account="north") == 422
    assert await served.chooses(platform="vk") == 200
    opened = {"school_year": "2025/2026", "homeroom_teacher_id": "t"}
    await served.tell(
        event("school.employee.hired", employee_id="t", position_type="teaching_staff"),
        event("school.class.opened", class_id="7b", name="7 Б", **opened),
        *(event("school.student.enrolled", student_id=f"p{number}", class_id="7b") for number in PUPILS),
        event("school.guardian.assigned", student_id="p1", guardian_id="g", relation="mother"),
        linked("t", TEACHER),
        linked("g", PARENT),
        *(linked(f"p{number}", number) for number in PUPILS),
        linked("p2", 77, provider="max"),  # counts nowhere here
    )
    full = {"Учительская": {TEACHER}, "7 Б": {TEACHER, *PUPILS}, "7 Б Родители": {TEACHER, PARENT}}
    assert await served.settled() == full
    of_parents = [chat for chat in served.platform.world.chats.values() if PARENT in chat.members]
    assert [chat.members[TEACHER].is_admin for chat in of_parents] == [True]
    assert all(chat_id > 0 for chat_id in served.platform.world.chats)

    await served.tell(event("school.student.expelled", student_id="p1", reason="left"))
    left = {"7 Б": {TEACHER, *PUPILS} - {1}, "7 Б Родители": {TEACHER}}
    assert await served.settled() == full | left

    rest = PUPILS[1:]
    graduates = (event("school.student.expelled", student_id=f"p{number}", reason="graduated") for number in rest)
    await served.tell(*graduates, event("school.class.closed", class_id="7b"))
    closed = {"Учительская": {TEACHER}, "7 Б (архив)": {TEACHER}, "7 Б Родители (архив)": {TEACHER}}
    assert await served.settled() == closed
    assert {call.dialect for call in served.platform.world.calls} == {"vk"}
    assert served.arrivals.most_in_a_second() <= 3
    assert await served.outcomes(linked("t", SERVICE_ID)) == {"rejected"}
