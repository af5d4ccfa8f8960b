"""H24: no false quiescence.

A status that reads pending (0), then an event moves from «to be planned» to pending, then reads what is to be planned
(0), says that all is done when nothing is. So it is read in the order of the road. And a room that waits for a person
does not count as pending, or quiescence would never come.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.read.platforms import Platforms
from adapters.database.read.queries import Queries
from adapters.database.store import Database
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import NEEDS_PERSON
from sync.streams import Partition, Position
from sync.titles import Titles
from sync.views.status import StatusView
from tests.interleavings.one_class import ANNA, CHAT, OneClass
from tests.interleavings.told import Told, shown
from tests.laws.roads import two_processes
from tests.road import Road

MOST_READINGS = 30
TOPIC = Partition("account.events", 0)


async def nothing() -> None: ...


class InterruptedBulk(Bulk):
    """Before its `interrupted_at`th reading something happens."""

    def __init__(
        self, connection: AsyncConnection, interrupted_at: int, meanwhile: Callable[[], Awaitable[Any]]
    ) -> None:
        super().__init__(connection)
        self.interrupted_at, self.meanwhile, self.readings = interrupted_at, meanwhile, 0

    async def fetch(self, statement: Any) -> Any:
        if self.readings == self.interrupted_at:
            await self.meanwhile()
        self.readings += 1
        return await super().fetch(statement)


async def status(
    database: Database, road: Road, at: int = -1, meanwhile: Callable[[], Awaitable[Any]] = nothing, end: int = 0
) -> tuple[StatusView, int]:
    """The status, with how many readings it took, where the topic goes up to `end`."""
    async with database.reading() as connection:
        bulk = InterruptedBulk(connection, at, meanwhile)
        read = Queries(bulk, Titles(), Platforms())
        return await read.status.status(None, road.clock.now(), {TOPIC: range(end)}), bulk.readings


def left_to_do(seen: StatusView) -> int:
    """What has to be 0 for all to be as desired."""
    box = seen.outbox
    assert seen.lag_records is not None
    return seen.lag_records + seen.inbox_unprocessed + box.pending + box.in_flight + box.retrying


async def with_pupil(road: Road, **more: str) -> Told:
    told = Told()
    road.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a", **more)
    await road.post(told.events)
    await road.converge()
    return told


async def test_what_moves_on_between_two_readings_is_seen_by_one_of_them(postgresql_url: str) -> None:
    async with two_processes(postgresql_url) as (road, other):
        told = await with_pupil(road)
        for reading in range(MOST_READINGS):
            await road.post([told.account("linked", "anna", "1")])
            seen, readings = await status(other.database, road, reading, road.plan)
            assert left_to_do(seen) > 0, reading
            if reading >= readings:
                break
            await road.post([told.account("unlinked", "anna")])
            await road.converge()
            assert left_to_do((await status(other.database, road))[0]) == 0
        else:
            raise AssertionError("the status takes more readings than the test knows of")


async def test_what_is_taken_from_the_topic_between_two_readings_is_seen_by_one_of_them(postgresql_url: str) -> None:
    async with two_processes(postgresql_url) as (road, other):
        told, end = await with_pupil(road), 0

        async def take(*events: dict[str, Any]) -> None:
            await road.post(events)
            async with road.database.streaming() as tx:
                await tx.positions.write({TOPIC: Position(end)})

        for reading in range(MOST_READINGS):
            end += 1
            linked = told.account("linked", "anna", "1")
            seen, readings = await status(other.database, road, reading, partial(take, linked), end)
            assert left_to_do(seen) > 0, reading
            if reading >= readings:
                break
            await take(told.account("unlinked", "anna"))
            await road.converge()
            assert left_to_do((await status(other.database, road, end=end))[0]) == 0
        else:
            raise AssertionError("the status takes more readings than the test knows of")


async def test_a_midnight_that_has_come_is_left_to_do_until_it_is_planned(road: Road) -> None:
    tomorrow = road.clock.at.date() + timedelta(days=1)
    told = await with_pupil(road, effective_on=str(tomorrow))
    await road.post([told.account("linked", "anna", "1")])
    await road.converge()
    assert left_to_do((await status(road.database, road))[0]) == 0
    road.clock.turn(hours=24)
    assert left_to_do((await status(road.database, road))[0]) > 0
    await road.converge()
    assert left_to_do((await status(road.database, road))[0]) == 0
    assert await shown(road) == {"class:5a": {"1": "member"}}


async def test_a_call_on_its_way_is_left_to_do_though_nothing_differs(road: Road) -> None:
    """Anna is added; she is expelled meanwhile, so that she is out, and wanted out: nobody knows yet."""
    school = OneClass(road)
    await school.begins()
    await school.anna_comes()
    dispatcher = school.dispatcher()
    await dispatcher.start()
    await school.anna_goes()
    assert await road.unsettled() == []
    assert left_to_do((await status(road.database, road))[0]) > 0
    await dispatcher.dies()
    await school.comes_to_rest()
    assert left_to_do((await status(road.database, road))[0]) == 0


async def test_what_is_to_be_read_back_is_left_to_do_when_it_is_due(road: Road) -> None:
    """What a webhook told may turn out to be so; a second look that lies ahead is not waited for."""
    school = OneClass(road)
    await school.begins(with_anna=True)
    for ahead_s, left in ((0, 1), (-30, 0)):
        road.clock.turn(seconds=-ahead_s)
        async with road.database.settling() as tx:
            await tx.ask_read_backs([("max", CHAT, AccountId(ANNA), "left")])
        road.clock.turn(seconds=ahead_s)
        assert left_to_do((await status(road.database, road))[0]) == left
        road.clock.turn(seconds=-ahead_s)
        await road.converge()
        assert left_to_do((await status(road.database, road))[0]) == 0


async def test_a_room_that_waits_for_a_person_is_not_pending(road: Road) -> None:
    told = await with_pupil(road)
    lacking = PlatformError(Failure.NEEDS_PERSON, "chat.denied")
    road.platform.outcome = lambda action: lacking if action.chat is not None else None
    await road.post([told.account("linked", "anna", "1")])
    await road.plan()
    for _ in range(4):
        await road.settle()
        road.clock.turn(seconds=1)
    seen, _ = await status(road.database, road)
    assert left_to_do(seen) == 0
    assert seen.waiting == 1
    assert [(room.chat_id, room.state) for room in seen.needs_person] == [("class:5a", NEEDS_PERSON)]
