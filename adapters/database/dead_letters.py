"""Records of topics that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.database.rows import letter_of
from adapters.database.session import Session
from adapters.database.tables import dead_letters
from sync.streams import DeadLetter

PLACE = ("topic", "partition", "offset", "received_at")
COLUMNS = (*PLACE, "key", "headers", "body", "reason", "errors", "source", "id")

WAITING = "waiting"


class DeadLetters(Session):
    async def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        await self.insert(dead_letters, COLUMNS, [_row(letter) for letter in letters], conflict=PLACE)

    async def lock_dead_letter(self, number: int) -> DeadLetter | None:
        await self.lock(dead_letters, [(number,)])
        rows = await self.matching(dead_letters, ("no",), [(number,)])
        return letter_of(rows[0]) if rows and rows[0].state == WAITING else None

    async def end_dead_letter(self, number: int, state: str) -> None:
        await self.update(dead_letters, ("no",), ("state",), [(number, state)])


def _row(letter: DeadLetter) -> tuple[object, ...]:
    headers = [(name, None if value is None else value.hex()) for name, value in letter.headers]
    place = (*letter.partition, letter.offset, letter.received_at)
    why = (letter.reason, letter.errors, letter.source, letter.event_id)
    return (*place, letter.key, headers, letter.body, *why)
