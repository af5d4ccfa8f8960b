"""Who belongs in which chat: R1 to R9, one reason at a time, and several at once."""

from __future__ import annotations

import pytest

from sync.ids import ChatId, PersonId
from sync.views.registry import Asked
from tests.cases.happenings import (
    chat_administrator_assigned,
    chat_created,
    chat_edited,
    class_opened,
    enrolled,
    group_opened,
    group_students_set,
    group_teacher_assigned,
    guardian_assigned,
    guardian_removed,
    hired,
    homeroom_assigned,
    position_changed,
    registered,
)
from tests.cases.world import STAFF, Done, World, members

# R1: the staff chat


@pytest.mark.parametrize("position", ["administration", "teaching_staff"])
async def test_001_an_employee_of_the_administration_or_teaching_staff_is_in_the_staff_chat(
    world: World, position: str
) -> None:
    world.worker("Ольга", position)
    assert await world.chats() == {"Учительская": {"Ольга": "member"}}


async def test_002_an_employee_of_another_position_is_in_no_chat(world: World) -> None:
    world.worker("Дворник", "other")
    assert await world.chats() == {}


async def test_003_a_change_of_position_leads_into_the_staff_chat_and_out_of_it(world: World) -> None:
    world.worker("Ольга", "other")
    world.teacher("Пётр")
    await world.happens(position_changed("Ольга", "administration"), position_changed("Пётр", "other"))
    assert await world.chats() == {"Учительская": {"Ольга": "member"}}


# R2: the class chat


