"""How few calls a change costs, and in which order they are made."""

from __future__ import annotations

from tests.cases.happenings import (
    chat_administrator_assigned,
    class_closed,
    class_renamed,
    dismissed,
    enrolled,
    expelled,
    guardian_assigned,
    guardian_removed,
    hired,
    homeroom_assigned,
    transferred,
)
from tests.cases.world import Done, World, members


def newcomers(world: World, number: int) -> list[str]:
    """Linked, and in no class yet."""
    names = [f"Новый {index:03}" for index in range(1, number + 1)]
    for name in names:
        world.pupil(name)
    return names


async def test_701_thirty_new_pupils_of_a_class_are_one_add_call(world_on_either: World) -> None:
    world = world_on_either
    world.teacher("Ольга").leads("5 А")
    names = newcomers(world, 30)
    await world.happens(*(enrolled(name, "5 А") for name in names))
    assert world.calls() == [Done("add", "5 А", frozenset(names))]


async def test_702_pupils_told_of_in_batches_that_come_close_together_are_one_call_too(world: World) -> None:
    world.a_class("5 А")
    names = newcomers(world, 3)
    await world.begins()
    for name in names[:2]:
        await world.planned(enrolled(name, "5 А"))
    await world.happens(enrolled(names[2], "5 А"))
    assert world.calls() == [Done("create_chat", "5 А"), Done("add", "5 А", frozenset(names))]


async def test_703_a_call_adds_a_hundred_at_most(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    names = newcomers(world, 150)
    await world.happens(*(enrolled(name, "5 А") for name in names))
    assert [(call.action, len(call.persons)) for call in world.calls()] == [("add", 100), ("add", 50)]


async def test_704_a_new_class_costs_three_calls_for_each_of_its_chats(world: World) -> None:
    world.teacher("Ольга").leads("5 А")
    world.parent("Мама").of("Аня")
    world.pupil("Аня").in_class("5 А")
    await world.begins()
    made = {title: [call for call in world.calls() if call.chat == title] for title in ("5 А", "5 А Родители")}
    for title, other in (("5 А", "Аня"), ("5 А Родители", "Мама")):
        assert made[title] == [
            Done("create_chat", title),
            Done("add", title, frozenset({"Ольга", other})),
            Done("set_admin", title, frozenset({"Ольга"})),
        ]


async def test_705_administrators_of_one_chat_are_made_in_one_call(world: World) -> None:
    world.teacher("Ольга")
    world.teacher("Завуч")
    world.pupil("Аня").in_class("5 А").of("Боря")
    world.pupil("Боря").in_class("5 А")
    await world.happens(homeroom_assigned("5 А", "Ольга"), chat_administrator_assigned("Завуч"))
    both = frozenset({"Ольга", "Завуч"})
    of_class = [call for call in world.calls() if call.chat == "5 А"]
    assert of_class == [Done("add", "5 А", both), Done("set_admin", "5 А", both)]


async def test_706_a_pupil_who_moves_costs_one_call_for_each_chat_joined_or_left(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.teacher("Ольга").leads("5 Б")
    await world.happens(transferred("Аня", "5 Б"))
    assert world.calls() == [Done("add", "5 Б", frozenset({"Аня"})), Done("remove", "5 А", frozenset({"Аня"}))]


async def test_707_leavers_are_removed_before_others_are_added_to_the_chat_and_who_moves_after_all_adds(
    world_on_either: World,
) -> None:
    world = world_on_either
    world.teacher("Ольга").leads("5 А", "5 Б")
    for name in ("Аня", "Боря"):
        world.pupil(name).in_class("5 А")
        world.parent(f"Мама {name}").of(name)
    world.parent("Папа").of("Аня")
    world.pupil("Вера")
    await world.happens(
        transferred("Аня", "5 Б"),
        enrolled("Вера", "5 А"),
        expelled("Боря"),
        guardian_removed("Папа", "Аня", denied=True),
        dismissed("Ольга"),
    )
    leavers, movers = {"Боря", "Мама Боря", "Папа", "Ольга"}, {"Аня", "Мама Аня"}
    calls = [call for call in world.calls() if call.action in {"add", "remove"}]
    of_class = [call for call in calls if call.chat == "5 А"]
    assert {person for call in of_class[:2] for person in call.persons} == {"Боря", "Ольга"}
    assert of_class[2:] == [Done("add", "5 А", frozenset({"Вера"})), Done("remove", "5 А", frozenset({"Аня"}))]
    assert {person for call in calls[:-2] for person in call.persons if call.action == "remove"} == leavers
    assert {person for call in calls[-2:] for person in call.persons if call.action == "remove"} == movers


async def test_708_a_chat_is_renamed_before_newcomers_see_it(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.pupil("Боря")
    await world.happens(class_renamed("5 А", "6 А"), enrolled("Боря", "5 А"))
    assert world.calls() == [Done("rename", "6 А"), Done("add", "6 А", frozenset({"Боря"}))]


async def test_709_who_is_added_as_an_administrator_is_added_and_then_made_one(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.teacher("Ольга")
    await world.happens(homeroom_assigned("5 А", "Ольга"))
    of_class = [call for call in world.calls() if call.chat == "5 А"]
    alone = frozenset({"Ольга"})
    assert of_class == [Done("add", "5 А", alone), Done("set_admin", "5 А", alone)]


async def test_710_an_event_costs_no_call_for_anybody_it_does_not_speak_of(world: World) -> None:
    world.teacher("Ольга").leads("5 А", "5 Б")
    for class_id in ("5 А", "5 Б"):
        for name in world.pupils(5, class_id):
            world.parent(f"Мама {name}").of(name)
    world.parent("Папа")
    await world.happens(guardian_assigned("Папа", "5 А-001"))
    assert world.calls() == [Done("add", "5 А Родители", frozenset({"Папа"}))]


async def test_711_what_comes_to_nothing_costs_no_call(world: World) -> None:
    world.teacher("Ольга").leads("5 А")
    world.pupil("Аня").in_class("5 А")
    await world.happens(
        hired("Ольга", "administration"), homeroom_assigned("5 А", "Ольга"), dismissed("Ольга"), hired("Ольга")
    )
    assert world.calls() == []


async def test_712_the_pupils_of_a_closed_class_who_move_are_added_elsewhere_before_it_is_archived(
    world: World,
) -> None:
    names = world.pupils(3, "5 А")
    world.a_class("5 Б")
    await world.happens(class_closed("5 А"), *(transferred(name, "5 Б") for name in names))
    calls = [(call.action, call.chat) for call in world.calls()]
    removals = [("remove", "5 А")] * 3
    assert calls == [("create_chat", "5 Б"), ("add", "5 Б"), *removals, ("archive", "5 А")]
    assert (await world.chats(), await world.archived()) == ({"5 Б": members(names)}, {"5 А": {}})


async def test_713_two_who_change_places_are_both_added_before_either_is_removed(world: World) -> None:
    world.pupil("Аня").in_class("5 А")
    world.pupil("Боря").in_class("5 Б")
    await world.happens(transferred("Аня", "5 Б"), transferred("Боря", "5 А"), class_renamed("5 Б", "5 В"))
    assert [call.action for call in world.calls()][-2:] == ["remove", "remove"]
    assert await world.chats() == {"5 А": {"Боря": "member"}, "5 В": {"Аня": "member"}}
