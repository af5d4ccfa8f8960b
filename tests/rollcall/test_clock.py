"""A machine's clock that jumps: it is not believed, and that is told until it is right again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.database.read.registry import registry_of
from rollcall.clock import SystemClock
from sync.ids import OrganisationId
from sync.titles import Titles
from tests.road import START, Road

DAY = timedelta(days=1)


@dataclass
class Machine:
    wall: datetime = START
    seconds: float = 0.0

    def passes(self, by: timedelta) -> None:
        self.wall += by
        self.seconds += by.total_seconds()


def clock_of(machine: Machine) -> SystemClock:
    return SystemClock(lambda: machine.wall, lambda: machine.seconds)


@pytest.mark.parametrize("days", [-400, -3, 3, 400])
def test_a_jump_is_not_believed_until_the_clock_is_right_again(days: int) -> None:
    machine = Machine()
    clock = clock_of(machine)
    machine.wall += days * DAY
    machine.passes(timedelta(hours=1))
    assert (clock.now(), clock.jumped_at()) == (START + timedelta(hours=1), START + timedelta(hours=1))
    machine.passes(5 * DAY)
    assert (clock.now(), clock.jumped_at()) == (START + timedelta(days=5, hours=1), START + timedelta(hours=1))
    machine.wall -= days * DAY
    assert (clock.now(), clock.jumped_at()) == (machine.wall, None)


def test_what_passes_and_what_is_put_right_is_no_jump() -> None:
    machine = Machine()
    clock = clock_of(machine)
    machine.passes(30 * DAY)
    assert (clock.now(), clock.jumped_at()) == (machine.wall, None)
    machine.wall += timedelta(hours=47)
    assert (clock.now(), clock.jumped_at()) == (machine.wall, None)


async def test_it_is_an_alarm(road: Road) -> None:
    machine = Machine()
    clock = clock_of(machine)
    told = registry_of(
        road.database.reading, Titles(), {}, monotonic=time.monotonic, jumped_at=clock.jumped_at
    ).operations

    async def kinds(*schools: str) -> list[str]:
        asked = frozenset(map(OrganisationId, schools)) or None
        return [alarm.kind for alarm in (await told.status(asked, clock.now())).alarms]

    assert await kinds() == []
    machine.wall += 400 * DAY
    assert (await kinds(), await kinds("s")) == (["clock_jumped"], [])
    machine.wall -= 400 * DAY
    assert await kinds() == []


def test_it_begins_with_the_machines_own() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(minutes=1)
