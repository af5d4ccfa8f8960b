"""What every rule stands on: an example's school, its world, and a clock that is turned."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from contextlib import ExitStack, suppress
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from adapters.simulator.entities import SERVICE_ID, Chat, Refused
from sync.guards.limits import Guards, Limit
from sync.use_cases.plan_scopes import PlanningRules
from tests.doubles.loop import VirtualLoop
from tests.laws.by_hand.founded import Founded, school_at
from tests.laws.by_hand.platform import Nature
from tests.laws.by_hand.school import LivingSchool
from tests.laws.roads import UNGUARDED

MOMENTS = (0.01, 0.01, 0.1, 0.5, 2.0)  # between one thing that happens and the next: of the same millisecond are no two
NOBODY = 0
STRICT = PlanningRules(guards=Guards(organisation=Limit(0.2, 1), chat=Limit(0.5, 1), kind_floor=1))


class Ground(RuleBasedStateMachine):
    """Two schools of two classes each. `number` picks one of the chats that there are."""

    founded: Founded

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.stack = ExitStack()
        self.left: set[tuple[str, str]] = set()
        self.titled: set[str] = set()
        self.begun: LivingSchool | None = None

    def run(self, awaited: Any) -> Any:
        return self.runner.run(awaited)

    @property
    def loop(self) -> VirtualLoop:
        loop = self.runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        return loop

    @property
    def school(self) -> LivingSchool:
        assert self.begun is not None
        return self.begun

    @property
    def nature(self) -> Nature:
        return self.school.nature

    @initialize(
        seed=st.integers(0, 2**16),
        rate=st.sampled_from([0.5, 1, 3, 30, 1000]),
        hears=st.booleans(),
        rules=st.sampled_from([UNGUARDED, STRICT]),
        for_good=st.booleans(),
    )
    def a_school(self, seed: int, rate: float, hears: bool, rules: PlanningRules, for_good: bool) -> None:
        url = self.stack.enter_context(self.founded.copied())
        self.loop.now = self.founded.at
        self.told, self.world = copy.deepcopy((self.founded.told, self.founded.world))
        self.begun = school_at(url, self.loop, self.world, Nature(Random(seed), rate, for_good=for_good), rules)
        self.heard, self.hears = len(self.world.updates), hears
        self.run(self._begins())

    async def _begins(self) -> None:
        if self.hears:
            async with self.school.database.hearing() as tx:
                await tx.hold_hearing("max", "test", 1_000_000)
        self.school.starts()

    def happens(self, type_: str, school_id: str, **data: Any) -> None:
        self.takes(self.told.school(type_, school_id, at=self.a_moment_later(), **data))

    def takes(self, event: Any) -> None:
        [taken] = self.run(self.school.road.post([event]))
        assert taken.outcome in {"applied", "kept"}, taken
        self.school.ring()

    def does(self, number: int, deed: Callable[[Chat, Any], object]) -> None:
        """A deed in one of the chats; what the platform does not let people do is not done."""
        at, chats = self.a_moment_later(), [*self.world.chats.values()]
        if chats:
            with suppress(Refused):
                deed(chats[number % len(chats)], at)

    def a_moment_later(self) -> Any:
        self.run(asyncio.sleep(self.nature.chance.choice(MOMENTS)))
        return self.school.clock.now()


def a_member(chat: Chat, number: int) -> int:
    members = sorted(chat.members.keys() - {SERVICE_ID})
    return members[number % len(members)] if members else NOBODY


def an_admin(chat: Chat) -> int:
    """Who administrates it, a human where there is one."""
    return min((user for user, member in chat.members.items() if member.is_admin), default=NOBODY)
