"""A road of which every plan is watched: what flows and what is held, against the limits, counted naively."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from adapters.database.schema import holds
from sync.ids import HoldNo
from sync.ports.holds import APPROVED, HELD, REJECTED, Decision
from sync.use_cases.decide_holds import Verdict, decide_hold, expire_holds
from sync.use_cases.plan_affected import plan_affected
from tests import oracle
from tests.interleavings.told import Event
from tests.laws.floods import SCHOOL
from tests.laws.naive_guards import Counts, Step
from tests.laws.roads import rows
from tests.laws.standing import IN, Key, Standing, day_of, is_deleted, standings
from tests.road import Road


@dataclass
class Watched(Road):
    """Every batch, plan and decision is looked at."""

    counts: Counts = field(default_factory=Counts)

    async def take(self, events: Iterable[Event]) -> None:
        """One batch, watched."""
        events = list(events)
        self.counts.told += [event for event in events if event not in self.counts.told]
        await self.watch(lambda: self.post(events))

    async def plan(self) -> None:
        while await self.watch(lambda: plan_affected(self.database, self.rules, self.clock.now())) is not None:
            pass
        await self.watch(lambda: expire_holds(self.database, self.rules, self.clock.now()))
        await self._nobodys_own_doing_is_held()

    async def decide(self, hold_no: int, decision: Decision) -> None:
        before = await standings(self)
        done = await self.watch(
            lambda: decide_hold(self.database, self.rules, HoldNo(hold_no), decision, self.clock.now()),
            hold_no if decision.state == APPROVED else None,
        )
        assert done.verdict is Verdict.DONE
        await self._only_what_was_planned(hold_no, decision, before, await standings(self))

    async def watch(self, work: Callable[[], Awaitable[Any]], approved: int | None = None) -> Any:
        """Does what may plan once, and looks at what that changed."""
        before, now = await standings(self), self.clock.now()
        answer = await work()
        after = await standings(self)
        await self._holds_can_be_decided(after)
        step = Step(self.counts, self.rules.guards, before, after, approved, now)
        step.check_leaving()
        step.check_joining()
        self.clock.turn(seconds=1)
        return answer

    async def _holds_can_be_decided(self, after: Mapping[Key, Standing]) -> None:
        states = {row.hold_no: row.state for row in await rows(self, select(holds))}
        carried = {standing.hold_no for standing in after.values()}
        for standing in after.values():
            if standing.hold_no is not None:
                assert states[standing.hold_no] == (REJECTED if standing.rejected else HELD), standing
        assert {hold_no for hold_no, state in states.items() if state == HELD} <= carried

    async def _nobodys_own_doing_is_held(self) -> None:
        school, accounts = (
            oracle.School(self.counts.told, SCHOOL, day_of(self.clock.now())),
            oracle.accounts(self.counts.told, "max"),
        )
        for place in (await standings(self)).values():
            if place.hold_no and not place.rejected and not place.reasons:
                assert not school._of("blocked", place.person), place
                assert not is_deleted(place.chat_id, school), place
                assert accounts.get(place.person) == place.account, place

    async def _only_what_was_planned(
        self, hold_no: int, decision: Decision, before: Mapping[Key, Standing], after: Mapping[Key, Standing]
    ) -> None:
        """What a decision changes is what its hold carried; but for who moves on by it."""
        [hold] = await rows(self, select(holds).where(holds.c.hold_no == hold_no))
        lines = {(line["chat_id"], line["person_id"]) for line in hold.plan}
        carriers = {key for key, standing in before.items() if standing.hold_no == hold_no}
        moved = {key[0] for key in carriers if after[key].wanted in IN and not after[key].rejected}
        for key in (before.keys() | after.keys()) - carriers:
            was, now = before.get(key), after.get(key)
            let_go = was and now and was.hold_no and not now.hold_no and was.wanted == now.wanted == "out"
            assert now == was or (key[0] in moved and let_go), (was, now)
        for was, now in ((before[key], after[key]) for key in carriers):
            assert (now.chat_id, now.person) in lines, now
            if decision.state == APPROVED:
                assert (now.hold_no, now.wanted in IN) == (None, bool(was.reasons)), now
            else:
                assert (now.rejected, now.wanted in IN) == (True, not was.reasons), now
