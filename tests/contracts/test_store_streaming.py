"""The contract of stores that take topics in: offsets move from where they stand, dead letters stay as they came."""

from __future__ import annotations

from dataclasses import replace

from adapters.database.schema import dead_letters, offsets
from adapters.database.store import Database
from sync.streams import DeadLetter, Partition, Position
from tests.contracts.stores import SECOND, rows
from tests.road import START

ROSTER_0, ROSTER_1, ACCOUNTS_0 = Partition("roster", 0), Partition("roster", 1), Partition("accounts", 0)
STOPPED = Position(7, (1 << 200) - 1, START, "too_many_bad_records")
LETTER = DeadLetter(
    ROSTER_0, 4, b"\xffkey", (("ce_id", b"\x00\xfe"), ("empty", None)), b"\x00\xff{", "invalid",
    (("/data/имя", "Input should be a string"),), "sis", None, START,
)  # fmt: skip


async def written(store: Database, positions: dict[Partition, Position]) -> None:
    async with store.streaming() as tx:
        await tx.positions.write(positions)


async def test_positions_are_read_as_they_were_written(store: Database) -> None:
    await written(store, {ROSTER_0: Position(0), ROSTER_1: STOPPED})
    await written(store, {ROSTER_0: Position(12, 5)})
    async with store.streaming() as tx:
        found = await tx.positions.lock([ROSTER_0, ROSTER_1, ACCOUNTS_0])
    assert found == {ROSTER_0: Position(12, 5), ROSTER_1: STOPPED}


async def test_an_offset_advances_only_from_where_it_stands(store: Database) -> None:
    await written(store, {ROSTER_0: Position(3), ROSTER_1: Position(3)})
    async with store.streaming() as tx:
        assert await tx.positions.advance({ROSTER_0: (Position(3), Position(5, 1)), ROSTER_1: (Position(3), STOPPED)})
    async with store.streaming() as tx:
        assert not await tx.positions.advance({ROSTER_0: (Position(3), Position(9))})
    assert await rows(store, offsets.c.partition, offsets.c.next) == [(0, 5), (1, 7)]


async def test_of_an_offset_that_nobody_wrote_nothing_advances(store: Database) -> None:
    async with store.streaming() as tx:
        assert not await tx.positions.advance({ROSTER_0: (Position(0), Position(1))})


async def test_a_dead_letter_is_kept_once_byte_by_byte(store: Database) -> None:
    for _ in range(2):
        async with store.streaming() as tx:
            await tx.dead_letters.add([LETTER, LETTER])
    [kept] = await rows(store, *(dead_letters.c[name] for name in ("key", "body", "headers", "errors", "state")))
    assert kept == (
        LETTER.key,
        LETTER.body,
        [["ce_id", "00fe"], ["empty", None]],
        [["/data/имя", "Input should be a string"]],
        "waiting",
    )


async def test_a_topic_made_anew_has_dead_letters_at_the_same_offsets(store: Database) -> None:
    async with store.streaming() as tx:
        await tx.dead_letters.add([LETTER, replace(LETTER, received_at=START + SECOND, key=None)])
    assert len(await rows(store, dead_letters.c.no)) == 2
