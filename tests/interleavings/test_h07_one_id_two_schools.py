"""H7. Two schools use one id, `k`, for a class, a group, a chat. Where ids were global, whoever claimed it later took
the other's chats: 30 pupils out and a chat archived by a name as plain as `5a`.

Classes, groups and chats belong to their school: (organisation, id) is their key, and neither knows of the other.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.interleavings.pauses import overlap
from tests.interleavings.told import Event, Told, shown
from tests.road import Road

SCHOOLS = {"a": "1", "b": "2"}

CLASS = {"class_id": "k", "name": "7 Б", "school_year": "2026/2027"}
GROUP = {"group_id": "k", "class_id": "k", "subject": "Алгебра", "name": "А", "teacher_id": None, "student_ids": None}
CHAT: dict[str, Any] = {
    "chat_id": "k", "name": "Алгебра", "chat_type": "subject", "group_id": "k", "employee_ids": [], "student_ids": []
}  # fmt: skip


@pytest.fixture
async def told(roster: Road) -> Told:
    """Two schools; a pupil of each says to be in class k."""
    told = Told()
    roster.knows(*SCHOOLS.values())
    for school, account in SCHOOLS.items():
        told.school("organisation.registered", school, name="Школа")
        told.school("student.enrolled", school, student_id=f"pupil-{school}", class_id="k")
        told.account("linked", f"pupil-{school}", account)
    await roster.post(told.events)
    return told


def opened(told: Told, school: str, source: str = "sis") -> list[Event]:
    return [
        told.school("class.opened", school, **CLASS, source=source),
        told.school("group.opened", school, **GROUP, source=source),
        told.school("chat.created", school, **CHAT, source=source),
    ]


async def check(road: Road, told: Told) -> None:
    await road.converge()
    for school in SCHOOLS:
        assert await shown(road, school) == told.members(school, road.clock.at.date())


@pytest.mark.parametrize("after", ["people.lock", "facts.timelines", "plans.load", "plans.open_rooms", "plans.write"])
async def test_two_schools_that_open_one_id_at_once_have_a_class_each(
    roster: Road, accounts: Road, told: Told, after: str
) -> None:
    by_a, by_b = opened(told, "a"), opened(told, "b")
    await overlap(roster.database, after, lambda: roster.post(by_a), lambda: accounts.post(by_b))
    await check(roster, told)
    for school, account in SCHOOLS.items():
        assert await shown(roster, school) == {chat: {account: "member"} for chat in ("class:k", "k")}


@pytest.mark.parametrize("source", ["sis", "another"])
async def test_what_happens_to_one_schools_class_makes_no_call_in_the_others(
    roster: Road, told: Told, source: str
) -> None:
    await roster.post([*opened(told, "a"), *opened(told, "b", source)])
    await roster.converge()
    world = roster.platform.world
    before = {chat.chat_id: set(chat.members) for chat in world.chats.values()}
    of_a = {room.external_chat_id for room in await rooms_of(roster, "a")}
    world.calls.clear()
    await roster.post(
        [
            told.school("class.renamed", "b", class_id="k", name="8 Б", source=source),
            told.school("chat.edited", "b", chat_id="k", remove_ids=["pupil-a", "pupil-b"], source=source),
            told.school("chat.deleted", "b", chat_id="k", source=source),
            told.school("group.closed", "b", group_id="k", source=source),
            told.school("class.closed", "b", class_id="k", source=source),
        ]
    )
    await check(roster, told)
    assert not {str(call.chat_id) for call in world.calls} & of_a
    assert {int(chat or 0): before[int(chat or 0)] for chat in of_a} == {
        int(chat or 0): set(world.chats[int(chat or 0)].members) for chat in of_a
    }


async def rooms_of(road: Road, school: str) -> list[Any]:
    from sqlalchemy import select  # noqa: PLC0415

    from adapters.database.schema import rooms  # noqa: PLC0415

    async with road.database.reading() as connection:
        return list(await connection.execute(select(rooms).where(rooms.c.organisation_id == school)))
