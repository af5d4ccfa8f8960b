"""What is closed, deleted and opened again."""

from __future__ import annotations

from datetime import date

from tests.cases.happenings import (
    chat_created,
    chat_deleted,
    chat_edited,
    class_closed,
    class_opened,
    dismissed,
    enrolled,
    group_closed,
    group_opened,
    hired,
    homeroom_assigned,
)
from tests.cases.world import STAFF, Done, World, members


def a_class_with_its_people(world: World) -> None:
    world.teacher("Завуч").administrates_chats()
    world.teacher("Ольга").leads("7 Б")
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")


ADMINISTRATORS = {"Завуч": "admin", "Ольга": "admin"}

# a class


async def test_331_of_a_closed_class_all_but_the_administrators_leave_and_then_its_chats_are_archived(
    world_on_either: World,
) -> None:
    world = world_on_either
    a_class_with_its_people(world)
    await world.happens(class_closed("7 Б"))
    assert await world.archived() == {"7 Б": ADMINISTRATORS, "7 Б Родители": ADMINISTRATORS}
    assert await world.chats() == {"Учительская": {"Завуч": "admin", "Ольга": "member"}}
    of_class = [call for call in world.calls() if call.chat == "7 Б"]
    assert of_class == [Done("remove", "7 Б", frozenset({"Аня"})), Done("archive", "7 Б")]


async def test_332_nobody_is_added_to_the_chats_of_a_closed_class(world: World) -> None:
    a_class_with_its_people(world)
    await world.happens(class_closed("7 Б"))
    world.pupil("Боря")
    world.worker("Психолог")
    await world.happens(
        enrolled("Боря", "7 Б"), homeroom_assigned("7 Б", "Психолог"), chat_edited("class:7 Б", add=["Психолог"])
    )
    assert await world.archived() == {"7 Б": {"Завуч": "admin"}, "7 Б Родители": {"Завуч": "admin"}}


async def test_333_an_administrator_of_a_closed_class_whose_reason_ends_leaves_still(world: World) -> None:
    a_class_with_its_people(world)
    await world.happens(class_closed("7 Б"))
    await world.happens(dismissed("Ольга"))
    assert await world.archived() == {"7 Б": {"Завуч": "admin"}, "7 Б Родители": {"Завуч": "admin"}}
    await world.happens(hired("Ольга"))
    assert await world.archived() == {"7 Б": {"Завуч": "admin"}, "7 Б Родители": {"Завуч": "admin"}}


async def test_334_the_groups_of_a_closed_class_that_name_no_students_lose_them(world: World) -> None:
    a_class_with_its_people(world)
    world.a_group("Алгебра", of_class="7 Б")
    world.a_group("Английский", of_class="7 Б", students=["Аня"])
    await world.happens(class_closed("7 Б"))
    assert await world.chat("Алгебра") == {"Завуч": "admin"}
    assert await world.chat("Английский") == {"Завуч": "admin", "Аня": "member"}


async def test_335_a_pupil_of_a_closed_class_is_tied_to_the_school_still(world: World) -> None:
    a_class_with_its_people(world)
    world.tell(chat_created("Турслёт", students=["Аня"], guardians=["Мама"]))
    await world.happens(class_closed("7 Б"))
    assert await world.chat("Турслёт") == {"Завуч": "admin", "Аня": "member", "Мама": "member"}


async def test_336_a_class_that_closes_on_a_later_day_is_archived_at_its_midnight(world: World) -> None:
    a_class_with_its_people(world)
    await world.happens(class_closed("7 Б").on(date(2026, 11, 3)))
    assert await world.archived() == {}
    world.road.clock.turn(hours=12)
    await world.road.converge()
    assert await world.archived() == {"7 Б": ADMINISTRATORS, "7 Б Родители": ADMINISTRATORS}


async def test_337_a_class_opened_again_gets_new_chats_and_of_the_old_ones_the_administrators_stay(
    world: World,
) -> None:
    a_class_with_its_people(world)
    old = world.found("7 Б").chat_id if await world.chats() else 0
    await world.happens(class_closed("7 Б"))
    await world.happens(class_opened("7 Б"))
    assert await world.archived() == {"7 Б": ADMINISTRATORS, "7 Б Родители": ADMINISTRATORS}
    assert await world.chats() == {
        "Учительская": {"Завуч": "admin", "Ольга": "member"},
        "7 Б": ADMINISTRATORS | {"Аня": "member"},
        "7 Б Родители": ADMINISTRATORS | {"Мама": "member"},
    }
    new = [chat for chat in world.road.platform.world.chats.values() if chat.title == "7 Б" and not chat.archived]
    assert old not in {chat.chat_id for chat in new}


async def test_338_an_administrator_of_two_lives_of_a_chat_leaves_both_when_the_reason_ends(world: World) -> None:
    a_class_with_its_people(world)
    await world.happens(class_closed("7 Б"))
    await world.happens(class_opened("7 Б"))
    await world.happens(homeroom_assigned("7 Б", None))
    assert await world.archived() == {"7 Б": {"Завуч": "admin"}, "7 Б Родители": {"Завуч": "admin"}}
    assert await world.chat("7 Б") == {"Завуч": "admin", "Аня": "member"}


