"""The rows that are still to be told on topics: changes that were applied, and records that could not be taken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Table, func, select

from adapters.database.bulk import Bulk
from adapters.database.rows import letter_of
from adapters.database.schema import changes, dead_letters, inbox
from adapters.database.store import Database
from sync.ports.outgoing import AppliedCause, AppliedChange
from sync.streams import DeadLetter, Partition

ONE_AT_A_TIME = {changes.name: 7_215_518, dead_letters.name: 7_215_519}  # keys of advisory locks, always the same


class _Rows:
    """Untold rows are marked one by one, not by a highest number told: a lower number may commit later."""

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table
        [self._key] = table.primary_key.columns

    @property
    def name(self) -> str:
        return self._table.name

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """SQLite has one process, whose turn it always is."""
        if self._database.sqlite:
            yield True
            return
        async with self._database.writing() as connection:
            taken = select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME[self.name]))
            yield bool((await connection.execute(taken)).scalar())

    async def _rows(self, bulk: Bulk, limit: int) -> Sequence[Any]:
        untold = select(self._table).where(self._table.c.published_at.is_(None))
        return await bulk.fetch(untold.order_by(self._key).limit(limit))

    async def were_told(self, numbers: Sequence[int]) -> None:
        async with self._database.writing() as connection:
            at = await self._database.time(connection)
            data = [(number, at) for number in sorted(numbers)]
            await Bulk(connection).update(self._table, (self._key.name,), ("published_at",), data)


class UntoldChanges(_Rows):
    """Changes that were applied on a platform."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, changes)

    async def oldest(self, limit: int) -> list[tuple[int, AppliedChange]]:
        async with self._database.reading() as connection:
            bulk = Bulk(connection)
            rows = await self._rows(bulk, limit)
            found = await bulk.matching(inbox, ("no",), {(row.cause_no,) for row in rows})
        causes = {row.no: _cause(row) for row in found}
        return [(row.change_no, _change(row, causes)) for row in rows]


class UntoldDeadLetters(_Rows):
    """Records that could not be taken."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, dead_letters)

    async def oldest(self, limit: int) -> list[tuple[int, DeadLetter]]:
        async with self._database.reading() as connection:
            return [(row.no, letter_of(row)) for row in await self._rows(Bulk(connection), limit)]


def _cause(row: Any) -> AppliedCause:
    record = None if row.topic is None else (Partition(row.topic, row.partition), row.offset)
    return AppliedCause(row.source, row.id, row.no, record)


def _change(row: Any, causes: Mapping[int, AppliedCause]) -> AppliedChange:
    return AppliedChange(
        row.change_no,
        row.organisation_id,
        row.chat_id,
        row.person_id,
        row.action,
        row.role,
        tuple(sorted(row.reasons)),
        causes.get(row.cause_no),
        row.at,
    )
