"""The events behind what was done, by their number in the inbox."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.schema import inbox
from sync.ids import EventNo
from sync.views.explanation import CauseView

CAUSES_AT_ONCE = 1000


class Causes:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def causes(self, numbers: Collection[EventNo]) -> dict[EventNo, CauseView]:
        """The events by number; those dropped by age are not in it."""
        found: dict[EventNo, CauseView] = {}
        async for part in portions(sorted(numbers), CAUSES_AT_ONCE):
            rows = await self._bulk.matching(inbox, ("no",), [(number,) for number in part])
            found |= {row.no: _cause(row) for row in rows}
        return found


def _cause(row: Any) -> CauseView:
    if row.topic is None:
        return CauseView(row.source, row.id, row.type, "inbox", 0, row.no)
    return CauseView(row.source, row.id, row.type, row.topic, row.partition, row.offset)
