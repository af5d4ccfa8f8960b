"""A chat in which we lack one right is looked at like any other: what can be done there is done."""

from __future__ import annotations

from adapters.simulator.entities import SERVICE_ID
from adapters.simulator.ground import ALL_PERMISSIONS
from tests.looks.conftest import ANNA, BORIS, TEACHER, A, School


def may(school: School, *but: str) -> None:
    """The teacher gives us all rights but these."""
    chat = school.chats[A]
    school.road.platform.world.put_service(chat, TEACHER, ALL_PERMISSIONS - set(but), school.road.clock.at)


async def cannot_rename(school: School) -> None:
    may(school, "change_chat_info")
    await school.happens("class.renamed", class_id="a", name="6 a", school_year="2026/2027")
    await school.settles()
    school.road.clock.turn(seconds=1)
    await school.settles()
    assert await school.needs_person() == {A: "needs_person"}


async def test_who_comes_in_where_we_may_not_set_the_title_is_taken_out_by_the_next_look(school: School) -> None:
    await cannot_rename(school)
    school.joins(A, BORIS)
    await school.looks()
    members = school.road.platform.world.chats[school.chats[A]].members
    assert members.keys() == {ANNA, TEACHER, SERVICE_ID}
    assert await school.needs_person() == {A: "needs_person"}


async def test_a_right_that_is_given_back_is_found_by_the_next_look(school: School) -> None:
    await cannot_rename(school)
    may(school)
    await school.looks()
    assert school.road.platform.world.chats[school.chats[A]].title == "6 a"
    assert await school.needs_person() == {}


async def test_a_chat_that_is_closed_to_us_costs_a_look_one_request_and_nothing_else(school: School) -> None:
    school.road.platform.world.set_rights(school.chats[A], lost=True, at=school.road.clock.at)
    await school.looks()
    asked: list[str] = []

    async def note(action: object) -> None:
        asked.append(str(action))

    school.road.platform.before = note
    await school.looks()
    assert len([each for each in asked if f"chat='{school.chats[A]}'" in each]) == 1
