"""Records of topics that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.database.bulk import Bulk
from adapters.database.rows import letter_of
from adapters.database.schema import dead_letters
from sync.streams import DeadLetter

PLACE = ("topic", "partition", "offset", "received_at")
COLUMNS = (*PLACE, "key", "headers", "body", "reason", "errors", "source", "id")

WAITING = "waiting"


class DeadLetterTable:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        await self._bulk.insert(dead_letters, COLUMNS, [_row(letter) for letter in letters], conflict=PLACE)

    async def lock(self, number: int) -> DeadLetter | None:
        await self._bulk.lock(dead_letters, [(number,)])
        rows = await self._bulk.matching(dead_letters, ("no",), [(number,)])
        return letter_of(rows[0]) if rows and rows[0].state == WAITING else None

    async def end(self, number: int, state: str) -> None:
        await self._bulk.update(dead_letters, ("no",), ("state",), [(number, state)])


def _row(letter: DeadLetter) -> tuple[object, ...]:
    headers = [(name, None if value is None else value.hex()) for name, value in letter.headers]
    place = (*letter.partition, letter.offset, letter.received_at)
    why = (letter.reason, letter.errors, letter.source, letter.event_id)
    return (*place, letter.key, headers, letter.body, *why)
