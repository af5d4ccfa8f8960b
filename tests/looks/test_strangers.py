"""Who is known to nobody at the school: by its policy a person is asked, he is taken out, or he is taken in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from adapters.database.schema import strangers
from adapters.simulator.entities import Member
from sync.updates import CAME, LEFT
from tests.laws.roads import rows
from tests.looks.conftest import AT_REST, FOREIGN, A, B, School

WITH_STRANGER = {"1": "member", "3": "admin", str(FOREIGN): "member"}


async def decided(school: School) -> list[Any]:
    return [(row.decision, row.decided_by) for row in await rows(school.road, select(strangers))]


async def test_a_person_is_asked_and_told_since_when(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.looks()
    seen_at = school.road.clock.now()
    school.road.clock.turn(hours=5)
    await school.looks()
    assert (await school.shown())[A] == WITH_STRANGER
    assert await school.needs_person() == {A: "strangers"}
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert [(a.kind, a.chat_id, a.since) for a in status.alarms if a.kind == "stranger"] == [("stranger", A, seen_at)]


async def test_where_he_is_gone_nobody_is_asked_any_more(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.looks()
    school.leaves(A, FOREIGN)
    await school.looks()
    assert (await school.needs_person(), await decided(school)) == ({}, [])


async def test_an_update_that_he_left_is_enough(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.told(CAME, A, FOREIGN)
    await school.settles()
    assert await school.needs_person() == {A: "strangers"}
    school.leaves(A, FOREIGN)
    await school.told(LEFT, A, FOREIGN)
    await school.settles()
    assert await school.needs_person() == {}


async def test_he_is_taken_out_where_the_school_wants_it_so(school: School) -> None:
    await school.chooses("revert")
    for _ in range(2):
        school.joins(A, FOREIGN)
        await school.looks()
        assert await school.shown() == AT_REST
    assert await decided(school) == []


async def test_he_stays_where_the_school_wants_it_so_and_that_is_remembered(school: School) -> None:
    await school.chooses("adopt")
    school.joins(A, FOREIGN)
    await school.looks()
    assert (await school.shown())[A] == WITH_STRANGER
    assert (await school.needs_person(), await decided(school)) == ({}, [("adopt", "директор")])
    await school.chooses("revert")
    school.leaves(A, FOREIGN)
    await school.looks()
    school.joins(A, FOREIGN)
    await school.told(CAME, A, FOREIGN)
    await school.settles()
    await school.looks()
    assert (await school.shown())[A] == WITH_STRANGER


async def test_who_was_asked_about_is_met_by_the_policy_that_is_chosen_then(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.looks()
    await school.chooses("revert")
    assert await school.shown() == AT_REST
    assert await school.needs_person() == {}


async def test_whom_the_platform_does_not_let_go_is_left_to_a_person(school: School) -> None:
    await school.chooses("revert")
    chat = school.road.platform.world.chats[school.chats[A]]
    chat.members[FOREIGN] = Member(school.road.clock.at, is_admin=True, is_owner=True)
    await school.looks()
    made = len(school.road.platform.world.calls)
    await school.looks()
    assert len(school.road.platform.world.calls) == made
    assert await school.needs_person() == {A: "strangers"}


async def test_who_turns_out_to_be_known_is_one_no_more(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.looks()
    await school.happens("student.enrolled", student_id="vera", class_id="b")
    await school.road.post([school.said.account("linked", "vera", str(FOREIGN))])
    await school.settles()
    school.road.clock.turn(seconds=1)
    await school.looks()
    assert await school.shown() == {**AT_REST, B: {**AT_REST[B], str(FOREIGN): "member"}}
    assert await school.needs_person() == {}


async def test_a_title_that_people_gave_is_kept_until_the_class_is_renamed(school: School) -> None:
    await school.chooses(titles="keep")
    world = school.road.platform.world
    world.rename(school.chats[A], "Лучший класс", school.road.clock.at)
    await school.looks()
    assert world.chats[school.chats[A]].title == "Лучший класс"
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert status.outbox.pending == 0
    await school.happens("class.renamed", class_id="a", name="6 a", school_year="2026/2027")
    await school.settles()
    school.road.clock.turn(seconds=1)
    await school.settles()
    assert world.chats[school.chats[A]].title == "6 a"
