"""H12: the answer of a chat's creation is lost, and the second request makes a second chat.

Every try carries the room's own reference, and a platform that knows it gives the same chat again. One that does not
(VK) is asked for an empty chat, and people are added afterwards: what it made twice stays empty, and an orphan never
holds a pupil.
"""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from adapters.max.client import max_client
from adapters.simulator.server import simulator
from sync.errors import Failure, PlatformError
from sync.use_cases.settle_rooms import Dispatch, settle_rooms
from tests.doubles.platform import Action, Lost, Outcome, WorldPlatform
from tests.interleavings.told import Told, shown
from tests.road import NoLimit, Road

LOST: dict[str, Outcome] = {
    "on the way there": Lost.BEFORE,
    "on the way back": Lost.AFTER,
    "by an error of theirs": PlatformError(Failure.UNCONFIRMED, "internal.error"),
}


class Forgetful(WorldPlatform):
    """A platform that has no use for a reference: each creation makes a chat."""

    async def create_chat(self, title: str, nonce: str) -> str:
        return await WorldPlatform.create_chat(self, title, "")


async def pupil(road: Road) -> Told:
    """A class with one linked pupil, planned and not yet settled."""
    told = Told()
    road.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    await road.post(told.events)
    await road.plan()
    road.clock.turn(seconds=1)
    return told


def chats(road: Road) -> list[dict[str, str]]:
    """Who is in each chat that was ever made, archived ones aside."""
    return [road.shown(str(chat.chat_id)) for chat in road.platform.world.chats.values() if not chat.archived]


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("times", [1, 4])
async def test_however_often_the_answer_is_lost_there_is_one_chat(road: Road, lost: str, times: int) -> None:
    await pupil(road)
    road.platform.outcomes.extend([LOST[lost]] * times)
    await road.converge()
    assert chats(road) == [{"1": "member"}]
    assert await road.unsettled() == []


async def test_a_dispatcher_that_dies_with_the_creation_on_its_way_leaves_one_chat(road: Road) -> None:
    await pupil(road)
    made = asyncio.Event()

    async def hang(_: Action) -> None:
        made.set()
        await asyncio.Event().wait()

    road.platform.after = hang
    dying = asyncio.create_task(road.settle())
    await made.wait()
    dying.cancel()
    await asyncio.wait([dying])
    road.platform.after = WorldPlatform().after
    assert chats(road) == [{}]
    road.clock.turn(seconds=road.dispatch.lease_s + 1)
    await road.converge()
    assert chats(road) == [{"1": "member"}]


async def test_a_chat_that_nobody_is_for_any_more_is_found_and_not_left_open(road: Road) -> None:
    """The answer is lost, and then the class is closed: whether there is a chat is asked by making it once more."""
    told = await pupil(road)
    road.platform.outcomes.extend([Lost.AFTER, PlatformError(Failure.RETRY, "later")])
    await road.settle()
    await road.post([told.school("class.closed", class_id="5a")])
    await road.converge()
    assert chats(road) == []
    assert len(road.platform.world.chats) == 1


async def test_where_the_reference_is_not_known_the_orphan_is_empty(road: Road) -> None:
    road.platform = Forgetful()
    await pupil(road)
    road.platform.outcomes.append(Lost.AFTER)
    await road.converge()
    assert chats(road) == [{}, {"1": "member"}]
    assert await shown(road) == {"class:5a": {"1": "member"}}


async def test_over_http_there_is_one_chat_too(road: Road) -> None:
    async with (
        simulator(requests_per_second=0) as stand_in,
        max_client(stand_in.max_url, "simulator", call_timeout_s=5.0, partner_operations=True) as client,
        ClientSession() as session,
    ):
        road.platform = WorldPlatform(stand_in.world)
        await pupil(road)
        faults = {"seed": 1, "rates": {"reset_after": 1.0}, "until_calls": 1}
        async with session.post(f"{stand_in.url}/_sim/faults", json=faults) as answer:
            assert answer.status == 200
        dispatch = Dispatch(road.database, {"max": client}, NoLimit(), road.clock)
        while not await shown(road):
            road.clock.turn(seconds=5)
            await settle_rooms(dispatch)
        assert chats(road) == [{"1": "member"}]
