"""H10. One process rolls a school to day D; another, whose clock is two seconds behind, gets the lock next and plans by
day D-1: whoever moved at midnight is moved back, and nothing touches them again.

The day is a column of the school, read under its lock, and only rises; whoever raises it plans what falls due between.
`roll_at` is the instant of the next midnight, in the school's zone, at which something changes.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.schema import organisations
from sync.days import local_day, midnight
from tests.interleavings.pauses import LONGEST_S, overlap
from tests.interleavings.told import Event, Told, shown
from tests.road import Road, TestClock

TOMORROW = date(2026, 11, 3)
MIDNIGHT = datetime(2026, 11, 2, 21, 0, tzinfo=UTC)  # of that day in Moscow
SECOND = timedelta(seconds=1)
ZONES = sorted(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@pytest.fixture
async def told(road: Road) -> Told:
    """Anna goes from 5 А to 6 А tomorrow."""
    told = Told()
    road.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    for class_id in ("5a", "6a"):
        told.school("class.opened", class_id=class_id, name=class_id, school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    told.school("student.transferred", student_id="anna", to_class_id="6a", effective_on=str(TOMORROW))
    await road.post(told.events)
    return told


def beside(road: Road, at: datetime) -> Road:
    """Another process on the same database, with a clock of its own."""
    return replace(road, clock=TestClock(at), noticed=[])


async def day_of(road: Road, school: str = "school") -> tuple[date, datetime | None]:
    async with road.database.reading() as connection:
        asked = select(organisations.c.day, organisations.c.roll_at)
        row = (await connection.execute(asked.where(organisations.c.organisation_id == school))).one()
    return row.day, row.roll_at


def touching(told: Told) -> Event:
    """Something that makes a school plan Anna."""
    return told.school("person.unblocked", person_id="anna")


async def test_a_fact_dated_ahead_takes_effect_at_local_midnight_without_another_event(road: Road, told: Told) -> None:
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member"}}
    assert await day_of(road) == (TOMORROW - timedelta(days=1), MIDNIGHT)
    road.clock.at = MIDNIGHT - timedelta(microseconds=1)
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member"}}
    road.clock.at = MIDNIGHT
    await road.converge()
    assert await shown(road) == told.members("school", TOMORROW) == {"class:6a": {"1": "member"}}
    assert await day_of(road) == (TOMORROW, None)


async def test_a_clock_that_is_behind_does_not_undo_midnight(road: Road, told: Told) -> None:
    await road.converge()
    road.clock.at = MIDNIGHT + SECOND / 3
    behind = beside(road, MIDNIGHT - SECOND / 10)
    await road.plan()
    await behind.post([touching(told)])
    assert await day_of(road) == (TOMORROW, None)
    await behind.plan()
    await road.converge()
    assert await shown(road) == {"class:6a": {"1": "member"}}
    assert await day_of(road) == (TOMORROW, None)


async def test_a_batch_that_comes_first_after_midnight_plans_what_falls_due(road: Road, told: Told) -> None:
    """Whoever raises the day marks what begins between: no roll comes for it any more."""
    await road.converge()
    road.clock.at = MIDNIGHT + SECOND
    await road.post([told.school("employee.hired", employee_id="olga", position_type="other")])
    assert await day_of(road) == (TOMORROW, None)
    await road.converge()
    assert await shown(road) == {"class:6a": {"1": "member"}}


async def test_days_that_nobody_saw_are_made_good(road: Road, told: Told) -> None:
    """Three days of standstill: the last assertion of each fact holds, whatever began on the way."""
    for days, class_id in ((1, "5a"), (2, "6a"), (9, "5a")):
        on = str(TOMORROW + timedelta(days=days))
        await road.post([told.school("student.transferred", student_id="anna", to_class_id=class_id, effective_on=on)])
    await road.converge()
    road.clock.at = MIDNIGHT + timedelta(days=3)
    await road.converge()
    assert await shown(road) == {"class:6a": {"1": "member"}}
    assert await day_of(road) == (TOMORROW + timedelta(days=3), MIDNIGHT + timedelta(days=9))


async def test_a_midnight_at_which_nothing_changes_is_not_waited_for(road: Road, told: Told) -> None:
    await road.converge()
    road.clock.at = MIDNIGHT
    await road.converge()
    assert (await day_of(road))[1] is None
    road.clock.at += timedelta(days=30)
    async with road.database.planning() as tx:
        assert await tx.schools.lock_due(road.clock.at, 20) == {}


async def test_each_schools_midnight_is_its_own(road: Road, told: Told) -> None:
    """Kamchatka is nine hours ahead of Moscow."""
    events = [told.school("organisation.registered", "far", name="Школа", time_zone="Asia/Kamchatka")]
    for type_, on in (("employee.hired", None), ("employee.dismissed", str(TOMORROW))):
        more = {"position_type": "administration"} if on is None else {"effective_on": on}
        events.append(told.school(type_, "far", employee_id="olga", **more))
    await road.post([*events, told.account("linked", "olga", "2")])
    await road.converge()
    assert (await shown(road))["staff:far"] == {"2": "member"}
    road.clock.at = MIDNIGHT - timedelta(hours=9)
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member"}}
    assert [(await day_of(road, school))[0] for school in ("school", "far")] == [
        TOMORROW - timedelta(days=1),
        TOMORROW,
    ]


@pytest.mark.parametrize(
    ("zone", "rolls_at"),
    [
        ("Asia/Kamchatka", MIDNIGHT - timedelta(hours=9)),
        ("America/New_York", MIDNIGHT + timedelta(hours=8)),
    ],
)
async def test_a_new_zone_moves_the_next_midnight(road: Road, told: Told, zone: str, rolls_at: datetime) -> None:
    await road.post([told.school("organisation.registered", name="Школа", time_zone=zone)])
    assert (await day_of(road))[1] == rolls_at
    road.clock.at = rolls_at
    await road.converge()
    assert await shown(road) == {"class:6a": {"1": "member"}}


async def test_a_new_zone_never_lowers_the_day(road: Road, told: Told) -> None:
    road.clock.at = MIDNIGHT
    await road.converge()
    await road.post([told.school("organisation.registered", name="Школа", time_zone="America/New_York")])
    await road.post([touching(told)])
    await road.converge()
    assert await day_of(road) == (TOMORROW, None)
    assert await shown(road) == {"class:6a": {"1": "member"}}


async def test_another_schools_class_of_the_same_id_that_opens_ahead_moves_nobody_here(road: Road, told: Told) -> None:
    on = str(TOMORROW + timedelta(days=1))  # when nothing else begins
    told.school("organisation.registered", "other", name="Школа", time_zone="America/New_York")
    opened = {"class_id": "5a", "name": "5a", "school_year": "2026/2027", "effective_on": on}
    told.school("class.opened", "other", **opened)
    told.school("student.enrolled", student_id="boris", class_id="5a")
    told.account("linked", "boris", "2")
    await road.post(told.events)
    await road.converge()
    assert (await shown(road))["class:5a"] == {"1": "member", "2": "member"}
    for days in range(2):
        road.clock.at = MIDNIGHT + timedelta(days=days)
        await road.converge()
        assert await shown(road) == {"class:5a": {"2": "member"}, "class:6a": {"1": "member"}}
    assert await day_of(road) == (TOMORROW, None)


# two workers


async def test_two_workers_at_one_midnight_plan_each_school_once(roster: Road, accounts: Road) -> None:
    """The one who comes second passes over what the first has locked, and waits for nothing."""
    told = Told()
    for school in ("one", "two"):
        told.school("organisation.registered", school, name="Школа")
        for type_, on in (("employee.hired", {}), ("employee.dismissed", {"effective_on": str(TOMORROW)})):
            position = {} if on else {"position_type": "administration"}
            told.school(type_, school, employee_id=f"of {school}", **position, **on)
    await roster.post(told.events)
    roster.clock.at = MIDNIGHT
    claimed: list[list[str]] = []

    async def second() -> None:
        async with accounts.database.planning() as tx:
            claimed.append(sorted(await tx.schools.lock_due(MIDNIGHT, 20)))

    assert await overlap(roster.database, "schools.lock_due", roster.plan, second) == [False]
    await second()
    assert claimed == [[], []]
    assert [(await day_of(roster, school))[0] for school in ("one", "two")] == [TOMORROW, TOMORROW]


async def test_what_the_first_worker_does_not_take_the_second_does(roster: Road, accounts: Road) -> None:
    told = Told()
    for school in ("one", "two"):
        told.school("employee.dismissed", school, employee_id=school, effective_on=str(TOMORROW))
    await roster.post(told.events)
    async with asyncio.timeout(LONGEST_S), roster.database.planning() as first, accounts.database.planning() as second:
        taken = [sorted(await tx.schools.lock_due(MIDNIGHT, 1)) for tx in (first, second)]
    assert taken == [["one"], ["two"]]


# midnights that are not there, or there twice


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00:00+03:00"),  # clocks skip the first hour
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T01:00:00-03:00"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T00:00:00-04:00"),  # the first hour comes twice
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07T00:00:00-02:30"),  # a minute later it is yesterday again
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-31T00:00:00+14:00"),  # a day that never was
    ],
)
async def test_a_fact_takes_effect_at_the_first_instant_of_its_day(
    road: Road, zone: str, day: date, first: str
) -> None:
    told, instant = Told(), datetime.fromisoformat(first)
    road.clock.at = instant - timedelta(hours=12)
    road.knows("1")
    at = road.clock.at - timedelta(hours=1)
    told.school("organisation.registered", name="Школа", time_zone=zone, at=at)
    told.school("employee.hired", employee_id="olga", position_type="other", at=at)
    hired = {"position_type": "administration", "effective_on": str(day)}
    told.school("employee.position_changed", employee_id="olga", at=at + SECOND, **hired)
    told.account("linked", "olga", "1", at=at)
    await road.post(told.events)
    for moment, wanted in ((instant - SECOND, {}), (instant, {"staff:school": {"1": "member"}})):
        road.clock.at = moment
        await road.converge()
        assert await shown(road) == wanted
    road.clock.at = instant + timedelta(minutes=2)  # in St. John's by the clock on the wall it is the day before
    await road.post([told.school("person.unblocked", person_id="olga", at=at)])
    await road.converge()
    assert await shown(road) == wanted


@given(zone=st.sampled_from(ZONES), day=st.dates(date(1970, 1, 2), date(2999, 12, 30)))
@example(zone="Africa/Cairo", day=date(2026, 4, 24))
@example(zone="America/St_Johns", day=date(2010, 11, 7))
@example(zone="Pacific/Apia", day=date(2011, 12, 30))
def test_midnight_is_the_first_instant_on_which_the_day_has_begun(zone: str, day: date) -> None:
    instant = midnight(day, zone)
    assert local_day(instant, zone) >= day
    assert local_day(instant - timedelta(microseconds=1), zone) < day
