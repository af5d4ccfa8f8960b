"""Whatever is delivered, in whatever order, to whomever, and whenever a process dies: each record is handled once, and
the records of a partition in their order.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.database.store import Database
from tests.laws.crashes import Crashed, DyingStore, Life
from tests.laws.profiles import share_of_examples
from tests.streams.memory import MemoryTopic, hired, next_offsets, refused, stream_of, taken_in

LENGTH = 12
HOLES, BAD, EMPTY = {4}, {1: {2}, 0: {7}}, {0: {3}}
ENDLESS = 1_000_000
NUMBERS = itertools.count(1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


def filled(topic: MemoryTopic) -> MemoryTopic:
    """Two partitions with a hole, bad records and one without a value."""
    for number, at in itertools.product((0, 1), range(LENGTH)):
        value = None if at in EMPTY.get(number, ()) else b"{" if at in BAD[number] else _event(topic, number, at)
        topic.add(number, value, hole=2 if at in HOLES else 0)
    return topic


def _event(topic: MemoryTopic, number: int, at: int) -> bytes:
    return hired(f"{topic.name}-{number}-{at:02}", f"s{number}")


def ids(topic: MemoryTopic, number: int) -> list[str]:
    left_out = BAD[number] | EMPTY.get(number, set())
    return [f"{topic.name}-{number}-{at:02}" for at in range(LENGTH) if at not in left_out]


async def check(database: Database, topic: MemoryTopic) -> None:
    """Everything once, in order; dead letters for what was bad, once; and offsets at the end."""
    taken = await taken_in(database, topic)
    for number in (0, 1):
        assert [id_ for partition, _, id_ in taken if partition == number] == ids(topic, number)
        placed = [offset for partition, offset, _ in taken if partition == number]
        assert placed == sorted(placed)
    assert [(partition, reason) for partition, _, reason in await refused(database, topic)] == [
        (0, "not_json"), (1, "not_json"),
    ]  # fmt: skip
    assert await next_offsets(database, topic) == {0: LENGTH + 2, 1: LENGTH + 2}


@dataclass(frozen=True)
class Delivery:
    """Records of a partition as they were brought, some of them lost on the way; the process dies in so many steps."""

    partition: int
    start: int
    length: int
    lost: frozenset[int]
    dies: int | None


DELIVERIES = st.lists(
    st.builds(
        Delivery,
        st.integers(0, 1),
        st.integers(0, LENGTH + 1),
        st.integers(1, LENGTH),
        st.frozensets(st.integers(0, LENGTH + 1), max_size=3),
        st.one_of(st.none(), st.integers(0, 20)),
    ),
    max_size=8,
)


@share_of_examples(0.4)
@given(DELIVERIES)
def test_any_delivery_in_any_order_is_handled_once(prepared_copy: str, deliveries: list[Delivery]) -> None:
    asyncio.run(_delivered(prepared_copy, deliveries))


@pytest.fixture(scope="module")
def prepared_copy(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database for all examples: each has a topic of its own there."""
    copy = shutil.copy(prepared_sqlite, tmp_path_factory.mktemp("deliveries") / "rollcall.db")
    return f"sqlite:///{copy}"


async def _delivered(url: str, deliveries: list[Delivery]) -> None:
    database, topic = Database(url), filled(MemoryTopic(f"topic-{next(NUMBERS)}"))
    try:
        await stream_of(database, topic).begin(topic.found())
        for one in deliveries:
            await _deliver(database, topic, one)
        for partition in topic.partitions:
            await stream_of(database, topic).catch_up(partition, topic.end(partition))
        await check(database, topic)
    finally:
        await database.close()


async def _deliver(database: Database, topic: MemoryTopic, one: Delivery) -> None:
    brought = [at for at in range(one.start, one.start + one.length) if at not in one.lost]
    store = DyingStore(database, Life(ENDLESS if one.dies is None else one.dies))
    with contextlib.suppress(Crashed):
        await stream_of(store, topic).take(topic.delivered(one.partition, brought))  # type: ignore[arg-type]


async def test_a_process_may_die_between_any_two_steps(database: Database) -> None:
    for steps in itertools.count():
        topic = filled(MemoryTopic(f"dies-{steps}"))
        died = await _dies(database, topic, steps)
        again = stream_of(database, topic)
        await again.begin(topic.found())
        for number in (0, 1):
            await again.take(topic.delivered(number, range(LENGTH + 2)))
        await check(database, topic)
        if not died:
            break
    assert steps > 15


async def _dies(database: Database, topic: MemoryTopic, steps: int) -> bool:
    stream = stream_of(DyingStore(database, Life(steps)), topic)  # type: ignore[arg-type]
    try:
        await stream.begin(topic.found())
        await stream.take([part for number in (0, 1) for part in topic.delivered(number, range(LENGTH + 2))])
    except Crashed:
        return True
    return False
