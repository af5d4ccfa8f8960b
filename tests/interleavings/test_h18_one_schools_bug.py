"""H18. The rules raise for one school: the batch is rolled back, the process ends, the same batch comes again,
for ever, and with it everything else of its partition.

Facts always commit. A school whose planning raises leaves its affected, is named with its error, tried again later and
later, and the rest of the batch goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from adapters.database.read.registry import registry_of
from adapters.database.schema import affected, organisations
from sync import desired
from sync.roster import Roster
from sync.rules import RULES, Reason
from sync.titles import Titles
from tests.interleavings.told import Event, Told, shown
from tests.road import Road

SICK, WELL = "lyceum", "school"


class Standing(NamedTuple):
    error: str | None
    next_try_at: datetime | None
    tries: int


class Bug:
    """A rule that fails for one school, as long as it is there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = True
        monkeypatch.setattr(desired, "RULES", (*RULES, self))

    def __call__(self, person: str, roster: Roster) -> Iterator[Reason]:
        if self.there and roster.organisation_id == SICK:
            raise ZeroDivisionError(person)
        return iter(())


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> Bug:
    return Bug(monkeypatch)


@pytest.fixture
def told(road: Road) -> Told:
    told = Told()
    road.knows("1", "2", "3")
    for account, school in (("1", SICK), ("2", WELL)):
        told.school("organisation.registered", school, name="Школа")
        told.school("employee.hired", school, employee_id=f"of {school}", position_type="administration")
        told.account("linked", f"of {school}", account)
    return told


def hired(told: Told, school: str, person: str) -> Event:
    return told.school("employee.hired", school, employee_id=person, position_type="administration")


async def standing(road: Road) -> Standing:
    asked = select(organisations.c.stalled_error, organisations.c.next_try_at, organisations.c.tries)
    async with road.database.reading() as connection:
        return Standing(*(await connection.execute(asked.where(organisations.c.organisation_id == SICK))).one())


async def touches(road: Road) -> int:
    async with road.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(affected))).scalar_one())


async def everybody(road: Road, told: Told) -> None:
    day = road.clock.at.date()
    assert await shown(road) == told.members(SICK, day) | told.members(WELL, day)


async def test_a_school_whose_planning_raises_stops_no_other(road: Road, told: Told, bug: Bug) -> None:
    taken = await road.post(told.events)
    assert {one.outcome for one in taken} == {"applied"}
    assert road.noticed[0].stalled == {SICK: "ZeroDivisionError in planning"}
    await road.converge()
    assert await shown(road) == {f"staff:{WELL}": {"2": "member"}}


async def test_it_is_named_with_its_error_and_nobodys_name(road: Road, told: Told, bug: Bug) -> None:
    await road.post(told.events)
    registry = registry_of(road.database.reading, Titles(), {}, monotonic=road.clock.monotonic)
    status = await registry.operations.status(None, road.clock.at)
    assert [(school.organisation_id, school.error) for school in status.stalled] == [
        (SICK, "ZeroDivisionError in planning")
    ]


async def test_it_is_planned_once_the_cause_is_gone(road: Road, told: Told, bug: Bug) -> None:
    """Its facts were kept: nobody tells them again."""
    await road.post(told.events)
    bug.there = False
    road.clock.turn(hours=1)
    await road.converge()
    await everybody(road, told)
    assert await standing(road) == Standing(None, None, 0)
    assert await touches(road) == 0


async def test_it_is_tried_again_later_and_later(road: Road, told: Told, bug: Bug) -> None:
    await road.post(told.events)
    waits = []
    for tries in range(1, 16):
        now, (_, next_try_at, tried) = road.clock.at, await standing(road)
        assert next_try_at is not None
        assert tried == tries
        waits.append(next_try_at - now)
        await road.plan()
        assert (await standing(road)).tries == tries  # not before its time
        road.clock.at = next_try_at
        await road.plan()
    assert waits == [timedelta(seconds=min(2**tries, 3600)) for tries in range(15)]


async def test_its_later_facts_are_kept_as_well(road: Road, told: Told, bug: Bug) -> None:
    await road.post(told.events)
    await road.post([hired(told, SICK, "olga"), told.account("linked", "olga", "3")])
    bug.there = False
    road.clock.turn(hours=1)
    await road.converge()
    await everybody(road, told)


async def test_it_stays_named_while_something_of_it_is_unplanned(road: Road, told: Told, bug: Bug) -> None:
    """A batch that goes well plans whom it touches; who was left before waits for the next try."""
    await road.post(told.events)
    bug.there = False
    await road.post([hired(told, SICK, "olga"), told.account("linked", "olga", "3")])
    assert (await standing(road)).error == "ZeroDivisionError in planning"
    await road.plan()
    assert await touches(road) > 0
    road.clock.turn(seconds=1)
    await road.converge()
    await everybody(road, told)
    assert (await standing(road)).error is None


async def test_a_midnight_that_stalls_comes_back(road: Road, told: Told, bug: Bug) -> None:
    bug.there = False
    tomorrow = road.clock.at.date() + timedelta(days=1)
    told.school("employee.dismissed", SICK, employee_id=f"of {SICK}", effective_on=str(tomorrow))
    await road.post(told.events)
    await road.converge()
    bug.there = True
    road.clock.turn(days=1)
    await road.converge()
    assert (await standing(road)).error == "ZeroDivisionError in planning"
    assert f"staff:{SICK}" in await shown(road)
    bug.there = False
    road.clock.turn(hours=1)
    await road.converge()
    await everybody(road, told)
    assert f"staff:{SICK}" not in await shown(road)


async def test_the_same_batch_again_is_all_duplicates(road: Road, told: Told, bug: Bug) -> None:
    await road.post(told.events)
    assert {one.outcome for one in await road.post(told.events)} == {"duplicate"}
    assert (await standing(road)).tries == 1
