"""Floods out of chats and into them, as they were met outside: which are held, and which are nobody's mistake."""

from __future__ import annotations

from tests.cases.happenings import (
    chat_created,
    chat_deleted,
    chat_edited,
    class_closed,
    class_opened,
    dismissed,
    enrolled,
    expelled,
    guardian_assigned,
    guardian_removed,
    hired,
    linked,
    restored,
    transferred,
    unlinked,
)
from tests.cases.test_600_guards import all_expelled, held, strict
from tests.cases.world import World, members


def a_village_school(world: World, *, staff: int = 9) -> tuple[list[str], list[str], list[str]]:
    """Fifteen pupils with a parent each, and the staff."""
    pupils = world.pupils(15, "5 А")
    parents = [f"Мама {name}" for name in pupils]
    for parent, pupil in zip(parents, pupils, strict=True):
        world.parent(parent).of(pupil)
    teachers = [f"Учитель {number}" for number in range(staff)]
    for teacher in teachers:
        world.teacher(teacher)
    return pupils, parents, teachers


# a kind of people


async def test_640_the_last_of_the_staff_are_held_however_few_they_are(world_on_either: World) -> None:
    world = world_on_either
    _, _, staff = a_village_school(world)
    await world.happens(*map(dismissed, staff))
    assert await world.chat("Учительская") == members(staff)
    assert await held(world) == [(9, "staff: 9 leave, and nobody of the staff would be left in a chat")]


async def test_641_a_kind_of_which_somebody_is_left_is_not_gone(world: World) -> None:
    _, _, staff = a_village_school(world)
    await world.happens(*map(dismissed, staff[1:]))
    assert (await world.chat("Учительская"), await held(world)) == (members(staff[:1]), [])


async def test_642_four_that_are_all_there_are_may_leave(world: World) -> None:
    _, _, staff = a_village_school(world, staff=4)
    await world.happens(*map(dismissed, staff))
    assert (await world.chat("Учительская"), await held(world)) == ({}, [])


async def test_698_nor_are_they_held_where_many_others_leave_that_may(world: World) -> None:
    pupils = world.pupils(30, "5 А")
    staff = [f"Учитель {number}" for number in range(4)]
    for teacher in staff:
        world.teacher(teacher)
    await world.happens(*map(dismissed, staff), *all_expelled(pupils[:11]))
    assert (await world.chat("Учительская"), await world.chat("5 А"), await held(world)) == (
        {},
        members(pupils[11:]),
        [],
    )


async def test_643_those_who_left_within_the_day_count_among_the_last(world: World) -> None:
    _, _, staff = a_village_school(world, staff=5)
    await world.happens(*map(dismissed, staff[:4]))
    world.road.clock.turn(hours=23)
    await world.happens(dismissed(staff[4]))
    assert await world.chat("Учительская") == members(staff[4:])
    assert [persons for persons, _ in await held(world)] == [1]


async def test_644_a_day_later_they_do_not(world: World) -> None:
    _, _, staff = a_village_school(world, staff=5)
    await world.happens(*map(dismissed, staff[:4]))
    world.road.clock.turn(hours=25)
    await world.happens(dismissed(staff[4]))
    assert (await world.chat("Учительская"), await held(world)) == ({}, [])


async def test_645_the_last_students_are_held_and_so_are_the_last_guardians(world: World) -> None:
    pupils = world.pupils(5, "5 А")
    world.teacher("Ольга").leads("5 А")
    world.parent("Мама").of(*pupils)
    await world.happens(*all_expelled(pupils))
    assert await world.chats_of("Мама") == {"5 А Родители": "member"}
    assert await held(world) == [(6, "students: 5 leave, and nobody of the students would be left in a chat")]


