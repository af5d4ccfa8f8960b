"""H13: a reopened class has a new chat, and nobody is believed to be in it because he was in the old one.

(1) K is closed, its archiving is sent, the answer is lost. (2) K is opened again: a new chat on the platform. (3) Rows
of the old room must not speak for the new one: the homeroom teacher is added to it; who has left the school leaves the
old one. If closing and opening meet before the call went out, the room stays.
"""

from __future__ import annotations

from sqlalchemy import select

from adapters.database.schema import places, rooms
from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action, Lost
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told, shown
from tests.laws.roads import rows, two_processes, unsettled
from tests.road import Road

OPENED = {"class_id": "5a", "name": "5 А", "school_year": "2026/2027"}


async def with_class(road: Road) -> Told:
    """A class whose teacher and pupil are in its chats."""
    told = Told()
    road.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", **OPENED, homeroom_teacher_id="dmitri")
    told.school("employee.hired", employee_id="dmitri", position_type="teaching_staff")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "dmitri", "1")
    told.account("linked", "anna", "2")
    await road.post(told.events)
    await road.converge()
    return told


async def lives(road: Road) -> list[tuple[int, str, str]]:
    found = await rows(road, select(rooms).where(rooms.c.chat_id == "class:5a").order_by(rooms.c.life))
    return [(room.life, room.wanted_life, room.observed_life) for room in found]


async def test_archiving_whose_answer_is_lost_leaves_a_new_chat_to_the_reopened_class(road: Road) -> None:
    told = await with_class(road)
    road.platform.outcome = lambda action: Lost.AFTER if action.name == "archive_chat" else None
    await road.post([told.school("class.closed", class_id="5a")])
    for _ in range(4):
        await road.settle()
        road.clock.turn(seconds=1)
    road.platform.outcome = lambda _: None
    await road.post([told.school("class.opened", **OPENED)])
    await road.converge()
    assert await lives(road) == [(1, "archived", "archived"), (2, "open", "open")]
    assert (await road.members())["class:5a"] == {"1": "admin", "2": "member"}
    assert road.shown("-1") == {"1": "admin"}
    await road.post([told.school("employee.dismissed", employee_id="dmitri")])
    await road.converge()
    assert road.shown("-1") == {}
    assert await shown(road) == {"class:5a": {"2": "member"}}


async def test_closing_and_opening_before_the_call_went_out_keep_the_room(road: Road) -> None:
    told = await with_class(road)
    await road.post([told.school("class.closed", class_id="5a")])
    await road.post([told.school("class.opened", **OPENED)])
    await road.converge()
    assert await lives(road) == [(1, "open", "open")]
    assert (await road.members())["class:5a"] == {"1": "admin", "2": "member"}


async def test_opening_while_the_archiving_is_on_its_way_makes_a_new_chat(road: Road) -> None:
    told = await with_class(road)
    closed = told.school("class.closed", class_id="5a")
    reopened = told.school("class.opened", **OPENED)

    async def reopen(action: Action) -> None:
        if action.name == "archive_chat" and action.chat == "-1":
            await road.post([reopened])

    await road.post([closed])
    road.platform.before = reopen
    await road.converge()
    assert (await lives(road))[-1] == (2, "open", "open")
    assert (await road.members())["class:5a"] == {"1": "admin", "2": "member"}
    assert await unsettled(road) == []


async def test_a_class_closed_before_its_chat_was_made_leaves_nothing_to_do(road: Road) -> None:
    told = Told()
    road.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", **OPENED, homeroom_teacher_id="dmitri")
    told.school("employee.hired", employee_id="dmitri", position_type="teaching_staff")
    told.account("linked", "dmitri", "1")
    await road.post(told.events)
    await road.post([told.school("class.closed", class_id="5a")])
    await road.converge()
    assert await unsettled(road) == []
    waiting = await rows(road, select(places).where(places.c.wanted != places.c.observed))
    assert [place.person_id for place in waiting] == []


async def test_opening_planned_while_the_archiving_is_sent_does_not_keep_the_old_chat(postgresql_url: str) -> None:
    """Planning has read the room as not yet archived; the settler sends the call before planning writes."""
    async with two_processes(postgresql_url) as (road, settling):
        told = await with_class(road)
        await road.post([told.school("class.closed", class_id="5a")])
        later = PlatformError(Failure.RETRY, "later")
        road.platform.outcome = lambda action: later if action.name == "archive_chat" else None
        for _ in range(6):  # whoever leaves has left; the archiving is all that is still to do
            await road.settle()
            road.clock.turn(seconds=10)
        road.platform.outcome = lambda _: None
        road.clock.turn(seconds=300)
        reopened = told.school("class.opened", **OPENED)
        await overlap(road.database, "plans.load", lambda: road.post([reopened]), settling.settle)
        road.clock.turn(seconds=120)
        await road.converge()
        assert (await road.members()).get("class:5a") == {"1": "admin", "2": "member"}
