"""How far each partition of a topic was handled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, FromClause, update

from adapters.database.bulk import Bulk, Rows
from adapters.database.schema import offsets
from adapters.database.types import Number
from sync.streams import Partition, Position

KEY = ("topic", "partition")
WRITTEN = ("next", "recent_bad", "stopped_at", "stopped_why", "deaths", "begun")

_BEFORE = Column("before", Number)
_ADVANCED = [offsets.c.topic, offsets.c.partition, _BEFORE, *(offsets.c[name] for name in WRITTEN)]


class Offsets:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def lock(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """Locking is the read: another statement would ask for the same rows once more."""
        return _positions(await self._bulk.locked(offsets, partitions))

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, as of now."""
        return _positions(await self._bulk.matching(offsets, KEY, partitions))

    async def write(self, positions: Mapping[Partition, Position]) -> None:
        data = [(*partition, *_values(position)) for partition, position in sorted(positions.items())]
        await self._bulk.insert(offsets, (*KEY, *WRITTEN), data, update=WRITTEN)

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        data = [(*partition, before.next, *_values(after)) for partition, (before, after) in sorted(changes.items())]
        key = [offsets.c.topic, offsets.c.partition]
        return len(await self._bulk.ask(_advanced, _ADVANCED, data, key)) == len(data)


def _advanced(given: FromClause) -> Any:
    same = (offsets.c.topic == given.c.topic, offsets.c.partition == given.c.partition)
    written = {name: given.c[name] for name in WRITTEN}
    fenced = update(offsets).where(*same, offsets.c.next == given.c.before).values(written)
    return fenced.returning(offsets.c.topic, offsets.c.partition)


def _positions(rows: Rows) -> dict[Partition, Position]:
    return {Partition(row.topic, row.partition): _position(row) for row in rows}


def _values(position: Position) -> tuple[object, ...]:
    stopped = position.stopped_at, position.stopped_why
    return position.next, f"{position.recent_bad:x}", *stopped, position.deaths, position.begun


def _position(row: Any) -> Position:
    return Position(row.next, int(row.recent_bad, 16), row.stopped_at, row.stopped_why, row.deaths, row.begun)
