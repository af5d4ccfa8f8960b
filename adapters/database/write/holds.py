"""Holds, made and decided, and the places that carry them; and the limits that an operator sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, exists, func, select, update

from adapters.database.bulk import Bulk, Rows
from adapters.database.schema import guard_limits, holds, places
from sync.guards.limits import Span
from sync.ids import EventNo, HoldNo, PersonId
from sync.ports.holds import HELD, LET_GO, Decision, Hold, Undecided

SPAN = ("organisation_id", "from_on", "to_on")


class HoldTable:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def make(self, hold: Hold, now: datetime) -> HoldNo:
        lines = [line._asdict() for line in hold.lines]
        columns = ("organisation_id", "limit_hit", "persons", "plan", "made_at", "expires_at")
        data = [(hold.organisation_id, hold.limit, hold.persons, lines, now, hold.expires_at)]
        return HoldNo((await self._bulk.insert(holds, columns, data, returning=("hold_no",)))[0].hold_no)

    async def find(self, hold_no: HoldNo) -> Undecided | None:
        rows = await self._bulk.matching(holds, ("hold_no",), [(hold_no,)])
        return _undecided(rows[0]) if rows else None

    async def expired(self, now: datetime, limit: int) -> list[Undecided]:
        chosen = select(holds).where(holds.c.state == HELD, holds.c.expires_at <= now)
        return [_undecided(row) for row in await self._bulk.fetch(chosen.order_by(holds.c.hold_no).limit(limit))]

    async def carriers(self, hold_no: HoldNo) -> dict[PersonId, EventNo]:
        of = [places.c.person_id, places.c.cause_no]
        rows: Rows = await self._bulk.ask(_carriers, [places.c.hold_no], [(hold_no,)], of)
        return {row.person_id: row.cause_no for row in rows}

    async def decide(self, hold_no: HoldNo, decision: Decision, now: datetime) -> None:
        state, by, why = decision
        columns = ("state", "decided_by", "decided_at", "why")
        await self._bulk.update(holds, ("hold_no",), columns, [(hold_no, state, by, now, why)])

    async def let_go(self, hold_nos: Collection[HoldNo], now: datetime) -> None:
        data = [(hold_no, now) for hold_no in sorted(hold_nos)]
        await self._bulk.ask(_let_go, [holds.c.hold_no, holds.c.decided_at], data)

    # limits

    async def set_span(self, span: Span) -> None:
        data = [(*span[:3], span.limits.given, span.set_by, span.set_at)]
        columns = (*SPAN, "limits", "set_by", "set_at")
        await self._bulk.insert(guard_limits, columns, data, update=columns[3:])

    async def drop_span(self, span: Sequence[Any]) -> bool:
        dropped = [guard_limits.c[name] == value for name, value in zip(SPAN, span, strict=True)]
        return await self._bulk.execute(guard_limits.delete().where(*dropped)) == 1


def _undecided(row: Any) -> Undecided:
    return Undecided(row.hold_no, row.organisation_id, row.state, row.expires_at)


def _carriers(given: FromClause) -> Any:
    chosen = places.c.hold_no.in_(select(given.c.hold_no))
    latest = func.max(places.c.cause_no).label("cause_no")
    return select(places.c.person_id, latest).where(chosen, ~places.c.rejected).group_by(places.c.person_id)


def _let_go(given: FromClause) -> Any:
    """The holds that no place carries any more."""
    carried = exists(select(places.c.hold_no).where(places.c.hold_no == holds.c.hold_no))
    own = (holds.c.hold_no == given.c.hold_no) & (holds.c.state == HELD)
    return update(holds).where(own, ~carried).values(state=LET_GO, decided_at=given.c.decided_at)
