"""Records of topics that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.database.session import Session
from adapters.database.tables import dead_letters
from sync.streams import DeadLetter

PLACE = ("topic", "partition", "offset", "received_at")
COLUMNS = (*PLACE, "key", "headers", "body", "reason", "errors", "source", "id")


class DeadLetters(Session):
    async def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        await self.insert(dead_letters, COLUMNS, [_row(letter) for letter in letters], conflict=PLACE)


def _row(letter: DeadLetter) -> tuple[object, ...]:
    headers = [(name, None if value is None else value.hex()) for name, value in letter.headers]
    place = (*letter.partition, letter.offset, letter.received_at)
    why = (letter.reason, letter.errors, letter.source, letter.event_id)
    return (*place, letter.key, headers, letter.body, *why)
