"""The events behind what was done, by their number in the inbox."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from adapters.database.read.portions import portions
from adapters.database.session import Session
from adapters.database.tables import inbox
from sync.views.explanation import CauseView

CAUSES_AT_ONCE = 1000


class Causes:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def causes(self, numbers: Collection[int]) -> dict[int, CauseView]:
        """The events by number; those dropped by age are not in it."""
        found: dict[int, CauseView] = {}
        async for part in portions(sorted(numbers), CAUSES_AT_ONCE):
            rows = await self._session.matching(inbox, ("no",), [(number,) for number in part])
            found |= {row.no: _cause(row) for row in rows}
        return found


def _cause(row: Any) -> CauseView:
    if row.topic is None:
        return CauseView(row.source, row.id, row.type, "inbox", 0, row.no)
    return CauseView(row.source, row.id, row.type, row.topic, row.partition, row.offset)
