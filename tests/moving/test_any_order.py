"""A school moves, and back, while people come, go, link and unlink in between: in the end all are where they should be,
and at no time is anybody put into a chat, or left without one, by the move.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest

from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action, Lost, Outcome, WorldPlatform
from tests.moving.conftest import FIRST, OTHER, PROVIDER, TEACHER, School, school_in_memory

PUPILS = 4
DEEDS = 25


@dataclass
class Walk:
    """`here`: who is at school; `linked`: on which platforms; `put_in`: whom calls added, by chat."""

    school: School
    random: Random
    here: set[int] = field(default_factory=lambda: set(range(1, PUPILS + 1)))
    linked: dict[str, set[int]] = field(default_factory=dict)
    at: str = "vk"

    async def goes(self) -> None:
        self.school.world.calls.clear()
        for token in ("max", "vk"):
            client = self.school.road.clients[token]
            assert isinstance(client, WorldPlatform)
            client.outcome = self._outcome
        for _ in range(DEEDS):
            await self._deed()
            await self._some_steps()

    def _outcome(self, _: Action) -> Outcome:
        met = self.random.random()
        if met < 0.05:
            return self.random.choice((Lost.BEFORE, Lost.AFTER))
        return PlatformError(Failure.BUSY, "too.many.requests", retry_after_s=2.0) if met < 0.08 else None

    async def _deed(self) -> None:
        number, platform = self.random.randint(1, PUPILS), self.random.choice(("max", "vk"))
        person, told = f"p{number}", self.school.told
        match self.random.randrange(4):
            case 0 if number in self.here:
                self.here.discard(number)
                told.school("student.expelled", student_id=person)
            case 0:
                self.here.add(number)
                told.school("student.restored", student_id=person, class_id="5a")
            case 1 if number in self.linked[platform]:
                self.linked[platform].discard(number)
                told.account("unlinked", person, provider=PROVIDER[platform])
            case 1:
                self.linked[platform].add(number)
                self.school.links(person, number, platform)
            case 2:
                self.at = OTHER[self.at]
                await self.school.chooses(self.at)
        await self.school.takes()

    async def _some_steps(self) -> None:
        for _ in range(self.random.choice((0, 1, 3, 12))):
            await self.school.road.plan()
            await self.school.road.settle()
            self.school.road.clock.turn(seconds=self.random.choice((1, 5)))
            self._who_is_expelled_was_not_added()

    def _who_is_expelled_was_not_added(self) -> None:
        """By calls that were made since the last time that this was asked."""
        calls, self.school.world.calls[:] = list(self.school.world.calls), []
        added = {user for call in calls if call.action == "add" for user in call.user_ids}
        gone = set(range(1, PUPILS + 1)) - self.here
        assert not added & {FIRST[token] + number for token in ("max", "vk") for number in gone}


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_in_between_all_end_where_they_should_be(sqlite_url: str, seed: int) -> None:
    async with school_in_memory("vk", sqlite_url) as school:
        await school.begins(PUPILS)
        walk = Walk(school, Random(seed))
        walk.linked = {token: set(walk.here) for token in ("max", "vk")}
        await walk.goes()
        for client in school.road.clients.values():
            client.outcome = lambda _: None  # type: ignore[attr-defined]
        await school.road.converge()
        should = (walk.here & walk.linked[walk.at]) | {TEACHER}
        assert await school.members(walk.at) == should
        rooms = await school.rooms()
        former = rooms.get(OTHER[walk.at])
        if former is not None and former.external_chat_id is not None:
            assert await school.members(OTHER[walk.at]) <= {TEACHER}
            assert former.observed_life == "archived"
        status = await school.status()
        assert (status.outbox.pending, status.outbox.in_flight, status.outbox.retrying) == (0, 0, 0)
