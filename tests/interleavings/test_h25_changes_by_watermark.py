"""H25: a change whose number is lower may be committed later; it is told all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.database.bulk import Bulk
from adapters.database.outgoing import UntoldChanges
from adapters.database.schema import changes
from adapters.database.settle.observations import CHANGE
from adapters.database.store import Database
from events.telling import change_message, tell
from schemas.messages import Message
from sync.errors import TopicsUnavailable

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Topic:
    """What was told, in order; it fails, or waits behind a record, where a test wants it to."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.away = False
        self.entered, self.go = asyncio.Event(), asyncio.Event()
        self.go.set()

    async def send(self, messages: Sequence[Message]) -> None:
        self.told += [json.loads(message.value) for message in messages]
        self.entered.set()
        await self.go.wait()
        if self.away:
            raise TopicsUnavailable

    @property
    def persons(self) -> list[str]:
        return [event["data"]["person_id"] for event in self.told]


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
async def first(postgresql_url: str) -> AsyncIterator[Database]:
    database = Database(postgresql_url)
    yield database
    await database.close()


@pytest.fixture
async def second(postgresql_url: str) -> AsyncIterator[Database]:
    database = Database(postgresql_url)
    yield database
    await database.close()


@asynccontextmanager
async def applied(database: Database, *persons: str) -> AsyncIterator[None]:
    """Changes of one transaction; it commits when the block ends."""
    async with database.writing() as connection:
        row = ("s1", 1, "staff:s1")
        rows = [(*row, person, "7", "added", "member", ["works_here"], 0, None, AT) for person in persons]
        await Bulk(connection).insert(changes, CHANGE, rows, conflict=("change_no",))
        yield


async def test_what_commits_later_with_a_lower_number_is_told(first: Database, second: Database, topic: Topic) -> None:
    async with applied(first, "earlier"):
        async with applied(second, "later"):
            pass
        assert await tell(UntoldChanges(first), change_message, topic.send) == 1
    assert await tell(UntoldChanges(first), change_message, topic.send) == 1
    assert (topic.persons, await tell(UntoldChanges(first), change_message, topic.send)) == (["later", "earlier"], 0)


async def test_what_was_told_and_not_noted_is_told_once_more_by_the_same_id(first: Database, topic: Topic) -> None:
    async with applied(first, "p"):
        pass
    topic.away = True
    with pytest.raises(TopicsUnavailable):
        await tell(UntoldChanges(first), change_message, topic.send)
    topic.away = False
    assert await tell(UntoldChanges(first), change_message, topic.send) == 1
    assert topic.told[0] == topic.told[1]


async def test_two_processes_tell_each_change_once_and_in_order(
    first: Database, second: Database, topic: Topic
) -> None:
    for person in "abc":
        async with applied(first, person):
            pass
    topic.go.clear()
    telling = asyncio.create_task(tell(UntoldChanges(first), change_message, topic.send))
    await topic.entered.wait()
    async with applied(second, "d"):
        pass
    async with asyncio.timeout(10):
        assert await tell(UntoldChanges(second), change_message, topic.send) == 0
    topic.go.set()
    assert (await telling, await tell(UntoldChanges(second), change_message, topic.send)) == (3, 1)
    assert topic.persons == ["a", "b", "c", "d"]
