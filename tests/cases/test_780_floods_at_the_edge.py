"""Edges of the guards: in each case one condition alone decides."""

from __future__ import annotations

from sqlalchemy import select

from adapters.database.schema import places
from tests.cases.happenings import chat_created, chat_edited, dismissed, guardian_removed, position_changed
from tests.cases.test_600_guards import all_expelled, held, reject, strict
from tests.cases.test_640_floods import a_village_school
from tests.cases.world import World, members
from tests.laws.roads import rows

# what ended last


async def test_780_who_was_rejected_and_is_dismissed_later_is_counted_again(world: World) -> None:
    strict(world)
    world.pupils(10, "5 А")
    cooks = [f"Повар {number}" for number in range(5)]
    for cook in cooks:
        world.worker(cook)
    world.tell(chat_created("Столовая", employees=cooks))
    await world.happens(chat_edited("Столовая", remove=cooks))
    await reject(world)
    await world.happens(*map(dismissed, cooks))
    assert [persons for persons, _ in await held(world)] == [5]
    assert await world.chat("Столовая") == members(cooks)


async def test_781_a_guardianship_that_ended_after_a_graduation_is_what_ended_last(world: World) -> None:
    strict(world)
    graduates, names = world.pupils(5, "11 А"), world.pupils(5, "7 Б")
    mothers = [f"Мама {name}" for name in names]
    for mother, *children in zip(mothers, graduates, names, strict=True):
        world.parent(mother).of(*children)
    world.tell(chat_created("Турслёт", guardians=mothers))
    await world.happens(*all_expelled(graduates, "graduated"))
    assert await world.chat("Турслёт") == members(mothers)
    await world.happens(*(guardian_removed(mother, name) for mother, name in zip(mothers, names, strict=True)))
    assert await world.chat("Турслёт") == members(mothers)


# who is counted against whom


async def test_782_who_left_another_chat_that_day_was_no_member_of_this_one(world: World) -> None:
    strict(world, organisation=100, chat=3)
    others, names = world.pupils(20, "5 А"), world.pupils(10, "7 Б")
    await world.happens(*all_expelled(others[:5]))
    await world.happens(*all_expelled(names[:6]))
    assert await held(world) == [(6, "chat class:7 Б: 6 of 10 members leave")]


async def test_783_who_waits_for_an_account_and_leaves_too_is_not_who_is_left(world: World) -> None:
    _, _, staff = a_village_school(world)
    world.teacher("Новая").unlinked()
    await world.happens(*map(dismissed, [*staff, "Новая"]))
    assert [persons for persons, _ in await held(world)] == [9]


async def test_784_who_left_the_chat_by_themselves_is_not_who_is_left(world: World) -> None:
    _, _, staff = a_village_school(world)
    await world.left(staff[0], "Учительская")
    await world.happens(*map(dismissed, staff[1:]), position_changed(staff[0], "administration"))
    assert [persons for persons, _ in await held(world)] == [8]


async def test_785_who_stays_in_a_chat_by_hand_for_another_reason_than_before_is_left(world: World) -> None:
    _, _, staff = a_village_school(world)
    world.worker("Повар")
    world.tell(chat_created("Столовая", employees=["Повар"]))
    await world.happens(*map(dismissed, staff), chat_edited("Столовая", add=["Повар"]))
    assert (await held(world), await world.chat("Учительская")) == ([], {})


async def test_786_an_administrator_whose_removal_is_rejected_stays_one(world: World) -> None:
    strict(world)
    leads = {f"Учитель {number}": f"{number} А" for number in range(5, 10)}
    for teacher, class_id in leads.items():
        world.teacher(teacher).leads(class_id)
    await world.happens(*map(dismissed, leads))
    await reject(world)
    assert {teacher: await world.chats_of(teacher) for teacher in leads} == {
        teacher: {"Учительская": "member", class_id: "admin", f"{class_id} Родители": "admin"}
        for teacher, class_id in leads.items()
    }
    kept = await rows(world.road, select(places.c.wanted, places.c.observed).where(places.c.rejected))
    assert sorted(map(tuple, kept)) == sorted([("admin", "admin")] * 10 + [("member", "member")] * 5)