async def test_646_the_last_guardians_are_held_though_their_children_stay(world: World) -> None:
    pupils, parents, _ = a_village_school(world)
    await world.happens(*(guardian_removed(parent, pupil) for parent, pupil in zip(parents, pupils, strict=True)))
    assert set(parents) <= set(await world.chat("5 А Родители"))
    [(persons, limit)] = await held(world)
    assert (persons, limit.split("; ")) == (
        15,
        [
            "chat parents:5 А: 15 of 15 members leave",
            "guardians: 15 leave, and nobody of the guardians would be left in a chat",
        ],
    )


async def test_647_who_is_of_two_kinds_counts_in_both(world: World) -> None:
    """Five teachers, each the parent of a pupil: dismissed, they are parents still, and no teacher is left."""
    pupils = world.pupils(5, "5 А")
    both = [f"Учитель {number}" for number in range(5)]
    for person, pupil in zip(both, pupils, strict=True):
        world.teacher(person).of(pupil)
    await world.happens(*map(dismissed, both))
    assert (await world.chat("Учительская"), await world.chat("5 А Родители")) == (members(both), members(both))
    assert [persons for persons, _ in await held(world)] == [5]


async def test_648_who_works_at_the_school_and_is_in_a_chat_by_hand_is_of_the_staff(world: World) -> None:
    _, _, staff = a_village_school(world)
    world.worker("Повар")
    world.tell(chat_created("Столовая", employees=["Повар"]))
    await world.happens(*map(dismissed, staff))
    assert (await world.chats_of("Повар"), await held(world)) == ({"Столовая": "member"}, [])


async def test_649_whoever_comes_by_the_same_plan_is_one_of_the_kind(world: World) -> None:
    _, _, staff = a_village_school(world)
    world.worker("Новая")
    await world.happens(*map(dismissed, staff), hired("Новая"))
    assert (await world.chat("Учительская"), await held(world)) == (members(["Новая"]), [])


async def test_650_where_a_kind_is_held_all_that_is_counted_of_the_plan_is(world: World) -> None:
    pupils, _, staff = a_village_school(world)
    await world.happens(*map(dismissed, staff), expelled(pupils[0]))
    assert pupils[0] in await world.chat("5 А")
    assert [persons for persons, _ in await held(world)] == [11]


# nobody's mistake


async def test_651_who_unlinks_is_neither_counted_nor_held(world: World) -> None:
    """Everybody unlinks; one links a new account, and only that stands in the chat."""
    strict(world)
    names = world.pupils(8, "7 Б")
    await world.happens(*map(unlinked, names[:7]))
    assert (await world.chat("7 Б"), await held(world)) == (members(names[7:]), [])
    await world.happens(linked(names[0], world.account(900, "новый")))
    assert await world.chat("7 Б") == members([names[7], "новый"])


async def test_652_what_is_held_of_somebody_no_longer_linked_is_held_no_more(world: World) -> None:
    strict(world)
    names = world.pupils(8, "7 Б")
    await world.happens(*all_expelled(names))
    await world.happens(unlinked(names[0]), linked(names[1], world.account(900, "новый")))
    assert await world.chat("7 Б") == members(names[2:])


async def test_653_who_is_expelled_and_unlinks_at_once_counts_as_who_unlinks(world: World) -> None:
    strict(world)
    names = world.pupils(8, "7 Б")
    await world.happens(*all_expelled(names[:4]), unlinked(names[0]))
    assert (await world.chat("7 Б"), await held(world)) == (members(names[4:]), [])


async def test_654_a_chat_by_hand_is_deleted_whatever_its_size_and_archived_empty(world: World) -> None:
    names = world.pupils(30, "7 Б")
    world.tell(chat_created("Турслёт", students=names))
    await world.happens(chat_deleted("Турслёт"))
    assert (await held(world), await world.archived()) == ([], {"Турслёт": {}})


