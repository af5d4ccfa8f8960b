"""What chats are called, and when there is one on the platform at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.plan.making import Policy
from sync.titles import Titles
from tests.cases.happenings import chat_created, chat_edited, class_renamed, linked
from tests.cases.world import STAFF, Done, World, members


async def test_201_default_chats_are_called_as_the_manuals_show_them(world: World) -> None:
    world.teacher("Ольга").leads("5 А")
    assert set(await world.chats()) == {"Учительская", "5 А", "5 А Родители"}


async def test_202_the_patterns_of_titles_are_settings(world: World) -> None:
    titles = Titles("Педагоги", "{class} класс", "{class}, родители")
    world.road.rules = replace(world.road.rules, policy=Policy(titles))
    world.teacher("Ольга").leads("5 А")
    assert set(await world.chats()) == {"Педагоги", "5 А класс", "5 А, родители"}


async def test_203_a_renamed_class_keeps_its_members_and_its_chats_get_the_new_name(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.parent("Мама").of("Аня")
    await world.happens(class_renamed("5 А", "6 А", school_year="2027/2028"))
    assert await world.chats() == {"6 А": {"Аня": "member"}, "6 А Родители": {"Мама": "member"}}
    assert sorted(world.calls(), key=lambda call: call.chat) == [Done("rename", "6 А"), Done("rename", "6 А Родители")]


async def test_204_a_name_given_by_hand_holds_until_a_later_renaming_of_the_class(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.parent("Мама").of("Аня")
    await world.happens(chat_edited("class:5 А", name="Пятый «А»"))
    assert set(await world.chats()) == {"Пятый «А»", "5 А Родители"}
    await world.happens(class_renamed("5 А", "6 А"))
    assert set(await world.chats()) == {"6 А", "6 А Родители"}


async def test_205_a_renaming_to_the_same_name_counts_as_a_later_one(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    await world.happens(chat_edited("class:5 А", name="Пятый «А»"))
    await world.happens(class_renamed("5 А", "5 А"))
    assert set(await world.chats()) == {"5 А"}


async def test_206_an_earlier_renaming_that_arrives_later_does_not_undo_a_name_given_by_hand(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    await world.happens(chat_edited("class:5 А", name="Пятый «А»"))
    await world.happens(class_renamed("5 А", "6 А").recorded(seconds=2))
    assert set(await world.chats()) == {"Пятый «А»"}


async def test_207_the_staff_chat_keeps_a_name_given_by_hand(world: World) -> None:
    world.teacher("Ольга").leads("5 А")
    await world.happens(chat_edited(STAFF, name="Педсовет"))
    await world.happens(class_renamed("5 А", "6 А"))
    assert set(await world.chats()) == {"Педсовет", "6 А", "6 А Родители"}


async def test_208_a_chat_made_by_hand_has_the_name_last_given(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.tell(chat_created("Турслёт", students=["Аня"]))
    await world.happens(chat_edited("Турслёт", name="Поход"))
    assert await world.chat("Поход") == {"Аня": "member"}
    await world.happens(chat_edited("Турслёт", name="Слёт").recorded(hours=1))
    assert set(await world.chats()) == {"5 А", "Поход"}


async def test_209_a_title_is_cut_to_what_the_platform_takes_and_set_once(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    await world.happens(class_renamed("5 А", "А" * 20))
    world.road.platform.capabilities = replace(world.road.platform.capabilities, title_length=10)
    await world.happens(class_renamed("5 А", "Б" * 20))
    assert set(await world.chats()) == {"Б" * 10}
    world.pupil("Боря").in_class("5 А")
    await world.begins()
    assert [call.action for call in world.calls()] == ["rename", "add"]


async def test_210_the_title_in_the_registry_is_whole(world: World) -> None:
    world.road.platform.capabilities = replace(world.road.platform.capabilities, title_length=10)
    world.pupil("Аня").in_class("5 А")
    await world.happens(class_renamed("5 А", "А" * 20))
    assert [view.title for view in await world.listed() if view.chat_id == "class:5 А"] == ["А" * 20]


# created when the first linked person is to join


async def test_211_a_chat_for_nobody_exists_in_the_registry_alone(world: World) -> None:
    world.a_class("5 А")
    world.tell(chat_created("Турслёт"))
    assert await world.chats() == {}
    assert [(view.title, view.state) for view in await world.listed()] == [
        ("5 А", "none"),
        ("5 А Родители", "none"),
        ("Учительская", "none"),
        ("Турслёт", "none"),
    ]


async def test_212_a_chat_for_people_without_accounts_exists_in_the_registry_alone(world: World) -> None:
    world.pupil("Аня").in_class("5 А").unlinked()
    assert await world.chats() == {}
    assert await world.states("class:5 А") == {"Аня": "waiting"}


async def test_213_a_chat_is_made_when_the_first_linked_person_is_to_join_it(world: World) -> None:
    world.pupil("Аня").in_class("5 А").unlinked()
    world.pupil("Боря").in_class("5 А").unlinked()
    await world.happens(linked("Боря", world.account(7, "Боря")))
    assert world.calls() == [Done("create_chat", "5 А"), Done("add", "5 А", frozenset({"Боря"}))]
    assert await world.chats() == {"5 А": {"Боря": "member"}}


async def test_214_a_chat_that_everybody_left_is_kept_for_who_comes_next(world: World) -> None:
    world.teacher("Ольга").leads("5 А")
    await world.happens(chat_edited("class:5 А", remove=["Ольга"]))
    world.pupil("Аня").in_class("5 А")
    world.pupil("Боря").in_class("5 А")
    await world.begins()
    assert await world.chat("5 А") == members(["Аня", "Боря"])
    assert "create_chat" not in [call.action for call in world.calls()]


@pytest.mark.parametrize("name", ["Турслёт 2026 🏕", "«Ёлки»", "a" * 200])
async def test_215_a_name_is_what_its_people_call_it(world: World, name: str) -> None:
    world.pupil("Аня").in_class("5 А")
    world.tell(chat_created("слёт", students=["Аня"]), chat_edited("слёт", name=name))
    assert await world.chat(name) == {"Аня": "member"}
