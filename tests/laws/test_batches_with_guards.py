"""The law of batching with guards: however a history is cut into batches, and whatever is decided on the holds that it
makes, nobody leaves past a limit, what is held can be decided, and once all is approved everybody is where the rules
say.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import holds
from adapters.database.store import Database
from sync.affected import EVERYBODY, Affected
from sync.guards.limits import Guards, Limit
from sync.ids import NO_EVENT, OrganisationId
from sync.planning_scope import Cause
from sync.ports.holds import HELD
from sync.use_cases.decide_holds import approval, rejection
from sync.use_cases.plan_scopes import PlanningRules
from tests import oracle
from tests.interleavings.told import Event
from tests.laws.crashes import dying
from tests.laws.floods import ACCOUNTS, ACTS, HAPPENINGS, OTHERS, PUPILS, SCHOOL, told_of
from tests.laws.profiles import share_of_examples
from tests.laws.roads import in_batches, rows
from tests.laws.standing import day_of, standings
from tests.laws.watched import Watched
from tests.road import TestClock

YES, NO = approval("завуч", "так и есть"), rejection("завуч", "слетел столбец")
NEVER = Limit(1.0, 1000)
AT_ONCE = timedelta(0)
LIMITS = (
    Guards(organisation=Limit(0.2, 2), chat=Limit(0.5, 2), kind_floor=2, gain=2, gain_after=AT_ONCE),
    Guards(organisation=Limit(0.0, 0), chat=Limit(0.0, 0), kind_floor=0, gain=0, gain_after=AT_ONCE),
    Guards(organisation=NEVER, chat=NEVER, kind_floor=1, gain=1, gain_after=AT_ONCE),
    Guards(organisation=NEVER, chat=Limit(0.3, 1), kind_floor=100, gain=3, gain_after=timedelta(days=2)),
)
BETWEEN = ("rest", "rest", "approve", "reject", "hours", "plan", "restart", "limits", "nothing", "dies")
STEPS = st.lists(st.tuples(st.sampled_from(BETWEEN), st.integers(0, 23)), min_size=1, max_size=8)
SIZES = st.lists(st.integers(1, 15), min_size=1, max_size=4)


@dataclass
class Life:
    """What is done between batches."""

    road: Watched
    url: str

    async def between(self, what: str, number: int) -> None:
        road = self.road
        match what:
            case "rest":
                await road.converge()
            case "plan":
                await road.plan()
            case "hours":
                road.clock.turn(hours=1 + number)
                await road.converge()
            case "approve" | "reject":
                await self.decide(what, number)
            case "limits":
                road.rules = PlanningRules(guards=LIMITS[number % len(LIMITS)])
            case "restart":
                await self.restart()

    async def decide(self, what: str, number: int) -> None:
        """Decides one of the holds that wait."""
        await self.road.plan()
        waiting = await open_holds(self.road)
        if waiting:
            await self.road.decide(waiting[number % len(waiting)], YES if what == "approve" else NO)

    async def restart(self) -> None:
        """Another process over the same database: it remembers nothing."""
        await self.road.database.close()
        self.road.database = Database(self.url, clock=self.road.clock.of_database)


async def open_holds(road: Watched) -> list[int]:
    found = await rows(road, select(holds).where(holds.c.state == HELD).order_by(holds.c.hold_no))
    return [row.hold_no for row in found]


async def lived(life: Life, events: Sequence[Event], sizes: Sequence[int], steps: Sequence[tuple[str, int]]) -> None:
    road = life.road
    for at, batch in enumerate(in_batches(events, sizes)):
        what, number = steps[at % len(steps)]
        if what == "dies":
            road.counts.told += batch
            await road.watch(partial(dying, road, number, partial(_posted, batch)))
        if part := batch[: number % len(batch)]:
            await road.take(part)
        await road.take(batch)
        await life.between(what, number)


async def _posted(batch: Sequence[Event], road: Any) -> None:
    await road.post(batch)


async def check_all_but_held(road: Watched) -> None:
    """Whoever has no hold is where the rules say."""
    shown, should = (
        await road.members(SCHOOL),
        oracle.members(road.counts.told, SCHOOL, day_of(road.clock.now()), "max"),
    )
    on_hold = {(one.chat_id, one.account) for one in (await standings(road)).values() if one.hold_no is not None}
    for chat_id in shown.keys() | should.keys():
        there, wanted = shown.get(chat_id, {}), should.get(chat_id)
        for account in there.keys() | (wanted or {}).keys():
            if (chat_id, account) not in on_hold:
                assert wanted is not None or there.get(account) == "admin", (chat_id, account)
                assert wanted is None or there.get(account) == wanted.get(account), (chat_id, account)


async def everything_approved(road: Watched) -> None:
    """Whatever was rejected is planned anew, until a person has approved all that is held."""
    for _ in range(10):
        await road.converge()
        while waiting := await open_holds(road):
            await road.decide(waiting[0], YES)
            await road.converge()
        if not await asked_again(road):
            return
    raise AssertionError("there is always something to approve")


async def asked_again(road: Watched) -> bool:
    """Plans everybody anew, as an event of the roster would; gives whether that changed anything."""
    before, everybody = await standings(road), Affected(OrganisationId(SCHOOL), EVERYBODY, SCHOOL)
    async with road.database.planning() as tx:
        await tx.affected.add({everybody: Cause(NO_EVENT, by_event=True)}, road.clock.now())
    await road.plan()
    return await standings(road) != before


async def history(url: str, happenings: Sequence[Any], sizes: Sequence[int], steps: Sequence[Any], first: int) -> None:
    clock = TestClock()
    road = Watched(Database(url, clock=clock.of_database), clock, looks=False)
    road.knows(*ACCOUNTS.values(), *OTHERS.values())
    road.rules = PlanningRules(guards=Guards(on=False))
    beginning, events = told_of(happenings)
    try:
        await road.post(beginning)
        road.counts.told += beginning
        await road.converge()
        clock.turn(hours=25)
        road.rules = PlanningRules(guards=LIMITS[first])
        await lived(Life(road, url), events, sizes, steps)
        await road.converge()
        await check_all_but_held(road)
        await everything_approved(road)
        assert not any(one.hold_no for one in (await standings(road)).values())
        await check_all_but_held(road)
    finally:
        await road.database.close()


@share_of_examples(0.1, shrinks=False)
@given(happenings=HAPPENINGS, sizes=SIZES, steps=STEPS, first=st.integers(0, len(LIMITS) - 1))
def test_however_a_history_is_cut_and_decided_on_it_ends_as_the_rules_say(
    prepared_sqlite: Path, happenings: Any, sizes: Any, steps: Any, first: int
) -> None:
    with TemporaryDirectory() as folder:
        path = shutil.copy(prepared_sqlite, Path(folder, "rollcall.db"))
        asyncio.run(history(f"sqlite:///{path}", happenings, sizes, steps, first))


@pytest.mark.parametrize("seed", range(3))
async def test_so_it_does_on_postgresql(postgresql_url: str, seed: int) -> None:
    chance = random.Random(seed)
    happenings = [
        (chance.choice(ACTS), chance.sample(range(len(PUPILS)), chance.randint(1, 9)), chance.randint(0, 2))
        for _ in range(8)
    ]
    steps = [(chance.choice(BETWEEN), chance.randint(0, 23)) for _ in range(6)]
    await history(postgresql_url, happenings, [chance.randint(1, 12)], steps, seed)
