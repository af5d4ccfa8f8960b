"""Phones put under another key, some at a time: stopped at any time, the next go on with what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from sqlalchemy import Table, func, select, tuple_

from adapters.database.bulk import Bulk
from adapters.database.schema import link_requests, phones
from adapters.database.store import Database
from sync.linking.sealed import Sealed, SealedPhone

AT_ONCE = 500  # some 20 ms
ENCRYPTED = ("phone_digest", "key_id", "phone")
TABLES = (phones, link_requests)

Turn = Callable[[SealedPhone, str], SealedPhone | None]
"""A phone and whose it is, under the present key; None: by no key that is known can it be read."""


class Rotation:
    """`key_id`: the present key."""

    def __init__(self, database: Database, key_id: str, turn: Turn) -> None:
        self._database, self._key_id, self._turn = database, key_id, turn

    async def left(self) -> int:
        """How many phones are under other keys."""
        async with self._database.reading() as connection:
            counts = [
                (await connection.execute(select(func.count()).select_from(table).where(self._others(table)))).scalar()
                for table in TABLES
            ]
        return sum(count or 0 for count in counts)

    async def turned(self) -> AsyncIterator[tuple[int, int]]:
        """Turns all, each portion in a transaction of its own; gives how many of it could be read, and how many not.
        Raises StoreUnavailable (retriable).
        """
        for table in TABLES:
            last: tuple[Any, ...] | None = None
            while True:
                turned, lost, last = await self._portion(table, last)
                if last is None:
                    break
                yield turned, lost

    async def _portion(self, table: Table, after: tuple[Any, ...] | None) -> tuple[int, int, tuple[Any, ...] | None]:
        key = list(table.primary_key.columns)
        chosen = select(*key).where(self._others(table)).order_by(*key).limit(AT_ONCE)
        if after is not None:
            chosen = chosen.where(tuple_(*key) > after)
        async with self._database.writing() as connection:
            bulk = Bulk(connection)
            found = [tuple(row) for row in await bulk.fetch(chosen)]
            rows = await bulk.locked(table, found)
            names = [of.name for of in key]
            new = [(*(getattr(row, name) for name in names), *values) for row in rows if (values := self._new(row))]
            await bulk.update(table, names, ENCRYPTED, new)
        return len(new), len(rows) - len(new), found[-1] if found else None

    def _new(self, row: Any) -> tuple[str, str, bytes] | None:
        if row.key_id is None:  # gone meanwhile
            return None
        phone = self._turn(SealedPhone(row.phone_digest, Sealed(row.key_id, row.phone)), row.person_id)
        return None if phone is None else (phone.digest, phone.sealed.key_id, phone.sealed.box)

    def _others(self, table: Table) -> Any:
        return table.c.key_id != self._key_id
