"""The guards while a school moves: the move itself is no flood, and nothing slips under it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sync.ids import ChatId
from sync.use_cases.decide_holds import decide_hold, rejection
from sync.views.registry import Window
from tests.moving.conftest import TEACHER, School

CLUB = ChatId("club")


async def test_a_whole_school_moves_unheld(guarded: School) -> None:
    await guarded.begins(30, linked_on=["vk"])
    for number in range(1, 16):
        guarded.links(f"p{number}", number, "max")
    await guarded.takes()
    assert (await guarded.shows("max")).holds == []
    await guarded.moves("max")
    assert await guarded.members("max") == set(range(1, 16))
    assert await guarded.members("vk") == {TEACHER}  # who waits leaves with the others: that was shown
    assert (await guarded.status()).outbox.held == 0


async def test_a_flood_out_of_the_school_in_the_same_plan_is_held(guarded: School) -> None:
    """Expelled with one batch while the platform changes: they join nothing by the move, nor leave for it."""
    await guarded.begins(40)
    for number in range(1, 31):
        guarded.told.school("student.expelled", student_id=f"p{number}")
    await guarded.chooses("max")
    await guarded.takes()
    await guarded.road.settle()
    assert (await guarded.status()).outbox.held == 30
    assert {*range(1, 31)} <= await guarded.members("vk")


SOME = [f"p{number}" for number in range(1, 31)]


async def _club(school: School) -> None:
    """Thirty of the school are in a chat by hand."""
    people: dict[str, Any] = {"employee_ids": [], "student_ids": SOME, "guardian_ids": [], "excluded_ids": []}
    school.told.school("chat.created", chat_id="club", name="Кружок", chat_type="other", **people)
    await school.goes_on()
    assert len(await school.members("vk", CLUB)) == len(SOME)


def _taken_out(school: School) -> None:
    school.told.school("chat.edited", chat_id="club", name=None, add_ids=[], remove_ids=SOME)


async def test_who_is_held_is_not_let_go_by_the_move(guarded: School) -> None:
    await guarded.begins(40)
    await _club(guarded)
    _taken_out(guarded)
    await guarded.goes_on()
    assert (await guarded.status()).outbox.held == len(SOME)
    await guarded.moves("max")
    assert {*range(1, 31)} <= await guarded.members("vk", CLUB)
    assert (await guarded.status()).outbox.held == len(SOME)


async def test_who_comes_over_to_the_new_platform_has_not_joined_elsewhere(guarded: School) -> None:
    """Taken out of one chat by the plan by which they come over with the others: it is a flood all the same."""
    await guarded.begins(40)
    await _club(guarded)
    await guarded.chooses("max")
    _taken_out(guarded)
    await guarded.takes()
    assert (await guarded.status()).outbox.held == len(SOME)


async def test_many_who_join_an_old_chat_anew_are_held_in_its_new_room_too(guarded: School) -> None:
    """A chat is as old as the room that it had."""
    await guarded.begins(3)
    guarded.told.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")
    for number in range(10, 60):
        guarded.told.school("student.enrolled", student_id=f"p{number}", class_id="5b")
        guarded.links(f"p{number}", number, "vk")
        guarded.links(f"p{number}", number, "max")
    await guarded.goes_on()
    guarded.road.clock.turn(seconds=timedelta(days=15).total_seconds())
    await guarded.moves("max")
    assert len(await guarded.members("max", ChatId("class:5b"))) == 50
    for number in range(10, 60):
        guarded.told.school("student.transferred", student_id=f"p{number}", from_class_id="5b", to_class_id="5a")
    await guarded.goes_on()
    assert await guarded.members("max") == {1, 2, 3, TEACHER}
    assert (await guarded.status()).outbox.held > 0


async def test_who_was_kept_out_of_the_old_room_by_a_hold_is_kept_out_of_the_new_one(guarded: School) -> None:
    await guarded.begins(3)
    guarded.told.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")
    for number in range(10, 60):
        guarded.told.school("student.enrolled", student_id=f"p{number}", class_id="5b")
        guarded.links(f"p{number}", number, "vk")
        guarded.links(f"p{number}", number, "max")
    await guarded.goes_on()
    guarded.road.clock.turn(seconds=timedelta(days=15).total_seconds())
    for number in range(10, 60):
        guarded.told.school("student.transferred", student_id=f"p{number}", from_class_id="5b", to_class_id="5a")
    await guarded.takes()
    holds = (await guarded.registry.operations.holds(None, Window(limit=10))).items
    assert [hold.state for hold in holds] == ["held"]
    await guarded.chooses("max")
    for _ in range(20):
        await guarded.road.plan()
        guarded.road.clock.turn(seconds=1)
        await guarded.road.settle()
    assert await guarded.members("max") == {1, 2, 3, TEACHER}
    holds = (await guarded.registry.operations.holds(None, Window(limit=10))).items
    assert [hold.state for hold in holds] == ["held"]
    no, now = rejection("завуч", "слетел столбец"), guarded.road.clock.now()
    await decide_hold(guarded.road.database, guarded.road.rules, holds[0].id, no, now)
    await guarded.road.converge()
    assert await guarded.members("max") == {1, 2, 3, TEACHER}
