"""How far each partition of a topic was handled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, update

from adapters.database.session import Session
from adapters.database.tables import offsets
from adapters.database.types import Number
from sync.streams import Partition, Position

KEY = ("topic", "partition")
WRITTEN = ("next", "recent_bad", "stopped_at", "stopped_why")

_BEFORE = Column("before", Number)
_ADVANCED = [offsets.c.topic, offsets.c.partition, _BEFORE, *(offsets.c[name] for name in WRITTEN)]


class Offsets(Session):
    async def lock_positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        await self.lock(offsets, partitions)
        return await self.positions(partitions)

    async def positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, as of now."""
        rows = await self.matching(offsets, KEY, partitions)
        return {Partition(row.topic, row.partition): _position(row) for row in rows}

    async def write_positions(self, positions: Mapping[Partition, Position]) -> None:
        data = [(*partition, *_values(position)) for partition, position in sorted(positions.items())]
        await self.insert(offsets, (*KEY, *WRITTEN), data, update=WRITTEN)

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        def build(given: Any) -> Any:
            same = (offsets.c.topic == given.c.topic, offsets.c.partition == given.c.partition)
            written = {name: given.c[name] for name in WRITTEN}
            fenced = update(offsets).where(*same, offsets.c.next == given.c.before).values(written)
            return fenced.returning(offsets.c.topic, offsets.c.partition)

        data = [(*partition, before.next, *_values(after)) for partition, (before, after) in sorted(changes.items())]
        key = [offsets.c.topic, offsets.c.partition]
        return len(await self.ask(("advance",), _ADVANCED, data, build, key)) == len(data)


def _values(position: Position) -> tuple[object, ...]:
    return position.next, f"{position.recent_bad:x}", position.stopped_at, position.stopped_why


def _position(row: Any) -> Position:
    return Position(row.next, int(row.recent_bad, 16), row.stopped_at, row.stopped_why)
