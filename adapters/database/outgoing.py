"""What is still to be told on topics: changes that were applied, and records that could not be taken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select

from adapters.database.session import Session
from adapters.database.store import Database
from adapters.database.tables import changes, dead_letters, inbox
from schemas.changes import CHANGES, Cause, ChangeData
from schemas.messages import Message, message_of

SOURCE = "rollcall"
ONE_AT_A_TIME = {changes.name: 7_215_518, dead_letters.name: 7_215_519}  # keys of advisory locks, always the same
NOBODYS = Cause(source=SOURCE, id="observed", topic="inbox", partition=0, offset=0)

_TYPES = {model.type_name(): model for model in CHANGES}


class Told(NamedTuple):
    """A row's number, and what is told of it: the same however often it is."""

    no: int
    message: Message


class Outgoing(Session):
    async def untold(self, table: Table, limit: int) -> list[Told]:
        """The oldest rows not told yet. Never by a number above which all is new: a lower one may commit later."""
        [key] = table.primary_key.columns
        oldest = select(table).where(table.c.published_at.is_(None)).order_by(key).limit(limit)
        rows = await self.fetch(oldest)
        return await self._changes(rows) if table is changes else [Told(row.no, _dead_letter(row)) for row in rows]

    async def _changes(self, rows: Sequence[Any]) -> list[Told]:
        found = await self.matching(inbox, ("no",), {(row.cause_no,) for row in rows})
        causes = {row.no: _cause(row) for row in found}
        return [Told(row.change_no, _change(row, causes)) for row in rows]

    async def were_told(self, table: Table, numbers: Sequence[int], at: datetime) -> None:
        [key] = table.primary_key.columns
        await self.update(table, (key.name,), ("published_at",), [(number, at) for number in sorted(numbers)])


@asynccontextmanager
async def turn_to_tell(database: Database, table: Table) -> AsyncIterator[bool]:
    """Whether it is this process's turn to tell of a table, until the block ends: one at a time, so that what is told
    of a school keeps its order. SQLite has one process.
    """
    if database.sqlite:
        yield True
        return
    async with database.writing() as connection:
        taken = select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME[table.name]))
        yield bool((await connection.execute(taken)).scalar())


def _cause(row: Any) -> Cause:
    if row.topic is None:
        return Cause(source=row.source, id=row.id, topic="inbox", partition=0, offset=row.no)
    return Cause(source=row.source, id=row.id, topic=row.topic, partition=row.partition, offset=row.offset)


def _change(row: Any, causes: Mapping[int, Cause]) -> Message:
    """The id carries the instant, too: after a restore from backup the numbers are given once more."""
    model = _TYPES[f"membership.{row.action}.v1"]
    data = ChangeData(
        organisation_id=row.organisation_id,
        chat_id=row.chat_id,
        person_id=row.person_id,
        role=row.role,
        reasons=tuple(sorted(row.reasons)),
        cause=causes.get(row.cause_no, NOBODYS),
        applied_at=row.at,
    )
    change_id = f"{row.change_no}-{row.at:%Y%m%dT%H%M%S.%f}"
    return message_of(model.of(id=change_id, source=SOURCE, time=row.at, data=data), row.organisation_id)


def _dead_letter(row: Any) -> Message:
    """The record as it came, and besides why it was not taken and where it stood."""
    came = [(name, None if value is None else bytes.fromhex(value)) for name, value in row.headers]
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in row.errors]
    why = {
        "reason": row.reason,
        "errors": json.dumps(errors, ensure_ascii=False),
        "topic": row.topic,
        "partition": str(row.partition),
        "offset": str(row.offset),
    }
    return Message(row.key, row.body, (*came, *((f"rollcall-{name}", text.encode()) for name, text in why.items())))
