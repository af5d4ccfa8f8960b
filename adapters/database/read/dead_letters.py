"""Records of topics that could not be taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from adapters.database.bulk import Bulk
from adapters.database.read.windows import number_after, windowed
from adapters.database.rows import letter_of
from adapters.database.schema import dead_letters
from sync.streams import DeadLetter
from sync.views.operations import DeadLetterView, PointedError
from sync.views.registry import Listed, Schools, Window


class DeadLetterList:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def dead_letters(self, schools: Schools, window: Window) -> Listed[DeadLetterView]:
        """The dead letters, the latest last. A broken record names no school for certain, so a reader limited to
        `schools` sees none.
        """
        if schools is not None:
            return Listed([], None, 0 if window.counted else None)
        views = [_view(row) for row in await self._bulk.fetch(_part(window))]
        counted = select(func.count()).select_from(dead_letters)
        total = int((await self._bulk.fetch(counted))[0][0]) if window.counted else None
        return windowed(views, lambda view: str(view.id), window, total)

    async def dead_letter(self, number: int) -> tuple[DeadLetter, DeadLetterView] | None:
        """A dead letter as it came, and as it stands in the list."""
        rows = await self._bulk.matching(dead_letters, ("no",), [(number,)])
        return (letter_of(rows[0]), _view(rows[0])) if rows else None


def _part(window: Window) -> Select[Any]:
    chosen = select(dead_letters).order_by(dead_letters.c.no).limit(window.limit + 1)
    return chosen if window.after is None else chosen.where(dead_letters.c.no > number_after(window.after))


def _view(row: Any) -> DeadLetterView:
    key = None if row.key is None else row.key.decode(errors="replace")
    errors = [PointedError(pointer, detail) for pointer, detail in row.errors]
    return DeadLetterView(
        row.no, row.topic, row.partition, row.offset, key, row.reason, errors, row.received_at, row.state
    )
