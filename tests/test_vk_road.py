"""A school on VK, from its events to the chats: what is otherwise there than on MAX."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.schema import places
from adapters.simulator.entities import Call, Chat
from adapters.simulator.faults import Faults, Plan
from tests.interleavings.told import Told
from tests.road_over_http import RoadOverHttp, road_over_http
from tests.rollcall.processes import Arrivals

TEACHER = 500


@dataclass
class School:
    """Class 5a with a homeroom teacher and pupils, each linked to the account of their number."""

    road: RoadOverHttp
    said: Told = field(default_factory=Told)

    async def begins(self, pupils: int) -> None:
        self.said.school("organisation.registered", name="Школа")
        self.said.school("employee.hired", employee_id="t", position_type="other")
        opened = {"name": "5 А", "school_year": "2026/2027", "homeroom_teacher_id": "t"}
        self.said.school("class.opened", class_id="5a", **opened)
        self.said.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")
        self.links("t", TEACHER)
        for number in range(1, pupils + 1):
            self.enrols(number)
        await self.road.post(self.said.events)
        await self.road.converge()

    def links(self, person: str, account: int) -> None:
        self.road.knows(str(account))
        self.said.account("linked", person, str(account), provider="vk_id")

    def enrols(self, number: int) -> None:
        self.said.school("student.enrolled", student_id=f"p{number}", class_id="5a")
        self.links(f"p{number}", number)

    async def happens(self, *events: Any) -> list[Call]:
        """Takes events and lets everything come to rest; gives the writes of it."""
        before = len(self.calls)
        await self.road.post(events)
        await self.road.converge()
        return self.calls[before:]

    @property
    def calls(self) -> list[Call]:
        return self.road.stand_in.world.calls

    def chat(self, title: str) -> Chat:
        [found] = [chat for chat in self.road.stand_in.world.chats.values() if chat.title == title]
        return found

    def members(self, title: str) -> set[int]:
        return {user_id for user_id, member in self.chat(title).members.items() if not member.is_owner}

    async def refused(self) -> dict[str, str]:
        async with self.road.database.reading() as connection:
            rows = await connection.execute(select(places).where(places.c.refused_code.is_not(None)))
            return {row.person_id: row.refused_code for row in rows}


@pytest.fixture
async def school(sqlite_url: str) -> AsyncIterator[School]:
    async with road_over_http("vk", sqlite_url) as road:
        yield School(road)


async def test_a_class_of_30_comes_in_by_two_requests(school: School) -> None:
    await school.begins(30)
    assert school.members("5 А") == {*range(1, 31), TEACHER}
    chat_id = school.chat("5 А").chat_id
    made = [(call.action, len(call.user_ids)) for call in school.calls if call.chat_id == chat_id]
    assert made == [("create_chat", 0), ("add", 25), ("add", 6), ("set_admin", 1)]
    assert chat_id > 0
    assert {call.dialect for call in school.calls} == {"vk"}


async def test_a_chat_whose_making_is_not_answered_is_made_once_more_and_the_first_stays_empty(school: School) -> None:
    school.road.stand_in.simulation.faults = Faults(Plan(rates={"reset_after": 1}, until_calls=1))
    await school.begins(2)
    made = [chat for chat in school.road.stand_in.world.chats.values() if chat.title == "5 А"]
    assert [len(chat.members) for chat in made] == [1, 4]


async def test_a_closed_class_is_told_by_its_title_and_left_alone_then(school: School) -> None:
    await school.begins(3)
    await school.happens(school.said.school("class.closed", class_id="5a"))
    assert school.members("5 А (архив)") == {TEACHER}
    before = len(school.calls)
    for _ in range(3):
        await school.road.look()
        await school.road.converge()
    assert len(school.calls) == before


async def test_what_somebody_titles_so_is_no_archived_chat(school: School) -> None:
    await school.begins(3)
    chat = school.chat("5 А")
    school.road.stand_in.world.retitle(chat.chat_id, TEACHER, "5 А (архив)", school.road.clock.at)
    await school.road.look()
    await school.road.converge()
    assert chat.title == "5 А"
    school.enrols(4)
    await school.happens(*school.said.events[-2:])
    assert school.members("5 А") == {1, 2, 3, 4, TEACHER}


async def test_an_archived_chat_that_somebody_retitles_is_marked_again(school: School) -> None:
    await school.begins(3)
    await school.happens(school.said.school("class.closed", class_id="5a"))
    chat = school.chat("5 А (архив)")
    school.road.stand_in.world.retitle(chat.chat_id, TEACHER, "5 А", school.road.clock.at)
    await school.road.look()
    await school.road.converge()
    assert chat.title == "5 А (архив)"


async def test_in_a_full_chat_who_leaves_makes_room_and_who_does_not_fit_is_refused(school: School) -> None:
    await school.begins(3)
    school.road.stand_in.world.set_most(school.chat("5 А").chat_id, 5)
    before = len(school.said.events)
    school.enrols(4)
    school.enrols(5)
    school.said.school("student.transferred", student_id="p1", from_class_id="5a", to_class_id="5b")
    calls = await school.happens(*school.said.events[before:])
    assert school.members("5 А") == {2, 3, 4, TEACHER}
    assert school.members("5 Б") == {1}
    assert await school.refused() == {"p5": "chat.full"}
    assert len(calls) < 12  # who does not fit is not tried for ever


async def test_an_error_inside_the_platform_lets_the_room_rest_for_a_minute(school: School) -> None:
    await school.begins(1)
    school.enrols(2)
    await school.road.post(school.said.events[-2:])
    await school.road.plan()
    school.road.clock.turn(seconds=1)
    simulation = school.road.stand_in.simulation
    simulation.clock = arrivals = Arrivals()
    simulation.faults = Faults(Plan(seed=2, rates={"server_error": 1}, until_calls=1))
    await school.road.settle()
    assert len(arrivals.times) == 1
    school.road.clock.turn(seconds=55)
    assert await school.road.settle() == 0
    school.road.clock.turn(seconds=6)
    assert await school.road.settle() == 1
    assert school.members("5 А") == {1, 2, TEACHER}
