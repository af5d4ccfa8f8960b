"""What is older than it is kept: events, calls, what follows from them, and the audit. Some rows at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, select, true, tuple_

from adapters.database.schema import (
    audit,
    calls,
    changes,
    dead_letters,
    inbox,
    link_requests,
    passed_on,
    person_sessions,
    removals,
    sign_ins,
    used_hand_overs,
)
from adapters.database.store import Database
from sync.entering import LONGEST
from sync.linking.limits import SIGN_IN_FOR
from sync.passing_on import SHOWN

AT_ONCE = 1_000  # some 10 ms
STALE_FOR = timedelta(minutes=5)  # clocks differ
COUNTED_FOR = timedelta(hours=48)  # removals: guards look back a day

Condition = ColumnElement[bool]


class Prune:
    """`told`: whether changes and dead letters are published on topics; then they are kept until they have been."""

    def __init__(
        self, database: Database, inbox_for: timedelta, calls_for: timedelta, audit_for: timedelta, *, told: bool
    ) -> None:
        self._database = database
        self._inbox_for, self._calls_for, self._audit_for = inbox_for, calls_for, audit_for
        self._told = told

    async def some(self, now: datetime) -> int:
        """Delete some of the rows that are too old. Return how many. Raises StoreUnavailable (retriable)."""
        events, made = now - self._inbox_for, now - self._calls_for
        decided = (dead_letters.c.state != "waiting") & self._was_told(dead_letters)
        chosen = [
            (inbox, _first(inbox, inbox.c.received_at < events)),
            (calls, _first(calls, calls.c["at"] < made)),
            (changes, _first(changes, (changes.c["at"] < made) & self._was_told(changes))),
            (dead_letters, _any(dead_letters, (dead_letters.c.received_at < events) & decided)),
            (audit, _first(audit, audit.c["at"] < now - self._audit_for)),
            (removals, _any(removals, removals.c["at"] < now - COUNTED_FOR)),
            (passed_on, _any(passed_on, passed_on.c["at"] < now - SHOWN)),
            (person_sessions, _any(person_sessions, person_sessions.c.began_at < now - LONGEST)),
            (used_hand_overs, _any(used_hand_overs, used_hand_overs.c.expires_at < now - STALE_FOR)),
        ]
        over = [(link_requests, link_requests.c.kept_until < now), (sign_ins, sign_ins.c.since < now - SIGN_IN_FOR)]
        deleted = [await self._delete(table, keys) for table, keys in chosen]
        return sum(deleted) + sum([await self._delete(table, _any(table, of), of) for table, of in over])

    def _was_told(self, table: Table) -> Condition:
        return table.c.published_at.is_not(None) if self._told else true()

    async def _delete(self, table: Table, keys: Select[Any], still: Condition | None = None) -> int:
        """`still`: of rows that are written again, what has to be so once nobody else has them locked."""
        async with self._database.writing() as connection:
            gone = delete(table).where(tuple_(*table.primary_key.columns).in_(keys), true() if still is None else still)
            return int((await connection.execute(gone)).rowcount)


def _first(table: Table, condition: Condition) -> Select[Any]:
    """Of the oldest rows those that are to go: nothing behind them is looked at. The last stays, so that its number is
    never given again.
    """
    [number] = table.primary_key.columns
    oldest = select(table).order_by(number).limit(AT_ONCE).subquery()
    last = select(func.max(number)).scalar_subquery()
    named = oldest.c[number.name]
    return select(named).join(table, number == named).where(condition, named < last)


def _any(table: Table, condition: Condition) -> Select[Any]:
    return select(*table.primary_key.columns).where(condition).limit(AT_ONCE)
