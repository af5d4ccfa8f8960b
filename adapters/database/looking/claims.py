"""Whose turn it is to be looked at: those of a look at a whole school, those that changed, the longest unseen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, FromClause, and_, func, not_, or_, select

from adapters.database.bulk import Bulk
from adapters.database.schema import platform_tokens, reconcile_rooms, reconciles, rooms
from adapters.database.types import Instant, Number
from sync.looks import LOOKED_AT
from sync.places import NEEDS_PERSON
from sync.ports.looking import RoomToLook

AGAIN_AFTER = timedelta(seconds=15)  # however idle the platform account is
CHANGED_AFTER = timedelta(seconds=5)  # since the last look; more of the same change may follow
LONGEST_WAIT = timedelta(minutes=1)
PROBED_FOR_S = 5.0  # after a pause
OF_RUN_LASTS = timedelta(minutes=1)  # somebody waits for the report

CHANGED, UNSEEN = "changed", "unseen"

GIVEN: list[Column[Any]] = [
    rooms.c.platform_token, Column("now", Instant), Column("before", Instant), Column("most", Number),
]  # fmt: skip
ROOM = [rooms.c.room_no, rooms.c.external_chat_id, rooms.c.lease_no, rooms.c.observed_life]
OF_RUN = [*ROOM, reconcile_rooms.c.run_no, reconciles.c["apply"]]


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims of rooms of one platform account, which last from `now` until `until`."""

    bulk: Bulk
    token: str
    now: datetime
    until: datetime

    async def turns(self, limit: int) -> list[RoomToLook]:
        """At most a quarter are changed rooms, so that the longest unseen are not starved. After a pause the account is
        probed by one room.
        """
        paused_s = await self._paused_s()
        if paused_s > 0:
            return []
        limit = 1 if paused_s > -PROBED_FOR_S else limit
        found = await self.of_runs(limit)
        share = min(max(1, limit // 4), limit - len(found))
        found += await self._turns(CHANGED, share, self.now - CHANGED_AFTER, found)
        found += await self._turns(UNSEEN, limit - len(found), self.now - AGAIN_AFTER, found)
        taken = [(room.room_no, self.until) for room in found if room.run_no is None]
        await self.bulk.update(rooms, ("room_no",), ("look_until",), sorted(taken))
        return found

    async def of_runs(self, limit: int, run_no: int | None = None) -> list[RoomToLook]:
        """Rooms of looks at whole schools: of one, or of any that is not over."""
        if await self._paused_s() > 0:
            return []
        of = [GIVEN[0], GIVEN[1], reconciles.c.run_no, GIVEN[3]]
        rows = await self.bulk.ask(_of_runs, of, [(self.token, self.now, run_no, limit)], OF_RUN)
        until = min(self.until, self.now + OF_RUN_LASTS)
        taken = [(row.run_no, row.room_no, until) for row in rows]
        await self.bulk.update(reconcile_rooms, ("run_no", "room_no"), ("look_until",), sorted(taken))
        return [_to_look(row, row.run_no, row.apply) for row in rows]

    async def _turns(self, which: str, limit: int, before: datetime, but: Collection[RoomToLook]) -> list[RoomToLook]:
        if limit <= 0:
            return []
        data = [(self.token, self.now, before, limit + len(but))]
        known = {room.room_no for room in but}
        rows = await self.bulk.ask(Turns(which), GIVEN, data, ROOM)
        return [_to_look(row) for row in rows if row.room_no not in known][:limit]

    async def next_turn_in(self) -> float:
        if (paused_s := await self._paused_s()) > 0:
            return min(paused_s, LONGEST_WAIT.total_seconds())
        rows = await self.bulk.ask(_first_turns, GIVEN[:1], [(self.token,)], [rooms.c.to_list, rooms.c.looked_at])
        first: list[datetime] = [self.now + LONGEST_WAIT]
        for row in rows:
            first += [row.looked_at + (CHANGED_AFTER if row.to_list else AGAIN_AFTER)]
        return max(0.0, (min(first) - self.now).total_seconds())

    async def _paused_s(self) -> float:
        """For how many more seconds the account is paused; negative: how long ago the pause ended."""
        rows = await self.bulk.matching(platform_tokens, ("token",), [(self.token,)])
        until = [row.paused_until for row in rows if row.paused_until is not None]
        return max((float((at - self.now).total_seconds()) for at in until), default=float("-inf"))


def _to_look(row: Any, run_no: int | None = None, apply: bool = True) -> RoomToLook:  # noqa: FBT001, FBT002 - as the row has it
    needs_person = row.observed_life == NEEDS_PERSON
    return RoomToLook(row.room_no, row.external_chat_id, row.lease_no, run_no, apply, needs_person)


@dataclass(frozen=True, slots=True)
class Turns:
    """The statement that locks rooms whose turn it is."""

    which: str

    def __call__(self, given: FromClause) -> Any:
        token, now, before, most = (
            select(given.c[name]).scalar_subquery() for name in ("platform_token", "now", "before", "most")
        )
        its_turn = or_(rooms.c.looked_at.is_(None), rooms.c.looked_at <= before)
        if self.which == CHANGED:
            its_turn = and_(its_turn, rooms.c.to_list, _is_at_rest())
        free = or_(rooms.c.look_until.is_(None), rooms.c.look_until <= now)
        return (
            select(*ROOM)
            .where(rooms.c.platform_token == token, rooms.c.external_chat_id.is_not(None), its_turn, free)
            .where(_is_there())
            .order_by(rooms.c.looked_at.nulls_first(), rooms.c.room_no)
            .limit(most)
            .with_for_update(skip_locked=True, of=rooms)
        )


def _first_turns(given: FromClause) -> Any:
    """When the longest unseen of the unclaimed rooms was looked at: of the changed ones, and of the others."""
    own = rooms.c.platform_token == given.c.platform_token
    free = and_(rooms.c.look_until.is_(None), rooms.c.looked_at.is_not(None), _is_there())
    first = func.min(rooms.c.looked_at).label("looked_at")
    its_turn = or_(not_(rooms.c.to_list), _is_at_rest())
    return select(rooms.c.to_list, first).join_from(given, rooms, own).where(free, its_turn).group_by(rooms.c.to_list)


def _is_at_rest() -> Any:
    """Whether nothing is left to be done in the room."""
    return and_(rooms.c.due_at.is_(None), rooms.c.lease_until.is_(None))


def _is_there() -> Any:
    return or_(*(rooms.c.observed_life == life for life in LOOKED_AT))


def _of_runs(given: FromClause) -> Any:
    own, left = given.c, reconcile_rooms.c
    joined = (
        given.join(reconcile_rooms, left.platform_token == own.platform_token)
        .join(reconciles, reconciles.c.run_no == left.run_no)
        .join(rooms, rooms.c.room_no == left.room_no)
    )
    mine = and_(left.looked_at.is_(None), or_(left.look_until.is_(None), left.look_until <= own.now))
    one = or_(own.run_no.is_(None), own.run_no == left.run_no)
    most = select(given.c.most).scalar_subquery()
    return (
        select(*OF_RUN)
        .select_from(joined)
        .where(mine, one)
        .order_by(left.run_no, left.room_no)
        .limit(most)
        .with_for_update(skip_locked=True, of=reconcile_rooms)
    )
