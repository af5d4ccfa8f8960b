"""L1, L2, L4: random histories down the whole road, in any batches, with deaths between any two steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import places, rooms
from sync.roster.facts import Facts
from sync.timelines import merged
from tests import oracle
from tests.histories import ORGANISATIONS
from tests.laws.crashes import dying
from tests.laws.profiles import share_of_examples
from tests.laws.roads import (
    FIRST_DAY,
    MORNING,
    assertions_of,
    fresh_road,
    full_histories,
    in_batches,
    in_the_world,
    numbered,
    replanned,
    rows,
    stored_assertions,
    told,
    unsettled,
)
from tests.road import Road

Event = dict[str, Any]

BATCHES = st.lists(st.integers(1, 12), min_size=1, max_size=5)
DEATHS = st.lists(st.one_of(st.none(), st.integers(0, 25)), min_size=1, max_size=6)
LASTING = {"homeroom", "chat_administrator"}


def posted(batch: Sequence[Event], road: Road) -> Awaitable[Any]:
    return road.post(batch)


async def take(road: Road, events: Sequence[Event], sizes: Sequence[int], deaths: Sequence[int | None]) -> None:
    """Posts the batches, each again after a death, with some settling in between that dies likewise."""
    for number, batch in enumerate(in_batches(events, sizes)):
        steps = deaths[number % len(deaths)]
        if steps is None or await dying(road, steps, partial(posted, batch)):
            await road.post(batch)
        if number % 2:
            continue
        await road.plan()
        if steps is None:
            await road.settle()
        else:
            await dying(road, steps, lambda dead: dead.settle())


async def check_day(road: Road, events: Sequence[Event], day: date) -> None:
    await road.converge()
    assert await replanned(road) == []
    await road.converge()
    assert await unsettled(road) == []
    await check_members(road, events, day)
    await check_reasons(road, events, day)


async def check_members(road: Road, events: Sequence[Event], day: date) -> None:
    for school in ORGANISATIONS:
        shown = await road.members(school)
        for chat_id, members in oracle.members(events, school, day, "max").items():
            assert shown.get(chat_id, {}) == members, (school, chat_id, day)


async def check_reasons(road: Road, events: Sequence[Event], day: date) -> None:
    """Whoever stands in a chat does so by reasons that hold; in one that is closed, by those that outlast it."""
    known = await numbered(road)
    desired = {school: oracle.desired(events, school, day) for school in ORGANISATIONS}
    open_rooms = {room.room_no: room for room in await rows(road, select(rooms)) if room.wanted_life == "open"}
    reasoned = set()
    for place in await rows(road, select(places)):
        names = {reason for reason, *_ in place.reasons}
        assert all(cause in known for _, _, cause, _ in place.reasons)
        if place.wanted != "out":
            assert place.cause_no in known
        if place.account != "" and place.observed != "out":
            reasoned.add((place.room_no, place.account))
            assert names
        room = open_rooms.get(place.room_no)
        if room is None:
            assert names <= LASTING
        elif names:
            assert desired[room.organisation_id][room.chat_id][place.person_id][1] == names
    assert (await in_the_world(road)).keys() <= reasoned


async def check_told(road: Road) -> None:
    """The changes told, applied in order, give the members; each names an event that was taken."""
    known = await numbered(road)
    members: dict[tuple[int, str], str] = {}
    for change in await told(road):
        assert change.cause_no in known
        if change.action in {"added", "role_changed"}:
            members[change.room_no, change.account] = change.role
        elif change.action == "removed":
            members.pop((change.room_no, change.account), None)
    assert members == await in_the_world(road)


async def whole_road(
    prepared: Path, events: list[Event], sizes: list[int], deaths: list[int | None], *, remembers: bool
) -> None:
    async with fresh_road(prepared, remembers=remembers) as road:
        await take(road, events, sizes, deaths)
        for days in range(6):
            road.clock.at = max(road.clock.at, MORNING + timedelta(days=days))
            await check_day(road, events, FIRST_DAY + timedelta(days=days))
        await check_told(road)
        assert not any(ingested.stalled for ingested in road.noticed)
        facts = Facts(assertions_of(events))
        kinds = {assertion.kind for assertion in facts.assertions()}
        timelines = (timeline for kind in kinds for timeline in facts.of(kind).values())
        expected = {
            (w.kind, w.key, w.version, w.effective_on) for assertions in timelines for w in merged((), assertions)
        }
        assert {(w.kind, w.key, w.version, w.effective_on) for w in await stored_assertions(road)} == expected
        await check_replay(road, events, sizes)


async def check_replay(road: Road, events: Sequence[Event], sizes: Sequence[int]) -> None:
    calls = list(road.platform.world.calls)
    for batch in in_batches(events[::-1], sizes):
        assert {taken.outcome for taken in await road.post(batch)} == {"duplicate"}
    await road.converge()
    assert road.platform.world.calls == calls


@share_of_examples(0.1)
@given(events=full_histories(), sizes=BATCHES, deaths=DEATHS, remembers=st.booleans())
def test_any_order_batches_and_deaths_end_as_the_rules_say(
    prepared_sqlite: Path, events: list[Event], sizes: list[int], deaths: list[int | None], remembers: bool
) -> None:
    asyncio.run(whole_road(prepared_sqlite, events, sizes, deaths, remembers=remembers))
