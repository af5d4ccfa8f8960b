"""A machine's clock that jumps: it is not believed, and that is told until it is right again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from adapters.database.read.registry import registry_of
from adapters.database.schema import organisations
from adapters.database.store import Database
from rollcall.clock import SystemClock
from rollcall.timekeeping import Timekeeping
from sync.affected import PERSON, Affected
from sync.clocks import Judgement, judge
from sync.ids import NO_EVENT, OrganisationId
from sync.planning_scope import Cause
from sync.titles import Titles
from sync.use_cases.plan_affected import plan_affected
from tests.interleavings.told import Told
from tests.road import START, Road
from tests.rollcall.conftest import CommandLine

DAY = timedelta(days=1)
TODAY = START.date()
BELIEVED = Judgement()
SCHOOL = OrganisationId("school")


@dataclass
class Machine:
    wall: datetime = START
    seconds: float = 0.0

    def passes(self, by: timedelta) -> None:
        self.wall += by
        self.seconds += by.total_seconds()


def clock_of(machine: Machine, judgement: Judgement = BELIEVED) -> SystemClock:
    clock = SystemClock(lambda: machine.wall, lambda: machine.seconds)
    clock.judged(judgement)
    return clock


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


# at start


@pytest.mark.parametrize(
    ("machine", "database", "last_day", "confirmed", "judgement"),
    [
        (0, None, None, None, BELIEVED),
        (0, None, 0, None, BELIEVED),
        (3, None, 0, None, BELIEVED),  # a weekend without anybody
        (4, None, 0, None, Judgement(None, TODAY)),
        (400, None, 0, None, Judgement(None, TODAY)),
        (-4, None, 0, None, Judgement(None, TODAY)),
        (400, None, 0, 399, BELIEVED),
        (400, None, 0, 0, Judgement(None, TODAY)),
        (400, 400, 0, None, BELIEVED),  # two clocks agree: nobody was there for so long
        (400, 0, 0, None, Judgement(START, None)),
        (-400, 0, 0, None, Judgement(START, None)),
        (0, 400, 0, None, Judgement(START + 400 * DAY, TODAY)),
        (0, 400, 0, 0, BELIEVED),
        (400, 0, None, None, Judgement(START, None)),
    ],
)
def test_at_start_it_goes_by_whoever_agrees(
    machine: int, database: int | None, last_day: int | None, confirmed: int | None, judgement: Judgement
) -> None:
    said = [None if days is None else START + days * DAY for days in (machine, database, last_day, confirmed)]
    assert said[0] is not None
    assert judge(said[0], said[1], None if said[2] is None else said[2].date(), said[3]) == judgement


def test_days_stay_until_somebody_has_asked_and_go_on_from_the_last_while_it_is_doubted() -> None:
    machine = Machine(START + 400 * DAY)
    clock = SystemClock(lambda: machine.wall, lambda: machine.seconds)
    assert clock.days_until(clock.now()) < START - 10_000 * DAY
    clock.judged(Judgement(None, TODAY))
    machine.passes(DAY)
    assert (clock.days_until(clock.now()).date(), clock.jumped_at()) == (TODAY + DAY, START + 400 * DAY)
    clock.judged(Judgement(None, TODAY + DAY))
    assert clock.days_until(clock.now()).date() == TODAY + DAY
    clock.judged(BELIEVED)
    assert (clock.days_until(clock.now()), clock.jumped_at()) == (machine.wall, None)


def test_it_goes_on_by_the_databases_until_the_machines_is_right() -> None:
    machine = Machine(START + 400 * DAY)
    clock = clock_of(machine, Judgement(START))
    machine.passes(DAY)
    assert (clock.now(), clock.jumped_at() is not None, clock.days_until(clock.now())) == (
        START + DAY,
        True,
        START + DAY,
    )
    machine.wall -= 400 * DAY
    clock.judged(BELIEVED)
    assert (clock.now(), clock.jumped_at()) == (machine.wall, None)


def test_that_two_clocks_agree_on_a_jump_while_it_runs_makes_it_no_truer() -> None:
    machine = Machine()
    clock = clock_of(machine)
    machine.wall += 400 * DAY
    clock.judged(BELIEVED)
    clock.judged(Judgement(None, TODAY))
    assert (clock.now(), clock.days_until(START), clock.jumped_at()) == (START, START, START)


@pytest.fixture
async def school(road: Road) -> Road:
    """Anna moves into the other class in a year."""
    told = Told()
    told.school("organisation.registered", name="Школа")
    for class_id in ("5", "6"):
        told.school("class.opened", class_id=class_id, name=class_id, school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5")
    told.school("student.transferred", student_id="anna", to_class_id="6", effective_on="2027-11-01")
    await road.post(told.events)
    return road


async def day_of(road: Road) -> date:
    async with road.database.reading() as connection:
        day: date = (await connection.execute(select(organisations.c.day))).scalar_one()
        return day


async def begun(road: Road, machine: Machine) -> Timekeeping:
    """A process begins there, and plans what is due."""
    clock = SystemClock(lambda: machine.wall, lambda: machine.seconds)
    keeping = Timekeeping(clock, road.database)
    await keeping.begin()
    rules = replace(road.rules, days_until=clock.days_until)
    while await plan_affected(road.database, rules, clock.now()) is not None:
        pass
    async with road.database.planning() as tx:
        await tx.affected.add({Affected(SCHOOL, PERSON, "anna"): Cause(NO_EVENT, by_event=False)}, clock.now())
    while await plan_affected(road.database, rules, clock.now()) is not None:
        pass
    return keeping


async def kinds(road: Road) -> list[str]:
    """What another process tells, whose own clock is right."""
    told = registry_of(road.database.reading, Titles(), {}, monotonic=road.clock.monotonic).operations
    return [alarm.kind for alarm in (await told.status(None, road.clock.now())).alarms]


async def test_of_a_clock_that_is_wrong_at_start_no_school_is_taken_anywhere(school: Road) -> None:
    machine = Machine(START + 400 * DAY)
    keeping = await begun(school, machine)
    assert await day_of(school) == TODAY
    assert keeping.clock.jumped_at() is not None
    machine.wall -= 400 * DAY
    await keeping.check()
    assert (keeping.clock.jumped_at(), keeping.clock.now()) == (None, START)


async def test_after_a_real_outage_days_go_on(school: Road) -> None:
    """On PostgreSQL, whose clock says the same, by themselves; on SQLite once a person says so."""
    school.clock.turn(days=400)
    machine = Machine(school.clock.at)
    keeping = await begun(school, machine)
    if school.database.sqlite:
        assert await day_of(school) == TODAY
        await keeping.notes.confirm(machine.wall)
        await keeping.check()
        await begun(school, machine)
    assert (await day_of(school), keeping.clock.jumped_at()) == (TODAY + 400 * DAY, None)


async def test_another_process_tells_of_it_while_it_is_so(school: Road) -> None:
    machine = Machine()
    keeping = await begun(school, machine)
    await keeping.tell()
    assert await kinds(school) == []
    machine.wall += 400 * DAY
    await keeping.tell()
    assert await kinds(school) == ["clock_jumped"]
    machine.wall -= 400 * DAY
    await keeping.tell()
    assert await kinds(school) == []
    machine.wall += 400 * DAY
    await keeping.tell()
    await keeping.end()
    assert await kinds(school) == []


async def test_who_was_killed_while_it_was_so_is_told_of_no_longer(school: Road) -> None:
    machine = Machine()
    keeping = await begun(school, machine)
    machine.wall += 400 * DAY
    await keeping.tell()
    school.clock.turn(minutes=11)
    assert await kinds(school) == []


async def test_while_the_database_is_away_no_school_is_taken_anywhere() -> None:
    machine = Machine()
    clock = SystemClock(lambda: machine.wall, lambda: machine.seconds)
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    await Timekeeping(clock, database).begin()
    assert clock.days_until(clock.now()) < START - 10_000 * DAY
    await database.close()


def test_an_operator_says_by_a_command_that_the_clock_is_right(rollcall: CommandLine, sqlite_url: str) -> None:
    async def long_ago() -> None:
        database = Database(sqlite_url)
        async with database.writing() as connection:
            row = {"organisation_id": "s1", "platform": "max", "time_zone": "UTC", "day": date(2020, 9, 1)}
            await connection.execute(insert(organisations).values(row))
        await database.close()

    asyncio.run(long_ago())
    status = rollcall("status")
    assert (status.code, "alarm: clock_jumped" in status.err) == (3, True)
    asked = rollcall("db", "clock")
    assert (asked.code, "2020-09-01" in asked.err) == (3, True)
    assert rollcall("db", "clock", "--yes").code == 0
    assert rollcall("status").code == rollcall("db", "clock").code == 0
