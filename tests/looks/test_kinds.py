"""Roles, titles, who is lost and who left: what a look finds besides those who returned."""

from __future__ import annotations

from datetime import timedelta

from sync.updates import CAME, LEFT
from sync.use_cases.look_at_rooms import Looking, look_at_rooms, next_turn_in
from tests.doubles.platform import Action
from tests.looks.conftest import ANNA, AT_REST, BORIS, A, B, School
from tests.road import NoLimit


async def test_an_administrator_made_by_hand_is_one_no_more_and_who_was_taken_it_is_again(school: School) -> None:
    school.promotes(A, ANNA, is_admin=True)
    chat = school.road.platform.world.chats[school.chats[B]]
    school.road.platform.world.unset_admin(chat.chat_id, 4)
    await school.looks()
    assert await school.shown() == AT_REST


async def test_a_title_given_by_people_is_put_right(school: School) -> None:
    world = school.road.platform.world
    world.rename(school.chats[A], "Лучший класс", school.road.clock.at)
    await school.looks()
    assert world.chats[school.chats[A]].title == "5 a"


async def test_who_is_lost_is_put_back_at_the_next_look_where_no_updates_are_heard(school: School) -> None:
    school.leaves(A, ANNA)
    await school.looks()
    assert await school.shown() == AT_REST


async def test_1_9_who_left_by_himself_is_not_put_back_by_a_look_that_comes_before_the_update(school: School) -> None:
    await school.hears()
    school.leaves(A, ANNA)
    made = len(school.road.platform.world.calls)
    await school.looks()
    await school.told(LEFT, A, ANNA)
    await school.settles()
    school.road.clock.turn(minutes=2)
    await school.looks()
    await school.settles()
    assert (await school.shown())[A] == {"3": "admin"}
    assert len(school.road.platform.world.calls) == made


async def test_who_is_lost_is_put_back_when_no_update_came_for_a_minute(school: School) -> None:
    await school.hears()
    school.leaves(A, ANNA)
    await school.looks()
    assert (await school.shown())[A] == {"3": "admin"}
    school.road.clock.turn(seconds=59)
    await school.looks()
    assert (await school.shown())[A] == {"3": "admin"}
    school.road.clock.turn(seconds=1)
    await school.settles()
    assert await school.shown() == AT_REST


async def test_who_left_and_came_back_by_himself_stays(school: School) -> None:
    school.leaves(A, ANNA)
    await school.told(LEFT, A, ANNA)
    await school.settles()
    assert (await school.shown())[A] == {"3": "admin"}
    made = len(school.road.platform.world.calls)
    school.road.clock.turn(minutes=5)
    school.joins(A, ANNA)
    await school.told(CAME, A, ANNA)
    await school.settles()
    await school.looks()
    assert await school.shown() == AT_REST
    assert len(school.road.platform.world.calls) == made
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert (status.outbox.pending, status.outbox.retrying) == (0, 0)


async def test_each_room_is_looked_at_in_turn_the_longest_unseen_first(school: School) -> None:
    asked: list[str] = []

    async def note(action: Action) -> None:
        if action.name == "list_members":
            asked.append(str(action.chat))

    school.road.platform.before = note
    looking = Looking(school.road.database, {"max": school.road.platform}, NoLimit())
    for _ in range(6):
        school.road.clock.turn(minutes=1)
        assert await look_at_rooms(looking, "max", 2) == 2
    turns = [set(asked[start : start + 4]) for start in (0, 4, 8)]
    assert [len(turn) for turn in turns] == [4, 4, 4]


async def test_nobody_looks_again_before_it_is_time(school: School) -> None:
    looking = Looking(school.road.database, {"max": school.road.platform}, NoLimit())
    await school.looks()
    assert await look_at_rooms(looking, "max") == 0
    in_s = await next_turn_in(looking.store, "max")
    assert in_s == 15.0
    school.road.clock.turn(seconds=in_s)
    assert await look_at_rooms(looking, "max") == 4


async def test_a_room_that_nobody_looked_at_for_two_days_is_an_alarm(school: School) -> None:
    await school.looks()
    assert await school.alarms() == []
    seen_at = school.road.clock.now()
    school.road.clock.turn(hours=49)
    status = await school.registry.operations.status(None, school.road.clock.now())
    assert status.oldest_look_at == seen_at
    assert [alarm.since for alarm in status.alarms if alarm.kind == "look_late"] == [seen_at]
    assert seen_at < school.road.clock.now() - timedelta(hours=48)


async def test_who_returned_is_named_for_an_hour(school: School) -> None:
    school.joins(A, BORIS)
    await school.looks()
    assert await school.alarms() == [("returned", A)]
    school.road.clock.turn(hours=2)
    await school.looks()
    assert await school.alarms() == []


async def test_an_account_that_rests_is_not_asked_and_then_probed_by_one_room(school: School) -> None:
    looking = Looking(school.road.database, {"max": school.road.platform}, NoLimit())
    async with looking.store.looking() as tx:
        await tx.pause("max", 30)
    assert await look_at_rooms(looking, "max") == 0
    assert await next_turn_in(looking.store, "max") == 30.0
    school.road.clock.turn(seconds=31)
    assert await look_at_rooms(looking, "max") == 1
    school.road.clock.turn(seconds=5)
    assert await look_at_rooms(looking, "max") == 3
