"""The outbox is counted by the rooms that are busy: whatever happens, a place that differs is in one of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exists, select

from adapters.database.read.conditions import busy, differs
from adapters.database.read.platforms import Platforms
from adapters.database.schema import affected, places, rooms
from adapters.simulator.entities import SERVICE_ID
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.places import NOBODY
from tests.doubles.platform import PARTNER, Lost, Outcome
from tests.histories import ACCOUNTS
from tests.laws.crashes import dying
from tests.laws.profiles import share_of_examples
from tests.laws.roads import Event, fresh_road, full_histories, in_batches, rows
from tests.road import Road

PLAIN = replace(PARTNER, makes_chats=False, archives_chats=False)
OUTCOMES: list[Outcome] = [
    None,
    None,
    Lost.BEFORE,
    Lost.AFTER,
    *(PlatformError(failure, "told") for failure in Failure),
]
DEATHS = st.lists(st.one_of(st.none(), st.integers(0, 25)), min_size=1, max_size=6)
HANDS = st.lists(st.sampled_from(("left", "came", "removed", "chat")), min_size=1, max_size=4)


async def forgotten(road: Road) -> Sequence[Any]:
    """Places that differ, in rooms that nobody would look at; but for who left by himself, which is to be planned."""
    elsewhere = ~busy(Platforms({"max": road.platform.capabilities}))
    own = rooms.c.room_no == places.c.room_no
    return await rows(road, select(places, rooms).join(rooms, own).where(differs(places), elsewhere, ~_left))


_left = exists().where(
    affected.c.organisation_id == places.c.organisation_id,
    affected.c.id == places.c.person_id,
    places.c.left_at.is_not(None),
)


async def by_hand(road: Road, what: str) -> None:
    """Somebody leaves a chat, comes into it or is taken out; or nothing happened: the platform tells of it."""
    for chat in list(road.platform.world.chats.values())[:1]:
        there = sorted(user for user in chat.members if user != SERVICE_ID)
        user = there[0] if there else int(ACCOUNTS[0])
        if what == "came":
            user = int(ACCOUNTS[1])
            road.platform.world.join(chat.chat_id, user, road.clock.at)
        elif what in {"left", "removed"} and there:
            road.platform.world.leave(chat.chat_id, user, road.clock.at)
        async with road.database.settling() as tx:
            await tx.ask_read_backs(
                [("max", str(chat.chat_id), NOBODY if what == "chat" else AccountId(str(user)), what)]
            )


def posted(batch: Sequence[Event], road: Road) -> Awaitable[Any]:
    return road.post(batch)


async def lived(
    road: Road, batches: Sequence[Sequence[Event]], deaths: Iterator[int | None], hands: Iterator[str]
) -> None:
    for batch in batches:
        if await dying(road, next(deaths) or 25, partial(posted, batch)):
            await road.post(batch)
        assert await forgotten(road) == []
        await road.plan()
        assert await forgotten(road) == []
        for _ in range(2):
            steps = next(deaths)
            if steps is None:
                await road.settle()
            else:
                await dying(road, steps, lambda dead: dead.settle())
            assert await forgotten(road) == []
            road.clock.turn(seconds=40)
        await by_hand(road, next(hands))
        assert await forgotten(road) == []


def over_and_over(items: Sequence[Any]) -> Iterator[Any]:
    while True:
        yield from items


async def life(
    prepared: Path, events: list[Event], sizes: list[int], drawn: tuple[list[Any], list[Any], list[str]], able: bool
) -> None:
    outcomes, deaths, hands = drawn
    async with fresh_road(prepared) as road:
        road.platform.capabilities = PARTNER if able else PLAIN
        road.platform.outcomes = deque(outcomes)
        await lived(road, in_batches(events, sizes), over_and_over(deaths), over_and_over(hands))
        await road.converge()
        assert await forgotten(road) == []


@share_of_examples(0.15)
@given(
    events=full_histories(max_size=20),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    drawn=st.tuples(st.lists(st.sampled_from(OUTCOMES), max_size=25), DEATHS, HANDS),
    able=st.sampled_from((True, True, True, False)),
)
def test_a_place_that_differs_is_in_a_room_that_is_looked_at(
    prepared_sqlite: Path, events: list[Event], sizes: list[int], drawn: Any, able: bool
) -> None:
    asyncio.run(life(prepared_sqlite, events, sizes, drawn, able))
