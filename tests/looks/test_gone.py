"""A chat that people delete: nobody is in it, nobody is late in leaving it, and no stranger is asked about there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from adapters.database.schema import changes
from sync.ids import OrganisationId
from sync.views.registry import Window
from tests.looks.conftest import ANNA, FOREIGN, TEACHER, A, School


async def states(school: School) -> dict[str, tuple[str, str | None]]:
    listed = await school.registry.schools.members(OrganisationId("school"), A, Window(), excluded=False)
    assert listed is not None
    return {member.person_id: (member.state, member.waits_for) for member in listed.items}


async def test_who_belongs_there_waits_for_a_chat_and_is_in_none(school: School) -> None:
    school.road.platform.world.delete_chat(school.chats[A])
    await school.looks()
    assert await states(school) == {"anna": ("waiting", "chat"), "t": ("waiting", "chat")}
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert (status.waiting, status.outbox.pending) == (2, 0)
    assert await school.needs_person() == {A: "gone"}


async def test_that_they_are_out_is_told_once(school: School) -> None:
    before = await told_of(school)
    school.road.platform.world.delete_chat(school.chats[A])
    await school.looks()
    await school.looks()
    news = (await told_of(school))[len(before) :]
    assert [(each.action, each.person_id, each.account, each.role) for each in news] == [
        ("removed", "anna", str(ANNA), None),
        ("removed", "t", str(TEACHER), None),
    ]
    assert [each.reasons for each in news] == [["studies_in"], ["homeroom"]]
    assert all(each.cause_no for each in news)


async def told_of(school: School) -> list[Any]:
    async with school.road.database.reading() as connection:
        chosen = select(changes).where(changes.c.chat_id == A).order_by(changes.c.change_no)
        return list(await connection.execute(chosen))


async def test_who_left_the_school_has_left_it_with_the_chat(school: School) -> None:
    school.road.platform.world.delete_chat(school.chats[A])
    await school.happens("student.expelled", student_id="anna")
    await school.looks()
    school.road.clock.turn(minutes=10)
    assert await school.alarms() == []
    assert await states(school) == {"t": ("waiting", "chat")}


async def test_where_a_class_is_closed_besides_nobody_is_needed(school: School) -> None:
    school.road.platform.world.delete_chat(school.chats[A])
    await school.looks()
    await school.happens("class.closed", class_id="a")
    await school.settles()
    assert await school.needs_person() == {}


async def test_a_stranger_who_was_asked_about_is_gone_with_it(school: School) -> None:
    school.joins(A, FOREIGN)
    await school.looks()
    assert await school.alarms() == [("stranger", A)]
    school.road.platform.world.delete_chat(school.chats[A])
    await school.looks()
    assert await school.alarms() == []
    assert await school.needs_person() == {A: "gone"}
