"""What keeps people out of chats, and what brings them back."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cases.happenings import (
    Happening,
    blocked,
    chat_created,
    chat_edited,
    dismissed,
    enrolled,
    expelled,
    guardian_assigned,
    guardian_removed,
    hired,
    restored,
    unblocked,
)
from tests.cases.world import STAFF, World, members

# blocked


async def test_101_who_is_blocked_is_out_of_all_chats_whatever_the_reason(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").leads("7 Б").administrates_chats().of("Аня")
    world.tell(chat_created("Турслёт", employees=["Ольга"]))
    await world.happens(blocked("Ольга"))
    assert await world.chats_of("Ольга") == {}
    assert await world.chat("7 Б") == {"Аня": "member"}


async def test_102_who_is_unblocked_is_back_wherever_a_reason_holds(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    await world.happens(blocked("Ольга"))
    await world.happens(unblocked("Ольга"))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}


async def test_103_the_parents_of_a_blocked_pupil_stay(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    await world.happens(blocked("Аня"))
    assert await world.chats() == {"7 Б": {}, "7 Б Родители": {"Мама": "member"}}


async def test_104_a_block_of_a_later_day_holds_from_its_midnight(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.planned(blocked("Аня").on(date(2026, 11, 4)))
    assert await world.chat("7 Б") == {"Аня": "member"}
    world.road.clock.turn(hours=35, minutes=59)  # to 23:59 in Moscow
    await world.road.converge()
    assert await world.chat("7 Б") == {"Аня": "member"}
    world.road.clock.turn(minutes=1)
    await world.road.converge()
    assert await world.chat("7 Б") == {}


async def test_105_a_block_in_one_school_is_none_in_another(world: World) -> None:
    world.teacher("Ольга")
    await world.happens(blocked("Ольга").in_school("лицей"))
    assert await world.chat("Учительская") == {"Ольга": "member"}


# excluded by hand


async def test_106_who_is_excluded_by_hand_is_out_of_that_chat_alone(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").leads("7 Б")
    await world.happens(chat_edited("class:7 Б", remove=["Аня", "Ольга"]))
    assert await world.chats() == {
        "Учительская": {"Ольга": "member"},
        "7 Б": {},
        "7 Б Родители": {"Ольга": "admin"},
    }


async def test_107_the_chat_administrator_cannot_be_excluded_by_hand(world: World) -> None:
    world.teacher("Завуч").leads("7 Б").administrates_chats()
    await world.happens(chat_edited("class:7 Б", remove=["Завуч"]), chat_edited(STAFF, remove=["Завуч"]))
    assert await world.chats_of("Завуч") == {"Учительская": "admin", "7 Б": "admin", "7 Б Родители": "admin"}
    assert await world.reasons("class:7 Б") == {"Завуч": ["chat_administrator"]}


async def test_108_who_is_added_again_by_hand_is_excluded_no_more(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.happens(chat_edited("class:7 Б", remove=["Аня"]))
    await world.happens(chat_edited("class:7 Б", add=["Аня"]))
    assert await world.chat("7 Б") == {"Аня": "member"}
    assert await world.reasons("class:7 Б") == {"Аня": ["added_by_hand", "studies_in"]}


def picked(pick: str) -> Happening:
    return chat_edited("class:7 Б", add=["Аня"]) if pick == "add" else chat_edited("class:7 Б", remove=["Аня"])


@pytest.mark.parametrize(("last", "present"), [("add", {"Аня": "member"}), ("remove", {})])
async def test_109_being_added_and_being_excluded_by_hand_are_one_fact_and_the_later_one_holds(
    world: World, last: str, present: dict[str, str]
) -> None:
    world.pupil("Аня").in_class("7 Б")
    first = {"add": "remove", "remove": "add"}[last]
    await world.happens(picked(last))
    await world.happens(picked(first).recorded(hours=1))
    assert await world.chat("7 Б") == present


async def test_110_people_may_be_excluded_from_a_chat_as_it_is_made(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    world.tell(chat_created("Физика", group="группа Алгебра", excluded=["Боря"]))
    assert (await world.chat("Алгебра"), await world.chat("Физика")) == (members(["Аня", "Боря"]), members(["Аня"]))


async def test_111_who_leaves_the_school_and_returns_is_excluded_still(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    await world.happens(chat_edited("class:7 Б", remove=["Аня"]))
    await world.happens(expelled("Аня"))
    await world.happens(restored("Аня", "7 Б"))
    assert await world.chat("7 Б") == {}


async def test_112_added_by_hand_comes_back_with_the_tie(world: World) -> None:
    world.teacher("Ольга")
    world.pupil("Аня").in_class("7 Б")
    world.tell(chat_created("Турслёт", employees=["Ольга"], students=["Аня"]))
    await world.happens(expelled("Аня"), dismissed("Ольга"))
    assert await world.chat("Турслёт") == {}
    await world.happens(restored("Аня", "7 Б"), hired("Ольга"))
    assert await world.chat("Турслёт") == members(["Аня", "Ольга"])


# denied


async def test_113_who_is_denied_a_pupil_is_in_no_parents_chat_through_that_pupil(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("2 А")
    world.parent("Папа").of("Аня", "Боря")
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    assert await world.chats() == {
        "7 Б": {"Аня": "member"},
        "2 А": {"Боря": "member"},
        "7 Б Родители": {},
        "2 А Родители": {"Папа": "member"},
    }


async def test_114_who_is_denied_a_pupil_is_tied_to_the_school_by_another_alone(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Папа").of("Аня")
    world.tell(chat_created("Турслёт", guardians=["Папа"]))
    assert await world.chat("Турслёт") == {"Папа": "member"}
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    assert await world.chats_of("Папа") == {}
    world.pupil("Боря")
    await world.happens(enrolled("Боря", "2 А"), guardian_assigned("Папа", "Боря"))
    assert await world.chats_of("Папа") == {"Турслёт": "member"}


async def test_115_a_denial_leaves_the_other_guardian_and_the_pupil_where_they_are(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Мама").of("Аня")
    world.parent("Папа").of("Аня")
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    assert await world.chats() == {"7 Б": {"Аня": "member"}, "7 Б Родители": {"Мама": "member"}}


async def test_116_a_denial_is_lifted_by_a_later_assignment(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Папа").of("Аня")
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    await world.happens(guardian_assigned("Папа", "Аня"))
    assert await world.chat("7 Б Родители") == {"Папа": "member"}


async def test_117_a_denial_is_not_lifted_by_an_import_that_restates_the_guardian(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Папа").of("Аня")
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    await world.happens(guardian_assigned("Папа", "Аня", snapshot=True))
    assert await world.chat("7 Б Родители") == {}


async def test_118_a_denial_is_not_lifted_by_a_removal_without_one(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.parent("Папа").of("Аня")
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    await world.happens(guardian_removed("Папа", "Аня"), guardian_assigned("Папа", "Аня", snapshot=True))
    assert await world.chat("7 Б Родители") == {}


async def test_119_a_denied_parent_who_works_in_the_school_stays_where_that_reason_puts_them(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Пётр").leads("7 Б").of("Аня")
    await world.happens(guardian_removed("Пётр", "Аня", denied=True))
    assert await world.chats_of("Пётр") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}
    assert await world.reasons("parents:7 Б") == {"Пётр": ["homeroom"]}


# shown


async def test_120_what_is_excluded_is_shown_with_what_excludes_it_and_not_among_the_reasons(world: World) -> None:
    for name in ("Аня", "Боря", "Вера"):
        world.pupil(name).in_class("7 Б")
    world.parent("Папа").of("Аня")
    await world.happens(
        blocked("Боря"), chat_edited("class:7 Б", remove=["Вера"]), guardian_removed("Папа", "Аня", denied=True)
    )
    assert await world.states("class:7 Б") == {
        "Аня": "applied",
        "Боря": "excluded: blocked",
        "Вера": "excluded: excluded_by_hand",
    }
    assert await world.reasons("class:7 Б") == {"Аня": ["studies_in"], "Боря": [], "Вера": []}
    assert await world.states("parents:7 Б") == {"Папа": "excluded: denied"}
