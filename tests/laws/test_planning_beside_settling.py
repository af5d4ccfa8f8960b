"""Planning and settling of one place at once: what planning read of it may be old when it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.platform import Action, Lost
from tests.interleavings.pauses import overlap
from tests.interleavings.told import Told
from tests.laws.crashes import dying
from tests.laws.roads import fresh_road, two_processes
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
        await overlap(road.database, "plans.load", lambda: road.post([expelled]), settling.settle)
        road.clock.turn(seconds=1)
        await settling.settle()
        assert road.shown("-1") == {}


@pytest.mark.parametrize("answer", [None, Lost.BEFORE, Lost.AFTER], ids=["told", "lost before", "lost after"])
async def test_who_is_expelled_while_his_adding_is_on_its_way_does_not_stay(road: Road, answer: Lost | None) -> None:
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
    road.platform.outcome = lambda action: answer if action.name == "add_members" else None
    for _ in range(3):
        await road.settle()
        road.clock.turn(seconds=1)
    assert road.shown("-1") == {}


async def test_who_is_expelled_after_a_dispatcher_died_at_any_step_does_not_stay(prepared_sqlite: Path) -> None:
    for steps in range(100):
        async with fresh_road(prepared_sqlite) as road:
            road.knows("1")
            told = Told()
            told.school("organisation.registered", name="Школа")
            told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
            told.school("student.enrolled", student_id="anna", class_id="5a")
            told.account("linked", "anna", "1")
            await road.post(told.events)
            road.clock.turn(seconds=1)
            died = await dying(road, steps, lambda dead: dead.settle())
            await road.post([told.school("student.expelled", student_id="anna")])
            road.clock.turn(seconds=1)
            for _ in range(3):
                await road.settle()
                road.clock.turn(seconds=1)
            assert not road.platform.world.chats or road.shown("-1") == {}, steps
        if not died:
            return
    raise AssertionError("a dispatcher takes more steps than the test knows of")