async def test_655_who_is_denied_one_child_is_held_as_to_another(world: World) -> None:
    """He was denied Аня long ago; Боря is expelled with half of the school, and then he repeats his link."""
    strict(world)
    names = world.pupils(4, "7 Б")
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 Б")
    world.parent("Папа").of("Аня", "Боря")
    world.tell(guardian_removed("Папа", "Аня", denied=True), chat_created("Турслёт", guardians=["Папа"]))
    await world.happens(*all_expelled([*names, "Боря"]))
    before = await world.chats_of("Папа")
    assert before == {"7 Б Родители": "member", "Турслёт": "member"}
    await world.happens(linked("Папа", world.accounts["Папа"]))
    await world.happens(guardian_removed("Папа", "Аня", denied=True))
    assert await world.chats_of("Папа") == before


async def test_656_a_denial_of_the_child_itself_lets_go_what_is_held(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.parent("Папа").of(names[0])
    world.tell(chat_created("Турслёт", guardians=["Папа"]))
    await world.happens(*all_expelled(names))
    assert set(await world.chats_of("Папа")) == {"7 Б Родители", "Турслёт"}
    await world.happens(guardian_removed("Папа", names[0], denied=True))
    assert await world.chats_of("Папа") == {}


async def test_657_a_denial_of_one_of_two_children_of_a_class_lets_nothing_go(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.parent("Папа").of(*names[:2])
    await world.happens(*all_expelled(names))
    await world.happens(guardian_removed("Папа", names[0], denied=True))
    assert await world.chats_of("Папа") == {"7 Б Родители": "member"}
    await world.happens(guardian_removed("Папа", names[1], denied=True))
    assert await world.chats_of("Папа") == {}


async def test_658_who_was_denied_a_child_before_is_counted_when_another_is_expelled(world: World) -> None:
    strict(world, organisation=1)
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.parent("Папа").of("Аня", "Боря")
    world.tell(guardian_removed("Папа", "Аня", denied=True), chat_created("Турслёт", guardians=["Папа"]))
    await world.happens(expelled("Боря"))
    assert [persons for persons, _ in await held(world)] == [2]
    assert set(await world.chats_of("Папа")) == {"7 В Родители", "Турслёт"}


async def test_669_who_was_denied_a_child_before_and_is_taken_out_of_a_chat_by_hand_is_counted(world: World) -> None:
    strict(world, organisation=0)
    world.pupil("Аня").in_class("7 Б")
    world.pupil("Боря").in_class("7 В")
    world.parent("Папа").of("Аня", "Боря")
    world.tell(guardian_removed("Папа", "Аня", denied=True), chat_created("Турслёт", guardians=["Папа"]))
    await world.happens(chat_edited("Турслёт", remove=["Папа"]))
    assert [persons for persons, _ in await held(world)] == [1]


# a closed class


async def test_659_who_is_still_named_when_a_class_closes_is_counted_and_its_chats_stay_open(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    for name in names:
        world.parent(f"Мама {name}").of(name)
    await world.happens(class_closed("7 Б"))
    assert [persons for persons, _ in await held(world)] == [10]
    assert await world.chats() == {"7 Б": members(names), "7 Б Родители": members(f"Мама {name}" for name in names)}
    assert await world.archived() == {}


async def test_660_who_moves_out_of_a_class_that_was_closed_with_them_in_it_is_let_go(world: World) -> None:
    """The closing came before the transfers: with the last of them the chat is archived."""
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    world.a_class("7 В")
    await world.happens(class_closed("7 Б"))
    await world.happens(*(transferred(name, "7 В") for name in names[:4]))
    assert await world.chats() == {"7 Б": members(names[4:]), "7 В": members(names[:4])}
    await world.happens(transferred(names[4], "7 В"))
    assert (await world.chats(), await world.archived()) == ({"7 В": members(names)}, {"7 Б": {}})


async def test_661_a_class_whose_students_moved_or_graduated_closes_at_once(world: World) -> None:
    strict(world, chat=1, organisation=1)
    movers, graduates = world.pupils(5, "7 Б"), world.pupils(5, "11 А")
    world.a_class("7 В")
    await world.happens(
        *(transferred(name, "7 В") for name in movers),
        *all_expelled(graduates, "graduated"),
        class_closed("7 Б"),
        class_closed("11 А"),
    )
    assert (await held(world), await world.archived()) == ([], {"7 Б": {}, "11 А": {}})


async def test_662_a_class_closed_with_them_in_it_and_opened_again_is_as_it_was(world: World) -> None:
    strict(world, chat=3)
    names = world.pupils(5, "7 Б")
    await world.happens(class_closed("7 Б"))
    await world.happens(class_opened("7 Б"))
    assert (await world.chats(), await world.archived(), world.calls()) == ({"7 Б": members(names)}, {}, [])


async def test_663_who_is_named_in_the_groups_of_a_closed_class_is_counted(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    await world.happens(class_closed("7 Б"))
    assert await world.chats() == {"7 Б": members(names), "Алгебра": members(names)}


# moved on


async def test_664_who_is_held_and_joins_another_chat_has_moved_on(world_on_either: World) -> None:
    world = world_on_either
    strict(world)
    names = world.pupils(30, "7 Б")
    world.parent("Мама").of(names[0])
    await world.happens(*all_expelled(names))
    await world.happens(class_opened("7 В"), restored(names[0], "7 В"))
    assert await world.chats() == {
        "7 Б": members(names[1:]),
        "7 Б Родители": {},
        "7 В": {names[0]: "member"},
        "7 В Родители": {"Мама": "member"},
    }
    assert len(await held(world)) == 1


async def test_665_who_is_held_in_several_chats_leaves_them_all_by_moving_on(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.a_group("Алгебра", of_class="7 Б")
    await world.happens(*all_expelled(names))
    await world.happens(class_opened("7 В"), restored(names[0], "7 В"))
    assert await world.chats_of(names[0]) == {"7 В": "member"}


async def test_666_who_is_held_and_comes_back_into_one_of_the_chats_has_not_moved(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.tell(chat_created("Турслёт", students=names))
    await world.happens(*all_expelled(names))
    await world.happens(restored(names[0], "7 Б"), chat_edited("Турслёт", remove=[names[0]]))
    assert await world.chats_of(names[0]) == {"7 Б": "member", "Турслёт": "member"}


async def test_667_a_second_child_in_another_class_lets_its_parent_go(world: World) -> None:
    strict(world)
    names = world.pupils(5, "7 Б")
    world.parent("Мама").of(names[0])
    world.pupil("Боря").in_class("7 В")
    await world.happens(*all_expelled(names))
    await world.happens(guardian_assigned("Мама", "Боря"))
    assert await world.chats_of("Мама") == {"7 В Родители": "member"}


# into a chat


def ten_classes(world: World, each: int = 20) -> list[str]:
    return [name for number in range(10) for name in world.pupils(each, f"{number} А")]


async def test_670_two_hundred_who_are_moved_into_one_class_by_a_slip_stay_where_they_were(
    world_on_either: World,
) -> None:
    world = world_on_either
    everybody = ten_classes(world)
    world.parent("Мама").of(everybody[-1])
    before = await world.chats()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "0 А") for name in everybody[20:]))
    assert await world.chats() == {**before, "9 А Родители": {}, "0 А Родители": {"Мама": "member"}}
    assert await held(world) == [(180, "chat class:0 А: 180 would join 20")]


async def test_671_a_class_that_is_new_is_filled_freely(world: World) -> None:
    names = world.pupils(60, "7 Б")
    world.a_class("7 В")
    world.pupil("Первая").in_class("7 В")
    await world.begins()
    world.road.clock.turn(days=13)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert (await world.chats(), await held(world)) == ({"7 Б": {}, "7 В": members(["Первая", *names])}, [])


async def test_672_forty_may_join_and_as_many_as_there_were(world: World) -> None:
    names, others = world.pupils(40, "7 Б"), world.pupils(45, "8 А")
    world.pupils(1, "7 В")
    world.pupils(45, "8 Б")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names), *(transferred(name, "8 Б") for name in others))
    assert (len(await world.chat("7 В")), len(await world.chat("8 Б")), await held(world)) == (41, 90, [])


async def test_673_joins_of_one_day_are_counted_together_whatever_the_batch(world: World) -> None:
    names = world.pupils(42, "7 Б")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names[:40]))
    world.road.clock.turn(hours=23)
    await world.happens(transferred(names[40], "7 В"))
    assert await held(world) == [(1, "chat class:7 В: 41 would join 1")]
    assert await world.chats_of(names[40]) == {"7 Б": "member"}
    world.road.clock.turn(hours=2)
    await world.happens(transferred(names[41], "7 В"))
    assert await world.chats_of(names[41]) == {"7 В": "member"}


