"""A record whose handling fails of something that nobody foresaw: three processes end of it, then it is set apart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from adapters.database.read.registry import no_ends, registry_of
from adapters.database.store import Database
from events import first_batch
from events import stream as streams
from events.dead_letters import discard, retry
from events.offsets import MOST_BAD, TOO_MANY_BAD
from sync.ids import OrganisationId
from sync.streams import Partition
from sync.titles import Titles
from sync.use_cases.ingest_events import Ingested, ingest_within
from sync.use_cases.plan_scopes import PlanningRules
from sync.views.registry import Window
from tests.road import START
from tests.streams.memory import MemoryTopic, hired, next_offsets, refused, stream_of, taken_in

DEATHS = 3
POISON = "poison"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Whether events with a poisonous id cannot be handled."""
    failing = True

    async def ingest(tx: Any, events: Sequence[Any], *more: Any) -> Ingested:
        if failing and any(event.event_id.startswith(POISON) for event in events):
            raise ZeroDivisionError("Иванова Анна")
        return await ingest_within(tx, events, *more)

    def set_failing(whether: bool) -> None:
        nonlocal failing
        failing = whether

    monkeypatch.setattr(streams, "ingest_within", ingest)
    return set_failing


async def lives(database: Database, topic: MemoryTopic, numbers: Sequence[int] = (0,)) -> bool:
    """A process that begins, is given everything at once, and ends of it or not."""
    stream = stream_of(database, topic)
    begun = await stream.begin(topic.found())
    parts = [
        part
        for number in numbers
        for part in topic.delivered(number, range(begun[Partition(topic.name, number)], 1000))
    ]
    try:
        await stream.take(parts)
    except ZeroDivisionError:
        return False
    return True


async def test_three_processes_end_of_it_and_then_it_is_set_apart(database: Database, fails: object) -> None:
    topic = MemoryTopic()
    topic.add(0, hired("a"), hired("b"), hired(POISON), hired("c"), hired("d"))
    topic.add(1, hired("x", "s2"), hired("y", "s2"))
    lived = [await lives(database, topic, (1, 0)) for _ in range(DEATHS + 1)]
    assert lived == [False] * DEATHS + [True]
    assert [id_ for _, _, id_ in await taken_in(database, topic)] == ["x", "y", "a", "b", "c", "d"]
    assert await refused(database, topic) == [(0, 2, "handling_failed")]
    assert await next_offsets(database, topic) == {0: 5, 1: 2}


async def test_what_stands_before_it_is_handled_before_the_first_process_ends(
    database: Database, fails: object
) -> None:
    topic = MemoryTopic()
    topic.add(0, hired("a"), hired("b"), hired(POISON), hired("c"))
    assert not await lives(database, topic)
    assert [id_ for _, _, id_ in await taken_in(database, topic)] == ["a", "b"]
    assert await next_offsets(database, topic) == {0: 2}


async def test_deaths_are_counted_for_each_record_anew(database: Database, fails: object) -> None:
    topic = MemoryTopic()
    topic.add(0, hired(POISON), hired("a"), hired(f"{POISON}-2"), hired("b"), hole=7)
    lived = [await lives(database, topic) for _ in range(2 * DEATHS + 1)]
    assert lived == [False] * 2 * DEATHS + [True]
    assert await refused(database, topic) == [(0, 7, "handling_failed"), (0, 9, "handling_failed")]


async def test_what_failed_for_a_while_is_handled_and_its_deaths_forgotten(
    database: Database, fails: Callable[[bool], None]
) -> None:
    topic = MemoryTopic()
    topic.add(0, hired(POISON))
    assert [await lives(database, topic) for _ in range(DEATHS)] == [False] * DEATHS
    fails(False)
    assert await lives(database, topic)
    assert await refused(database, topic) == []
    fails(True)
    topic.add(0, hired(f"{POISON}-2"))
    assert not await lives(database, topic)


async def test_it_is_an_alarm_and_quotes_nobody_until_somebody_has_seen_to_it(
    database: Database, fails: Callable[[bool], None]
) -> None:
    topic = MemoryTopic()
    topic.add(0, hired(POISON), hired(f"{POISON}-2"))
    while not await lives(database, topic):
        pass
    operations = registry_of(database.reading, Titles(), {}, no_ends, monotonic=time.monotonic).operations
    listed = (await operations.dead_letters(None, Window())).items
    assert "Иванова" not in str(listed)
    assert "ZeroDivisionError" in str(listed)
    [alarm] = (await operations.status(None, START)).alarms
    assert (alarm.kind, alarm.detail) == ("handling_failed", f"roster 0: dead letter {listed[0].id}")
    assert (await operations.status(frozenset({OrganisationId("s1")}), START)).alarms == []
    fails(False)
    assert isinstance(await retry(listed[0].id, database, PlanningRules(), START), Ingested)
    assert await discard(listed[1].id, database)
    assert (await operations.status(None, START)).alarms == []


# deaths that no exception tells of


