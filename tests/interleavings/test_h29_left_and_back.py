"""H29: who left by himself is respected, and comes back for a new reason.

The read-back writes when he left and touches the person. Whose every reason began before that stays out, though
desired; a reason that ended and came back is new, a repeated announcement is not. Nobody clears it: it is compared.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.database.schema import places, rooms
from sync.ids import AccountId
from tests.interleavings.told import Told, shown
from tests.laws.roads import replanned, rows
from tests.road import Road

OUT_BY_HIMSELF: dict[str, dict[str, str]] = {}
IN = {"class:5a": {"1": "member"}}


async def with_pupil(road: Road) -> Told:
    told = Told()
    road.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    await road.post(told.events)
    await road.converge()
    assert await shown(road) == IN
    return told


async def told_that_he_left(road: Road, why: str = "left", chat_id: str = "class:5a") -> None:
    """What a webhook leaves."""
    room = (await rows(road, select(rooms).where(rooms.c.chat_id == chat_id)))[0]
    async with road.database.settling() as tx:
        await tx.ask_read_backs([(room.platform_token, room.external_chat_id, AccountId("1"), why)])


async def leaves(road: Road, chat_id: str = "class:5a") -> None:
    road.clock.turn(seconds=10)
    del road.platform.world.chats[-1].members[1]
    await told_that_he_left(road, chat_id=chat_id)
    await road.converge()
    road.clock.turn(seconds=10)


async def test_who_left_stays_out_and_desired_whatever_is_repeated(road: Road) -> None:
    told = await with_pupil(road)
    await leaves(road)
    await road.post([told.school("student.enrolled", student_id="anna", class_id="5a")])
    await road.post([told.account("linked", "anna", "1")])
    await road.post([told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")])
    await road.converge()
    assert await replanned(road) == []
    assert await shown(road) == OUT_BY_HIMSELF
    place = (await rows(road, select(places).where(places.c.person_id == "anna")))[0]
    assert (place.wanted, [name for name, *_ in place.reasons]) == ("out", ["studies_in"])


async def test_a_reason_that_ended_and_came_back_puts_him_back(road: Road) -> None:
    told = await with_pupil(road)
    await leaves(road)
    await road.post([told.school("student.expelled", student_id="anna")])
    await road.converge()
    road.clock.turn(seconds=10)
    await road.post([told.school("student.restored", student_id="anna", class_id="5a")])
    await road.converge()
    assert await shown(road) == IN


async def test_a_reason_that_did_not_hold_puts_him_back(road: Road) -> None:
    told = await with_pupil(road)
    await leaves(road)
    await road.post([told.school("chat.edited", chat_id="class:5a", add_ids=["anna"])])
    await road.converge()
    assert await shown(road) == IN


async def test_when_the_new_reason_ends_he_is_out_again(road: Road) -> None:
    """When he left is compared, and never cleared."""
    told = Told()
    road.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    for number, person in enumerate(("vera", "olga"), 1):
        told.school("employee.hired", employee_id=person, position_type="administration")
        told.account("linked", person, str(number))
    await road.post(told.events)
    await road.converge()
    await leaves(road, "staff:school")
    assert await shown(road) == {"staff:school": {"2": "member"}}
    await road.post([told.school("organisation.chat_administrator_assigned", employee_id="vera")])
    await road.converge()
    assert await shown(road) == {"staff:school": {"1": "admin", "2": "member"}}
    await road.post([told.school("organisation.chat_administrator_assigned", employee_id="olga")])
    await road.converge()
    assert await shown(road) == {"staff:school": {"2": "admin"}}


async def test_the_old_news_doubled_before_he_is_put_back_does_not_keep_him_out(road: Road) -> None:
    told = await with_pupil(road)
    await leaves(road)
    await road.post([told.school("chat.edited", chat_id="class:5a", add_ids=["anna"])])
    road.clock.turn(seconds=10)
    await told_that_he_left(road)
    await road.converge()
    assert await shown(road) == IN


async def test_news_that_he_left_while_he_is_there_is_not_believed(road: Road) -> None:
    await with_pupil(road)
    await told_that_he_left(road)
    await road.converge()
    assert await shown(road) == IN
    assert await replanned(road) == []


@pytest.mark.parametrize("first", ["unlinked", "linked"])
async def test_who_left_is_not_put_back_by_linking_anew(road: Road, first: str) -> None:
    told = await with_pupil(road)
    road.knows("1", "2")
    await leaves(road)
    if first == "unlinked":
        await road.post([told.account("unlinked", "anna")])
        await road.converge()
    await road.post([told.account("linked", "anna", "2")])
    await road.converge()
    assert await shown(road) == OUT_BY_HIMSELF


async def test_who_is_removed_by_us_has_not_left(road: Road) -> None:
    told = await with_pupil(road)
    await road.post([told.school("student.expelled", student_id="anna")])
    await road.converge()
    await told_that_he_left(road, "told")
    await road.converge()
    await road.post([told.school("student.restored", student_id="anna", class_id="5a")])
    await road.converge()
    assert await shown(road) == IN
