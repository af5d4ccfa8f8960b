"""The whole road in one hand: a real store, the simulator's world for a platform, and a clock that tests turn."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.schema import calls, places, platform_tokens, read_backs, rooms
from adapters.database.store import Database
from adapters.database.types import Instant
from adapters.simulator.entities import User
from events.decode import decode_batch
from events.intake import EventOutcome, Intake
from rollcall.untied import FormerHolders
from sync.room import AGAIN
from sync.untied import Claim
from sync.use_cases.decide_holds import expire_holds
from sync.use_cases.ingest_events import Ingested
from sync.use_cases.look_at_rooms import Looking, look_at_rooms
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.settle_rooms import Dispatch, settle_rooms
from tests.doubles.platform import WorldPlatform

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class TestClock:
    """Stands still until it is turned."""

    __test__ = False
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.turn(seconds=seconds)

    async def of_database(self, _: AsyncConnection) -> datetime:
        """The database's clock, where the test wants it to be this one."""
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


# Else it is looked at from time to time, for ever; and so it is removed who may not be.
_HELPED = and_(
    rooms.c.observed_life != "needs_person",
    not_(exists().where(read_backs.c.room_no == rooms.c.room_no, read_backs.c.why == AGAIN)),
)


class NoLimit:
    @asynccontextmanager
    async def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AsyncIterator[None]:
        yield


@dataclass
class Road:
    """Events in, members out. `noticed`: what each batch came to. `one_clock`: the database goes by this clock.
    `looks`: whether rooms are looked at once they have come to rest. `token`: of the platform account.
    """

    database: Database
    clock: TestClock
    platform: WorldPlatform = field(default_factory=WorldPlatform)
    rules: PlanningRules = field(default_factory=PlanningRules)
    noticed: list[Ingested] = field(default_factory=list)
    one_clock: bool = True
    looks: bool = True
    token: str = "max"
    claims: set[Claim] = field(default_factory=set)  # planning found them

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.database, {self.token: self.platform}, NoLimit(), self.clock)

    @property
    def looking(self) -> Looking:
        return Looking(self.database, {self.token: self.platform}, NoLimit(), self.rules)

    async def post(self, events: Iterable[Mapping[str, Any]]) -> list[EventOutcome]:
        """One batch, as one request would bring it."""
        intake = Intake(self.database, self.rules, self.clock.now, self.noticed.append)
        return await intake.take(decode_batch(json.dumps(list(events)).encode(), self.clock.now()))

    async def plan(self) -> None:
        while (batch := await plan_affected(self.database, self.rules, self.clock.now())) is not None:
            self.claims |= {Claim(school, person) for school, persons in batch.claims.items() for person in persons}
        await expire_holds(self.database, self.rules, self.clock.now())

    async def unlink(self) -> list[str]:
        """Sees to what was claimed; gives who was unlinked."""
        claims, self.claims = self.claims, set()
        former = FormerHolders(self.database, self.rules, self.clock.now, None)
        return sorted(each.person_id for each in await former.unlink(claims)) if claims else []

    async def settle(self) -> int:
        """Settles what is due now; gives how many rooms were."""
        return await settle_rooms(self.dispatch)

    async def look(self) -> None:
        """Looks at every room once."""
        async with self.database.writing() as connection:
            await connection.execute(update(rooms).values(looked_at=None, look_until=None))
        while await look_at_rooms(self.looking, self.token):
            pass

    async def converge(self, turns: int = 300) -> None:
        """Plans and settles until nothing is due, turning the clock to whatever is due next; then looks at all rooms,
        and again until nothing was written since the last look.
        """
        looked = -1
        for _ in range(turns):
            await self.plan()
            if await self.settle() == 0:
                due = await self._next_due()
                written = await self._written()
                if self.looks and due is None and looked != written:
                    looked = written
                    await self.look()
                    continue
                if due is None:
                    assert not self.one_clock or await self._passed_over() == [], "due, and nobody settles it"
                    return
                self.clock.at = due
        raise AssertionError(f"the road does not come to rest: {await self.unsettled()}")

    async def _written(self) -> int:
        """How many writes were made."""
        async with self.database.reading() as connection:
            return int((await connection.execute(select(func.max(calls.c.call_no)))).scalar() or 0)

    async def _next_due(self) -> datetime | None:
        async with self.database.reading() as connection:
            ahead = rooms.c.due_at > self.clock.at  # what is due and was passed over waits for a room that is not yet
            free = rooms.c.lease_until.is_(None)  # while it is leased its settler knows
            due = select(func.min(rooms.c.due_at, type_=Instant())).where(ahead, _HELPED, free)
            paused = select(func.min(platform_tokens.c.paused_until, type_=Instant()))
            over = paused.where(platform_tokens.c.paused_until > self.clock.at)
            ahead_of_us = [(await connection.execute(query)).scalar() for query in (due, over)]
        return min((at for at in ahead_of_us if at is not None), default=None)

    async def _passed_over(self) -> list[Any]:
        async with self.database.reading() as connection:
            due = select(rooms.c.room_no, rooms.c.grade, rooms.c.due_at)
            free = or_(rooms.c.lease_until.is_(None), rooms.c.lease_until < self.clock.at)
            return list(await connection.execute(due.where(rooms.c.due_at <= self.clock.at, free, _HELPED)))

    async def unsettled(self) -> list[Any]:
        async with self.database.reading() as connection:
            differing = places.c.wanted != places.c.observed
            return list(await connection.execute(select(places).where(differing, places.c.account != "")))

    async def members(self, *schools: str) -> dict[str, dict[str, str]]:
        """Who the platform shows in each chat's present room, by account; chats not made yet are not in it.

        Of these schools, or of all: then no two of them may have a chat of one id.
        """
        async with self.database.reading() as connection:
            found = (await connection.execute(select(rooms).order_by(rooms.c.life))).fetchall()
        present = {(room.chat_id, room.organisation_id): room for room in found}
        open_now = [
            room
            for room in present.values()
            if room.external_chat_id is not None
            and room.observed_life == "open"
            and (not schools or room.organisation_id in schools)
        ]
        assert len({room.chat_id for room in open_now}) == len(open_now), "ask for one school after the other"
        return {room.chat_id: self.shown(room.external_chat_id) for room in open_now}

    def shown(self, external_chat_id: str) -> dict[str, str]:
        chat = self.platform.world.chats[int(external_chat_id)]
        return {
            str(user_id): "admin" if member.is_admin else "member"
            for user_id, member in chat.members.items()
            if not member.is_owner
        }

    def knows(self, *accounts: str, private: Iterable[str] = ()) -> None:
        """Puts users on the platform."""
        people = [User(int(account), privacy=account in set(private)) for account in accounts]
        self.platform.world.put_users(people)