async def test_339_a_class_opened_again_before_its_chats_were_archived_keeps_them(world: World) -> None:
    a_class_with_its_people(world)
    before = await world.chats()
    await world.planned(class_closed("7 Б"))
    await world.happens(class_opened("7 Б"))
    assert (await world.chats(), await world.archived()) == (before, {})
    assert world.calls() == []


async def test_340_a_class_may_close_and_open_many_times(world: World) -> None:
    a_class_with_its_people(world)
    for _ in range(2):
        await world.happens(class_closed("7 Б"))
        await world.happens(class_opened("7 Б"))
    lives = [chat for chat in world.road.platform.world.chats.values() if chat.title == "7 Б"]
    assert [chat.archived for chat in lives] == [True, True, False]


# a group


async def test_341_of_a_closed_group_students_and_teacher_leave_the_chat_which_stays_open(world: World) -> None:
    a_class_with_its_people(world)
    world.a_group("Алгебра", of_class="7 Б", teacher="Ольга")
    world.tell(chat_edited("Алгебра", add=["Ольга"]))
    await world.happens(group_closed("группа Алгебра"))
    assert (await world.archived(), await world.chat("Алгебра")) == ({}, {"Завуч": "admin", "Ольга": "member"})


async def test_342_a_group_opened_again_brings_them_back_into_the_same_chat(world: World) -> None:
    a_class_with_its_people(world)
    world.a_group("Алгебра", of_class="7 Б", teacher="Ольга")
    await world.happens(group_closed("группа Алгебра"))
    await world.happens(group_opened("группа Алгебра", of_class="7 Б", teacher="Ольга"))
    assert await world.chat("Алгебра") == ADMINISTRATORS | {"Аня": "member"}
    assert "create_chat" not in {call.action for call in world.calls()}


# a chat made by hand


async def test_343_of_a_deleted_chat_everybody_leaves_and_it_is_archived(world: World) -> None:
    a_class_with_its_people(world)
    world.a_group("Алгебра", of_class="7 Б", teacher="Ольга")
    world.tell(chat_created("Турслёт", employees=["Ольга"], students=["Аня"]))
    await world.happens(chat_deleted("Турслёт"), chat_deleted("Алгебра"))
    assert await world.archived() == {"Турслёт": {}, "Алгебра": {}}
    assert await world.chat("7 Б") == ADMINISTRATORS | {"Аня": "member"}


async def test_344_a_deleted_chat_made_again_is_a_new_one_on_the_platform(world: World) -> None:
    a_class_with_its_people(world)
    world.tell(chat_created("Турслёт", students=["Аня"]))
    await world.happens(chat_deleted("Турслёт"))
    await world.happens(chat_created("Турслёт", students=["Аня"]))
    assert await world.archived() == {"Турслёт": {}}
    assert await world.chat("Турслёт") == {"Завуч": "admin", "Аня": "member"}


async def test_345_a_deleted_chat_made_again_before_it_was_archived_stays_as_it_was(world: World) -> None:
    a_class_with_its_people(world)
    world.tell(chat_created("Турслёт", students=["Аня"]))
    await world.planned(chat_deleted("Турслёт"))
    await world.happens(chat_created("Турслёт", students=["Аня"]))
    assert (await world.archived(), await world.chat("Турслёт")) == ({}, {"Завуч": "admin", "Аня": "member"})


# default chats


async def test_346_default_chats_cannot_be_deleted(world: World) -> None:
    a_class_with_its_people(world)
    before = await world.chats()
    taken = await world.happens(chat_deleted(STAFF), chat_deleted("class:7 Б"), chat_deleted("parents:7 Б"))
    assert [each.rejection.reason if each.rejection else each.outcome for each in taken] == [
        "default_chat_cannot_be_deleted"
    ] * 3
    assert (await world.chats(), await world.archived()) == (before, {})


async def test_347_default_chats_can_be_edited(world: World) -> None:
    a_class_with_its_people(world)
    await world.happens(
        chat_edited(STAFF, name="Педсовет", remove=["Ольга"]),
        chat_edited("class:7 Б", add=["Ольга"]),
        chat_edited("parents:7 Б", name="Наши родители", remove=["Мама"]),
    )
    assert await world.chats() == {
        "Педсовет": {"Завуч": "admin"},
        "7 Б": ADMINISTRATORS | {"Аня": "member"},
        "Наши родители": ADMINISTRATORS,
    }


async def test_348_whom_a_chat_that_is_closed_had_by_hand_it_has_again_when_opened(world: World) -> None:
    a_class_with_its_people(world)
    world.worker("Психолог")
    world.tell(chat_edited("class:7 Б", add=["Психолог"]))
    assert await world.chat("7 Б") == ADMINISTRATORS | members(["Аня", "Психолог"])
    await world.happens(class_closed("7 Б"))
    assert (await world.archived())["7 Б"] == ADMINISTRATORS
    await world.happens(class_opened("7 Б"))
    assert await world.chat("7 Б") == ADMINISTRATORS | members(["Аня", "Психолог"])