async def test_674_who_waits_for_an_account_counts_and_is_held_when_it_is_linked(world: World) -> None:
    names = world.pupils(41, "7 Б")
    world.pupil("Позже").unlinked().in_class("7 Б")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in (*names, "Позже")))
    await world.happens(linked("Позже", world.account(900, "Позже")))
    assert (await world.chat("7 Б"), len(await world.chat("7 В"))) == (members(names), 1)
    assert (await world.states("class:7 В"))["Позже"] == "held"


async def test_675_who_is_moved_back_is_held_no_more_and_nothing_has_happened(world: World) -> None:
    names = world.pupils(41, "7 Б")
    world.pupils(1, "7 В")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    assert (await world.states("class:7 В"))[names[0]] == "held"
    await world.happens(*(transferred(name, "7 Б") for name in names))
    assert (world.calls(), await held(world)) == ([], [])
    assert await world.states("class:7 Б") == dict.fromkeys(names, "applied")


async def test_676_who_may_not_come_in_yet_and_is_moved_elsewhere_goes_there(world: World) -> None:
    names = world.pupils(41, "7 Б")
    world.pupils(1, "7 В")
    world.a_class("7 Г")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "7 В") for name in names))
    await world.happens(transferred(names[0], "7 Г"))
    assert await world.chats_of(names[0]) == {"7 Г": "member"}
    assert await world.chat("7 Б") == members(names[1:])


