"""A school on a living platform: events come in, workers plan, settle and look, and die; a clock that nobody waits for.

Time passes only while nothing is done in the database, whatever that takes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update

from adapters.database.schema import calls, platform_tokens, rooms
from adapters.max.updates import heard
from adapters.simulator.entities import Update
from adapters.simulator.max_updates import update_body
from adapters.simulator.world import World
from adapters.slots import Slots
from sync.guards.limits import Guards
from sync.use_cases.decide_holds import expire_holds
from sync.use_cases.hear_updates import hear_updates
from sync.use_cases.look_at_rooms import Looking, look_at_rooms, next_turn_in
from sync.use_cases.plan_affected import plan_affected
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.reconcile_schools import reconcile_schools
from sync.use_cases.settle_rooms import Dispatch, Settler
from tests.laws.by_hand.platform import CALL_TIMEOUT_S, LivingPlatform, Nature
from tests.laws.by_hand.timeless import LoopClock, TimelessDatabase
from tests.road import Road

NIGHT = time(3, 30)
PLAN_EVERY_S, SETTLE_EVERY_S, LONGEST_WAIT_S = 10.0, 0.2, 3600.0
PATIENCE_S = 3 * 3600.0  # whatever is tried again is tried by then, but for what waits for the night
MOST_TURNS = 600


@dataclass
class Worker:
    """A process that settles; `stands_still_until`: it has answers by then, and does nothing about them."""

    dispatch: Dispatch
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    stands_still_until: float = 0.0
    task: asyncio.Task[None] | None = None
    settler: Settler = field(init=False)

    def __post_init__(self) -> None:
        self.settler = Settler(self.dispatch, 64, answered=self.bell.set)


@dataclass
class LivingSchool:
    database: TimelessDatabase
    clock: LoopClock
    world: World
    nature: Nature
    rules: PlanningRules = field(default_factory=lambda: PlanningRules(guards=Guards(on=False)))
    workers: list[Worker] = field(default_factory=list)
    looker: asyncio.Task[None] | None = None
    planner: asyncio.Task[None] | None = None
    to_plan: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.pacer = Slots(lambda _: self.nature.rate)
        self.platform, self.seen = self._platform(), self._platform()
        self.seen.looks = True
        self.road = Road(self.database, self.clock, self.platform, self.rules)  # type: ignore[arg-type]  # a clock
        self.looking = Looking(self.database, {"max": self.seen}, self.pacer)

    def _platform(self) -> LivingPlatform:
        return LivingPlatform(self.world, now=self.clock.now, nature=self.nature, pacer=self.pacer)

    @property
    def dispatch(self) -> Dispatch:
        rate = self.nature.rate
        return Dispatch(
            self.database, {"max": self.platform}, self.pacer, self.clock, CALL_TIMEOUT_S, per_second=lambda _: rate
        )

    # processes

    def starts(self, workers: int = 2) -> None:
        self.workers = [self._worker() for _ in range(workers)]
        self.planner = asyncio.ensure_future(self._keeps_planning())
        self.looker = asyncio.ensure_future(self._keeps_looking())

    def _worker(self) -> Worker:
        worker = Worker(self.dispatch)
        worker.task = asyncio.ensure_future(self._keeps_settling(worker))
        return worker

    async def dies(self, which: int) -> None:
        """SIGKILL, in the midst of whatever calls it has; another takes its place."""
        dead, self.workers[which] = self.workers[which], self._worker()
        await self._ends(dead.task)
        dead.settler.cancel()

    async def stops(self) -> None:
        for worker in self.workers:
            await self._ends(worker.task)
            worker.settler.cancel()
        await self._ends(self.looker)
        await self._ends(self.planner)

    async def _ends(self, task: asyncio.Task[None] | None) -> None:
        """Between two transactions: what a database does about those that break off is tried elsewhere."""
        while self.clock.loop.outside:
            await self.clock.loop.quiet.wait()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _keeps_settling(self, worker: Worker) -> None:
        while True:
            await asyncio.sleep(max(0.0, worker.stands_still_until - self.clock.monotonic()))
            worker.bell.clear()
            claimed = await worker.settler.go_on()
            self.to_plan.set()  # answers may have left something
            if not claimed:
                with suppress(TimeoutError):
                    async with asyncio.timeout(await self.due_in() or LONGEST_WAIT_S):
                        await worker.bell.wait()

    async def _keeps_looking(self) -> None:
        while True:
            if await look_at_rooms(self.looking, "max", 4):
                self.ring()
            await asyncio.sleep(max(0.5, min(15.0, await next_turn_in(self.database, "max"))))

    async def _keeps_planning(self) -> None:
        while True:
            self.to_plan.clear()
            await self.plan()
            with suppress(TimeoutError):
                async with asyncio.timeout(PLAN_EVERY_S):
                    await self.to_plan.wait()

    def ring(self) -> None:
        self.to_plan.set()
        for worker in self.workers:
            worker.bell.set()

    # what they do

    async def plan(self) -> None:
        """Whatever is left to plan, of events, nights, holds that nobody decided on."""
        while await reconcile_schools(self.database, NIGHT, self.clock.now()) is not None:
            pass
        while await plan_affected(self.database, self.rules, self.clock.now()) is not None:
            self.ring()
        await expire_holds(self.database, self.rules, self.clock.now())

    async def hear(self, updates: list[Update]) -> None:
        told = [heard(update_body(self.world, update)) for update in updates]
        await hear_updates(self.database, "max", [one for one in told if one is not None])
        self.ring()

    async def due_in(self) -> float | None:
        """In how many seconds a room falls due, or is free of its dead lease, or of the pause of its account."""
        async with self.database.reading() as connection:
            found = (await connection.execute(select(rooms.c.due_at, rooms.c.lease_until))).fetchall()
            paused = (await connection.execute(select(platform_tokens.c.paused_until))).scalars().all()
        now = self.clock.now()
        over = max((until for until in paused if until is not None), default=now)
        due = [max(over, row.lease_until or row.due_at) for row in found if row.due_at is not None]
        return max(SETTLE_EVERY_S, (min(due) - now).total_seconds()) if due else None

    async def rests(self) -> None:
        """Goes on, looks included, until nothing is due for long and all looks find what was written. Nobody else works
        by then. A state without a next step is still there then, and what never ends fails here.
        """
        until, looked = self.clock.monotonic() + PATIENCE_S, -1
        settler = Settler(self.dispatch, 64)
        for _ in range(MOST_TURNS):
            await self.plan()
            if await self._settled(settler):
                continue
            in_s, written = await self.due_in(), await self._written()
            if in_s is not None and self.clock.monotonic() + in_s < until:
                await asyncio.sleep(in_s)
            elif looked == written:
                return
            else:
                looked = written
                await self.look()
        raise AssertionError("it does not come to rest")

    async def _settled(self, settler: Settler) -> int:
        claimed = await settler.go_on()
        await settler.rest()
        return claimed

    async def look(self) -> None:
        """Looks at every room once, whoever did so just now."""
        async with self.database.writing() as connection:
            await connection.execute(update(rooms).values(looked_at=None, look_until=None))
        while await look_at_rooms(self.looking, "max"):
            pass

    async def _written(self) -> int:
        async with self.database.reading() as connection:
            return int((await connection.execute(select(func.max(calls.c.call_no)))).scalar() or 0)

    async def night(self) -> None:
        """Sleeps until the night has come."""
        now = self.clock.now()
        at = datetime.combine(now.date() + timedelta(days=1), NIGHT, now.tzinfo)
        await asyncio.sleep((at - now).total_seconds())

    async def rows(self, query: Any) -> list[Any]:
        async with self.database.reading() as connection:
            return list((await connection.execute(query)).fetchall())
