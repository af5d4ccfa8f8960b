"""The dispatcher against what a platform does to it: limits, outages, a token refused, many schools at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select

from adapters.database.schema import rooms
from adapters.database.settle.transaction import SettlingTransaction
from adapters.database.store import Database
from sync.errors import Failure, PlatformError
from sync.ids import RoomNo
from sync.ports.settling import Done
from sync.room import RoomWork
from sync.use_cases.settle_rooms import Dispatch, Settler, settle_rooms
from tests.doubles.platform import Action
from tests.road import Road

Event = dict[str, Any]

LONGEST_S = 60  # a test that stands still longer has failed


def told(number: int, type_: str, road: Road, **data: Any) -> Event:
    envelope = {"specversion": "1.0", "source": "sis", "id": str(number), "time": road.clock.at.isoformat()}
    return {**envelope, "type": type_, "data": data}


def schools(road: Road, sizes: dict[str, int], first_account: int = 1000) -> list[Event]:
    """Schools with so many classes each, one linked pupil a class."""
    events: list[Event] = []

    def tell(type_: str, **data: Any) -> None:
        events.append(told(len(events), type_, road, **data))

    for school, classes in sizes.items():
        tell("school.organisation.registered.v1", organisation_id=school, name=school)
        for number in range(classes):
            class_id, student, account = f"{school}-{number}", f"{school}-s{number}", str(first_account + len(events))
            tell("account.linked.v1", person_id=student, provider="max", external_user_id=account)
            tell("school.class.opened.v1", organisation_id=school, class_id=class_id, name="1", school_year="2026/2027")
            tell("school.student.enrolled.v1", organisation_id=school, student_id=student, class_id=class_id)
            road.knows(account)
    return events


async def test_a_limit_met_pauses_the_token_for_as_long_as_the_platform_says(road: Road) -> None:
    await road.post(schools(road, {"a": 3}))
    await road.plan()
    road.platform.outcomes.append(PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=30.0))
    road.clock.turn(seconds=1)
    await road.settle()
    tried = len(road.platform.world.calls)
    road.clock.turn(seconds=29)
    assert await road.settle() == 0
    assert len(road.platform.world.calls) == tried
    await road.converge()
    assert len(await road.members()) == 3


async def test_an_outage_lets_every_room_wait_and_loses_nothing(road: Road) -> None:
    await road.post(schools(road, {"a": 4}))
    await road.plan()
    until = road.clock.at + timedelta(minutes=5)

    def away(_: object) -> PlatformError | None:
        return PlatformError(Failure.BUSY, "connection.refused") if road.clock.at < until else None

    road.platform.outcome = away
    await road.converge()
    assert road.clock.at >= until
    assert len(await road.members()) == 4


async def test_a_token_refused_stops_its_own_schools_alone(road: Road) -> None:
    await road.post(schools(road, {"a": 2}))
    await road.plan()
    road.platform.outcome = lambda _: PlatformError(Failure.CREDENTIALS, "verify.token", retry_after_s=60.0)
    road.clock.turn(seconds=1)
    await road.settle()
    assert await road.settle() == 0
    road.platform.outcome = lambda _: None
    await road.converge()
    assert len(await road.members()) == 2


async def test_a_big_school_does_not_make_a_small_one_wait(road: Road) -> None:
    """Each school gets one room a round: the small one is served in the first rounds, whoever came first."""
    await road.post(schools(road, {"big": 30}))
    small = [event | {"id": f"small-{event['id']}"} for event in schools(road, {"small": 2}, 5000)]
    await road.post(small)
    await road.plan()
    road.clock.turn(seconds=1)
    await settle_rooms(road.dispatch, limit=6)
    assert {chat for chat in await road.members() if "small" in chat} == {"class:small-0", "class:small-1"}


# many rooms at once


async def planned(road: Road, classes: int) -> None:
    await road.post(schools(road, {"a": classes}))
    await road.plan()
    road.clock.turn(seconds=1)


async def test_a_call_that_takes_long_holds_up_no_other_room(road: Road) -> None:
    """Claims are refilled as rooms finish, not in rounds that wait for their slowest."""
    await planned(road, 6)
    hanging = asyncio.Event()

    async def hang_in_the_first(action: Action) -> None:
        if action.chat == "-1":
            await hanging.wait()

    road.platform.before = hang_in_the_first
    settler = Settler(road.dispatch, at_once=2)
    while sum(map(bool, (await road.members()).values())) < 5:
        await settler.go_on()
        await asyncio.sleep(0)
    hanging.set()
    await settler.rest()
    await road.settle()
    assert len([members for members in (await road.members()).values() if members]) == 6


class Stopped(Exception):  # noqa: N818 - what happened
    pass


@dataclass
class Refusing:
    """A store that cannot write what was answered in one room."""

    store: Database
    chat_id: str

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[SettlingTransaction]:
        async with self.store.settling() as tx:
            complete = tx.complete

            async def refusing(done: Sequence[Done]) -> dict[RoomNo, RoomWork | None]:
                if any(each.room.chat_id == self.chat_id and each.act for each in done):
                    raise Stopped
                return await complete(done)

            tx.complete = refusing  # type: ignore[method-assign]
            yield tx


async def test_an_answer_that_cannot_be_written_stops_no_other_room(road: Road) -> None:
    await planned(road, 4)
    dispatch = replace(road.dispatch, store=cast("Database", Refusing(road.database, "class:a-2")))
    with pytest.raises(Stopped):
        await settle_rooms(dispatch)
    assert {chat for chat, members in (await road.members()).items() if members} == {
        f"class:a-{number}" for number in (0, 1, 3)
    }
    road.clock.turn(seconds=road.dispatch.lease_s + 1)
    await road.converge()  # when its lease has ended, what it did is read back
    assert len(await road.members()) == 4


async def test_a_call_that_ends_in_a_bug_stops_no_other_room(road: Road) -> None:
    await planned(road, 4)

    def bug(action: Action) -> None:
        if action.chat == "-2":
            raise KeyError

    road.platform.outcome = bug
    with pytest.raises(KeyError):
        await road.settle()
    assert sorted(map(len, (await road.members()).values())) == [0, 1, 1, 1]


class Counting(Database):
    """A store that counts the rounds of settling that have committed."""

    rounds = 0

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[SettlingTransaction]:
        async with super().settling() as tx:
            yield tx
        self.rounds += 1


async def test_a_room_that_somebody_has_locked_waits_for_its_turn_and_is_not_lost(
    postgresql_url: str, road: Road
) -> None:
    database = Counting(postgresql_url, clock=road.clock.of_database)
    there = replace(road, database=database)
    await planned(there, 4)
    first_is_locked, others_are_done = asyncio.Event(), asyncio.Event()

    async def wait_in_the_first(action: Action) -> None:
        if action.chat == "-1":
            await first_is_locked.wait()

    async def lock_the_first() -> None:
        async with database.writing() as connection:
            await connection.execute(select(rooms).where(rooms.c.external_chat_id == "-1").with_for_update())
            first_is_locked.set()
            await others_are_done.wait()

    async def leased() -> list[str]:
        async with database.reading() as connection:
            own = select(rooms.c.external_chat_id).where(rooms.c.lease_until.is_not(None))
            return list((await connection.execute(own)).scalars())

    there.platform.before = wait_in_the_first
    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as tasks:
        settling = tasks.create_task(there.settle())
        while await leased() != ["-1"]:
            pass  # each look at the database lets the tasks go on
        tasks.create_task(lock_the_first())
        await first_is_locked.wait()
        while len([call for call in there.platform.world.calls if call.action == "add"]) < 4:
            await leased()
        seen = database.rounds
        while database.rounds < seen + 2:
            await leased()
        assert await leased() == ["-1"]  # it waits for its turn, and is not lost
        others_are_done.set()
    assert settling.result() == 4
    assert await leased() == []
    await database.close()


# the end


async def test_told_to_stop_it_ends_a_room_after_its_present_call(road: Road) -> None:
    await planned(road, 1)
    settler = Settler(road.dispatch, at_once=2)

    async def stop(_: Action) -> None:
        settler.stop()

    road.platform.before = stop
    await settler.go_on()
    await settler.rest()
    assert [call.action for call in road.platform.world.calls] == ["create_chat"]
    assert await settle_rooms(road.dispatch) == 1  # whoever is next has it at once, and finds all in order
    assert [call.action for call in road.platform.world.calls] == ["create_chat", "add"]


class NoSlot:
    @asynccontextmanager
    async def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield


async def test_told_to_stop_it_makes_no_call_that_still_waits_for_its_slot(road: Road) -> None:
    await planned(road, 3)
    waiting = Dispatch(road.database, {"max": road.platform}, NoSlot(), road.clock)
    settler = Settler(waiting, at_once=10)
    assert await settler.go_on() == 3
    await asyncio.sleep(0)
    settler.stop()
    await settler.rest()
    assert road.platform.world.calls == []
    assert await road.settle() == 3
    assert road.platform.world.calls[0].action == "create_chat"
