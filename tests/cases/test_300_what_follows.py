"""What follows from the rules when pupils move, leave and return, and people are hired and dismissed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.cases.happenings import (
    Happening,
    chat_created,
    class_renamed,
    dismissed,
    enrolled,
    expelled,
    guardian_assigned,
    hired,
    promoted,
    restoration_cancelled,
    restored,
    transferred,
)
from tests.cases.world import Done, World, members


def two_classes(world: World) -> None:
    """Аня and Боря of 7 Б with their mothers, each class with its teacher."""
    world.teacher("Ольга").leads("7 Б")
    world.teacher("Пётр").leads("7 В")
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 Б")
    world.parent("Мама Ани").of("Аня")
    world.parent("Мама Бори").of("Боря")


BOTH_CLASSES = {
    "Учительская": {"Ольга": "member", "Пётр": "member"},
    "7 Б": {"Ольга": "admin", "Аня": "member", "Боря": "member"},
    "7 Б Родители": {"Ольга": "admin", "Мама Ани": "member", "Мама Бори": "member"},
    "7 В": {"Пётр": "admin"},
    "7 В Родители": {"Пётр": "admin"},
}

# transfer and promotion


@pytest.mark.parametrize("move", [transferred, promoted, enrolled])
async def test_301_who_moves_joins_the_chats_of_the_new_class_with_the_guardians_and_leaves_those_of_the_old(
    world: World, move: Callable[[str, str], Happening]
) -> None:
    two_classes(world)
    await world.happens(move("Аня", "7 В"))
    assert await world.chats() == {
        "Учительская": {"Ольга": "member", "Пётр": "member"},
        "7 Б": {"Ольга": "admin", "Боря": "member"},
        "7 Б Родители": {"Ольга": "admin", "Мама Бори": "member"},
        "7 В": {"Пётр": "admin", "Аня": "member"},
        "7 В Родители": {"Пётр": "admin", "Мама Ани": "member"},
    }


async def test_302_a_parent_with_another_child_in_the_old_class_stays_there(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Яна").in_class("7 Б")
    world.parent("Мама").of("Аня", "Яна")
    world.parent("Папа").of("Аня")
    world.a_class("7 В")
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chats() == {
        "7 Б": {"Яна": "member"},
        "7 В": {"Аня": "member"},
        "7 Б Родители": {"Мама": "member"},
        "7 В Родители": members(["Мама", "Папа"]),
    }
    assert Done("remove", "7 Б Родители", frozenset({"Мама"})) not in world.calls()


async def test_303_the_removals_of_who_moves_are_sent_after_the_adds_of_the_same_plan(world_on_either: World) -> None:
    world = world_on_either
    two_classes(world)
    await world.happens(transferred("Аня", "7 В"))
    assert [call.action for call in world.calls()] == ["add", "add", "remove", "remove"]
    assert {call.chat for call in world.calls()[:2]} == {"7 В", "7 В Родители"}


async def test_304_a_refused_add_holds_no_removal_back(world: World) -> None:
    two_classes(world)
    await world.begins()
    world.pupil("Аня").private()
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chats_of("Аня") == {}
    assert (await world.states("class:7 В"))["Аня"] == "refused: add.participant.privacy"


async def test_305_a_transfer_of_a_later_day_is_made_at_its_midnight(world: World) -> None:
    two_classes(world)
    await world.planned(transferred("Аня", "7 В").on(date(2026, 11, 3)))
    assert await world.chats() == BOTH_CLASSES
    await world.road.converge()
    world.road.clock.turn(hours=12)  # 00:00 in Moscow
    await world.road.converge()
    assert await world.chats_of("Аня") == {"7 В": "member"}
    assert await world.chats_of("Мама Ани") == {"7 В Родители": "member"}


async def test_306_who_moves_between_classes_of_one_group_stays_in_its_chat(world: World) -> None:
    two_classes(world)
    world.a_group("Английский", students=["Аня", "Боря"])
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chat("Английский") == members(["Аня", "Боря"])


async def test_307_who_leaves_the_class_of_a_group_leaves_its_chat(world: World) -> None:
    two_classes(world)
    world.a_group("Алгебра", of_class="7 Б")
    world.a_group("Английский", of_class="7 Б", students=["Аня", "Боря"])
    await world.happens(transferred("Аня", "7 В"))
    assert await world.chat("Алгебра") == await world.chat("Английский") == {"Боря": "member"}


async def test_308_a_class_promoted_by_its_name_makes_no_call_but_the_renaming(world: World) -> None:
    two_classes(world)
    await world.happens(class_renamed("7 Б", "8 Б", school_year="2027/2028"))
    assert {call.action for call in world.calls()} == {"rename"}
    assert (await world.chat("8 Б")) == BOTH_CLASSES["7 Б"]


async def test_309_where_a_pupil_is_said_to_come_from_is_never_checked(world: World) -> None:
    two_classes(world)
    move = transferred("Аня", "7 В")
    move.data["from_class_id"] = "1 А"
    await world.happens(move)
    assert await world.chats_of("Аня") == {"7 В": "member"}


# expulsion


async def test_310_expulsion_ends_every_reason_of_the_pupil_and_each_guardian_reason_through_them(
    world: World,
) -> None:
    two_classes(world)
    world.a_group("Алгебра", of_class="7 Б")
    world.parent("Мама Бори").of("Аня")
    await world.happens(expelled("Аня"))
    assert await world.chats_of("Аня") == await world.chats_of("Мама Ани") == {}
    assert await world.chats_of("Мама Бори") == {"7 Б Родители": "member"}
    assert await world.reasons("parents:7 Б") == {"Мама Бори": ["guardian_of:Боря"], "Ольга": ["homeroom"]}


async def test_311_an_expelled_pupil_leaves_the_chats_joined_by_hand_and_so_do_guardians_without_another_child(
    world: World,
) -> None:
    two_classes(world)
    world.tell(chat_created("Турслёт", students=["Аня", "Боря"], guardians=["Мама Ани", "Мама Бори"]))
    await world.happens(expelled("Аня"))
    assert await world.chat("Турслёт") == members(["Боря", "Мама Бори"])


async def test_312_a_parent_who_works_in_the_school_stays_in_the_staff_chat_when_the_child_leaves(
    world: World,
) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").of("Аня")
    await world.happens(expelled("Аня"))
    assert await world.chats_of("Ольга") == {"Учительская": "member"}


# restoration and its cancellation


async def test_313_who_is_restored_joins_with_each_linked_guardian_and_who_is_not_linked_waits(world: World) -> None:
    two_classes(world)
    world.parent("Папа Ани").of("Аня").unlinked()
    await world.happens(expelled("Аня"))
    await world.happens(restored("Аня", "7 В"))
    assert await world.chat("7 В") == {"Пётр": "admin", "Аня": "member"}
    assert await world.chat("7 В Родители") == {"Пётр": "admin", "Мама Ани": "member"}
    assert await world.states("parents:7 В") == {"Мама Ани": "applied", "Папа Ани": "waiting", "Пётр": "applied"}


async def test_314_restoration_undoes_an_expulsion_and_its_cancellation_undoes_the_restoration(
    world_on_either: World,
) -> None:
    world = world_on_either
    two_classes(world)
    world.tell(chat_created("Турслёт", students=["Аня"], guardians=["Мама Ани"]))
    full = await world.chats()
    await world.happens(expelled("Аня"))
    without = await world.chats()
    assert without == {
        "Учительская": {"Ольга": "member", "Пётр": "member"},
        "7 Б": {"Ольга": "admin", "Боря": "member"},
        "7 Б Родители": {"Ольга": "admin", "Мама Бори": "member"},
        "7 В": {"Пётр": "admin"},
        "7 В Родители": {"Пётр": "admin"},
        "Турслёт": {},
    }
    for _ in range(2):
        await world.happens(restored("Аня", "7 Б"))
        restoring = world.calls()
        assert await world.chats() == full
        await world.happens(restoration_cancelled("Аня"))
        assert await world.chats() == without
        added = {(call.chat, person) for call in restoring for person in call.persons}
        assert {(call.chat, person) for call in world.calls() for person in call.persons} == added


async def test_315_a_guardian_with_another_child_stays_when_a_restoration_is_cancelled(world: World) -> None:
    two_classes(world)
    world.parent("Мама Бори").of("Аня")
    await world.happens(expelled("Аня"))
    await world.happens(restored("Аня", "7 В"))
    assert await world.chats_of("Мама Бори") == {"7 Б Родители": "member", "7 В Родители": "member"}
    await world.happens(restoration_cancelled("Аня"))
    assert await world.chats_of("Мама Бори") == {"7 Б Родители": "member"}


async def test_316_a_guardian_who_works_there_too_stays_where_that_reason_puts_them_when_it_is_cancelled(
    world: World,
) -> None:
    two_classes(world)
    world.parent("Ольга").of("Аня")
    await world.happens(expelled("Аня"))
    await world.happens(restored("Аня", "7 В"))
    await world.happens(restoration_cancelled("Аня"))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}


# hiring and dismissal


async def test_317_who_is_hired_joins_the_staff_chat_and_who_is_dismissed_leaves_it(world: World) -> None:
    world.teacher("Ольга")
    world.parent("Пётр")
    await world.happens(hired("Пётр"), dismissed("Ольга"))
    assert await world.chats() == {"Учительская": {"Пётр": "member"}}


async def test_318_a_dismissed_homeroom_teacher_group_teacher_or_chat_administrator_leaves_those_chats_too(
    world: World,
) -> None:
    world.teacher("Завуч").leads("7 Б").administrates_chats()
    world.teacher("Ольга").leads("7 В")
    world.a_group("Алгебра", of_class="7 В", teacher="Ольга")
    world.pupil("Аня").in_class("7 В")
    await world.happens(dismissed("Ольга"), dismissed("Завуч"))
    assert await world.chats() == {
        "Учительская": {},
        "7 Б": {},
        "7 Б Родители": {},
        "7 В": {"Аня": "member"},
        "7 В Родители": {},
        "Алгебра": {"Аня": "member"},
    }


async def test_319_a_dismissed_parent_stays_with_the_parents(world: World) -> None:
    world.pupil("Аня").in_class("7 Б")
    world.teacher("Ольга").leads("7 Б").of("Аня")
    await world.happens(dismissed("Ольга"))
    assert await world.chats() == {"Учительская": {}, "7 Б": {"Аня": "member"}, "7 Б Родители": {"Ольга": "member"}}


async def test_320_who_is_hired_again_leads_the_class_still(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    await world.happens(dismissed("Ольга"))
    await world.happens(hired("Ольга"))
    assert await world.chats_of("Ольга") == {"Учительская": "member", "7 Б": "admin", "7 Б Родители": "admin"}


async def test_321_a_dismissal_of_a_later_day_holds_from_its_midnight(world: World) -> None:
    world.teacher("Ольга").leads("7 Б")
    await world.happens(dismissed("Ольга").on(date(2026, 11, 3)))
    assert await world.chat("Учительская") == {"Ольга": "member"}
    world.road.clock.turn(hours=12)
    await world.road.converge()
    assert await world.chats_of("Ольга") == {}


# order and repetition


async def test_322_the_same_event_again_makes_no_call(world: World) -> None:
    two_classes(world)
    await world.happens(transferred("Аня", "7 В"))
    await world.happens(transferred("Аня", "7 В"), enrolled("Боря", "7 Б"), guardian_assigned("Мама Ани", "Аня"))
    assert world.calls() == []


async def test_323_an_event_that_comes_late_changes_nothing_that_a_later_one_said(world: World) -> None:
    two_classes(world)
    await world.happens(expelled("Аня"))
    [taken] = await world.happens(transferred("Аня", "7 В").recorded(hours=1))
    assert (taken.outcome, world.calls(), await world.chats_of("Аня")) == ("stale", [], {})


async def test_324_a_pupil_who_comes_and_goes_in_one_batch_is_in_no_chat(world: World) -> None:
    two_classes(world)
    world.pupil("Вера")
    await world.happens(enrolled("Вера", "7 Б"), transferred("Вера", "7 В"), expelled("Вера"))
    assert (world.calls(), await world.chats()) == ([], BOTH_CLASSES)
