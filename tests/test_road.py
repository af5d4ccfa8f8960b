"""Random histories down the whole road: in any order, twice, in any batches they end as the rules say."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import oracle
from tests.histories import ACCOUNTS, BASE_DAY, ORGANISATIONS, random_history
from tests.road import Road

Event = dict[str, Any]

FIRST_DAY = date(2026, 11, 2)  # later than any event's time
MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # of that day in every zone the histories know
AHEAD = FIRST_DAY + timedelta(days=3) - BASE_DAY


def in_batches(events: Sequence[Event], seed: int) -> Iterator[Sequence[Event]]:
    chance, rest = random.Random(seed), list(events)
    while rest:
        size = chance.randint(1, 12)
        yield rest[:size]
        rest = rest[size:]


def later(event: Event) -> Event:
    """The same event with its day moved ahead of the road's clock."""
    data = dict(event["data"])
    if data.get("effective_on"):
        data["effective_on"] = str(date.fromisoformat(data["effective_on"]) + AHEAD)
    return {**event, "data": data}


async def check(road: Road, events: Sequence[Event], day: date) -> None:
    for school in ORGANISATIONS:
        shown = await road.members(school)
        for chat_id, members in oracle.members(events, school, day, "max").items():
            assert shown.get(chat_id, {}) == members, (school, chat_id, day)


@pytest.mark.parametrize("seed", range(20))
async def test_random_histories_end_on_the_platform_as_the_rules_say(road: Road, seed: int) -> None:
    events = [later(event) for event in random_history(seed, 60)]
    road.knows(*ACCOUNTS)
    road.clock.at = MORNING
    for batch in in_batches(events, seed):
        await road.post(batch)
        if seed % 2:
            await road.converge()
    for days in range(6):
        road.clock.at = MORNING + timedelta(days=days)
        await road.converge()
        await check(road, events, FIRST_DAY + timedelta(days=days))
    assert not any(ingested.stalled for ingested in road.noticed)


@pytest.mark.parametrize("seed", range(5))
async def test_a_history_posted_again_makes_no_call(road: Road, seed: int) -> None:
    events = random_history(seed, 60)
    road.knows(*ACCOUNTS)
    for batch in in_batches(events, seed):
        await road.post(batch)
    await road.converge()
    calls = list(road.platform.world.calls)
    for batch in in_batches(events[::-1], seed):
        assert {taken.outcome for taken in await road.post(batch)} == {"duplicate"}
    await road.converge()
    assert road.platform.world.calls == calls
