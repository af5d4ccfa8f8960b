"""H27: the same code in two chats; one chat with two codes; a code posted by a parent.

One code has one use, a chat of the platform is the room of one chat, and only who administrates a chat gives it away.
Each of the two is tried one after the other and at once, by two processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.database.schema import places, rooms, strangers
from adapters.database.store import Database
from adapters.simulator.ground import ALL_PERMISSIONS
from sync.adoption import Verdict
from sync.ids import AccountId, ChatId, OrganisationId
from sync.updates import POSTED, PlatformUpdate
from sync.use_cases.adopt_chats import Decided, adopt_chats, offer_adoption
from sync.use_cases.hear_updates import hear_updates
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told
from tests.road import Road

TEACHER, PARENT, STRANGER = 1, 2, 3
CLASS, PARENTS = "class:k", "parents:k"


class School:
    """One class on a platform whose account makes no chats, and a second process on the same database."""

    def __init__(self, road: Road, other: Database) -> None:
        self.road, self.other = road, other
        self.letters = 0
        self.posted = 0

    async def begins(self) -> None:
        told = Told()
        told.school("organisation.registered", name="Школа")
        told.school("employee.hired", employee_id="t", position_type="other")
        told.school("class.opened", class_id="k", name="5 А", school_year="2026/2027", homeroom_teacher_id="t")
        told.school("student.enrolled", student_id="p", class_id="k")
        told.school("guardian.assigned", guardian_id="g", student_id="p")
        told.account("linked", "t", str(TEACHER))
        told.account("linked", "g", str(PARENT))
        self.road.platform.capabilities = replace(self.road.platform.capabilities, makes_chats=False)
        self.road.knows("1", "2", "3")
        await self.road.post(told.events)
        await self.road.converge()

    def chat(self, owner: int = TEACHER, *others: int) -> int:
        world, at = self.road.platform.world, self.road.clock.at
        made = world.make_chat(owner, "наш", at, others).chat_id
        world.put_service(made, owner, ALL_PERMISSIONS, at)
        return made

    async def code(self, chat_id: str) -> str:
        self.letters += 1
        offer = await offer_adoption(
            self.road.database, OrganisationId("school"), ChatId(chat_id), lambda letters: letters[self.letters]
        )
        assert offer is not None
        return offer.code

    async def post(self, code: str, chat: int, by: int = TEACHER) -> None:
        self.posted += 1
        heard = PlatformUpdate(f"message {self.posted}", POSTED, str(chat), AccountId(str(by)), code)
        await hear_updates(self.road.database, "max", [heard])

    async def adopt(self, *, at_once: bool) -> list[Decided]:
        """Decides what was posted: by one process, or by two at the same time, a claim each."""
        platforms = {"max": self.road.platform}
        limit = 1 if at_once else 10
        stores = [self.road.database, self.other] if at_once else [self.road.database]
        decided: list[Decided] = []
        while True:
            both = await asyncio.gather(*(adopt_chats(store, platforms, limit) for store in stores))
            if not any(both):
                return decided
            decided += [each for one in both for each in one]

    async def adopted(self) -> dict[str, str]:
        async with self.road.database.reading() as connection:
            taken = select(rooms.c.chat_id, rooms.c.external_chat_id).where(rooms.c.external_chat_id.is_not(None))
            return {row.chat_id: row.external_chat_id for row in await connection.execute(taken)}


@pytest.fixture
async def school(road: Road) -> AsyncIterator[School]:
    other = Database(road.database.url.render_as_string(hide_password=False), clock=road.clock.of_database)
    made = School(road, other)
    await made.begins()
    yield made
    await other.close()


@pytest.fixture
async def school_of_two(roster: Road, accounts: Road) -> School:
    """On PostgreSQL; its first process can be paused."""
    made = School(roster, accounts.database)
    await made.begins()
    return made


async def the_same_code_in_two_chats(school: School) -> list[str]:
    code = await school.code(CLASS)
    for chat in (school.chat(), school.chat()):
        await school.post(code, chat)
    return ["adopted", "used"]


async def the_codes_of_two_in_one_chat(school: School) -> list[str]:
    chat = school.chat()
    for code in (await school.code(CLASS), await school.code(PARENTS)):
        await school.post(code, chat)
    return ["adopted", "chat_taken"]


async def two_codes_of_one_in_two_chats(school: School) -> list[str]:
    for chat in (school.chat(), school.chat()):
        await school.post(await school.code(CLASS), chat)
    return ["adopted", "room_taken"]


RIVALS = (the_same_code_in_two_chats, the_codes_of_two_in_one_chat, two_codes_of_one_in_two_chats)


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("posted", RIVALS, ids=lambda posted: posted.__name__)
async def test_of_two_claims_one_adopts(
    school: School, posted: Callable[[School], Awaitable[list[str]]], at_once: bool
) -> None:
    verdicts = await posted(school)
    decided = await school.adopt(at_once=at_once)
    assert sorted(one.verdict.value for one in decided) == verdicts
    [adopted] = [one.chat for one in decided if one.verdict is Verdict.ADOPTED]
    assert list((await school.adopted()).values()) == [adopted]
    await school.road.converge()
    assert school.road.platform.world.chats[int(adopted)].title in {"5 А", "5 А Родители"}


@pytest.mark.parametrize("posted", RIVALS, ids=lambda posted: posted.__name__)
async def test_who_decides_while_another_adopts_decides_by_what_that_one_writes(
    school_of_two: School, posted: Callable[[School], Awaitable[list[str]]]
) -> None:
    """It waits for it; or it passes over a claim on the same chat, which comes next."""
    school = school_of_two
    decided: list[Any] = []
    verdicts = await posted(school)

    async def adopt(store: Database) -> None:
        decided.extend(await adopt_chats(store, {"max": school.road.platform}, 1))

    stores = school.road.database, school.other
    await overlap(stores[0], "adopt", *(partial(adopt, store) for store in stores))
    decided += await school.adopt(at_once=False)
    assert sorted(one.verdict.value for one in decided) == verdicts
    assert len(await school.adopted()) == 1


async def test_a_code_posted_by_a_parent_adopts_nothing_and_is_still_good(school: School) -> None:
    chat, code = school.chat(TEACHER, PARENT), await school.code(CLASS)
    await school.post(code, chat, by=PARENT)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.NOT_AN_ADMIN]
    assert await school.adopted() == {}
    await school.post(code, chat)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.ADOPTED]


async def test_a_used_code_posted_again_changes_nothing(school: School) -> None:
    chat, code = school.chat(), await school.code(CLASS)
    await school.post(code, chat)
    await school.adopt(at_once=False)
    await school.road.converge()
    calls = list(school.road.platform.world.calls)
    await school.post(code, chat)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.USED]
    await school.road.converge()
    assert school.road.platform.world.calls == calls


async def test_adopting_begins_with_a_listing_and_writes_nothing_observed_but_unknown(school: School) -> None:
    chat = school.chat(TEACHER, STRANGER)
    await school.post(await school.code(CLASS), chat)
    await school.adopt(at_once=False)
    async with school.road.database.reading() as connection:
        room = (await connection.execute(select(rooms).where(rooms.c.chat_id == CLASS))).one()
        of_room = select(places.c.account, places.c.observed).where(places.c.room_no == room.room_no)
        observed = {row.account: row.observed for row in await connection.execute(of_room)}
        seen = (await connection.execute(select(strangers.c.account))).scalars().all()
    assert (room.observed_life, room.observed_title) == ("unknown", None)
    assert observed == {"": "out", str(TEACHER): "unknown"}
    assert seen == [str(STRANGER)]


async def test_where_the_service_is_no_administrator_yet_the_claim_waits_for_it(school: School) -> None:
    chat, world, at = school.chat(), school.road.platform.world, school.road.clock.at
    world.put_service(chat, TEACHER, (), at)
    await school.post(await school.code(CLASS), chat)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.LATER]
    assert await school.adopt(at_once=False) == []
    world.put_service(chat, TEACHER, ALL_PERMISSIONS, at)
    school.road.clock.turn(seconds=2)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.ADOPTED]


async def test_a_claim_on_a_room_whose_chat_is_being_made_waits_for_that(school: School) -> None:
    """Else there were two chats, and the one just made nobody's."""

    async def makes(in_flight: dict[str, object] | None) -> None:
        async with school.road.database.writing() as connection:
            room = update(rooms).where(rooms.c.chat_id == CLASS)
            await connection.execute(room.values(in_flight=in_flight))

    await school.post(await school.code(CLASS), school.chat())
    await makes({"act": "create", "persons": {}})
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.LATER]
    assert await school.adopted() == {}
    await makes(None)
    school.road.clock.turn(seconds=2)
    assert [one.verdict for one in await school.adopt(at_once=False)] == [Verdict.ADOPTED]


async def test_a_claim_is_given_up_with_its_code(school: School) -> None:
    chat, world = school.chat(), school.road.platform.world
    world.put_service(chat, TEACHER, (), school.road.clock.at)
    await school.post(await school.code(CLASS), chat)
    for _ in range(30):
        await school.adopt(at_once=False)
        school.road.clock.turn(hours=1)
    world.put_service(chat, TEACHER, ALL_PERMISSIONS, school.road.clock.at)
    assert await school.adopt(at_once=False) == []
