"""Planning and settling of one place at once: what planning read of it may be old when it writes."""

from __future__ import annotations

from tests.doubles.platform import Action
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told
from tests.laws.roads import two_processes
from tests.road import Road


async def test_who_is_expelled_while_his_adding_is_confirmed_does_not_stay(postgresql_url: str) -> None:
    """Planning reads «not in it yet»; the add is confirmed and the room let go; planning writes «out»."""
    async with two_processes(postgresql_url) as (road, settling):
        told = Told()
        road.knows("1", "2")
        told.school("organisation.registered", name="Школа")
        told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
        told.account("linked", "anna", "1")
        await road.post([*told.events, told.school("student.enrolled", student_id="anna", class_id="5a")])
        road.clock.turn(seconds=1)
        expelled = told.school("student.expelled", student_id="anna")
        await overlap(road.database, "load", lambda: road.post([expelled]), settling.settle)  # type: ignore[arg-type]
        await road.converge()
        assert road.shown("-1") == {}


async def test_who_is_expelled_while_his_adding_is_on_its_way_does_not_stay(road: Road) -> None:
    told = Told()
    road.knows("1")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    expelled = told.school("student.expelled", student_id="anna")

    async def expel(action: Action) -> None:
        if action.name == "add_members":
            await road.post([expelled])

    await road.post(told.events[:-1])
    road.platform.before = expel
    await road.converge()
    assert road.shown("-1") == {}