async def test_677_chats_made_by_hand_may_be_filled(world: World) -> None:
    names = world.pupils(60, "7 Б")
    world.tell(chat_created("Турслёт", students=names[:1]))
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(chat_edited("Турслёт", add=names[1:]))
    assert (await world.chat("Турслёт"), await held(world)) == (members(names), [])


async def test_678_another_account_of_who_is_in_the_chat_is_no_join(world: World) -> None:
    names = world.pupils(45, "7 Б")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(linked(name, world.account(500 + at, f"{name}*")) for at, name in enumerate(names)))
    assert await world.chat("7 Б") == members(f"{name}*" for name in names)


async def test_668_who_waited_for_an_account_and_is_linked_is_no_join(world: World) -> None:
    names = world.pupils(46, "7 Б")
    for name in names[1:]:
        world.pupil(name).unlinked()
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(linked(name, world.account(500 + at, name)) for at, name in enumerate(names[1:])))
    assert (await world.chat("7 Б"), await held(world)) == (members(names), [])


async def test_679_a_flood_in_and_a_flood_out_of_one_plan_are_one_hold(world: World) -> None:
    _, _, staff = a_village_school(world)
    names = world.pupils(41, "7 Б")
    await world.begins()
    world.road.clock.turn(days=15)
    await world.happens(*(transferred(name, "5 А") for name in names), *map(dismissed, staff), enrolled("Новый", "5 А"))
    [(persons, limit)] = await held(world)
    assert (persons, limit.split("; ")) == (
        51,
        [
            "staff: 9 leave, and nobody of the staff would be left in a chat",
            "chat class:5 А: 42 would join 15",
        ],
    )