class Killed(BaseException):
    """Nothing of the process is left to say so."""


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handling a poisonous event kills the process."""

    async def ingest(tx: Any, events: Sequence[Any], *more: Any) -> Ingested:
        if any(event.event_id.startswith(POISON) for event in events):
            raise Killed
        return await ingest_within(tx, events, *more)

    monkeypatch.setattr(streams, "ingest_within", ingest)


async def survives(database: Database, topic: MemoryTopic) -> bool:
    try:
        return await lives(database, topic)
    except Killed:
        return False


async def test_a_record_that_kills_its_process_is_set_apart_once_ten_have_died_of_it_alone(
    database: Database, kills: None
) -> None:
    topic = MemoryTopic()
    topic.add(0, hired("a"), hired("b"), hired(POISON), hired("c"), hired("d"))
    lived = [await survives(database, topic) for _ in range(first_batch.MOST_UNEXPLAINED + 3)]
    assert lived == [False] * (first_batch.MOST_UNEXPLAINED + 1) + [True] * 2
    assert [id_ for _, _, id_ in await taken_in(database, topic)] == ["a", "b", "c", "d"]
    assert await refused(database, topic) == [(0, 2, "handling_failed")]


async def told_to_stop(database: Database, topic: MemoryTopic, amid: asyncio.Event) -> None:
    """A process that is told to stop while it handles what it was given."""
    stream = stream_of(database, topic)
    begun = await stream.begin(topic.found())
    amid.clear()
    taking = asyncio.ensure_future(stream.take(topic.delivered(0, range(begun[Partition(topic.name, 0)], 1000))))
    await amid.wait()
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    await stream.rest()


async def test_who_was_told_to_stop_amid_a_record_died_of_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often; nor does it help those who do die of it to be believed."""
    topic, amid = MemoryTopic(), asyncio.Event()
    partition = topic.add(0, hired("a"))

    async def ingest(*_: Any) -> Ingested:
        amid.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(streams, "ingest_within", ingest)
    for _ in range(first_batch.MOST_UNEXPLAINED + 2):
        await told_to_stop(database, topic, amid)
    async with database.streaming() as tx:
        position = (await tx.positions.read([partition]))[partition]
    assert (position.next, position.deaths, position.begun) == (0, 0, None)
    monkeypatch.setattr(streams, "ingest_within", ingest_within)
    assert await lives(database, topic)
    assert (await refused(database, topic), await next_offsets(database, topic)) == ([], {0: 1})


async def test_a_stop_takes_no_other_process_s_note_along(database: Database, kills: None) -> None:
    topic = MemoryTopic()
    topic.add(0, hired("a"), hired(POISON))
    topic.add(1, hired("x", "s2"))
    assert not await survives(database, topic)
    stream = stream_of(database, topic)
    await stream.begin(topic.found())
    await stream.rest()
    lived = [await survives(database, topic) for _ in range(first_batch.MOST_UNEXPLAINED + 2)]
    assert lived[-1]
    assert await refused(database, topic) == [(0, 1, "handling_failed")]


async def test_whoever_is_killed_of_something_else_sets_nothing_apart(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time one record further on."""
    topic, left = MemoryTopic(), 0
    topic.add(0, *(hired(f"{number}") for number in range(9)))

    async def ingest(tx: Any, events: Sequence[Any], *more: Any) -> Ingested:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return await ingest_within(tx, events, *more)

    monkeypatch.setattr(streams, "ingest_within", ingest)
    for _ in range(12):
        left = 1 if await next_offsets(database, topic) else 0
        await survives(database, topic)
    left = 100
    assert await survives(database, topic)
    assert (await refused(database, topic), await next_offsets(database, topic)) == ([], {0: 9})


async def test_what_goes_well_writes_nothing_more_than_its_first_batch_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = MemoryTopic()
    topic.add(0, *(hired(f"{number}") for number in range(9)))
    noted: list[object] = []
    note = first_batch.note

    async def counted(*given: Any) -> Any:
        noted.append(given[1])
        return await note(*given)

    monkeypatch.setattr(first_batch, "note", counted)
    stream = stream_of(database, topic)
    await stream.begin(topic.found())
    for start in (0, 3, 6):
        await stream.take(topic.delivered(0, range(start, start + 3)))
    assert noted == [{Partition(topic.name, 0): 3}]
    async with database.streaming() as tx:
        assert (await tx.positions.read([Partition(topic.name, 0)])).popitem()[1].begun is None


async def test_where_nothing_can_be_handled_the_partition_stops(database: Database, fails: object) -> None:
    topic = MemoryTopic()
    partition = topic.add(0, *(hired(f"{POISON}-{number}") for number in range(MOST_BAD + 2)))
    while not await lives(database, topic):
        pass
    async with database.streaming() as tx:
        position = (await tx.positions.read([partition]))[partition]
    assert (position.next, position.stopped_why) == (MOST_BAD + 1, TOO_MANY_BAD)
