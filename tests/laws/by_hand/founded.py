"""Two schools with their chats, as every example begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random

from adapters.simulator.entities import User
from adapters.simulator.world import World
from sync.ids import OrganisationId
from sync.use_cases.plan_scopes import PlanningRules
from tests.doubles.loop import VirtualLoop
from tests.interleavings.told import Told
from tests.laws.by_hand.at_rest import AtRest
from tests.laws.by_hand.platform import Nature
from tests.laws.by_hand.school import LivingSchool
from tests.laws.by_hand.timeless import LoopClock, TimelessDatabase
from tests.laws.roads import UNGUARDED

YEAR = {"school_year": "2026/2027"}
PUPILS, PARENTS, STAFF = ("anna", "boris", "vera"), ("maria", "pavel"), ("tanya", "oleg")
HELD = {name: str(number) for number, name in enumerate((*PUPILS, *PARENTS, *STAFF), 1)}
FOREIGN = ("8", "9")
EVERYBODY = (*HELD.values(), *FOREIGN)
SCHOOLS, CLASSES = ("school", "other"), ("a", "b")  # each has both


@dataclass(frozen=True)
class Founded:
    """`copied` gives a database of its own for an example."""

    world: World
    told: Told
    at: float
    copied: Callable[[], AbstractContextManager[str]]


def school_at(
    url: str, loop: VirtualLoop, world: World, nature: Nature, rules: PlanningRules = UNGUARDED
) -> LivingSchool:
    clock = LoopClock(loop)
    return LivingSchool(TimelessDatabase(url, clock=clock.of_database), clock, world, nature, rules)


def founded(url: str, copied: Callable[[], AbstractContextManager[str]]) -> Founded:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        told, world = Told(), World()
        runner.run(_found(school_at(url, loop, world, Nature(Random(1), 1000.0)), told))
        return Founded(world, told, loop.now, copied)


async def _found(school: LivingSchool, told: Told) -> None:
    school.world.put_users(User(int(account)) for account in EVERYBODY)
    for school_id in SCHOOLS:
        told.school("organisation.registered", school_id, name="Школа", time_zone="UTC")
    for class_id, teacher in zip(CLASSES, STAFF, strict=True):
        told.school("class.opened", class_id=class_id, name=f"5 {class_id}", homeroom_teacher_id=teacher, **YEAR)
        told.school("employee.hired", employee_id=teacher, position_type="teaching_staff")
    for pupil, class_id in zip(PUPILS, "aab", strict=True):
        told.school("student.enrolled", student_id=pupil, class_id=class_id)
    for parent, pupil in zip(PARENTS, PUPILS, strict=False):
        told.school("guardian.assigned", guardian_id=parent, student_id=pupil)
    told.school("class.opened", "other", class_id="a", name="7 a", **YEAR)
    told.school("student.enrolled", "other", student_id=PUPILS[-1], class_id="a")
    for person, account in HELD.items():
        told.account("linked", person, account)
    await school.road.post(told.events)
    await school.rests()
    for school_id in SCHOOLS:
        await AtRest(OrganisationId(school_id), school, told, set(), set()).check()
    await school.database.close()
