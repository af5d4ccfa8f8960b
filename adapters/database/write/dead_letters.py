"""Records of topics that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from adapters.database.bulk import Bulk
from adapters.database.tables import dead_letters
from adapters.database.windows import number_after, windowed
from sync.streams import DeadLetter, Partition
from sync.views.operations import DeadLetterView, PointedError
from sync.views.registry import Listed, Schools, Window

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
        letter = await self.read(number)
        return letter[0] if letter is not None and letter[1].state == WAITING else None

    async def read(self, number: int) -> tuple[DeadLetter, DeadLetterView] | None:
        """A dead letter as it came, and as it stands in the list."""
        rows = await self._bulk.matching(dead_letters, ("no",), [(number,)])
        return (_letter(rows[0]), _view(rows[0])) if rows else None

    async def end(self, number: int, state: str) -> None:
        await self._bulk.update(dead_letters, ("no",), ("state",), [(number, state)])

    async def listed(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        """The dead letters, the latest last. Whose school a broken record is nobody can tell: with `schools` none."""
        if schools is not None:
            return Listed([], None, 0 if window.counted else None)
        chosen = select(dead_letters).order_by(dead_letters.c.no).limit(window.limit + 1)
        if window.after is not None:
            chosen = chosen.where(dead_letters.c.no > number_after(window.after))
        views = [_view(row) for row in await self._bulk.fetch(chosen)]
        counted = await self._bulk.fetch(select(func.count()).select_from(dead_letters)) if window.counted else None
        return windowed(views, lambda view: str(view.id), window, None if counted is None else counted[0][0])


def _row(letter: DeadLetter) -> tuple[object, ...]:
    headers = [(name, None if value is None else value.hex()) for name, value in letter.headers]
    place = (*letter.partition, letter.offset, letter.received_at)
    why = (letter.reason, letter.errors, letter.source, letter.event_id)
    return (*place, letter.key, headers, letter.body, *why)


def _letter(row: Any) -> DeadLetter:
    headers = tuple((name, None if value is None else bytes.fromhex(value)) for name, value in row.headers)
    return DeadLetter(
        Partition(row.topic, row.partition),
        row.offset,
        row.key,
        headers,
        row.body,
        row.reason,
        tuple((pointer, detail) for pointer, detail in row.errors),
        row.source,
        row.id,
        row.received_at,
    )


def _view(row: Any) -> DeadLetterView:
    key = None if row.key is None else row.key.decode(errors="replace")
    errors = [PointedError(pointer, detail) for pointer, detail in row.errors]
    return DeadLetterView(
        row.no, row.topic, row.partition, row.offset, key, row.reason, errors, row.received_at, row.state
    )
