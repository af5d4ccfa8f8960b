"""Once a night, by each school's own clocks, all is planned anew and refusals are tried again; and by a new link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, select

from adapters.database.schema import affected, organisations, places
from adapters.database.store import Database
from adapters.simulator.entities import User
from rollcall.app import open_app
from rollcall.settings import Settings
from rollcall.workers import reconcile_nightly
from sync import desired
from sync.days import next_local
from sync.errors import StoreUnavailable
from sync.rules import RULES
from sync.use_cases.reconcile_schools import reconcile_schools
from tests.doubles.transaction import Watched
from tests.interleavings.pauses import PausingDatabase, overlap
from tests.interleavings.told import Told, shown
from tests.road import Road

AT = time(3, 30)
MOSCOW_AT = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)  # the first 03:30 in Moscow that the road's clock comes to
CHAT = "class:5a"


async def refused(road: Road, **registered: Any) -> Told:
    """A school with one pupil, who lets nobody add them."""
    told = Told()
    road.knows("1", private=["1"])
    told.school("organisation.registered", name="Школа", **registered)
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    await road.post(told.events)
    await road.converge()
    assert await shown(road) == {}
    await night(road)
    return told


def ends_at(store: Database, step: str) -> Any:
    """A store whose process ends before a step of its transaction: nothing of that is written."""

    async def around(name: str, call: Any) -> Any:
        if name == step:
            raise StoreUnavailable
        return await call()

    @asynccontextmanager
    async def planning() -> AsyncIterator[Watched]:
        async with store.planning() as tx:
            yield Watched(tx, around)

    return SimpleNamespace(planning=planning)


async def left_to_plan(road: Road) -> set[str]:
    async with road.database.reading() as connection:
        return set((await connection.execute(select(affected.c.organisation_id))).scalars())


async def night(road: Road) -> int:
    """What any planner does every half a second; gives how many schools were due."""
    due = await reconcile_schools(road.database, AT, road.clock.now())
    await road.converge()
    return len(due or ())


def lets_anybody(road: Road) -> None:
    road.platform.world.put_users([User(1)])


def tries(road: Road) -> int:
    return sum(call.action == "add" for call in road.platform.world.calls)


async def scheduled(road: Road) -> datetime | None:
    async with road.database.reading() as connection:
        at: datetime | None = (await connection.execute(select(organisations.c.reconcile_at))).scalar_one()
        return at


async def test_who_was_refused_is_tried_again_at_night_and_not_before(road: Road) -> None:
    await refused(road)
    lets_anybody(road)
    assert await scheduled(road) == MOSCOW_AT
    road.clock.at = MOSCOW_AT - timedelta(seconds=1)
    assert await night(road) == 0
    assert await shown(road) == {}
    road.clock.at = MOSCOW_AT
    assert await night(road) == 1
    assert await shown(road) == {CHAT: {"1": "member"}}


async def test_who_is_refused_again_is_asked_for_once_a_night(road: Road) -> None:
    await refused(road)
    before = tries(road)
    for half_hours in range(1, 3 * 48 + 1):
        road.clock.at = MOSCOW_AT - timedelta(minutes=10) + half_hours * timedelta(minutes=30)
        await night(road)
    assert tries(road) - before == 3
    assert await road.unsettled() != []  # refused still, and with nothing due


async def test_a_night_that_nobody_was_there_for_is_made_up_for_once(road: Road) -> None:
    await refused(road)
    before = tries(road)
    road.clock.at = MOSCOW_AT + timedelta(days=5, hours=7)
    assert [await night(road), await night(road)] == [1, 0]
    assert tries(road) - before == 1
    assert await scheduled(road) == MOSCOW_AT + timedelta(days=6)


async def test_each_school_has_its_own_night_and_a_new_time_zone_another(road: Road) -> None:
    told = await refused(road, time_zone="Asia/Vladivostok")
    assert await scheduled(road) == datetime(2026, 11, 2, 17, 30, tzinfo=UTC)
    await road.post([told.school("organisation.registered", name="Школа", time_zone="Europe/Kaliningrad")])
    await night(road)
    assert await scheduled(road) == datetime(2026, 11, 3, 1, 30, tzinfo=UTC)


async def test_what_is_told_of_a_school_leaves_its_night_where_it_is(road: Road) -> None:
    told = await refused(road)
    road.clock.at = MOSCOW_AT
    await road.post([told.school("student.enrolled", student_id="boris", class_id="5a")])
    assert await scheduled(road) == MOSCOW_AT
    assert await night(road) == 1


async def test_of_two_planners_one_sees_to_a_school(postgresql_url: str, road: Road) -> None:
    database = PausingDatabase(postgresql_url, clock=road.clock.of_database)
    other, there = Database(postgresql_url, clock=road.clock.of_database), replace(road, database=database)
    await refused(there)
    road.clock.at = MOSCOW_AT
    seen: list[object] = []

    async def sees(store: Database) -> None:
        seen.append(await reconcile_schools(store, AT, road.clock.now()))

    assert await overlap(database, "schools.lock_nights", lambda: sees(database), lambda: sees(other)) == [False]
    assert seen == [None, ["school"]]
    await asyncio.gather(database.close(), other.close())


@pytest.mark.parametrize(("setting", "due"), [("off", []), ("03:30", ["anna"])])
async def test_it_can_be_off(road: Road, database_url: str, setting: str, due: list[str]) -> None:
    await refused(road)
    settings = Settings(database_url=database_url, reconcile_at=setting)
    async with open_app(settings) as app, road.database.reading() as connection:
        await reconcile_nightly(app)  # by the clock on the wall, which is past the road's
        open_again = select(places.c.person_id).where(places.c.refused_for.is_not(None))
        await road.plan()
        assert list((await connection.execute(open_again)).scalars()) == [p for p in ["anna"] if p not in due]


async def test_who_links_anew_is_tried_again_at_once_be_it_the_same_account(road: Road) -> None:
    told = await refused(road)
    await road.post([told.school("student.enrolled", student_id="boris", class_id="5a")])
    await road.converge()
    lets_anybody(road)
    before = tries(road)
    await road.post([told.account("unlinked", "boris")])
    await road.converge()
    assert tries(road) == before
    await road.post([told.account("linked", "anna", "1")])
    await road.converge()
    assert await shown(road) == {CHAT: {"1": "member"}}


# everybody is planned anew


async def forgotten(road: Road) -> Told:
    """Anna and Boris are in; then somebody forgets that he is, as a bug of planning would."""
    told = Told()
    road.knows("1", "2")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for person, account in (("anna", "1"), ("boris", "2")):
        told.school("student.enrolled", student_id=person, class_id="5a")
        told.account("linked", person, account)
    await road.post(told.events)
    await road.converge()
    await night(road)
    async with road.database.writing() as connection:
        await connection.execute(delete(places).where(places.c.person_id == "boris"))
    road.platform.world.remove(-1, 2, road.clock.at)
    return told


async def test_whom_planning_forgot_is_planned_at_night(road: Road) -> None:
    await forgotten(road)
    await road.converge()
    assert await shown(road) == {CHAT: {"1": "member"}}
    road.clock.at = MOSCOW_AT
    assert await night(road) == 1
    assert await shown(road) == {CHAT: {"1": "member", "2": "member"}}


async def test_a_night_at_which_nothing_is_wrong_changes_nothing(road: Road) -> None:
    await refused(road)
    lets_anybody(road)
    road.clock.at = MOSCOW_AT
    await night(road)
    made = len(road.platform.world.calls)
    road.clock.turn(days=1)
    assert await night(road) == 1
    assert len(road.platform.world.calls) == made


async def test_who_ends_in_its_midst_leaves_the_rest_to_others_and_nobody_begins_it_again(road: Road) -> None:
    await forgotten(road)
    road.clock.at = MOSCOW_AT
    with pytest.raises(StoreUnavailable):
        await reconcile_schools(ends_at(road.database, "schools.write_nights"), AT, road.clock.now())
    assert await reconcile_schools(road.database, AT, road.clock.now()) == ["school"]  # and ends before it plans
    assert await night(road) == 0
    assert await shown(road) == {CHAT: {"1": "member", "2": "member"}}


async def test_a_school_whose_planning_fails_has_its_night_once_it_is_well_and_stops_no_other(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(person: str, roster: Any) -> Any:
        if roster.organisation_id == "school":
            raise ZeroDivisionError
        return ()

    told = await forgotten(road)
    await road.post([told.school("organisation.registered", "other", name="Школа")])
    await night(road)
    monkeypatch.setattr(desired, "RULES", (*RULES, fails))
    road.clock.at = MOSCOW_AT
    assert await night(road) == 2
    assert await left_to_plan(road) == {"school"}
    monkeypatch.setattr(desired, "RULES", RULES)
    road.clock.turn(minutes=1)
    assert await night(road) == 0
    assert await shown(road) == {CHAT: {"1": "member", "2": "member"}}


# the hour itself


def at(zone: str, *now: int, hour: str = "02:30") -> str:
    found = next_local(time.fromisoformat(hour), datetime(*now, tzinfo=UTC), zone)  # type: ignore[misc, arg-type]
    return f"{found:%m-%d %H:%M}"


def test_the_next_night_is_later_than_now_and_by_the_clocks_of_the_place() -> None:
    assert at("Europe/Moscow", 2026, 11, 2, 23, 29) == "11-02 23:30"
    assert at("Europe/Moscow", 2026, 11, 2, 23, 30) == "11-03 23:30"
    assert at("Asia/Kamchatka", 2026, 11, 2, 12, 0) == "11-02 14:30"
    assert at("Pacific/Kiritimati", 2026, 11, 2, 11, 0) == "11-02 12:30"


def test_an_hour_shown_twice_counts_once_and_one_that_is_skipped_is_not_lost() -> None:
    assert at("Europe/Berlin", 2026, 10, 25, 0, 0) == "10-25 00:30"
    assert at("Europe/Berlin", 2026, 10, 25, 0, 30) == "10-26 01:30"
    assert at("Europe/Berlin", 2026, 3, 28, 23, 0) == "03-29 01:30"
    assert at("Europe/Berlin", 2026, 3, 29, 1, 30) == "03-30 00:30"