async def test_004_a_pupil_is_in_the_chat_of_the_class_and_in_no_other(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    assert await world.chats() == {"7 Б": {"Аня": "member"}, "7 В": {"Боря": "member"}}


async def test_005_a_pupil_is_in_one_class_at_a_time(world: World) -> None:
    world.pupil("Аня").in_class("7 Б").in_class("7 В")
    assert await world.chats() == {"7 В": {"Аня": "member"}}


# R3 and R5: the homeroom teacher


async def test_006_the_homeroom_teacher_administrates_the_class_chat_and_the_parents_chat(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    assert await world.chats() == {
        "Учительская": {"Ольга": "member"},
        "7 Б": {"Ольга": "admin"},
        "7 Б Родители": {"Ольга": "admin"},
    }


async def test_007_a_homeroom_teacher_counts_whatever_the_position_type(world: World) -> None:
    world.worker("Вожатая", "other").leads("7 Б")
    assert await world.chats() == {"7 Б": {"Вожатая": "admin"}, "7 Б Родители": {"Вожатая": "admin"}}


async def test_008_a_homeroom_teacher_counts_only_while_employed(world: World) -> None:
    world.parent("Ольга").leads("7 Б")
    assert await world.chats() == {}
    await world.happens(hired("Ольга"))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}


async def test_009_a_new_homeroom_teacher_takes_the_place_of_the_old(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    world.teacher("Пётр")
    await world.happens(homeroom_assigned("7 Б", "Пётр"))
    assert await world.chats() == {
        "Учительская": {"Ольга": "member", "Пётр": "member"},
        "7 Б": {"Пётр": "admin"},
        "7 Б Родители": {"Пётр": "admin"},
    }


async def test_010_a_class_may_be_without_a_homeroom_teacher(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    world.pupil("Аня").in_class("7 Б")
    await world.happens(homeroom_assigned("7 Б", None))
    assert await world.chats() == {"Учительская": {"Ольга": "member"}, "7 Б": {"Аня": "member"}, "7 Б Родители": {}}


# R4: the parents' chat


async def test_011_each_guardian_of_a_pupil_is_in_the_parents_chat_and_not_in_the_class_chat(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    world.parent("Папа").of("Аня")
    assert await world.chats() == {"7 Б": {"Аня": "member"}, "7 Б Родители": members(["Мама", "Папа"])}


async def test_012_a_guardian_of_pupils_of_two_classes_is_in_the_parents_chats_of_both(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("2 А")
    world.parent("Мама").of("Аня", "Боря")
    assert await world.chats_of("Мама") == {"7 Б Родители": "member", "2 А Родители": "member"}


async def test_013_a_guardian_of_a_child_who_is_not_enrolled_is_in_no_chat(world: World) -> None:
    world.parent("Мама").of("Аня")
    assert await world.chats() == {}


async def test_014_a_guardian_with_two_children_in_a_class_has_two_reasons_and_stays_until_the_last_ends(
    world: World,
) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Яна").in_class("7 Б")
    world.parent("Мама").of("Аня", "Яна")
    assert await world.reasons("parents:7 Б") == {"Мама": ["guardian_of:Аня", "guardian_of:Яна"]}
    await world.happens(guardian_removed("Мама", "Аня"))
    assert await world.reasons("parents:7 Б") == {"Мама": ["guardian_of:Яна"]}
    assert (await world.chat("7 Б Родители"), world.calls()) == ({"Мама": "member"}, [])
    await world.happens(guardian_removed("Мама", "Яна"))
    assert await world.chat("7 Б Родители") == {}


async def test_015_a_child_may_be_the_guardian_of_a_child(world: World) -> None:
    world.pupil("Даша").in_class("11 А").of("Аня")
    world.pupil("Аня").in_class("1 А")
    assert await world.chats_of("Даша") == {"11 А": "member", "1 А Родители": "member"}


# R6 and R7: the subject chat


async def test_016_the_students_a_group_names_are_in_its_chat_while_enrolled(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.pupil("Вера")
    world.a_group("Английский", students=["Аня", "Боря", "Вера"])
    assert await world.chat("Английский") == members(["Аня", "Боря"])
    await world.happens(enrolled("Вера", "7 В"))
    assert await world.chat("Английский") == members(["Аня", "Боря", "Вера"])


async def test_017_of_the_students_a_group_of_a_class_names_those_of_that_class_are_in_its_chat(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.a_group("Английский", of_class="7 Б", students=["Аня", "Боря"])
    assert await world.chat("Английский") == {"Аня": "member"}


async def test_018_a_group_that_names_nobody_in_particular_is_the_whole_class(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.pupil("Вера")
    world.a_group("Алгебра", of_class="7 Б")
    await world.happens(enrolled("Вера", "7 Б"))
    assert await world.chat("Алгебра") == members(["Аня", "Вера"])


async def test_019_a_group_that_names_neither_students_nor_a_class_has_nobody(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.a_group("Хор")
    assert await world.chat("Хор") == {}


async def test_020_a_group_of_an_empty_list_has_nobody(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б", students=[])
    assert await world.chat("Алгебра") == {}


async def test_021_new_lists_of_a_group_bring_in_and_out_whom_they_name(world: World) -> None:
    for name in ("Аня", "Боря", "Вера"):
        world.pupil(name).in_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б", students=["Аня", "Боря"])
    await world.happens(group_students_set("группа Алгебра", ["Боря", "Вера"]))
    assert await world.chat("Алгебра") == members(["Боря", "Вера"])
    await world.happens(group_students_set("группа Алгебра", None))
    assert await world.chat("Алгебра") == members(["Аня", "Боря", "Вера"])


async def test_022_the_teacher_of_a_group_administrates_its_chat_while_employed(world: World) -> None:
    world.worker("Ольга", "other")
    world.parent("Пётр")
    world.a_group("Алгебра", teacher="Ольга")
    world.a_group("Физика", teacher="Пётр")
    assert await world.chats() == {"Алгебра": {"Ольга": "admin"}}


async def test_023_a_new_teacher_of_a_group_takes_the_place_of_the_old(world: World) -> None:
    world.teacher("Ольга")
    world.teacher("Пётр")
    world.a_group("Алгебра", teacher="Ольга")
    await world.happens(group_teacher_assigned("группа Алгебра", "Пётр"))
    assert await world.chat("Алгебра") == {"Пётр": "admin"}


async def test_024_a_group_may_have_two_chats_or_none(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.tell(group_opened("алгебра", of_class="7 Б"), group_opened("труд", of_class="7 Б"))
    world.tell(chat_created("Алгебра", group="алгебра"), chat_created("Домашнее задание", group="алгебра"))
    alone = {"Аня": "member"}
    assert await world.chats() == {"7 Б": alone, "Алгебра": alone, "Домашнее задание": alone}


# R8: the chat administrator


async def test_025_the_chat_administrator_administrates_every_chat_of_the_school(world: World) -> None:
    world.teacher("Завуч").administrates_chats()
    world.a_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    world.tell(chat_created("Турслёт"))
    admin = {"Завуч": "admin"}
    everywhere = ("Учительская", "7 Б", "7 Б Родители", "Алгебра", "Турслёт")
    assert await world.chats() == dict.fromkeys(everywhere, admin)


async def test_026_the_chat_administrator_gets_the_chats_of_a_class_that_opens_later(world: World) -> None:
    world.worker("Завуч", "other").administrates_chats()
    await world.happens(class_opened("7 Б"), chat_created("Турслёт"))
    assert await world.chats_of("Завуч") == dict.fromkeys(("Учительская", "7 Б", "7 Б Родители", "Турслёт"), "admin")


async def test_027_a_new_chat_administrator_takes_the_place_of_the_old(world: World) -> None:
    world.teacher("Завуч").administrates_chats()
    world.teacher("Директор")
    world.a_class("7 Б")
    await world.happens(chat_administrator_assigned("Директор"))
    assert await world.chats() == {
        "Учительская": {"Завуч": "member", "Директор": "admin"},
        "7 Б": {"Директор": "admin"},
        "7 Б Родители": {"Директор": "admin"},
    }


async def test_028_a_chat_administrator_counts_only_while_employed(world: World) -> None:
    world.parent("Завуч").administrates_chats()
    world.a_class("7 Б")
    assert await world.chats() == {}
    await world.happens(hired("Завуч", "other"))
    assert await world.chats_of("Завуч") == dict.fromkeys(("Учительская", "7 Б", "7 Б Родители"), "admin")


# R9: added by hand


async def add_to_every_chat(world: World, person: str) -> None:
    """Each type of chat, with one teacher in it already."""
    world.teacher("Ольга").administrates_chats()
    world.a_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    world.tell(chat_created("Турслёт"))
    chats = (STAFF, "class:7 Б", "parents:7 Б", "Алгебра", "Турслёт")
    await world.happens(*(chat_edited(chat, add=[person]) for chat in chats))


async def test_029_an_employee_may_be_added_by_hand_to_any_chat(world: World) -> None:
    world.worker("Психолог", "other")
    await add_to_every_chat(world, "Психолог")
    everywhere = ("Учительская", "7 Б", "7 Б Родители", "Алгебра", "Турслёт")
    assert await world.chats_of("Психолог") == dict.fromkeys(everywhere, "member")


async def test_030_a_student_may_be_added_by_hand_to_the_chats_of_pupils_and_to_others(world: World) -> None:
    world.pupil("Аня").in_class("7 В")
    await add_to_every_chat(world, "Аня")
    assert await world.chats_of("Аня") == dict.fromkeys(("7 В", "7 Б", "Алгебра", "Турслёт"), "member")


async def test_031_a_guardian_may_be_added_by_hand_to_the_chats_of_parents_and_to_others(world: World) -> None:
    world.pupil("Аня").in_class("7 В")
    world.parent("Мама").of("Аня")
    await add_to_every_chat(world, "Мама")
    assert await world.chats_of("Мама") == dict.fromkeys(("7 В Родители", "7 Б Родители", "Турслёт"), "member")


async def test_032_who_does_not_fit_a_chat_is_kept_for_it_and_joins_once_they_fit(world: World) -> None:
    world.pupil("Аня").in_class("7 В")
    world.parent("Мама").of("Аня")
    await add_to_every_chat(world, "Мама")
    assert (await world.states("class:7 Б"))["Мама"] == "excluded: not_for_this_chat"
    await world.happens(hired("Мама", "other"))
    assert (await world.chat("7 Б"))["Мама"] == "member"


async def test_033_who_is_not_tied_to_the_school_is_in_no_chat_though_added_by_hand(world: World) -> None:
    world.parent("Гость")
    await add_to_every_chat(world, "Гость")
    assert await world.chats_of("Гость") == {}


async def test_034_people_named_as_a_chat_is_made_are_added_by_hand(world: World) -> None:
    world.teacher("Ольга")
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    world.tell(chat_created("Турслёт", employees=["Ольга"], students=["Аня"], guardians=["Мама"]))
    assert await world.chat("Турслёт") == members(["Ольга", "Аня", "Мама"])


async def test_035_who_was_named_beside_a_group_stays_though_the_group_loses_them(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.tell(group_opened("алгебра", students=["Аня"]), chat_created("Алгебра", group="алгебра", students=["Аня"]))
    assert await world.reasons("Алгебра") == {"Аня": ["added_by_hand", "studies_in_group"]}
    await world.happens(group_students_set("алгебра", []))
    assert (await world.chat("Алгебра"), await world.reasons("Алгебра")) == (
        {"Аня": "member"},
        {"Аня": ["added_by_hand"]},
    )


# several reasons, ties, and what has to be there


async def test_036_the_role_is_the_highest_of_the_reasons_and_falls_with_it(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").leads("7 Б").of("Аня")
    assert await world.chat("7 Б Родители") == {"Ольга": "admin"}
    assert await world.reasons("parents:7 Б") == {"Ольга": ["guardian_of:Аня", "homeroom"]}
    await world.happens(homeroom_assigned("7 Б", None))
    assert await world.chat("7 Б Родители") == {"Ольга": "member"}
    assert Done("unset_admin", "7 Б Родители", frozenset({"Ольга"})) in world.calls()


async def test_037_a_higher_reason_makes_a_member_an_administrator_without_leaving(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").of("Аня")
    await world.happens(homeroom_assigned("7 Б", "Ольга"))
    assert (await world.chat("7 Б Родители"))["Ольга"] == "admin"
    assert [call for call in world.calls() if call.chat == "7 Б Родители"] == [
        Done("set_admin", "7 Б Родители", frozenset({"Ольга"}))
    ]


async def test_038_a_pupil_of_a_class_nobody_announced_yet_is_tied_to_the_school_and_joins_when_it_opens(
    world: World,
) -> None:
    world.pupil("Аня")
    world.tell(chat_created("Турслёт", students=["Аня"]))
    await world.happens(enrolled("Аня", "7 Б"))
    assert await world.chats() == {"Турслёт": {"Аня": "member"}}
    await world.happens(class_opened("7 Б"))
    assert await world.chats() == {"Турслёт": {"Аня": "member"}, "7 Б": {"Аня": "member"}}


async def test_039_a_class_group_or_chat_counts_only_once_its_school_is_registered(world: World) -> None:
    world.beginning.clear()
    world.teacher("Ольга").leads("7 Б")
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    world.tell(chat_created("Турслёт", students=["Аня"]))
    assert await world.chats() == {}
    await world.happens(registered())
    assert await world.chats() == {
        "Учительская": {"Ольга": "member"},
        "7 Б": {"Ольга": "admin", "Аня": "member"},
        "7 Б Родители": {"Ольга": "admin", "Мама": "member"},
        "Турслёт": {"Аня": "member"},
    }


async def test_040_what_another_school_says_of_a_class_changes_nothing_for_it(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    stranger = [registered("Лицей"), hired("Иван"), homeroom_assigned("7 Б", "Иван"), enrolled("Боря", "7 Б")]
    world.parent("Иван")
    world.pupil("Боря")
    await world.happens(*(happening.in_school("лицей") for happening in stranger))
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_041_who_belongs_to_two_schools_is_in_the_chats_of_both(world: World) -> None:
    world.teacher("Ольга")
    elsewhere = [registered("Лицей"), hired("Ольга"), chat_edited("staff:лицей", name="Учительская лицея")]
    await world.happens(*(happening.in_school("лицей") for happening in elsewhere))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "Учительская лицея": "member"}


async def test_042_the_reasons_are_kept_and_each_names_its_event(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.happens(guardian_assigned("Мама", "Аня"))
    explained = await world.registry.people.explain(PersonId("Мама"), Asked(chat_id=ChatId("parents:7 Б")), None)
    assert explained is not None
    [chat] = explained.chats
    assert [(reason.reason, reason.cause.type if reason.cause else "") for reason in chat.reasons] == [
        ("guardian_of:Аня", "school.guardian.assigned.v1")
    ]
